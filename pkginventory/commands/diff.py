"""`pkginventory diff`: what became of the findings between two nights."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pkginventory.options import LOGGING, ORG, STORE, Flags, takes
from pkginventory.starting import one_org, start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.changes import Comparison

_WORDS = {
    "new": "new",
    "worse": "worse",
    "better": "better",
    "fixed": "fixed",
    "gone": "gone (the subject is not there any more)",
    "not_examined": "not examined this time (neither fixed nor gone)",
    "rule_changed": "told otherwise because a rule changed",
}


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command("diff")(diff)


@takes(*ORG, *STORE, *LOGGING)
def diff(
    flags: Flags,
    *,
    before: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="RUN|DATE", help="Compare with this run or night [the one before]."
        ),
    ] = None,
    now: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="RUN|DATE", help="The run or night to tell about [the newest]."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Tell what became of the findings: new, worse, better, fixed, gone, not examined, rule changed."""
    from collector.store import open_inventory
    from reports.changes import compare

    settings = start(flags)
    org = one_org(settings)
    with open_inventory(settings.db, read_only=True, lock_timeout=settings.lock_timeout) as con:
        found = compare(con, org=org, before=before, now=now)
    if found is None:
        print(f"There is one judged run of {org}: nothing to compare it with yet.")
    elif as_json:
        print(json.dumps(asdict(found), indent=2, ensure_ascii=False, default=str))
    else:
        for line in _lines(found):
            print(line)


def _lines(found: Comparison) -> Iterator[str]:
    from reports.scanned import printable

    yield f"From run {found.before.run_id} to run {found.now.run_id}:"
    for kind, words in _WORDS.items():
        if not found.counts[kind]:
            continue
        yield f"\n{found.counts[kind]:,} {words}"
        for change in found.changes:
            if change.change == kind:
                severity = change.severity_now or change.severity_before or "-"
                yield f"  {severity:<8} {change.rule} {printable(change.reason)}"
    if not any(found.counts.values()):
        yield "No finding changed."
