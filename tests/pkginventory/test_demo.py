"""The demo: the whole pipeline on the recorded organization, without a token or a network."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from pkginventory.cli import main
from tests.fake_github.record_demo import CASSETTE, record


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the demo once, with no token anywhere."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if "TOKEN" in name]:
            patch.delenv(name)
        patch.chdir(folder)
        assert main(["demo", "--out", "report"]) == 0
    assert [path.name for path in folder.iterdir()] == ["report"]
    return folder / "report"


def lines(path: Path) -> list[dict[str, object]]:
    """Read JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_it_leaves_a_finished_report(report: Path) -> None:
    assert sorted(path.name for path in report.iterdir()) == [
        "coverage.json",
        "findings.jsonl",
        "report.html",
        "verdicts.jsonl",
    ]
    assert (report / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_it_tells_the_whole_story(report: Path) -> None:
    verdicts = lines(report / "verdicts.jsonl")
    rules = {str(row["rule"]) for row in verdicts}
    kinds = {str(row["verdict"]) for row in verdicts}

    assert {"PKG001", "PKG002", "PKG009", "PKG013", "PKG014"} <= rules
    assert kinds == {"pass", "fail", "unknown", "not_applicable"}


def test_no_literal_credential_is_in_it_or_in_the_cassette(report: Path) -> None:
    literal = [row for row in lines(report / "findings.jsonl") if row["rule"] == "PKG013"]

    assert literal
    for path in [*report.iterdir(), *CASSETTE.iterdir()]:
        assert "ghp_" not in path.read_text(encoding="utf-8").replace("ghp_…", "")


def test_the_cassette_is_what_the_fake_github_would_say_today(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The recording sets it; this puts it back.
    monkeypatch.setenv("PKGINVENTORY_TOKEN", "none")
    assert record(tmp_path / "c") == 0

    def questions(folder: Path) -> Counter[str]:
        return Counter(
            f"{row['method']} {row['path']}" for row in lines(folder / "interactions.jsonl")
        )

    assert questions(tmp_path / "c") == questions(CASSETTE)
