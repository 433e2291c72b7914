"""`pkginventory rules`: list the rules, show one with its SQL, test a folder of rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from typer import Typer

rules = typer.Typer(
    help="List, show and test the rules.", no_args_is_help=True, rich_markup_mode=None
)


def register(app: Typer) -> None:
    """Add the command to the front door."""
    app.add_typer(rules, name="rules")
