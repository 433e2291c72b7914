"""Random nights against a model in plain Python that says what the intervals must be."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from dataclasses import replace as changed
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.publish import take_in
from collector.sqlfiles import migrations
from tests.collector.nights import ORG, night, run_of

IDS = st.integers(1, 3)
UNREAD = st.sampled_from(["partial", "denied", "unavailable", "failed", "not_collected"])
STATUSES = st.one_of(st.just("complete"), st.just("complete"), UNREAD)
_TABLES = ("repository", "fork_approval", "package", "coverage", "run")


@dataclass(frozen=True)
class Said:
    """What one family and subject was answered: a status, and rows as key -> payload."""

    family: str
    subject: str
    table: str
    status: str
    rows: dict[int, str]


@st.composite
def nights(draw: st.DrawFn) -> list[tuple[int, list[Said]]]:
    """Nights in order, with the day each is on: some a day apart, some longer than answers last."""
    day = 0
    found = []
    for _ in range(draw(st.integers(1, 4))):
        day += draw(st.sampled_from([1, 1, 1, 3, 40]))
        found.append((day, draw(_answers())))
    return found


@st.composite
def _answers(draw: st.DrawFn) -> list[Said]:
    said = []
    words = st.sampled_from(["private", "public"])
    if draw(st.booleans()):
        rows = draw(st.dictionaries(IDS, words))
        said.append(Said("repositories", "", "repository", draw(STATUSES), rows))
    for number in draw(st.sets(IDS)):
        status = draw(st.one_of(STATUSES, st.just("unchanged")))
        rows = {number: draw(words)} if status == "complete" and draw(st.booleans()) else {}
        said.append(Said("repo_fork_approval", str(number), "fork_approval", status, rows))
    for visibility in draw(st.sets(words)):
        rows = dict.fromkeys(draw(st.sets(IDS)), visibility)
        subject = f"container/{visibility}"
        said.append(Said("packages", subject, "package", draw(STATUSES), rows))
    return said


@dataclass
class Interval:
    """One interval of the model."""

    payload: str
    start: int
    end: int | None = None


@dataclass
class Covered:
    """Coverage of the model."""

    status: str
    reason: str | None
    day: int

    @property
    def good(self) -> bool:
        return self.status in ("complete", "carried") or self.reason == "stale"


@dataclass
class Model:
    """What the inventory should hold, told night by night in the plainest way."""

    facts: dict[tuple[str, int], list[Interval]] = field(default_factory=dict)
    owners: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    coverage: dict[tuple[str, str], Covered] = field(default_factory=dict)

    def standing(self, key: tuple[str, int]) -> Interval | None:
        history = self.facts.get(key, [])
        return history[-1] if history and history[-1].end is None else None

    def live(self, day: int, said: list[Said]) -> None:
        seen = {
            (answer.table, key): (answer, payload)
            for answer in said
            for key, payload in answer.rows.items()
        }
        for key, (answer, payload) in seen.items():
            standing = self.standing(key)
            if standing is None or standing.payload != payload:
                if standing is not None:
                    standing.end = day
                self.facts.setdefault(key, []).append(Interval(payload, day))
            self.owners[key] = (answer.family, answer.subject)
        complete = {(a.family, a.subject) for a in said if a.status == "complete"}
        for key in self.facts:
            standing = self.standing(key)
            if standing is not None and key not in seen and self.owners[key] in complete:
                standing.end = day
        self._close_orphans(day, set(seen), {(a.family, a.subject) for a in said})
        self._cover(day, said)

    def _gone(self, repository: int) -> bool:
        key = ("repository", repository)
        return key in self.facts and self.standing(key) is None

    def _close_orphans(
        self, day: int, seen: set[tuple[str, int]], tried: set[tuple[str, str]]
    ) -> None:
        for (table, number), history in self.facts.items():
            if table == "fork_approval" and (table, number) not in seen and self._gone(number):
                history[-1].end = history[-1].end or day
        for subject in [*self.coverage]:
            of_repository = subject[0] == "repo_fork_approval"
            if of_repository and subject not in tried and self._gone(int(subject[1])):
                del self.coverage[subject]

    def _cover(self, day: int, said: list[Said]) -> None:
        tonight = {(answer.family, answer.subject): answer.status for answer in said}
        for subject in {*self.coverage, *tonight}:
            before, status = self.coverage.get(subject), tonight.get(subject)
            self.coverage[subject] = self._settled(subject[0], day, before, status)

    @staticmethod
    def _settled(family: str, day: int, before: Covered | None, status: str | None) -> Covered:
        good = before is not None and before.good
        if status == "complete" or (status == "unchanged" and good):
            return Covered("complete", None, day)
        if before is None or (status is not None and not good):
            if status == "unchanged":
                return Covered("failed", "nothing_to_confirm", day)
            return Covered(str(status), None, day)
        if not good:
            return before
        lasts = 30 if family == "repo_fork_approval" else 2
        if day - before.day <= lasts - 1:
            return Covered("carried", None if status else "not_read", before.day)
        return Covered(status or "not_collected", "stale", before.day)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as stage")
        for database in ("stage", "memory"):
            con.execute(f"use {database}")
            for step in migrations():
                con.execute(step.text)
        yield con


def _forget(con: duckdb.DuckDBPyConnection, database: str) -> None:
    for table in _TABLES:
        con.execute(f"delete from {database}.main.{table}")


def _fill_stage(con: duckdb.DuckDBPyConnection, day: int, said: list[Said]) -> None:
    _forget(con, "stage")
    seen_at = night(day)
    for answer in said:
        con.execute(
            "insert into stage.main.coverage (org, family, subject, status, observed_at)"
            " values (?, ?, ?, ?, ?)",
            [ORG, answer.family, answer.subject, answer.status, seen_at],
        )
        for key, payload in answer.rows.items():
            _put(con, answer, key, payload, seen_at)


def _put(
    con: duckdb.DuckDBPyConnection, answer: Said, key: int, payload: str, seen_at: datetime
) -> None:
    columns: dict[str, Any] = {
        "repository": {
            "repository_id": key,
            "full_name": f"acme/r{key}",
            "name": f"r{key}",
            "visibility": payload,
            "fork": False,
        },
        "fork_approval": {"repository_id": key, "approval_policy": payload},
        "package": {
            "package_id": key,
            "package_type": "container",
            "name": f"p{key}",
            "visibility": payload,
            "listed_repository": "absent",
        },
    }[answer.table]
    row = columns | {
        "org": ORG,
        "coverage_family": answer.family,
        "coverage_subject": answer.subject,
        "observed_at": seen_at,
    }
    marks = ", ".join("?" * len(row))
    con.execute(
        f"insert into stage.main.{answer.table} ({', '.join(row)}) values ({marks})",
        list(row.values()),
    )


def _live(con: duckdb.DuckDBPyConnection, story: list[tuple[int, list[Said]]]) -> dict[str, Any]:
    _forget(con, "memory")
    for day, said in story:
        _fill_stage(con, day, said)
        con.begin()
        take_in(con, changed(run_of(day), ended_at=night(day) + timedelta(hours=1)))
        con.commit()
    return _told(con)


def _told(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    days: dict[Any, Any] = {run_of(day).run_id: day for day in range(200)} | {None: None}
    facts: dict[tuple[str, int], list[Interval]] = {}
    for table, key, payload in (
        ("repository", "repository_id", "visibility"),
        ("fork_approval", "repository_id", "approval_policy"),
        ("package", "package_id", "visibility"),
    ):
        for number, word, start, end in con.execute(
            f"select {key}, {payload}, valid_from_run, valid_to_run from {table} order by 1, 3"
        ).fetchall():
            facts.setdefault((table, number), []).append(Interval(word, days[start], days[end]))
    coverage = {
        (family, subject): Covered(status, reason, (seen_at - night(0)).days)
        for family, subject, status, reason, seen_at in con.execute(
            "select family, subject, status, reason, observed_at from coverage"
            " where valid_to_run is null"
        ).fetchall()
    }
    return {"facts": facts, "coverage": coverage}


def _assert_one_after_the_other(history: list[Interval]) -> None:
    for before, after in pairwise(history):
        assert before.end is not None
        assert before.start < before.end <= after.start


@settings(max_examples=25, deadline=None)
@given(story=nights())
def test_the_inventory_is_what_the_model_says(
    con: duckdb.DuckDBPyConnection, story: list[tuple[int, list[Said]]]
) -> None:
    model = Model()
    for day, said in story:
        model.live(day, said)

    told = _live(con, story)

    assert told["facts"] == model.facts
    for history in told["facts"].values():
        _assert_one_after_the_other(history)
    assert told["coverage"] == model.coverage


@settings(max_examples=10, deadline=None)
@given(story=nights(), seed=st.integers(0, 9))
def test_the_order_in_which_answers_arrive_does_not_matter(
    con: duckdb.DuckDBPyConnection, story: list[tuple[int, list[Said]]], seed: int
) -> None:
    # Of two answers about one key the newest counts, so a package is in one sweep only here.
    once = [(day, _without_doubles(said)) for day, said in story]
    chance = random.Random(seed)
    shuffled = [(day, chance.sample(said, len(said))) for day, said in once]

    assert _live(con, once) == _live(con, shuffled)


def _without_doubles(said: list[Said]) -> list[Said]:
    taken: set[tuple[str, int]] = set()
    kept = []
    for answer in said:
        rows = {k: v for k, v in answer.rows.items() if (answer.table, k) not in taken}
        taken |= {(answer.table, key) for key in rows}
        kept.append(changed(answer, rows=rows))
    return kept
