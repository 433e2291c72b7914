"""A night over several organizations on one store: one that fails does not stop the others."""

import json
from pathlib import Path

import pytest

from pkginventory.auditing import Outcome, exit_code
from pkginventory.cli import main
from tests.fake_github import FakeGitHub, World


def world() -> World:
    """Two small organizations."""
    made = World(seed=7)
    for name in ("acme", "globex"):
        made.org(name).repo("shop", visibility="public").package(
            "container", "app", visibility="private", repository="shop"
        )
    return made


@pytest.mark.parametrize(
    ("codes", "expected"),
    [((), 0), ((0, 1), 1), ((1, 4), 4), ((4, 3, 1), 3), ((3, 2, 4), 2), ((0, 0), 0)],
)
def test_the_strongest_code_is_the_nights(codes: tuple[int, ...], expected: int) -> None:
    assert exit_code([Outcome("acme", code, "") for code in codes]) == expected


def test_each_organization_gets_its_folder_and_one_page_links_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeGitHub(world()) as server:
        monkeypatch.setenv("PKGINVENTORY_TOKEN", server.token("owner"))
        words = ["audit", "--api-url", server.url, "--db", str(tmp_path / "x.duckdb")]
        words += ["--out", str(tmp_path / "out"), "--org", "acme", "--org", "nobody"]
        code = main([*words, "--org", "globex"])
        assert server.violations == []

    index = json.loads((tmp_path / "out" / "index.json").read_text(encoding="utf-8"))
    told = {row["org"]: (row["exit_code"], row["report"]) for row in index["organizations"]}
    assert told["acme"] == (0, "acme/report.html")
    assert told["globex"] == (0, "globex/report.html")
    assert told["nobody"][1] is None
    assert code == told["nobody"][0] != 0
    assert (tmp_path / "out" / "globex" / "report.html").is_file()
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert 'href="acme/report.html"' in page
    assert "nobody" in capsys.readouterr().err


def test_a_night_collects_even_when_the_newest_run_is_young(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeGitHub(world()) as server:
        monkeypatch.setenv("PKGINVENTORY_TOKEN", server.token("owner"))
        words = ["--org", "acme", "--api-url", server.url, "--db", str(tmp_path / "x.duckdb")]
        words += ["--out", str(tmp_path / "out")]
        assert main(["report", *words]) == 0
        before = server.count("/orgs/acme/packages")
        assert main(["report", *words]) == 0
        assert server.count("/orgs/acme/packages") == before
        assert main(["audit", *words]) == 0

        assert server.count("/orgs/acme/packages") > before
