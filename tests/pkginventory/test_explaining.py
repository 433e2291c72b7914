"""The explain command: text, JSON, what-if and dates, on a file that it only reads."""

import json
from pathlib import Path

import pytest

from pkginventory.cli import main
from tests.pkginventory.inventories import inventory


@pytest.mark.parametrize(
    "said",
    [
        [],
        ["nothing"],
        ["container:acme/billing", "--at", "yesterday"],
        ["--what-if", "delete:acme/docs"],
        ["--what-if", "make-public:acme/nowhere"],
    ],
)
def test_a_question_that_cannot_be_answered_exits_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], said: list[str]
) -> None:
    settings = inventory(tmp_path)

    assert main(["explain", *said, "--org", "acme", "--db", str(settings.db)]) == 2

    assert "pkginventory: " in capsys.readouterr().err


def test_a_what_if_shows_the_new_failure_first_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = inventory(tmp_path)
    before = settings.db.read_bytes()
    told = ["--org", "acme", "--db", str(settings.db)]

    assert main(["explain", "acme/shop", "--what-if", "make-public:acme/shop", *told]) == 0

    said = capsys.readouterr().out
    assert "Private repository acme/shop" in said
    changes = said.partition("If make-public:acme/shop:\n")[2]
    assert changes.startswith("  new: PKG001 ")
    assert settings.db.read_bytes() == before


def test_json_holds_the_answer_and_the_differences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = inventory(tmp_path)
    told = ["--org", "acme", "--db", str(settings.db), "--json"]

    assert main(["explain", "npm:acme/ui", "--what-if", "archive:docs", *told]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["explanation"]["subject"] == "npm:acme/ui"
    assert found["changes"] == ["archive:docs"]
    assert {item["after"]["severity"] for item in found["differences"]} >= {"low"}


def test_a_change_that_changes_nothing_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = inventory(tmp_path)
    told = ["--org", "acme", "--db", str(settings.db)]

    assert main(["explain", "--what-if", "make-public:docs", *told]) == 0

    assert "No verdict would change." in capsys.readouterr().out
