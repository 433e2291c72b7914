"""`pkginventory export`: every verdict in a format for machines, spreadsheets or auditors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pkginventory.options import LOGGING, ORG, RULES, STORE, Flags, takes
from pkginventory.starting import one_org, start
from reports.exports.formats import formats_text


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command("export")(export)


@takes(*ORG, *STORE, *RULES, *LOGGING)
def export(
    flags: Flags,
    *,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help=f"One of: {formats_text()}.")
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="PATH", help="The file, or the folder, to write.")
    ],
    sample: Annotated[
        int,
        typer.Option("--sample", metavar="N", min=0, help="Draw N subjects for a tester (xlsx)."),
    ] = 0,
    seed: Annotated[
        str, typer.Option("--seed", metavar="TEXT", help="The same seed draws the same sample.")
    ] = "0",
) -> None:
    """Export every verdict of an organization's newest run: pass, fail, unknown, not applicable."""
    from collector.store import open_inventory
    from pkginventory.judging import judge_again_if_needed, rules_of
    from reports.exports.formats import export_verdicts, named

    named(form)  # a wrong word is said before the rules run
    settings = start(flags)
    org = one_org(settings)
    judge_again_if_needed(settings, org)
    with open_inventory(settings.db, read_only=True, lock_timeout=settings.lock_timeout) as con:
        count = export_verdicts(
            con, org=org, form=form, out=out, rules=rules_of(settings), sample=sample, seed=seed
        )
    print(f"{count:,} verdicts of {org}: {out}")
