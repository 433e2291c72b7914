"""`pkginventory collect`: read organizations into the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pkginventory.options import COLLECT, ORGS, RULES, Flags, takes
from pkginventory.starting import some_orgs, start

if TYPE_CHECKING:
    from pkginventory.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command("collect")(collect)


@takes(*ORGS, *COLLECT, *RULES)
def collect(
    flags: Flags,
    *,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Only say how many requests a run would take, and how long."
        ),
    ] = False,
) -> None:
    """Read packages, repositories, workflow files and settings of organizations into the inventory.

    A run that was cut off goes on where it stopped. Nothing is shown to readers before a run is
    whole; the rules judge it in the same step.
    """
    from pkginventory.collecting import collect as collect_one
    from pkginventory.console import progress

    settings = start(flags)
    if dry_run:
        _plan(settings)
        return
    for org in some_orgs(settings):
        with progress() as shown:
            done = collect_one(settings, org, progress=shown)
        print(f"{org}: run {done.run_id} is published; {done.requests:,} requests.")
        if done.exhausted:
            print("  The run's requests were spent; the next run reads what is left first.")


def _plan(settings: Settings) -> None:
    from pkginventory.planning import examine, plan_lines

    for org in some_orgs(settings):
        print(org)
        for line in plan_lines(examine(settings, org)):
            print(line)
