"""Scan files of checkouts for registry logins: the engine of `collect`, without an organization."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from multiprocessing import get_context
from typing import Final

from collector.checkout.files import Source
from collector.workflows.analyze import analyze
from collector.workflows.document import MAX_BYTES
from collector.workflows.facts import FileFacts
from collector.workflows.link import External, link
from collector.workflows.linked import RegistryLogin
from collector.workflows.reading import file_kind
from collector.workflows.uses import reference

STDIN: Final = "-"
# Files that one worker takes at a time; below two of these a second process is not worth its start.
_CHUNK: Final = 200
_ACTION_FILES: Final = ("action.yml", "action.yaml")


@dataclass(frozen=True, slots=True)
class Scanned:
    """What one file says.

    Attributes:
        logins: on every call path that begins in this file.
        error: why the file could not be read, with the line; None where it could.
        only_called: nothing but a caller starts it.
        calls: the files of its checkout that it calls, by path.
    """

    source: Source
    logins: tuple[RegistryLogin, ...] = ()
    error: str | None = None
    error_line: int = 0
    only_called: bool = False
    calls: frozenset[str] = field(default_factory=frozenset)


def scan(sources: Iterable[Source], *, processes: int | None = None) -> Iterator[Scanned]:
    """Scan files, in the order they come, on every core when there are many."""
    waiting = list(sources)
    chunks = [waiting[at : at + _CHUNK] for at in range(0, len(waiting), _CHUNK)]
    workers = min(processes or os.cpu_count() or 1, len(chunks))
    if workers <= 1 or sys.platform == "win32":
        results: Iterable[list[Scanned]] = map(_scan_chunk, chunks)
        yield from _without_called(results)
        return
    # Forked workers share the parsed tables; nothing here has started a thread before.
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        yield from _without_called(pool.map(_scan_chunk, chunks))


def _without_called(results: Iterable[Sequence[Scanned]]) -> Iterator[Scanned]:
    """Drop the rows of callees whose callers were scanned too: they stand in the callers' rows."""
    found = [scanned for chunk in results for scanned in chunk]
    called = {(item.source.root, path) for item in found for path in item.calls}
    for item in found:
        is_called = (item.source.root, _called_as(item.source.path)) in called
        yield replace(item, logins=()) if item.only_called and is_called else item


def _called_as(path: str) -> str:
    """Return what `uses: ./…` calls a file: a workflow by its path, an action by its folder."""
    folder, _, name = path.rpartition("/")
    return folder if name in _ACTION_FILES else path


def _scan_chunk(sources: list[Source]) -> list[Scanned]:
    return [_scan_one(source) for source in sources]


def _scan_one(source: Source) -> Scanned:
    try:
        data = _read(source.file)
    except OSError as error:
        return Scanned(source, error=f"can't be read: {error.strerror}")
    facts = _facts(data, path=source.path)
    if facts.parse_error is not None:
        return Scanned(source, error=facts.parse_error.reason, error_line=facts.parse_error.line)
    if not facts.logins and not facts.calls:
        return Scanned(source)
    resolver = _Resolver(source.root)
    linked = link(facts, repository="", resolve=resolver.resolve)
    uses = [reference(call.uses) for call in facts.calls]
    return Scanned(
        source,
        logins=tuple(login for login in linked.logins if not login.disabled),
        only_called=facts.only_called,
        calls=frozenset(item.path for item in uses if item.kind == "local"),
    )


def _facts(data: bytes, *, path: str) -> FileFacts:
    """Read what a text says, once for all its copies: many repositories share a template's files."""
    kind = file_kind(path)
    # Only of a registry's configuration file does the name say more than what kind of file it is.
    name = path.rpartition("/")[2] if kind == "config" else f"{kind}.yml"
    return replace(_facts_of_copies(data, name), path=path)


@lru_cache(maxsize=1024)
def _facts_of_copies(data: bytes, name: str) -> FileFacts:
    return analyze(data, path=name)


def _read(file: str) -> bytes:
    """Read a file, and a little of one that is too large: the parser says so."""
    if file == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with open(file, "rb") as opened:  # noqa: PTH123 - thousands of files: Path costs more
        return opened.read(MAX_BYTES + 1)


@dataclass(frozen=True, slots=True)
class _Resolver:
    """Finds local callees in a checkout; others are not there to be read."""

    root: str

    def resolve(self, repository: str, path: str, ref: str) -> FileFacts | External | None:
        """Return a callee's facts, None where the checkout does not have it."""
        if repository or ref or not path or path.startswith("/") or ".." in path.split("/"):
            return None
        return _callee(self.root, path)


@lru_cache(maxsize=512)
def _callee(root: str, path: str) -> FileFacts | None:
    try:
        return _facts(_read(f"{root}/{path}"), path=path)
    except OSError:
        return None
