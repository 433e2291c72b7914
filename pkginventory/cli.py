"""The command line: finds the commands, prints every error, returns every exit code."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from typing import Annotated

import typer

from collector.errors import InventoryError
from pkginventory import commands

EXIT_USAGE = 2

app = typer.Typer(
    name="pkginventory",
    help=(
        "Which packages of a GitHub organization can be reached from where, with which"
        " credential, and how we know.\n\n"
        "Start with:  pkginventory demo  (no token, no network), then"
        "  pkginventory doctor --org ORG  and  pkginventory report --org ORG.\n\n"
        "Credentials come from PKGINVENTORY_TOKEN, GH_TOKEN or GITHUB_TOKEN, never from an option."
        " Exit codes: 0 fine; 1 findings at --fail-on; 2 usage or configuration; 3 could not run;"
        " 4 coverage below --min-coverage."
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(asked: bool) -> None:
    if asked:
        from pkginventory.version import VERSION

        typer.echo(f"pkginventory {VERSION}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


for _module in sorted(found.name for found in pkgutil.iter_modules(commands.__path__)):
    importlib.import_module(f"pkginventory.commands.{_module}").register(app)


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code; the only place that prints an error."""
    try:
        result = app(args=argv, standalone_mode=False)
    except InventoryError as error:
        _print_error(error)
        return error.exit_code
    except BrokenPipeError:
        # The reader of a pipe went away (`| head`): that is its right, not an error.
        sys.stderr.close()
        return 0
    except typer.TyperException as error:
        # Typer exports the base class alone; those of a bad command line can show themselves.
        getattr(error, "show", lambda: None)()
        return EXIT_USAGE
    return result if isinstance(result, int) else 0


def _print_error(error: InventoryError) -> None:
    from collector.redact import scrub

    print(f"pkginventory: {scrub(str(error))}", file=sys.stderr)
    if error.hint:
        print(f"  {scrub(error.hint)}", file=sys.stderr)
