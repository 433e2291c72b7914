"""Bodies kept from before, so that GitHub can answer "not modified", which costs no budget."""

import contextlib
import hashlib
import os
import sqlite3
import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

from collector.errors import StoreError

_SCHEMA_VERSION = 1
_BATCH = 200
_LARGEST_BODY = 8 * 1024 * 1024
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class CacheKey:
    """What a kept body answers: the same credential asking the same URL for the same form."""

    credential: str
    url: str
    accept: str

    def digest(self) -> bytes:
        """Return a short key; the parts are told apart by a byte that none of them holds."""
        joined = f"{self.credential}\0{self.url}\0{self.accept}"
        return hashlib.blake2b(joined.encode("utf-8", "replace"), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Kept:
    """A body with its validator, and the Link header that pages need."""

    etag: str
    body: bytes = field(repr=False)
    link: str | None = None


class ValidatorCache(Protocol):
    """Where the client keeps bodies."""

    def get(self, key: CacheKey) -> Kept | None:
        """Return what was kept."""
        ...

    def put(self, key: CacheKey, kept: Kept) -> None:
        """Keep a body, in place of an older one."""
        ...


class MemoryCache:
    """Keeps bodies as long as the process lives."""

    def __init__(self) -> None:
        self._kept: dict[CacheKey, Kept] = {}

    def get(self, key: CacheKey) -> Kept | None:
        """Return what was kept."""
        return self._kept.get(key)

    def put(self, key: CacheKey, kept: Kept) -> None:
        """Keep a body, in place of an older one."""
        self._kept[key] = kept


class SqliteCache:
    """Keeps bodies between runs, in a file of its own that only its owner can read.

    It is a cache: what is lost when the process is killed costs requests, never truth.
    """

    def __init__(self, file: Path) -> None:
        try:
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
            file.chmod(0o600)
            self._connection = sqlite3.connect(file, timeout=5)
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"The cache {file} can't be used: {error}.",
                hint="Delete it: it holds nothing that GitHub can't tell again.",
            ) from error
        self._pending: dict[bytes, Kept] = {}

    def get(self, key: CacheKey) -> Kept | None:
        """Return what was kept."""
        digest = key.digest()
        if digest in self._pending:
            return self._pending[digest]
        try:
            row = self._connection.execute(
                "select etag, link, body from kept where key = ?", (digest,)
            ).fetchone()
            return None if row is None else Kept(row[0], _unpacked(row[2]), row[1])
        except (sqlite3.Error, zlib.error):
            return None

    def put(self, key: CacheKey, kept: Kept) -> None:
        """Keep a body, in place of an older one."""
        if len(kept.body) > _LARGEST_BODY:
            return
        self._pending[key.digest()] = kept
        if len(self._pending) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is pending; another process that holds the file costs the batch, no more."""
        today = int(time.time()) // _SECONDS_A_DAY
        rows = [
            (key, kept.etag, kept.link, zlib.compress(kept.body, 1), today)
            for key, kept in self._pending.items()
        ]
        self._pending = {}
        try:
            with self._connection:
                self._connection.executemany(
                    "insert or replace into kept (key, etag, link, body, day) "
                    "values (?, ?, ?, ?, ?)",
                    rows,
                )
        except sqlite3.OperationalError:
            return

    def prune(self, *, days: int) -> None:
        """Forget what was not renewed for so many days; a file that is held is pruned another time."""
        oldest = int(time.time()) // _SECONDS_A_DAY - days
        with contextlib.suppress(sqlite3.OperationalError), self._connection:
            self._connection.execute("delete from kept where day < ?", (oldest,))

    def close(self) -> None:
        """Write what is pending and let go of the file."""
        self.flush()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepare(self) -> None:
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = normal")
        if self._connection.execute("pragma user_version").fetchone()[0] != _SCHEMA_VERSION:
            self._connection.execute("drop table if exists kept")
        self._connection.execute(
            "create table if not exists kept (key blob primary key, etag text not null, "
            "link text, body blob not null, day integer not null) without rowid"
        )
        self._connection.execute(f"pragma user_version = {_SCHEMA_VERSION}")
        self._connection.commit()


def expected_etag(body: bytes, *, accept: str, authorization: str) -> str:
    """Compute the ETag that GitHub would give this body for this token.

    Undocumented: github.com was observed to hash Accept, Authorization and body. A token that
    changes every hour never meets a stored ETag again; this one it meets. Where GitHub computes
    otherwise, the answer is simply a full one.
    """
    head = f"{accept}:{authorization}:".encode()
    return f'"{hashlib.sha256(head + body).hexdigest()}"'


def _unpacked(packed: bytes) -> bytes:
    """Unpack within bounds: the file may have been tampered with."""
    unpacker = zlib.decompressobj()
    body = unpacker.decompress(packed, _LARGEST_BODY + 1)
    if len(body) > _LARGEST_BODY or not unpacker.eof:
        raise zlib.error("not a body that was kept")
    return body
