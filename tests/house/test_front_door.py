"""The front door opens fast: --help loads nothing heavy."""

import subprocess
import sys

import pytest

HEAVY = {"apscheduler", "duckdb", "httpx", "jinja2", "jwt", "polars", "tree_sitter", "yaml"}


@pytest.mark.parametrize("command", [[], ["report"], ["collect"], ["rules"]])
def test_help_imports_nothing_heavy(command: list[str]) -> None:
    script = (
        "import sys\n"
        "from pkginventory.cli import main\n"
        f"code = main({[*command, '--help']!r})\n"
        "print('loaded:', *sorted({name.partition('.')[0] for name in sys.modules}))\n"
        "sys.exit(code)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )

    loaded = set(done.stdout.rpartition("loaded:")[2].split())
    assert "pkginventory" in loaded
    assert loaded & HEAVY == set()
