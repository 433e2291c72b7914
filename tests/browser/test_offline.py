"""The report fetches nothing, runs nothing but its own script, and shows hostile names as text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.reports.synthetic import HOSTILE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Open

pytestmark = pytest.mark.browser

ROUTES = (
    "#/",
    "#/findings",
    "#/unknown",
    "#/packages",
    "#/repositories",
    "#/workflows",
    "#/secrets",
    "#/rules",
    "#/rule/PKG001",
    "#/coverage",
    "#/evidence",
    "#/p/container:acme/billing-core",
    "#/r/acme/billing",
    "#/w/acme/billing/.github/workflows/publish.yml",
    "#/s/organization/GHCR_PAT",
)
INJECTIONS = {
    "inline script": "const s = document.createElement('script'); s.textContent = 'window.__pwn = 1'; document.body.append(s);",
    "event handler": "document.body.insertAdjacentHTML('beforeend', '<p onclick=\"window.__pwn=1\">x</p>'); document.body.lastChild.click();",
    "inline style": "document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>');",
    "text run later": "setTimeout('window.__pwn = 1', 0);",
    "image": "const i = new Image(); i.src = 'https://example.invalid/x.png'; document.body.append(i);",
    "fetch": "fetch('https://example.invalid/').catch(() => 0);",
}


@pytest.mark.parametrize("shape", ["small", "hostile"])
def test_no_route_asks_for_anything_outside_the_file(
    open_report: Open, shape: str, figure: Callable[[str], None]
) -> None:
    """Loading, every route, filtering and printing ask for the file itself and nothing else."""
    opened = open_report(shape)
    opened.load()
    for route in ROUTES:
        opened.go(route)
    opened.go("#/findings").fill("#q-findings", "billing")
    opened.page.pdf()
    outside = [
        url for url in opened.requests if not url.startswith(("file:", "data:", "blob:", "about:"))
    ]
    figure(
        f"{shape}: {len(opened.requests)} requests over {len(ROUTES)} routes, {len(outside)} of them outside"
    )

    assert outside == []
    assert opened.complaints == []


@pytest.mark.parametrize("what", INJECTIONS)
def test_nothing_that_is_injected_acts(open_report: Open, what: str) -> None:
    """The policy blocks what a hole in the escaping would let in."""
    opened = open_report("small")
    page = opened.load()
    page.evaluate(
        "() => addEventListener('securitypolicyviolation', () => { window.__blocked = true })"
    )
    page.evaluate(f"() => {{ {INJECTIONS[what]} }}")
    page.wait_for_timeout(200)

    assert page.evaluate("window.__pwn") is None
    assert page.evaluate("window.__blocked") is True


def test_hostile_names_are_text(open_report: Open) -> None:
    """Markup, script, formulas and direction marks in names are read, not obeyed."""
    opened = open_report("hostile")
    page = opened.load("#/packages?q=npm:acme&visibility=private&sort=updated")
    texts = page.locator(".list-packages").inner_text()
    for route in (*ROUTES, *(f"#/findings?q={i}" for i in ("img", "script", "javascript"))):
        opened.go(route)

    assert page.evaluate("window.__pwn") is None
    assert opened.complaints == []
    assert "<img src=x onerror=window.__pwn=1>" in texts
    assert "right\\u{202e}to\\u{2066}left" in texts
    assert "\u202e" not in texts


def test_a_hostile_package_has_its_page(open_report: Open) -> None:
    """Every hostile name can be opened from the list, and links lead only to the configured host."""
    opened = open_report("hostile")
    page = opened.load("#/packages?q=npm&visibility=private")
    links = page.locator(".list-packages tbody a").evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    hrefs: set[str] = set()
    for link in links:
        if not link.startswith("#/p/"):
            continue
        opened.go(link)
        assert page.locator("#view h1").inner_text() != "Not in this report"
        hrefs.update(page.locator("a").evaluate_all("all => all.map(a => a.getAttribute('href'))"))

    assert len(links) >= len(HOSTILE_NAMES)
    assert all(href.startswith(("#", "https://github.com/")) for href in hrefs)


def test_the_file_names_no_address_to_load(folder_of: Callable[[str], Path]) -> None:
    """No src, url() or import in the file leads anywhere."""
    text = (folder_of("hostile") / "report.html").read_text(encoding="utf-8")
    outside_island = re.sub(r'<script id="data".*?</script>', "", text, flags=re.DOTALL)

    assert not re.search(
        r"\bsrc\s*=\s*[\"']?http|url\(\s*[\"']?http|@import|<link\b|<iframe\b", outside_island
    )
    assert text.count("<script") == 2


def test_no_output_holds_a_token(folder_of: Callable[[str], Path]) -> None:
    """Nothing in any written file looks like a token of GitHub's."""
    for file in folder_of("hostile").iterdir():
        assert not re.search(
            r"gh[pousr]_[A-Za-z0-9]{20}|github_pat_", file.read_text(encoding="utf-8")
        )
        assert file.stat().st_mode & 0o777 == 0o600


def test_lines_are_lines_whatever_a_name_holds(folder_of: Callable[[str], Path]) -> None:
    """A line separator inside a name ends no line of the JSON files."""
    text = (folder_of("hostile") / "verdicts.jsonl").read_text(encoding="utf-8")
    records = [json.loads(line) for line in text.splitlines()]

    assert "npm:acme/line\u2028separator" in {record["subject"] for record in records}
