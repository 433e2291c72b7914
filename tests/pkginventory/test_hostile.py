"""What comes from GitHub is hostile: nothing crashes, nothing runs, what can't be read is said to be unknown."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.pictures import CHROMIUM, CHROMIUM_OPTIONS
from tests.fake_github import World
from tests.fake_github.worlds.texts import docker_login
from tests.pkginventory.tools import by_subject, island_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fake_github import FakeGitHub
    from tests.pkginventory.tools import Desk

    Serve = Callable[[World], FakeGitHub]

RUN_ME = "document.documentElement.dataset.hacked = 'yes'"
SCRIPT = f"<script>{RUN_ME}</script>"
IMAGE = f'<img src=x onerror="{RUN_ME}">'
BREAKOUT = f"</script><svg onload={RUN_ME.replace(' ', '')}>"
BIDI = "bill\u202egni\u2066x"
LONG = "n" * 300
NAMES = [
    SCRIPT,
    IMAGE,
    BREAKOUT,
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "-2+3",
    BIDI,
    LONG,
    "a/b/c%2F..%2e",
    "{{7*7}}${{ secrets.X }}",
    "line\u2028separator\nand\rreturn\tand\x1b[31mred",
    "javascript:alert(1)",
    "quote'\"`\\",
]
LOGIN = docker_login("secrets.GHCR_PAT", image="ghcr.io/acme/shop")
FILES: dict[str, str | bytes] = {
    "script.yml": f'name: "{SCRIPT.replace(chr(34), "")}"\n' + LOGIN,
    "markup.yml": "on: push\njobs:\n  '<b onmouseover=x>':\n    runs-on: x\n    steps:\n"
    f"      - run: |\n          echo '{IMAGE}'\n"
    "          echo ${{ secrets.PAT }} | docker login ghcr.io -u x --password-stdin\n",
    # GitHub reads these too, so a login in them counts.
    "nul.yml": b"# \x00\n" + LOGIN.encode(),
    "utf8.yml": b"# \xff\xfe\xc3\x28 \x80\n" + LOGIN.encode(),
}
BROKEN: dict[str, str | bytes] = {
    "bomb.yml": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "deep.yml": "on: push\njobs: " + "[" * 5000 + "]" * 5000 + "\n",
    "large.yml": "on: push\n" + "# " + "x" * 5_000_000 + "\njobs: {}\n",
    "tab.yml": "on: push\njobs:\n\tbuild: x\n",
    "open.yml": 'on: push\njobs: "never closed\n',
}


def hostile() -> World:
    """Build an organization that means harm."""
    world = World(seed=3, edition="ghec", enterprise="acme-corp")
    acme = world.org("acme")
    files = {f".github/workflows/{name}": text for name, text in (FILES | BROKEN).items()}
    acme.repo("shop", visibility="public", files=files)
    acme.repo("billing", visibility="private", files={"README.md": SCRIPT})
    for name in NAMES:
        acme.package("container", name, visibility="private", repository="billing")
    acme.package("container", "odd", visibility="internal")
    world.switches.internal_field = "members-only"
    acme.package("container", "nowhere", visibility="private")
    for number in range(110):
        acme.package("npm", f"p{number}", visibility="private", repository="billing")
    acme.secret("GHCR_PAT", visibility="all")
    world.switches.page_overlap = 3
    return world


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the folder that keeps the report between the tests of this module."""
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture
def reported(desk: Desk, serve: Serve, kept: Path) -> Desk:
    """Sit before the report on the hostile organization."""
    desk.folder = kept
    desk.monkeypatch.chdir(kept)
    if not desk.out.exists():
        ran = desk.at(serve(hostile())).report("--min-coverage", "0")
        assert ran.code == 0, ran.printed
        assert "Traceback" not in ran.printed
        assert "\x1b" not in ran.printed
    return desk


def test_every_package_is_counted_once_whatever_its_name(reported: Desk) -> None:
    found = reported.query("select name, visibility from packages")
    expected = {*NAMES, "odd", "nowhere", *(f"p{n}" for n in range(110))}

    assert len(found) == len(expected)
    assert {name for name, _ in found} == expected
    assert len(by_subject(reported.verdicts(), "PKG007")) == len(expected)


def test_of_a_visibility_that_nobody_knows_the_list_it_came_in_is_believed(reported: Desk) -> None:
    ((visibility, said),) = reported.query(
        "select visibility, reported_visibility from packages where name = 'odd'"
    )

    assert (visibility, said) == ("internal", "members-only")
    assert by_subject(reported.verdicts(), "PKG014") == {"acme": "fail"}


def test_a_package_that_names_no_repository_is_connected_to_none(reported: Desk) -> None:
    assert by_subject(reported.verdicts(), "PKG007")["container:acme/nowhere"] == "fail"


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_is_unknown_with_its_path_and_why(
    reported: Desk, name: str
) -> None:
    path = f".github/workflows/{name}"
    ((status, reason),) = reported.query(
        "select status, reason from workflow_files where path = ?", path
    )
    lines = [line for line in reported.verdicts() if line["path"] == path]

    assert status in {"parse_error", "failed"}, (status, reason)
    assert reason
    unknown = [line for line in lines if line["verdict"] == "unknown"]
    assert [line for line in lines if line["verdict"] == "pass"] == []
    assert {line["reason_code"] for line in unknown} == {"parse_error"}
    assert all(path in line["reason"] for line in unknown)


def test_a_login_in_hostile_text_is_found_all_the_same(reported: Desk) -> None:
    files = {
        line["path"].rpartition("/")[2] for line in reported.findings() if line["rule"] == "PKG002"
    }

    assert files == set(FILES)


def test_no_markup_of_theirs_stands_in_the_page(reported: Desk) -> None:
    page = reported.page()

    for text in (SCRIPT, IMAGE, BREAKOUT, "<b onmouseover"):
        assert text not in page
    assert "\u202e" not in page
    assert "\\\\u{202e}" in island_of(page) or "\\u{202e}" in island_of(page)


def test_spreadsheets_are_not_given_formulas(reported: Desk) -> None:
    sheet = reported.folder / "all.csv"
    assert reported.run("export", "--org", "acme", "--format", "csv", "--out", str(sheet)).code == 0

    with sheet.open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert len(cells) > 1000
    assert [cell for cell in cells if cell[:1] in tuple("=+@\t\r") and cell] == []
    assert [cell for cell in cells if cell.startswith("-") and not cell[1:].isdigit()] == []


def test_lines_of_json_are_lines_for_every_reader(reported: Desk) -> None:
    text = (reported.out / "verdicts.jsonl").read_text(encoding="utf-8")

    assert [json.loads(line) for line in text.splitlines()] == reported.verdicts()


@pytest.mark.browser
def test_no_script_of_theirs_runs_on_any_page(reported: Desk) -> None:
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}: install the package chromium")
    pages = [
        "",
        "#/findings",
        "#/packages",
        "#/workflows",
        "#/coverage",
        "#/repositories",
        "#/rules",
    ]
    pages += ["#/findings?q=%3Cscript%3Edocument.documentElement.dataset.hacked%3D1%3C/script%3E"]
    asked: list[str] = []
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=list(CHROMIUM_OPTIONS)
        )
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(dialog.message))
        page.goto(f"file://{reported.out / 'report.html'}")
        page.wait_for_selector("html[data-ready='yes']", state="attached")
        links: list[str] = []
        for fragment in pages:
            page.evaluate("fragment => { location.hash = fragment }", fragment)
            page.wait_for_timeout(60)
            found = page.eval_on_selector_all(
                "a[href^='#']", "all => all.map(a => a.getAttribute('href'))"
            )
            links += [link for link in found if link not in links]
        for fragment in links[:150]:
            page.evaluate("fragment => { location.hash = fragment }", fragment)
            page.wait_for_timeout(5)
        hacked = page.evaluate("document.documentElement.dataset.hacked")
        dangerous = page.eval_on_selector_all(
            "a[href]", "all => all.map(a => a.href).filter(h => /^(javascript|data):/i.test(h))"
        )
        browser.close()

    assert len(links) > 20
    assert hacked is None
    assert dangerous == []
    assert errors == []
    assert {url.partition(":")[0] for url in asked} == {"file"}
