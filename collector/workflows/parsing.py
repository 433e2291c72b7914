"""A file's bytes as they are become facts; literal credentials are mask.py's to cover first."""

from typing import Final

from collector.workflows.composer import compose
from collector.workflows.document import MAX_BYTES, WorkflowParseError, decode
from collector.workflows.facts import FileFacts, Trouble
from collector.workflows.reading import file_kind, read_file

# Raised whenever the same bytes may give other facts.
PARSER_VERSION: Final = 2


def parse_file(data: bytes, *, path: str, max_bytes: int = MAX_BYTES) -> FileFacts:
    """Read what a file says, a literal credential's text among it."""
    kind = file_kind(path)
    try:
        text = decode(data, max_bytes=max_bytes)
        document = None if kind == "config" else compose(text)
        return read_file(document, text, path=path, kind=kind, version=PARSER_VERSION)
    except WorkflowParseError as error:
        trouble = Trouble(error.line, error.reason)
        return FileFacts(path, kind, PARSER_VERSION, parse_error=trouble)
