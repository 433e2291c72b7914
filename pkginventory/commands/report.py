"""`pkginventory report`: collect when it is time, judge, and write the report."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pkginventory.options import COLLECT, ORG, REPORT, RULES, Flags, option, takes
from pkginventory.starting import one_org, start

_MAX_AGE = (
    option(
        "max_age",
        str | None,
        "--max-age",
        text="Collect first when the newest run is older than this [24h].",
    ),
)


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command("report")(report)


@takes(*ORG, *REPORT, *_MAX_AGE, *RULES, *COLLECT)
def report(
    flags: Flags,
    *,
    no_collect: Annotated[
        bool, typer.Option("--no-collect", help="Report on the newest run, however old it is.")
    ] = False,
) -> None:
    """Write report.html, findings.jsonl, verdicts.jsonl and coverage.json of one organization.

    Collects first when there is no run yet or the newest is older than --max-age.
    """
    from pkginventory.console import progress
    from pkginventory.reporting import report as report_one

    settings = start(flags)
    org = one_org(settings)
    with progress() as shown:
        done = report_one(
            settings, org, out=settings.out, may_collect=not no_collect, progress=shown
        )
    print(done.result.headline)
    for sentence in done.result.sentences:
        print(f"  {sentence}")
    print(f"Report: {done.result.path}")
    if done.exit_code:
        print(f"pkginventory: {done.why}", file=sys.stderr)
        raise typer.Exit(done.exit_code)
