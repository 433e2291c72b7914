"""Run the rules over what a connection shows and lay their verdicts in one temporary table."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import duckdb

from collector import sqlfiles
from collector.errors import RuleError
from reports.catalog import COLUMNS, SEVERITIES, VERDICTS, Rule
from reports.sandbox import TIME_LIMIT, RuleStoppedError, run_rule, sandbox

# Views that several rules read, in the order in which they build on each other: computed once for all rules.
# A temporary table stands before the view of its name, through however many views.
_SHARED: Final = (
    "current_run",
    "coverage_now",
    "repositories",
    "packages",
    "package_declarations",
    "workflow_files",
    "workflow_facts",
    "workflow_triggers",
    "workflow_jobs",
    "workflow_uses",
    "registry_logins",
    "package_references",
    "secret_uses",
    "fork_routes",
    "access_evidence",
    "package_access",
)
_COLUMN_NAMES: Final = ", ".join(name for name, _ in COLUMNS)
_LEVELS: Final = ("proven", "declared", "implied", "suggested")

# What a row must be, as a condition on it: what is wrong -> the condition that says so.
_FAULTS: Final = {
    "has no subject": "subject is null or subject = ''",
    "has a verdict that is none of " + ", ".join(VERDICTS): (
        f"verdict is null or verdict not in {VERDICTS}"
    ),
    "has no reason": "reason is null or reason = ''",
    "is unknown without a reason code": "verdict = 'unknown' and reason_code is null",
    "fails without a severity of ours": (
        f"verdict = 'fail' and (severity is null or severity not in {SEVERITIES})"
    ),
    "fails without an evidence level of ours": (
        f"verdict = 'fail' and (evidence_level is null or evidence_level not in {_LEVELS})"
    ),
}


@contextmanager
def evaluated(
    con: duckdb.DuckDBPyConnection, *, org: str, rules: Sequence[Rule]
) -> Iterator[str]:
    """Judge one organization and yield the name of a temporary table with a row a verdict.

    Nothing is written but temporary tables, so it works in a transaction and on a read-only connection, and over
    whatever temporary tables and views the caller has put before the real ones.

    Raises:
        RuleError: a rule that comes with the program returned what no rule may.
    """
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS)
    with shared_views(con, org=org):
        con.execute(f"create or replace temp table evaluation (rule varchar, {columns})")
        try:
            for rule in rules:
                if not rule.is_users:
                    _run_shipped(con, rule)
            _run_users(con, org=org, rules=[rule for rule in rules if rule.is_users])
            yield "evaluation"
        finally:
            drop_temporary(con, "evaluation")


@contextmanager
def shared_views(con: duckdb.DuckDBPyConnection, *, org: str) -> Iterator[None]:
    """Compute the views that many rules read once, for this organization only."""
    shadowed = {name for (name,) in con.execute(_TEMPORARY).fetchall()}
    known = {view.name for view in sqlfiles.views()}
    made: list[str] = []
    try:
        for name in _SHARED:
            if name in known and name not in shadowed:
                # Everything hangs on the current run, so one organization's run leaves only its facts.
                where = " where org = $org" if name == "current_run" else ""
                con.execute(
                    f"create temp table {name} as select * from {name}{where}",  # noqa: S608 - names of our own
                    {"org": org} if where else None,
                )
                made.append(name)
        yield
    finally:
        for name in reversed(made):
            drop_temporary(con, name)


def drop_temporary(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Drop a temporary table; in a transaction that has failed there is none any more."""
    with suppress(duckdb.TransactionException):
        con.execute(f"drop table if exists temp.{name}")


_TEMPORARY = (
    "select table_name from duckdb_tables() where temporary"
    " union all select view_name from duckdb_views() where temporary"
)


def _run_shipped(con: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    text = rule.sql.strip().rstrip(";")
    con.execute(
        f"insert into temp.evaluation select '{rule.id}', {_COLUMN_NAMES} from (\n{text}\n)"  # noqa: S608 - our own rule
    )
    fault = _fault(con, rule.id)
    if fault:
        raise RuleError(f"Rule {rule.id}: {fault}.")


def _run_users(con: duckdb.DuckDBPyConnection, *, org: str, rules: Sequence[Rule]) -> None:
    if not rules:
        return
    with sandbox(con, org=org, rule_texts=[rule.sql for rule in rules]) as copy:
        for rule in rules:
            try:
                rows = checked_rows(copy, rule, org=org)
            except RuleStoppedError as error:
                rows = [_stopped(rule, org=org, why=str(error))]
            _append(con, rule.id, rows)


def checked_rows(
    con: duckdb.DuckDBPyConnection, rule: Rule, *, org: str, seconds: float = TIME_LIMIT
) -> list[tuple[Any, ...]]:
    """Run one rule of a user on a locked-down connection and return its rows, found in order.

    Raises:
        RuleStoppedError: it did not finish, or returned what no rule may.
    """
    casts = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in COLUMNS)
    text = rule.sql.strip().rstrip(";")
    names = [column[0] for column in _described(con, text, rule)]
    if names != [name for name, _ in COLUMNS]:
        raise RuleStoppedError(f"{rule.id} selects {', '.join(names)}, not {_COLUMN_NAMES}.")
    rows = run_rule(con, f"select {casts} from (\n{text}\n)", name=rule.id, seconds=seconds)  # noqa: S608 - one SELECT, on a locked-down copy
    seen: set[str] = set()
    for row in rows:
        problem = _row_problem(dict(zip(names, row, strict=True)), org=org, seen=seen)
        if problem:
            raise RuleStoppedError(f"{rule.id}: {problem}.")
    return rows


def _described(con: duckdb.DuckDBPyConnection, text: str, rule: Rule) -> list[tuple[Any, ...]]:
    return run_rule(
        con,
        f"select column_name from (describe (\n{text}\n))",  # noqa: S608 - the same
        name=rule.id,
    )


def _row_problem(row: dict[str, Any], *, org: str, seen: set[str]) -> str | None:
    subject = row["subject"]
    if not subject or not row["reason"]:
        return "a row has no subject or no reason"
    if row["org"] != org:
        return f"{subject} belongs to another organization"
    if subject in seen:
        return f"{subject} is judged twice"
    seen.add(subject)
    if row["verdict"] not in VERDICTS:
        return f"{subject} has the verdict {row['verdict']!r}"
    if row["verdict"] == "unknown" and not row["reason_code"]:
        return f"{subject} is unknown without a reason code"
    if row["verdict"] == "fail" and (
        row["severity"] not in SEVERITIES or row["evidence_level"] not in _LEVELS
    ):
        return f"{subject} fails without a severity and an evidence level of ours"
    return None


def _stopped(rule: Rule, *, org: str, why: str) -> tuple[Any, ...]:
    """Return the one row that stands for all subjects of a rule that could not be run."""
    row = dict.fromkeys((name for name, _ in COLUMNS))
    row |= {
        "org": org,
        "subject": org,
        "verdict": "unknown",
        "reason_code": "rule_failed",
        "reason": f"{rule.id} could not be evaluated: {why}",
    }
    return tuple(row.values())


def _append(
    con: duckdb.DuckDBPyConnection, rule_id: str, rows: Iterable[tuple[Any, ...]]
) -> None:
    with con.appender("evaluation") as appender:
        for row in rows:
            appender.append_row(rule_id, *row)


def _fault(con: duckdb.DuckDBPyConnection, rule_id: str) -> str | None:
    """Say what is wrong with what a rule returned; None: nothing."""
    for what, condition in _FAULTS.items():
        found = con.execute(
            f"select subject from temp.evaluation where rule = $rule and ({condition}) limit 1",  # noqa: S608 - our own
            {"rule": rule_id},
        ).fetchone()
        if found:
            return f"{found[0]} {what}"
    twice = con.execute(
        "select org, subject from temp.evaluation where rule = $rule group by all having count(*) > 1"
        " order by all limit 1",
        {"rule": rule_id},
    ).fetchone()
    return f"{twice[1]} is judged twice" if twice else None
