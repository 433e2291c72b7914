"""One crawl of one organization: its name in the store, and the lock that lets only one run at a time."""

import fcntl
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from collector.errors import StoreLockedError, UsageError
from collector.store_errors import store_errors

# A run's name is also a file's.
_LOGIN = re.compile(r"[A-Za-z0-9_-]{1,100}")
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One crawl: whom it asked, when, with what."""

    run_id: str
    org: str
    api_url: str
    web_url: str
    edition: str
    """github.com, ghec, ghes or ghe.com."""
    started_at: datetime
    ended_at: datetime | None = None
    tool_version: str
    credentials: tuple[Mapping[str, Any], ...] = ()
    """Name, kind, scopes, expiry and login of each; never a value."""
    options: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def new_run_id(org: str, *, started_at: datetime) -> str:
    """Name a run so that names sort by time: second, organization, microsecond in hexadecimal."""
    if not _LOGIN.fullmatch(org):
        raise UsageError(
            f"{org!r} is no name of an organization.",
            hint="Names have letters, digits, - and _ only, as in https://github.com/acme.",
        )
    started = as_utc(started_at)
    return f"{started:%Y%m%dT%H%M%SZ}-{org}-{started.microsecond:05x}"


def as_utc(moment: datetime) -> datetime:
    """Return the moment as the store writes it: UTC, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def utc_now() -> datetime:
    """Return the time as the store writes it: UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


@contextmanager
def run_lock(db: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the right to crawl into this store; the kernel takes it back when the process dies.

    Raises:
        StoreLockedError: another process holds it and kept it for `wait` seconds.
    """
    path = db.with_name(db.name + ".lock")
    with store_errors(db):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _acquire(descriptor, db=db, wait=wait)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, *, db: Path, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
                raise StoreLockedError(
                    f"Another run writes to {db} (process {holder or 'unknown'}).",
                    hint="Wait until it has finished, or let this one wait with --lock-timeout.",
                ) from None
            time.sleep(_POLL_SECONDS)
        else:
            return
