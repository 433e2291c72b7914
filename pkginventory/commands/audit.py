"""`pkginventory audit`: one night, every organization: collect, judge, report."""

from __future__ import annotations

import sys

import typer

from pkginventory.options import COLLECT, ORGS, REPORT, RULES, Flags, takes
from pkginventory.starting import some_orgs, start


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command("audit")(audit)


@takes(*ORGS, *REPORT, *RULES, *COLLECT)
def audit(flags: Flags) -> None:
    """Run one night: collect, judge and report each organization, one after the other.

    One that fails does not stop the others. With several, each gets its folder below --out, and
    index.html and index.json stand beside them. The exit code is the strongest of all: 2, 3, 4, 1.
    """
    from pkginventory.auditing import audit as audit_all
    from pkginventory.auditing import exit_code, summary_line
    from pkginventory.console import progress

    settings = start(flags)
    with progress() as shown:
        outcomes = audit_all(
            settings,
            some_orgs(settings),
            progress=shown,
            after=lambda outcome: print(summary_line(outcome), flush=True),
        )
    for outcome in outcomes:
        if outcome.exit_code:
            print(f"pkginventory: {outcome.org}: {outcome.why}", file=sys.stderr)
    if code := exit_code(outcomes):
        raise typer.Exit(code)
