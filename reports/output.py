"""Write a set of files that hold an organization's private data: readable by the owner only, all or none."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from collector.errors import InventoryError

if TYPE_CHECKING:
    from collections.abc import Iterator


class OutputError(InventoryError):
    """A file of the report can't be written."""


class OutputFolder:
    """Files under their temporary names until all are written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: list[tuple[Path, Path]] = []

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """Open a file of the set for writing."""
        # mkstemp makes it with mode 0600, whatever the umask is.
        descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=self.folder)
        os.close(descriptor)
        self.written.append((Path(temporary), self.folder / name))
        with Path(temporary).open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())

    def keep(self) -> None:
        """Give every file its name, replacing the one of the run before."""
        for temporary, final in self.written:
            temporary.replace(final)
        self.written.clear()

    def drop(self) -> None:
        """Remove what was written so far."""
        for temporary, _ in self.written:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def output_folder(folder: Path) -> Iterator[OutputFolder]:
    """Write a set of files into a folder, all of them or none.

    Raises:
        OutputError: the folder can't be made or written, or the disk is full.
    """
    files = OutputFolder(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield files
        files.keep()
    except OSError as error:
        raise OutputError(
            f"{folder} can't be written: {error.strerror or error}.",
            hint="Choose a folder with --out that exists, may be written and has room.",
        ) from error
    finally:
        files.drop()
