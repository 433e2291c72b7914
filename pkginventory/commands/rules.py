"""`pkginventory rules`: list the rules, show one with its SQL, test a folder of rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pkginventory.options import RULES, STORE, Flags, takes
from pkginventory.starting import start

if TYPE_CHECKING:
    from reports.catalog import Rule

rules = typer.Typer(
    help="List, show and test the rules.", no_args_is_help=True, rich_markup_mode=None
)

_JSON = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
_CONFIG = STORE[:1]


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.add_typer(rules, name="rules")


@rules.command("list")
@takes(*RULES, *_CONFIG)
def list_rules(flags: Flags, *, as_json: _JSON = False) -> None:
    """List every rule: its id, default severity, what it judges and when it fails."""
    from pkginventory.judging import rules_of

    found = rules_of(start(flags))
    if as_json:
        print(json.dumps([_summary(rule) for rule in found], indent=2, ensure_ascii=False))
        return
    for rule in found:
        mark = " (yours)" if rule.is_users else ""
        print(f"{rule.id}  {rule.severity:<8}  {rule.subject:<15}  {rule.title}{mark}")


@rules.command("show")
@takes(*RULES, *_CONFIG)
def show_rule(
    flags: Flags,
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="The rule's id, such as PKG001.")],
    *,
    as_json: _JSON = False,
) -> None:
    """Show one rule: why it matters, when it fails, passes or can't tell, the remedy, the SQL."""
    from pkginventory.judging import rules_of
    from reports.catalog import find_rule

    rule = find_rule(rules_of(start(flags)), rule_id)
    if as_json:
        print(json.dumps({**_summary(rule), "sql": rule.sql}, indent=2, ensure_ascii=False))
        return
    print(f"{rule.id} {rule.name}: {rule.title}\n")
    for label, text in _sections(rule):
        print(f"{label}\n  {text}\n")
    print(rule.sql.strip())


@rules.command("test")
@takes(*_CONFIG)
def test_rules(
    flags: Flags,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help="A folder of rules (*.sql) with tests/ID/given.sql and expected.csv.",
        ),
    ],
) -> None:
    """Test a folder of rules: each over its given rows, against its expected verdicts."""
    from reports.ruletest import run_tests

    start(flags)
    results = run_tests(folder)
    for result in results:
        print(result)
    failed = sum(not result.passed for result in results)
    print(f"{len(results) - failed} passed, {failed} failed")
    if failed:
        raise typer.Exit(1)


def _summary(rule: Rule) -> dict[str, str]:
    fields = ("id", "name", "title", "severity", "subject", "population", "version")
    return {name: str(getattr(rule, name)) for name in fields} | dict(_sections(rule))


def _sections(rule: Rule) -> list[tuple[str, str]]:
    names = (
        "description",
        "why",
        "fails_when",
        "passes_when",
        "unknown_when",
        "not_applicable_when",
        "remediation",
        "references",
    )
    return [(name, str(getattr(rule, name))) for name in names]
