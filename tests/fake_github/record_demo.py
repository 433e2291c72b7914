"""Record the demo organization anew: `python -m tests.fake_github.record_demo`.

Needed whenever the walk asks for something that the cassette does not answer.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from pkginventory.cli import main
from tests.fake_github import FakeGitHub
from tests.fake_github.worlds import WORLDS

CASSETTE = Path(__file__).parents[2] / "cassettes" / "demo"


def record(folder: Path) -> int:
    """Crawl the demo world into a cassette; return the exit code of the crawl."""
    with (
        FakeGitHub(WORLDS["demo"](), canonical=True) as server,
        tempfile.TemporaryDirectory() as work,
    ):
        os.environ["PKGINVENTORY_TOKEN"] = server.token("owner")
        # What a query asks for together depends on the order of answers; a cassette has none.
        words = ["--api-url", server.url, "--db", f"{work}/demo.duckdb", "--no-graphql"]
        return main(["collect", "--org", "acme", *words, "--record", str(folder)])


if __name__ == "__main__":
    shutil.rmtree(CASSETTE, ignore_errors=True)
    code = record(CASSETTE)
    (CASSETTE / "interactions.jsonl").chmod(0o644)
    sys.exit(code)
