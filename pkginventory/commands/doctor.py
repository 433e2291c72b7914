"""`pkginventory doctor`: what the token may see, before anything is collected."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pkginventory.options import CONNECTION, LOGGING, ORG, SCOPE, STORE, Flags, takes
from pkginventory.starting import one_org, start

_COULD_NOT_LIST_PACKAGES = 4


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command("doctor")(doctor)


@takes(*ORG, *CONNECTION, *SCOPE, *STORE, *LOGGING)
def doctor(
    flags: Flags,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Say what the token may see, family by family and package type by package type.

    Asks about forty small questions and stores nothing. Names the scope or permission that each
    closed family needs, and how many requests a run would take. Exits 4 when no package type can
    be listed.
    """
    from pkginventory.planning import as_json as to_json
    from pkginventory.planning import doctor_lines, examine, plan_lines

    settings = start(flags)
    found = examine(settings, one_org(settings))
    if as_json:
        print(json.dumps(to_json(found), indent=2, ensure_ascii=False))
    else:
        for line in (*doctor_lines(found), "", *plan_lines(found)):
            print(line)
    lists = [check for check in found.diagnosis.checks if check.family == "packages"]
    if lists and all(check.status != "complete" for check in lists):
        raise typer.Exit(_COULD_NOT_LIST_PACKAGES)
