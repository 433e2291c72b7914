"""What a person sees on stderr: progress (a bar on a terminal, one plain line a stage elsewhere) and logs."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from collector.redact import RedactingFilter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from collector.walk.progress import Progress

_PLAIN_LINE_EVERY = 30.0
# seconds between two lines of one stage where there is no terminal


class PlainLines:
    """One line a stage, and one every half minute while a stage goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last = time.monotonic()

    def started(self, family: str, *, total: int | None) -> None:
        """Say nothing yet: the line comes when the stage ends or takes long."""

    def advanced(self, family: str, *, done: int, total: int | None) -> None:
        """Print where a long stage stands."""
        if time.monotonic() - self._last >= _PLAIN_LINE_EVERY:
            self._print(
                f"{_words(family)}: {done:,} of {total:,}" if total else f"{family}: {done:,}"
            )

    def finished(self, family: str, *, done: int, detail: str) -> None:
        """Print what a stage read and what is missing of it."""
        self._print(f"{_words(family)}: {done:,} read" + (f"; {detail}" if detail else ""))

    def waiting(self, *, until: datetime, reason: str) -> None:
        """Print why nothing moves and until when."""
        self._print(f"waiting until {until:%H:%M:%S} UTC: {reason}")

    def _print(self, text: str) -> None:
        self._last = time.monotonic()
        print(text, file=self._stream, flush=True)


class TerminalBar:
    """A progress bar a stage, redrawn in place."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def started(self, family: str, *, total: int | None) -> None:
        """Draw a bar for the stage."""
        self._tasks[family] = self._bar.add_task(_words(family), total=total)

    def advanced(self, family: str, *, done: int, total: int | None) -> None:
        """Move the stage's bar."""
        if family in self._tasks:
            self._bar.update(self._tasks[family], completed=done, total=total)

    def finished(self, family: str, *, done: int, detail: str) -> None:
        """Fill the bar and keep what is missing on a line of its own."""
        if family in self._tasks:
            self._bar.update(self._tasks[family], completed=done, total=done)
        if detail:
            self._bar.console.print(f"{_words(family)}: {detail}", markup=False, highlight=False)

    def waiting(self, *, until: datetime, reason: str) -> None:
        """Keep a line that says why nothing moves."""
        text = f"waiting until {until:%H:%M:%S} UTC: {reason}"
        self._bar.console.print(text, markup=False, highlight=False)


def _words(family: str) -> str:
    return family.replace("_", " ")


@contextmanager
def progress() -> Iterator[Progress]:
    """Show progress on stderr: a bar where a person watches, plain lines elsewhere."""
    if not sys.stderr.isatty() or os.environ.get("CI") or os.environ.get("TERM") == "dumb":
        yield PlainLines(sys.stderr)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:<28}", markup=False), BarColumn(bar_width=24))
    with Bar(
        *columns, MofNCompleteColumn(), TimeElapsedColumn(), console=Console(stderr=True)
    ) as bar:
        yield TerminalBar(bar)


class _JsonLines(logging.Formatter):
    """One JSON object a line, for collectors of logs."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        return json.dumps(entry, ensure_ascii=False)


def configure_logging(*, log_format: str, log_level: str) -> None:
    """Send our log lines to stderr, credentials masked, as text or JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    text.converter = time.gmtime
    handler.setFormatter(_JsonLines() if log_format == "json" else text)
    handler.addFilter(RedactingFilter())
    for name in ("pkginventory", "collector", "reports"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(log_level.upper())
        logger.propagate = False
    # The HTTP client and the scheduler log too: their warnings matter, their chatter does not.
    for name in ("httpx", "httpcore", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)
