"""Files that hold an organization's private data are made for their owner alone (mode 0600)."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_holders = 0
_outer_mask = 0


@contextmanager
def private_files() -> Iterator[None]:
    """Make every file of this process private while the block runs.

    DuckDB makes and remakes its write-ahead log whenever it needs one and takes the mode from the
    umask, so the mask stands as long as a file is open for writing. It belongs to the process:
    the first who enters sets it, the last who leaves puts the old one back.
    """
    global _holders, _outer_mask  # noqa: PLW0603  the umask is global by nature
    with _lock:
        if _holders == 0:
            _outer_mask = os.umask(0o077)
        _holders += 1
    try:
        yield
    finally:
        with _lock:
            _holders -= 1
            if _holders == 0:
                os.umask(_outer_mask)
