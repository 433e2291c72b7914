"""`pkginventory explain`: who can reach a thing, how we know, what would change it, and what if."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from pkginventory.options import LOGGING, ORG, RULES, STORE, Flags, takes
from pkginventory.starting import one_org, start

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkginventory.explaining import Explained


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command("explain")(explain)


@takes(*ORG, *STORE, *RULES, *LOGGING)
def explain(
    flags: Flags,
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="[SUBJECT]",
            help="container:acme/billing, acme/shop, secret:NAME, acme/shop/.github/workflows/x.yml, or a finding's fingerprint.",
        ),
    ] = None,
    *,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="CHANGE",
            help="Try a change and show which verdicts it changes: make-public:acme/docs, archive:acme/docs, revoke-secret:NAME, connect:PACKAGE=REPOSITORY, grant:PACKAGE=REPOSITORY:ROLE; repeatable.",
        ),
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="DATE", help="As it was on this day: 2026-11-01.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Say who can reach a package, a repository, a secret or a workflow, hop by hop.

    Each hop has its level (proven, declared, implied, suggested), its source, GitHub's request id
    and its time. Nothing is written, what-if included.
    """
    from pkginventory.explaining import explain_one

    settings = start(flags)
    done = explain_one(
        settings,
        one_org(settings),
        subject=subject,
        changes=tuple(what_if or ()),
        day=_day(at),
    )
    if as_json:
        from reports.explanations import as_plain

        print(json.dumps(as_plain(done), indent=2, ensure_ascii=False))
        return
    _print(_lines(done))


def _day(text: str | None) -> date | None:
    from collector.errors import UsageError

    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{text} is no date.", hint="Write it as 2026-11-01.") from error


def _print(lines: Iterable[str]) -> None:
    from reports.scanned import printable

    for line in lines:
        print(printable(line))


def _lines(done: Explained) -> Iterable[str]:
    from reports.explanations import lines

    if done.explanation is not None:
        yield from lines(done.explanation)
    if done.changes:
        if done.explanation is not None:
            yield ""
        yield f"If {' and '.join(done.changes)}:"
        for item in done.differences:
            before = _state(item.before.verdict, item.before.severity) if item.before else "absent"
            after = _state(item.after.verdict, item.after.severity) if item.after else "absent"
            said = item.after or item.before
            yield f"  {item.kind}: {item.rule} {item.subject}: {before} -> {after}"
            if said is not None:
                yield f"      {said.reason}"
        if not done.differences:
            yield "  No verdict would change."


def _state(verdict: str, severity: str | None) -> str:
    return f"{verdict} {severity}" if severity else verdict
