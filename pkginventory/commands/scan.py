"""`pkginventory scan`: registry logins of the workflow files in a checkout, offline."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector.checkout.files import Source
    from collector.checkout.scan import Scanned

_FORMATS = ("text", "jsonl", "sarif")
_SEVERITIES = ("critical", "high", "medium", "low")


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command("scan")(scan)


def scan(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Files, folders, or - for stdin.")
    ],
    *,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text, jsonl or sarif.")
    ] = "text",
    fail_on: Annotated[
        str | None,
        typer.Option(metavar="SEVERITY", help="Exit 1 on a finding at this severity or above."),
    ] = None,
    unresolved: Annotated[
        bool,
        typer.Option(
            "--unresolved", help="In jsonl, also logins whose registry the text does not say."
        ),
    ] = False,
    stdin_name: Annotated[
        str, typer.Option(metavar="PATH", help="What standard input is read as.")
    ] = ".github/workflows/stdin.yml",
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes to use [all cores].")
    ] = None,
) -> None:
    """Find registry logins in workflow files and say what kind of credential each uses.

    Needs no token and no network. A finding is a stored secret (PKG002) or a literal credential
    (PKG013) at a GitHub Packages registry. Text shows the findings with the source around them;
    jsonl has one line a login, whatever its credential.
    """
    if form not in _FORMATS:
        raise UsageError(f"There is no format {form!r}.", hint=f"Choose {', '.join(_FORMATS)}.")
    if fail_on is not None and fail_on not in _SEVERITIES:
        raise UsageError(
            f"There is no severity {fail_on!r}.", hint=f"Choose {', '.join(_SEVERITIES)}."
        )
    found = _scan(paths, stdin_name=stdin_name, jobs=jobs)
    _print(found, form=form, unresolved=unresolved)
    for item in found:
        if item.error is not None:
            where = (
                f"{item.source.shown}:{item.error_line}" if item.error_line else item.source.shown
            )
            print(f"pkginventory: {where}: {item.error}", file=sys.stderr)
    if fail_on is not None and _fails(found, fail_on):
        raise typer.Exit(1)


def _scan(paths: Sequence[Path], *, stdin_name: str, jobs: int | None) -> list[Scanned]:
    from collector.checkout.files import Source, find
    from collector.checkout.scan import STDIN
    from collector.checkout.scan import scan as scan_sources

    sources: list[Source] = []
    for path in paths:
        if str(path) == STDIN:
            sources.append(Source(STDIN, stdin_name, str(Path.cwd()), stdin_name))
        else:
            sources.extend(find([path]))
    unique = {source.file: source for source in sources}
    return list(scan_sources(unique.values(), processes=jobs))


def _print(found: Sequence[Scanned], *, form: str, unresolved: bool) -> None:
    from reports import scanned as written

    if form == "jsonl":
        for item in found:
            for login in item.logins:
                if login.registry or unresolved:
                    print(written.json_line(item, login))
    elif form == "sarif":
        from pkginventory.version import VERSION

        print(written.sarif(found, version=VERSION, rules=_rules()))
    else:
        for line in written.text_lines(found, lines_of=_lines_of):
            print(line)


def _rules() -> dict[str, dict[str, str]]:
    from reports.catalog import find_rule, shipped_rules

    rules = shipped_rules()
    names = ("name", "title", "description", "remediation")
    return {
        rule_id: {name: str(getattr(find_rule(rules, rule_id), name)) for name in names}
        for rule_id in ("PKG002", "PKG013")
    }


def _lines_of(item: Scanned) -> list[str]:
    """Read a file again for its frames, its literal credentials masked."""
    from collector.workflows.mask import mask_literals

    if item.source.file == "-":
        return []
    data = Path(item.source.file).read_bytes()
    masked: bytes = mask_literals(data, path=item.source.path).data
    return masked.decode("utf-8", "replace").splitlines()


def _fails(found: Sequence[Scanned], fail_on: str) -> bool:
    from reports.scanned import rule_of, severity_of

    bad = _SEVERITIES[: _SEVERITIES.index(fail_on) + 1]
    logins = (login for item in found for login in item.logins)
    return any(rule_of(login) and severity_of(login) in bad for login in logins)
