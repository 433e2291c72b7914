"""The entry: a file's bytes become its facts, in which no literal credential is left."""

from typing import TYPE_CHECKING

from collector.workflows.document import MAX_BYTES
from collector.workflows.mask import masked_facts
from collector.workflows.parsing import PARSER_VERSION

if TYPE_CHECKING:
    from collector.workflows.facts import FileFacts


def analyze(data: bytes, *, path: str, max_bytes: int = MAX_BYTES) -> "FileFacts":
    """Read what one workflow, action, dependabot or registry configuration file says.

    A file that can't be read gives facts with `parse_error` and nothing else. The facts are those
    of the masked text, so reading the stored text again gives equal ones.
    """
    return masked_facts(data, path=path, max_bytes=max_bytes)


__all__ = ["PARSER_VERSION", "analyze"]
