"""The demo: the whole pipeline on the recorded organization, without a token or a network."""

import json
import os
import re
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


# What no evidence of ours can say: access is rated, and GitHub's own word on forks is "may".
OVERCLAIMS = re.compile(
    r"\b(leak(s|ed)?|likely|probabl[ey]|inferred|certain(ly)?|definitely|guaranteed|compromised"
    r"|observed to|all clear|0 exposed)\b",
    re.IGNORECASE,
)


def test_no_word_claims_more_than_the_evidence(report: Path) -> None:
    page = (report / "report.html").read_text(encoding="utf-8")
    shown = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    written = (report / "verdicts.jsonl").read_text(encoding="utf-8")

    assert [found[0] for text in (shown, written) for found in OVERCLAIMS.finditer(text)] == []


def test_a_finding_about_forks_says_that_nobody_has_confirmed_it(report: Path) -> None:
    forks = [row for row in lines(report / "findings.jsonl") if row["rule"] == "PKG001"]

    assert forks
    for row in forks:
        assert "exposed according to GitHub's warning, not confirmed" in str(row["reason"])
        assert row["evidence_level"] in {"declared", "implied", "suggested"}
