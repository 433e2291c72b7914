"""Scanning a checkout: which files are read, and that callees are read with their callers."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from collector.errors import UsageError
from pkginventory.cli import main

LOGIN = """
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/login-action@v3
        with:
          registry: ghcr.io
          username: bot
          password: {password}
"""
PAT = LOGIN.format(password="${{ secrets.GHCR_PAT }}")
TOKEN = LOGIN.format(password="${{ github.token }}")
CALLEE = PAT.replace("on: push", "on:\n  workflow_call:\n    secrets:\n      GHCR_PAT:")
CALLER = """
on: push
jobs:
  call:
    uses: ./.github/workflows/callee.yml
    secrets:
      GHCR_PAT: ${{ secrets.BOT_PAT }}
"""


def write(folder: Path, **files: str) -> Path:
    """Write files, `__` standing for a slash and `_yml` for the ending."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yml", ".yml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def workflows(folder: Path, **files: str) -> Path:
    """Write workflow files of a checkout."""
    return write(folder, **{f".github__workflows__{name}": text for name, text in files.items()})


def scan(capsys: pytest.CaptureFixture[str], *arguments: object) -> SimpleNamespace:
    """Run `pkginventory scan`."""
    code = main(["scan", *(str(argument) for argument in arguments)])
    out, err = capsys.readouterr()
    return SimpleNamespace(code=code, out=out, err=err)


def rows(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, object]]:
    """Run `pkginventory scan --format jsonl` and read its lines."""
    done = scan(capsys, *arguments, "--format", "jsonl")
    assert done.code == 0
    return [json.loads(line) for line in done.out.splitlines()]


def test_what_is_no_workflow_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, k8s_yml="kind: Pod\nspec: [", node_modules__x_yml=PAT, readme="jobs:\n")

    done = scan(capsys, tmp_path)

    assert done.out.startswith("0 files, 0 logins")
    assert done.err == ""


def test_github_token_is_a_login_and_no_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = scan(capsys, workflows(tmp_path, a_yml=TOKEN), "--fail-on", "low")

    assert done.code == 0
    assert done.out == "1 files, 1 logins to GitHub Packages registries (1 github_token)\n"


def test_a_line_of_json_says_where_and_what(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,) = rows(capsys, workflows(tmp_path, a_yml=PAT))

    wanted = {
        "path": str(tmp_path / ".github/workflows/a.yml"),
        "job": "build",
        "line": 11,
        "registry": "container",
        "host": "ghcr.io",
        "form": "docker/login-action",
        "credential": "pat",
        "expression": "secrets.GHCR_PAT",
        "via": "direct",
        "name": "GHCR_PAT",
    }
    assert {key: row[key] for key in wanted} == wanted


def test_a_finding_is_shown_with_its_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = scan(capsys, workflows(tmp_path, a_yml=PAT))

    assert "medium PKG002: job build logs in to ghcr.io with the stored secret GHCR_PAT" in done.out
    assert ">   11 |           password: ${{ secrets.GHCR_PAT }}" in done.out


@pytest.mark.parametrize(("fail_on", "code"), [("high", 0), ("medium", 1), ("low", 1)])
def test_fail_on_decides_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fail_on: str, code: int
) -> None:
    assert scan(capsys, workflows(tmp_path, a_yml=PAT), "--fail-on", fail_on).code == code


def test_a_literal_is_critical_and_never_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    literal = "ghp_" + "x9Y8" * 9
    folder = workflows(tmp_path, a_yml=LOGIN.format(password=literal))

    for form in ("text", "jsonl", "sarif"):
        done = scan(capsys, folder, "--format", form, "--fail-on", "critical")
        assert done.code == 1
        assert "PKG013" in done.out
        assert literal not in done.out + done.err


def test_a_callee_stands_in_its_callers_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,) = rows(capsys, workflows(tmp_path, callee_yml=CALLEE, caller_yml=CALLER))

    assert (row["path"], row["name"]) == (str(tmp_path / ".github/workflows/caller.yml"), "BOT_PAT")
    assert row["login_path"] == ".github/workflows/callee.yml"


def test_a_callee_that_nobody_calls_is_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,) = rows(capsys, workflows(tmp_path, callee_yml=CALLEE))

    assert (row["credential"], row["reason_code"]) == ("unknown", "no_caller")


def test_a_call_of_the_root_action_is_no_call_of_its_neighbours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = PAT.replace("docker/login-action@v3", "./")
    write(workflows(tmp_path, a_yml=own), loose_yml=CALLEE)

    found = rows(capsys, tmp_path)

    assert str(tmp_path / "loose.yml") in {row["path"] for row in found}


def test_checkouts_side_by_side_do_not_call_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workflows(tmp_path / "a", caller_yml=CALLER)
    workflows(tmp_path / "b", callee_yml=CALLEE)

    found = rows(capsys, tmp_path, "--unresolved")

    # Had they been linked, the callee's row would stand in its caller's.
    callee = [row for row in found if str(row["path"]).endswith("callee.yml")]
    assert [row["reason_code"] for row in callee] == ["no_caller"]
    assert all(
        row["login_path"] == ".github/workflows/caller.yml" for row in found if row not in callee
    )


def test_many_files_are_shared_among_processes_and_keep_their_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workflows(tmp_path, **{f"w{number:03}_yml": PAT for number in range(450)})

    alone = rows(capsys, folder, "--jobs", 1)
    shared = rows(capsys, folder, "--jobs", 2)

    # Each of the copies has a place of its own.
    assert len({row["path"] for row in alone}) == len(alone) == 450
    assert {row["login_path"] for row in alone} == {
        str(row["path"]).removeprefix(f"{folder}/") for row in alone
    }
    assert shared == alone


def test_a_file_that_cannot_be_parsed_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = scan(capsys, workflows(tmp_path, bad_yml="on: push\njobs: [\n"))

    assert "bad.yml:" in done.err
    assert "1 files could not be read" in done.out


def test_standard_input_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(PAT.encode())))

    (row,) = rows(capsys, "-")

    assert row["path"] == ".github/workflows/stdin.yml"


def test_sarif_names_the_rule_the_line_and_no_line_in_its_fingerprint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workflows(tmp_path, a_yml=PAT)
    first = json.loads(scan(capsys, folder, "--format", "sarif").out)["runs"][0]
    workflows(tmp_path, a_yml="# a comment\n" + PAT)
    second = json.loads(scan(capsys, folder, "--format", "sarif").out)["runs"][0]

    (result,), (moved,) = first["results"], second["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (
        result["ruleId"] == first["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "PKG002"
    )
    assert place["artifactLocation"]["uri"] == ".github/workflows/a.yml"
    assert place["region"]["startLine"] == 11
    assert moved["locations"][0]["physicalLocation"]["region"]["startLine"] == 12
    assert moved["partialFingerprints"] == result["partialFingerprints"]


def test_terminal_escapes_of_a_file_do_not_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PAT.replace("username: bot", 'username: "bot" # \x1b[31mred\x07')

    done = scan(capsys, workflows(tmp_path, a_yml=text))

    assert "\x1b" not in done.out
    assert "\x07" not in done.out


@pytest.mark.parametrize(
    "arguments", [("no-such-folder",), (".", "--format", "xml"), (".", "--fail-on", "tiny")]
)
def test_bad_usage_is_exit_code_2(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert scan(capsys, *arguments).code == UsageError.exit_code
