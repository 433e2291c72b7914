"""`pkginventory grants`: what people read off the settings pages, asked for, imported and listed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pkginventory.options import LOGGING, ORG, RULES, STORE, Flags, takes
from pkginventory.starting import one_org, start

grants = typer.Typer(
    help="Declare who may use which package in Actions: no API tells.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.add_typer(grants, name="grants")


@grants.command("template")
@takes(*ORG, *STORE, *RULES, *LOGGING)
def template(
    flags: Flags,
    *,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="csv or yaml.", show_default=True)
    ] = "csv",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write to this file.")
    ] = None,
) -> None:
    """Write one row a package whose Actions access nobody knows, the most exposed first.

    Open each row's settings_url, read "Manage Actions access", fill in the row, import the file.
    """
    from pkginventory.granting import make_template

    settings = start(flags)
    org = one_org(settings)
    made = make_template(settings, org, form=form)
    if out is None:
        sys.stdout.write(made.text)
        return
    write_private(out, made.text)
    print(
        f"{made.count:,} packages of {org} need an answer, {made.public:,} of them with some sign"
        f" of a public repository: {out}"
    )


@grants.command("import")
@takes(*ORG, *STORE, *RULES, *LOGGING)
def import_file(
    flags: Flags,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A filled-in template.")],
) -> None:
    """Store what a filled-in template declares, all of it or nothing, and judge again.

    Earlier answers about the same packages are replaced. Any mistake is named with its file, line
    and reason, and nothing is stored.
    """
    from pkginventory.granting import import_grants

    settings = start(flags)
    org = one_org(settings)
    done = import_grants(settings, org, file)
    print(f"{done.answers:,} answers about {done.packages:,} packages of {org} stored.")
    if done.unanswered:
        print(f"{done.unanswered:,} rows are still blank, which is no answer.")
    if done.judged_again:
        print("The newest run was judged again.")


@grants.command("list")
@takes(*ORG, *STORE, *LOGGING)
def list_all(
    flags: Flags,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """List what is declared: who may use what, who said so, when, and until when it holds."""
    from pkginventory.granting import list_grants
    from reports.scanned import printable

    settings = start(flags)
    org = one_org(settings)
    found = list_grants(settings, org)
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for row in found:
        what = f"{row['repository']} {row['role']}" if row["repository"] else "no repository named"
        complete = ", the whole list" if row["complete"] else ""
        expired = ", EXPIRED" if row["expired"] else ""
        line = (
            f"{row['package_type']}:{org}/{row['package']}  {what}{complete}"
            f"  ({row['declared_by']}, {row['declared_at']} to {row['expires_at']}{expired})"
        )
        print(printable(line))
    print(f"{len(found):,} answers about packages of {org}.")


def write_private(path: Path, text: str) -> None:
    """Write a file for its owner alone.

    Raises:
        OutputError: it can't be written.
    """
    from reports.output import output_folder

    with output_folder(path.parent) as folder, folder.open(path.name) as file:
        file.write(text.encode("utf-8"))
