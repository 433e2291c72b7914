"""The stage: one DuckDB file a crawl, to which whole pages are added and nothing else ever happens.

Rows are only appended, which keeps a commit cheap and a crash harmless. A key that comes twice is
settled when the stage is read: the newest row wins.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import duckdb

from collector.private_files import private_files
from collector.run import Run, as_utc, utc_now
from collector.run_rows import finish_run_row, read_run
from collector.stage_batch import Batch
from collector.stage_rows import row_writers
from collector.store import connect
from collector.store_errors import store_errors
from collector.tables import COVERAGE, fact_table

_MEMORY_LIMIT = "256MB"
# Above this the write-ahead log is folded into the file: a pause of some 50 ms.
_CHECKPOINT_THRESHOLD = "64MB"
_MOST_LAZY_BATCHES = 50
# Page 0 of the checkpoint table: the whole subject is done.
_WHOLE_SUBJECT = 0

Subject = tuple[str, str]


class PageDone(NamedTuple):
    """The newest page of a subject that is safely stored, and what the next one needs."""

    page: int
    state: Any


class Stage:
    """An open stage. Use it as a context manager; leaving it keeps the file."""

    def __init__(self, path: Path, *, con: duckdb.DuckDBPyConnection, run: Run) -> None:
        self.path = path
        self.run = run
        self._con = con
        self._writers = row_writers(con)
        self._lazy: list[Batch] = []
        self._exit = ExitStack()
        self._exit.enter_context(private_files())
        self._done: set[Subject] = set()
        self._pages: dict[Subject, PageDone] = {}
        self._statuses: dict[Subject, str] = {}
        self._blobs: set[str] = set()
        self._facts: set[tuple[str, str, int]] = set()
        self._next_request = 0
        self._recall()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def batch(self, *, lazy: bool = False) -> Iterator[Batch]:
        """Store all that is put into the batch in one transaction, or nothing if the block raises.

        Args:
            lazy: join a later transaction. A crash then loses the batch with its checkpoint, so
                it is asked again: cheap for subjects of one request.
        """
        batch = Batch(self.run.org, writers=self._writers, observed_at=utc_now())
        yield batch
        self._lazy.append(batch)
        if not lazy or len(self._lazy) >= _MOST_LAZY_BATCHES:
            self.flush()

    def flush(self) -> None:
        """Store the lazy batches that wait."""
        if not self._lazy:
            return
        with store_errors(self.path):
            rows = self._gather(self._lazy)
            self._con.begin()
            try:
                for table, tuples in rows.items():
                    with self._con.appender(table) as appender:
                        for row in tuples:
                            appender.append_row(*row)
                self._con.commit()
            except BaseException:
                self._roll_back()
                raise
        batches, self._lazy = self._lazy, []
        for batch in batches:
            self._remember(batch)

    def is_done(self, family: str, subject: str = "") -> bool:
        """Tell whether all pages of the subject are stored."""
        return (family, subject) in self._done

    def last_page(self, family: str, subject: str = "") -> PageDone | None:
        """Return the highest page of the subject that is stored."""
        return self._pages.get((family, subject))

    def coverage_of(self, family: str, subject: str = "") -> str | None:
        """Return the status that this crawl recorded for the subject."""
        return self._statuses.get((family, subject))

    def has_blob(self, blob_sha: str) -> bool:
        """Tell whether this stage holds the text."""
        return blob_sha in self._blobs

    def has_facts(self, blob_sha: str, kind: str, parser_version: int) -> bool:
        """Tell whether this stage holds what the parser said of the text."""
        return (blob_sha, kind, parser_version) in self._facts

    def rows(self, table: str, *columns: str, family: str | None = None) -> list[tuple[Any, ...]]:
        """Return columns of what this crawl has stored, the newest row of each key, sorted by key."""
        self.flush()
        key = ", ".join(_key_of(table))
        known = self._writers[table].names
        if unknown := set(columns) - set(known):
            raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}")
        family_column = "family" if table == COVERAGE.name else "coverage_family"
        with store_errors(self.path):
            return self._con.execute(
                f"select {', '.join(columns or known)} from {table}"  # noqa: S608  catalogue names
                f" where $family is null or {family_column} = $family"
                f" qualify row_number() over (partition by {key} order by rowid desc) = 1"
                f" order by {key}",
                {"family": family},
            ).fetchall()

    def read_facts(
        self, shas: Collection[str], *, parser_version: int
    ) -> dict[tuple[str, str], Any]:
        """Return what one version of the parser said of texts of this crawl, by (git id, kind)."""
        self.flush()
        with store_errors(self.path):
            rows = self._con.execute(
                "select blob_sha, kind, facts from blob_facts where blob_sha in (select unnest(?))"
                " and parser_version = ? and facts is not null",
                [sorted(shas), parser_version],
            ).fetchall()
        return {(sha, kind): json.loads(facts) for sha, kind, facts in rows}

    def finish(
        self,
        *,
        ended_at: datetime,
        warnings: Sequence[str] = (),
        credentials: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Say that the crawl is over, and who read, so that the stage may be published; close it."""
        self.flush()
        run = replace(
            self.run,
            ended_at=as_utc(ended_at),
            warnings=(*self.run.warnings, *warnings),
            credentials=(*self.run.credentials, *credentials),
        )
        with store_errors(self.path):
            finish_run_row(self._con, run)
        self.run = run
        self.close()

    def close(self) -> None:
        """Store what waits and close the file; it can be opened again."""
        with self._exit, store_errors(self.path):
            try:
                self.flush()
            finally:
                self._con.close()

    def _gather(self, batches: Sequence[Batch]) -> dict[str, list[tuple[Any, ...]]]:
        rows: dict[str, list[tuple[Any, ...]]] = {}
        blobs = set(self._blobs)
        facts = set(self._facts)
        for batch in batches:
            for table, tuples in batch.rows.items():
                rows.setdefault(table, []).extend(tuples)
            for sha, row in batch.blobs.items():
                if sha not in blobs:
                    blobs.add(sha)
                    rows.setdefault("blob", []).append(row)
            for key, row in batch.facts.items():
                if key not in facts:
                    facts.add(key)
                    rows.setdefault("blob_facts", []).append(row)
        sent = [request for batch in batches for request in batch.requests]
        if sent:
            rows["request"] = [
                self._writers["request"].encode(
                    request, {"run_id": self.run.run_id, "seq": self._next_request + position}
                )
                for position, request in enumerate(sent)
            ]
        return rows

    def _remember(self, batch: Batch) -> None:
        self._blobs.update(batch.blobs)
        self._facts.update(batch.facts)
        self._next_request += len(batch.requests)
        self._statuses.update(batch.statuses)
        for subject, page, state in batch.pages:
            self._remember_page(subject, PageDone(page, state))

    def _remember_page(self, subject: Subject, done: PageDone) -> None:
        if done.page == _WHOLE_SUBJECT:
            self._done.add(subject)
            return
        before = self._pages.get(subject)
        if before is None or before.page <= done.page:
            self._pages[subject] = done

    def _roll_back(self) -> None:
        try:
            self._con.rollback()
        except duckdb.Error:
            # The failed commit may have closed the transaction; what it was about is raised.
            return

    def _recall(self) -> None:
        with store_errors(self.path):
            for family, subject, page, state in self._fetch(
                "select family, subject, page, state from checkpoint order by rowid"
            ):
                self._remember_page((family, subject), PageDone(page, _load(state)))
            self._statuses = {
                (family, subject): status
                for family, subject, status in self._fetch(
                    "select family, subject, status from coverage order by rowid"
                )
            }
            self._blobs = {sha for (sha,) in self._fetch("select blob_sha from blob")}
            self._facts = set(self._fetch("select blob_sha, kind, parser_version from blob_facts"))
            self._next_request = self._fetch("select coalesce(max(seq) + 1, 0) from request")[0][0]

    def _fetch(self, query: str) -> list[Any]:
        return self._con.execute(query).fetchall()


def open_stage(path: Path) -> Stage:
    """Open a stage to go on with it.

    Raises:
        StoreLockedError: another process writes to it.
        StoreError: the file can't be used, said in a sentence.
    """
    with private_files():
        con = connect(path, memory_limit=_MEMORY_LIMIT)
        try:
            with store_errors(path):
                con.execute(f"set checkpoint_threshold = '{_CHECKPOINT_THRESHOLD}'")
                run = read_run(con)
            return Stage(path, con=con, run=run)
        except BaseException:
            con.close()
            raise


def _load(state: str | None) -> Any:
    return None if state is None else json.loads(state)


def _key_of(table: str) -> tuple[str, ...]:
    return COVERAGE.key if table == COVERAGE.name else fact_table(table).key
