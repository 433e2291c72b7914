"""`pkginventory export`: its help names every format, and a wrong one is said at once."""

import pytest

from pkginventory.cli import main
from reports.exports.formats import FORMATS


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["export", *arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_the_help_names_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    """What can be exported is found without reading anything else."""
    code, said = run(capsys, "--help")
    words = " ".join(said.split())

    assert code == 0
    assert all(f"{name} ({known.says.split()[0]}" in words for name, known in FORMATS.items())


def test_a_wrong_format_is_said_before_anything_is_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Neither organization nor inventory are asked for first."""
    code, said = run(capsys, "--format", "pdf", "--out", "x.pdf")

    assert code == 2
    assert "no export format 'pdf'" in said
    assert "sarif-github" in said
