import hashlib
import sqlite3
import time
from pathlib import Path

import pytest

from collector.errors import StoreError
from collector.github.cache import CacheKey, Kept, MemoryCache, SqliteCache, expected_etag

KEY = CacheKey("token", "https://h/x", "json")
KEPT = Kept('"e"', b'[{"name": "secret-package"}]' * 50, '<https://h/x?page=2>; rel="next"')


def test_nothing_is_known_at_first(tmp_path: Path) -> None:
    assert MemoryCache().get(KEY) is None
    with SqliteCache(tmp_path / "cache.db") as cache:
        assert cache.get(KEY) is None


@pytest.mark.parametrize(
    "other",
    [
        CacheKey("token2", "https://h/x", "json"),
        CacheKey("token", "https://h/y", "json"),
        CacheKey("token", "https://h/x", "raw"),
    ],
)
def test_another_credential_url_or_form_is_another_body(tmp_path: Path, other: CacheKey) -> None:
    with SqliteCache(tmp_path / "cache.db") as cache:
        cache.put(KEY, KEPT)
        cache.flush()

        assert cache.get(other) is None
        assert cache.get(KEY) == KEPT
    assert other.digest() != KEY.digest()


def test_what_was_kept_outlives_the_run(tmp_path: Path) -> None:
    with SqliteCache(tmp_path / "cache.db") as cache:
        cache.put(KEY, Kept('"old"', b"old"))
        cache.put(KEY, KEPT)
        assert cache.get(KEY) == KEPT

    with SqliteCache(tmp_path / "cache.db") as cache:
        assert cache.get(KEY) == KEPT


def test_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    file = tmp_path / "cache.db"
    file.touch(mode=0o666)
    with SqliteCache(file) as cache:
        cache.put(KEY, KEPT)
        cache.flush()

        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes["cache.db"] == 0o600
    assert set(modes.values()) == {0o600}


def test_many_bodies_are_written_in_batches(tmp_path: Path) -> None:
    with SqliteCache(tmp_path / "cache.db") as cache:
        for number in range(450):
            cache.put(CacheKey("t", f"https://h/{number}", "json"), KEPT)
        with sqlite3.connect(tmp_path / "cache.db") as other:
            assert other.execute("select count(*) from kept").fetchone() == (400,)
        other.close()
        assert cache.get(CacheKey("t", "https://h/449", "json")) == KEPT


def test_a_body_too_large_is_not_kept(tmp_path: Path) -> None:
    with SqliteCache(tmp_path / "cache.db") as cache:
        cache.put(KEY, Kept('"e"', bytes(9 * 1024 * 1024)))

        assert cache.get(KEY) is None


def test_what_nobody_renews_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SqliteCache(tmp_path / "cache.db") as cache:
        cache.put(KEY, KEPT)
        cache.flush()
        cache.prune(days=30)
        assert cache.get(KEY) == KEPT
        later = time.time() + 40 * 86_400
        monkeypatch.setattr(time, "time", lambda: later)
        cache.prune(days=30)

        assert cache.get(KEY) is None


def test_another_process_that_writes_costs_a_batch_and_no_more(tmp_path: Path) -> None:
    file = tmp_path / "cache.db"
    with SqliteCache(file) as cache:
        cache._connection.execute("pragma busy_timeout = 1")  # a test has no five seconds
        other = sqlite3.connect(file)
        other.execute("begin immediate")
        cache.put(KEY, KEPT)
        cache.flush()
        other.rollback()
        other.close()

        assert cache.get(KEY) is None


def test_a_body_that_was_tampered_with_is_none(tmp_path: Path) -> None:
    file = tmp_path / "cache.db"
    with SqliteCache(file) as cache:
        cache.put(KEY, KEPT)
        cache.flush()
        cache._connection.execute("update kept set body = x'00'")

        assert cache.get(KEY) is None


def test_a_cache_of_another_version_is_started_afresh(tmp_path: Path) -> None:
    file = tmp_path / "cache.db"
    with sqlite3.connect(file) as old:
        old.execute("create table kept (other integer)")
        old.execute("pragma user_version = 99")
    old.close()

    with SqliteCache(file) as cache:
        cache.put(KEY, KEPT)
        cache.flush()
        assert cache.get(KEY) == KEPT


def test_a_file_that_is_no_cache_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "cache.db"
    file.write_bytes(b"this is no database" * 100)

    with pytest.raises(StoreError) as caught:
        SqliteCache(file)
    assert "Delete it" in caught.value.hint


def test_githubs_etag_is_a_digest_of_form_token_and_body() -> None:
    digest = hashlib.sha256(b"json:Bearer t:[]").hexdigest()

    assert expected_etag(b"[]", accept="json", authorization="Bearer t") == f'"{digest}"'
