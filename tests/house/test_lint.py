"""The tree is clean by its own rules: ruff, mypy strict, import-linter, sqruff."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of this environment in the checkout."""
    tool = Path(sys.executable).parent / words[0]
    return subprocess.run(
        [tool, *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False, timeout=280
    )


@pytest.mark.parametrize(
    "words",
    [
        ("ruff", "check", "--no-cache", "."),
        ("ruff", "format", "--no-cache", "--check", "."),
        ("lint-imports", "--no-cache"),
        ("sqruff", "lint", "sql"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_linter_has_nothing_to_say(words: tuple[str, ...]) -> None:
    done = run(*words)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_the_types_hold() -> None:
    done = run("mypy")

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
