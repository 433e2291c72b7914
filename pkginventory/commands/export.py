"""`pkginventory export`: every verdict in a format for machines or spreadsheets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pkginventory.options import LOGGING, ORG, RULES, STORE, Flags, takes
from pkginventory.starting import one_org, start


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command("export")(export)


@takes(*ORG, *STORE, *RULES, *LOGGING)
def export(
    flags: Flags,
    *,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="json, jsonl, csv or parquet.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="PATH", help="The file to write.")],
) -> None:
    """Export every verdict of an organization's newest run: pass, fail, unknown, not applicable."""
    from collector.store import open_inventory
    from pkginventory.judging import judge_again_if_needed
    from reports.exports.tables import export_verdicts

    settings = start(flags)
    org = one_org(settings)
    judge_again_if_needed(settings, org)
    with open_inventory(settings.db, read_only=True, lock_timeout=settings.lock_timeout) as con:
        count = export_verdicts(con, org=org, form=form, out=out)
    print(f"{count:,} verdicts of {org}: {out}")
