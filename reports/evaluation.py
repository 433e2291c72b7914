"""Run the rules over what a connection shows and lay their verdicts in one temporary table."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import duckdb

from collector import sqlfiles
from collector.errors import RuleError
from reports.catalog import COLUMNS, SEVERITIES, VERDICTS, Rule
from reports.sandbox import RuleStoppedError, check_one_select, run_rule, sandbox

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
    "registry_logins",
    "package_references",
    "secret_uses",
    "fork_routes",
    "access_evidence",
    "package_access",
)
_NAMES: Final = tuple(name for name, _ in COLUMNS)
_COLUMN_NAMES: Final = ", ".join(_NAMES)
_LEVELS: Final = ("proven", "declared", "implied", "suggested")

# What is wrong with a row -> the condition that says so.
_FAULTS: Final = {
    "has no subject": "subject is null or subject = ''",
    "belongs to another organization": "org is distinct from $org",
    "has a verdict that is none of ours": f"coalesce(verdict not in {VERDICTS}, true)",
    "has no reason": "reason is null or reason = ''",
    "is unknown without a reason code": "verdict = 'unknown' and reason_code is null",
    "fails without a severity of ours": (
        f"verdict = 'fail' and coalesce(severity not in {SEVERITIES}, true)"
    ),
    "fails without an evidence level of ours": (
        f"verdict = 'fail' and coalesce(evidence_level not in {_LEVELS}, true)"
    ),
    "is judged twice": "count(*) over (partition by subject) > 1",
}

_TEMPORARY: Final = (
    "select table_name from duckdb_tables() where temporary"
    " union all select view_name from duckdb_views() where temporary"
)


@contextmanager
def evaluated(
    con: duckdb.DuckDBPyConnection,
    *,
    org: str,
    rules: Sequence[Rule],
    locked_down: bool = False,
) -> Iterator[str]:
    """Judge one organization and yield the name of a temporary table with a row a verdict.

    Nothing is written but temporary tables, so it works in a transaction and on a read-only connection, and over
    whatever temporary tables and views the caller has put before the real ones.

    Args:
        con: what the rules look at.
        org: the organization to judge.
        rules: the rules to run; users' own run in a sandbox.
        locked_down: the connection is itself a sandbox, so users' rules may run on it.

    Raises:
        RuleError: a rule that comes with the program returned what no rule may.
    """
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS)
    trusted = [rule for rule in rules if locked_down or not rule.is_users]
    with shared_views(con, org=org):
        con.execute(f"create or replace temp table evaluation (rule varchar, {columns})")
        try:
            for rule in trusted:
                _run_in_place(con, rule, org=org)
            _run_users(con, org=org, rules=[rule for rule in rules if rule not in trusted])
            yield "evaluation"
        finally:
            drop_temporary(con, "evaluation")


@contextmanager
def shared_views(
    con: duckdb.DuckDBPyConnection, *, org: str | None, also: Sequence[str] = ()
) -> Iterator[None]:
    """Compute the views that many queries read once, for this organization only (None: for all).

    Args:
        con: on which temporary tables stand before the views meanwhile.
        org: the organization.
        also: further views to compute, in the order in which they build on each other.
    """
    shadowed = {name for (name,) in con.execute(_TEMPORARY).fetchall()}
    known = {view.name for view in sqlfiles.views()}
    made: list[str] = []
    try:
        for name in (*_SHARED, *also):
            if name in known and name not in shadowed:
                # Everything hangs on the current run, so one organization's run leaves only its facts.
                where = " where org = $org" if org is not None and name == "current_run" else ""
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


def _run_in_place(con: duckdb.DuckDBPyConnection, rule: Rule, *, org: str) -> None:
    text = _text(rule)
    described = con.execute(f"select column_name from (describe (\n{text}\n))").fetchall()  # noqa: S608 - a checked SELECT
    _check_columns(rule, [row[0] for row in described])
    con.execute(
        f"insert into temp.evaluation select '{rule.id}', {_COLUMN_NAMES} from (\n{text}\n)"  # noqa: S608 - the same
    )
    fault = _fault(con, rule, org=org)
    if fault:
        raise RuleError(f"Rule {rule.id}: {fault}.")


def _run_users(con: duckdb.DuckDBPyConnection, *, org: str, rules: Sequence[Rule]) -> None:
    if not rules:
        return
    with sandbox(con, org=org, rule_texts=[rule.sql for rule in rules]) as copy:
        for rule in rules:
            try:
                _run_in_sandbox(con, copy, rule, org=org)
            except RuleStoppedError as error:
                con.execute("delete from temp.evaluation where rule = ?", [rule.id])
                _append(con, rule, [_stopped(rule, org=org, why=str(error))])


def _run_in_sandbox(
    con: duckdb.DuckDBPyConnection, copy: duckdb.DuckDBPyConnection, rule: Rule, *, org: str
) -> None:
    _append(con, rule, _users_rows(copy, rule))
    fault = _fault(con, rule, org=org)
    if fault:
        raise RuleStoppedError(fault)


def _users_rows(copy: duckdb.DuckDBPyConnection, rule: Rule) -> list[tuple[Any, ...]]:
    # Once more, whoever made the rule: what follows puts its text into a SELECT of ours.
    check_one_select(rule.sql, name=rule.id)
    text = _text(rule)
    described = run_rule(
        copy,
        f"select column_name from (describe (\n{text}\n))",  # noqa: S608 - a checked SELECT
        name=rule.id,
    )
    _check_columns(rule, [row[0] for row in described])
    casts = ", ".join(f"cast({name} as {kind})" for name, kind in COLUMNS)
    return run_rule(copy, f"select {casts} from (\n{text}\n)", name=rule.id)  # noqa: S608 - the same


def _text(rule: Rule) -> str:
    return rule.sql.strip().rstrip(";")


def _check_columns(rule: Rule, names: Sequence[str]) -> None:
    if tuple(names) != _NAMES:
        raise RuleStoppedError(
            f"Rule {rule.id} selects {', '.join(names)}.", hint=f"It has to select {_COLUMN_NAMES}."
        )


def _stopped(rule: Rule, *, org: str, why: str) -> tuple[Any, ...]:
    """Return the one row that stands for all subjects of a rule that could not be run."""
    row = dict.fromkeys(_NAMES) | {
        "org": org,
        "subject": org,
        "verdict": "unknown",
        "reason_code": "rule_failed",
        "reason": f"{rule.id} could not be evaluated: {why.rstrip('.')}.",
    }
    return tuple(row.values())


def _append(con: duckdb.DuckDBPyConnection, rule: Rule, rows: Iterable[tuple[Any, ...]]) -> None:
    with con.appender("evaluation") as appender:
        for row in rows:
            appender.append_row(rule.id, *row)


def _fault(con: duckdb.DuckDBPyConnection, rule: Rule, *, org: str) -> str | None:
    """Say what is wrong with what a rule returned; None: nothing."""
    cases = " ".join(f"when {condition} then '{what}'" for what, condition in _FAULTS.items())
    found = con.execute(
        f"select subject, case {cases} end as what from temp.evaluation where rule = $rule"  # noqa: S608 - our own
        " qualify what is not null order by all limit 1",
        {"rule": rule.id, "org": org},
    ).fetchone()
    return f"{found[0] or 'a row'} {found[1]}" if found else None
