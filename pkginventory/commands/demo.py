"""`pkginventory demo`: the whole pipeline on a recorded organization, without a token or a network."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from pkginventory.options import Flags, takes
from pkginventory.starting import start

ORG = "acme"


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command("demo")(demo)


@takes()
def demo(
    flags: Flags,
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The folder the report is written to.")
    ] = Path("demo-report"),
) -> None:
    """Audit the recorded demo organization: no token, no network, nothing kept but the report."""
    import tempfile

    from pkginventory.console import progress
    from pkginventory.reporting import report

    settings = start(flags)
    with tempfile.TemporaryDirectory(prefix="pkginventory-demo-") as folder, progress() as shown:
        asked = dataclasses.replace(
            settings,
            db=Path(folder) / "demo.duckdb",
            replay=_cassette(),
            org=(ORG,),
            # What a query asks for together depends on the order of answers; a cassette has none.
            graphql=False,
        )
        done = report(asked, ORG, out=out, may_collect=True, progress=shown)
    print(done.result.headline)
    for sentence in done.result.sentences:
        print(f"  {sentence}")
    print(f"Open {done.result.path} in a browser; findings.jsonl beside it is for machines.")


def _cassette() -> Path:
    """Return the demo's cassette: inside the wheel, or beside the package in a checkout."""
    from importlib.resources import files

    packaged = Path(str(files("pkginventory"))) / "demo"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "cassettes" / "demo"
