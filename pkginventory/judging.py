"""Judge the newest run: the thresholds, the rules and the waivers an organization chose, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.store import open_inventory
from reports.catalog import load_rules
from reports.verdicts import is_current, judge

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from collector.run import Run
    from pkginventory.settings import Settings
    from reports.catalog import Rule


def rules_of(settings: Settings) -> tuple[Rule, ...]:
    """Load the shipped rules and the organization's own."""
    return load_rules([settings.rules_dir] if settings.rules_dir else [])


def judge_with(settings: Settings) -> Callable[[duckdb.DuckDBPyConnection, Run], None]:
    """Return the judging step that publishing a run ends with."""
    # Broken rules are found before hours of collecting, not after.
    rules = rules_of(settings)

    def step(con: duckdb.DuckDBPyConnection, run: Run) -> None:
        store_choices(con, settings)
        judge(con, org=run.org, run_id=run.run_id, rules=rules)

    return step


def judge_again_if_needed(settings: Settings, org: str) -> bool:
    """Judge the newest run again when rules, waivers, grants or settings have changed since.

    Returns:
        Whether a new judgement was written.
    """
    rules = rules_of(settings)
    with open_inventory(settings.db, read_only=True, lock_timeout=settings.lock_timeout) as con:
        if _choices(con) == _wanted(settings) and is_current(con, org=org, rules=rules):
            return False
    with open_inventory(settings.db, lock_timeout=settings.lock_timeout) as con:
        run_id = newest_run(con, org)
        if run_id is None:
            return False
        con.begin()
        try:
            store_choices(con, settings)
            judge(con, org=org, run_id=run_id, rules=rules)
            con.commit()
        except BaseException:
            con.rollback()
            raise
    return True


def newest_run(con: duckdb.DuckDBPyConnection, org: str) -> str | None:
    """Return the newest published run of an organization."""
    row = con.execute("select run_id from current_run where org = ?", [org]).fetchone()
    return row[0] if row else None


_DEFAULTS = {
    "stale_package_days": 365,
    "max_fact_age_days": 30,
    "max_list_age_days": 2,
    "probe_max_age_days": 30,
}

Choices = tuple[dict[str, int], list[tuple[str, str, str]]]


def _wanted(settings: Settings) -> Choices:
    overrides = [(*key.split("."), instead) for key, instead in settings.severity.items()]
    return {**_DEFAULTS, **settings.thresholds}, sorted(
        (rule, severity, instead) for rule, severity, instead in overrides
    )


def _choices(con: duckdb.DuckDBPyConnection) -> Choices:
    columns = ", ".join(_DEFAULTS)
    row = con.execute(f"select {columns} from setting").fetchone() or ()  # noqa: S608 - our own names
    overrides = con.execute(
        "select rule, severity, instead from severity_override order by all"
    ).fetchall()
    return dict(zip(_DEFAULTS, row, strict=False)), overrides


def store_choices(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Write the thresholds and severities that the rules read, when they have changed."""
    wanted = _wanted(settings)
    if _choices(con) == wanted:
        return
    thresholds, overrides = wanted
    assignments = ", ".join(f"{name} = ${name}" for name in thresholds)
    con.execute(f"update setting set {assignments}", thresholds)  # noqa: S608 - our own names
    con.execute("delete from severity_override")
    for override in overrides:
        con.execute("insert into severity_override values (?, ?, ?)", list(override))
