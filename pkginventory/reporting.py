"""Report on one organization: collect when it is time, judge when something changed, write, decide the exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector.errors import StoreError
from collector.run import utc_now
from collector.store import open_inventory
from pkginventory.judging import judge_again_if_needed, newest_run, rules_of
from reports.write import write_report

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from collector.walk.progress import Progress
    from pkginventory.settings import Settings
    from reports.write import ReportResult

EXIT_FINE = 0
EXIT_POLICY = 1
EXIT_COVERAGE = 4


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, written.

    Attributes:
        result: what stands in it, in numbers.
        exit_code: 0 fine, 1 findings at or above --fail-on, 4 coverage below --min-coverage.
        why: one sentence for an exit code that is not 0.
    """

    result: ReportResult
    exit_code: int
    why: str


def report(
    settings: Settings,
    org: str,
    *,
    out: Path,
    may_collect: bool,
    progress: Progress,
    fresh: bool = False,
) -> Reported:
    """Write the report of one organization.

    Args:
        settings: of the command.
        org: the organization.
        out: the report's folder.
        may_collect: whether a run may be made when there is none, or none young enough.
        progress: who listens.
        fresh: collect in any case.

    Raises:
        InventoryError: no run to report on, or one could not be made.
    """
    # What is wrong with the rules is said before hours of collecting, not after.
    rules = rules_of(settings)
    if may_collect:
        from pkginventory.collecting import publish_waiting

        publish_waiting(settings, org)
    ended = newest_end(settings, org)
    old = ended is None or utc_now() - ended > settings.max_age
    if may_collect and (old or fresh or settings.replay is not None):
        from pkginventory.collecting import collect

        collect(settings, org, progress=progress)
    elif ended is None:
        raise StoreError(
            f"{settings.db} holds no run of {org}.",
            hint=f"Collect first: pkginventory collect --org {org}",
        )
    judge_again_if_needed(settings, org)
    with open_inventory(settings.db, read_only=True, lock_timeout=settings.lock_timeout) as con:
        result = write_report(con, org=org, out=out, rules=rules)
    return Reported(result, *decide(settings, result))


def decide(settings: Settings, result: ReportResult) -> tuple[int, str]:
    """Turn a report's numbers into an exit code and the sentence that explains it."""
    if result.coverage_percent < settings.min_coverage:
        return EXIT_COVERAGE, (
            f"Incomplete: {result.coverage_percent:.1f} % was read, less than --min-coverage"
            f" {settings.min_coverage:g} %."
        )
    policy = settings.fail_on
    if policy is None:
        return EXIT_FINE, ""
    counts = result.new if policy.new_only else result.open
    failing = sum(counts.get(severity, 0) for severity in policy.severities)
    if failing:
        new = "new " if policy.new_only else ""
        return EXIT_POLICY, f"{failing:,} {new}open findings are {policy.severity} or worse."
    return EXIT_FINE, ""


def newest_end(settings: Settings, org: str) -> datetime | None:
    """Return when the newest published run of an organization ended."""
    if not settings.db.exists():
        return None
    with open_inventory(settings.db, read_only=True, lock_timeout=settings.lock_timeout) as con:
        if newest_run(con, org) is None:
            return None
        row = con.execute("select ended_at from current_run where org = ?", [org]).fetchone()
    return row[0] if row else None
