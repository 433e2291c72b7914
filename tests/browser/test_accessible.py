"""The report with a keyboard, a screen reader, a narrow screen, forced colours and no script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python  # type: ignore[import-untyped] # it has no types and we take a file of it
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Open

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ROUTES = (
    "#/",
    "#/findings",
    "#/findings?verdict=unknown&q=x",
    "#/unknown",
    "#/packages",
    "#/repositories",
    "#/workflows",
    "#/secrets",
    "#/rules",
    "#/coverage",
    "#/evidence",
    "#/p/container:acme/billing-core",
    "#/r/acme/billing",
    "#/w/acme/billing/.github/workflows/publish.yml",
    "#/s/GHCR_PAT",
    "#/nothing",
)


def violations(page: Page) -> list[str]:
    """Return what axe objects to, contrast included."""
    page.evaluate(AXE)
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_report: Open, figure: Callable[[str], None], scheme: str) -> None:
    """Every route passes axe with contrast on, in both schemes."""
    opened = open_report("denied", color_scheme=scheme)
    page = opened.load("#/findings")
    finding = page.locator(".list-findings tbody a").first.get_attribute("href") or ""
    found = {}
    for route in (*ROUTES, finding):
        opened.go(route)
        if objections := violations(page):
            found[route] = objections
    figure(f"axe, {scheme}: {sum(map(len, found.values()))} violations on {len(ROUTES) + 1} routes")

    assert found == {}


def test_one_column_is_sorted_and_says_so(open_report: Open) -> None:
    """Severity, then age, until a head is clicked; then that head alone says how it is sorted."""
    page = open_report("10,000 findings").load("#/findings")
    heads = page.locator(".list-findings thead [aria-sort]")
    cells = page.locator(".list-findings tbody tr td:first-child")

    assert heads.evaluate_all("all => all.map(a => [a.innerText, a.ariaSort])") == [
        ["Severity↓", "descending"]
    ]
    assert cells.nth(0).inner_text().strip() == "critical"
    page.locator(".list-findings thead button", has_text="First seen").click()
    assert heads.evaluate_all("all => all.map(a => [a.innerText, a.ariaSort])") == [
        ["First seen↑", "ascending"]
    ]
    page.locator(".list-findings thead button", has_text="First seen").click()
    assert heads.evaluate_all("all => all.map(a => a.ariaSort)") == ["descending"]


def test_the_address_keeps_the_view(open_report: Open) -> None:
    """A filtered view comes back after a reload; Back returns to it from a finding."""
    opened = open_report("small")
    page = opened.load("#/findings")
    page.locator("label.choice", has_text="high").click()
    page.fill("#q-findings", "billing")
    page.wait_for_timeout(150)
    shown = page.locator("#view [role=status]").inner_text()
    address = page.evaluate("location.hash")
    page.reload()
    page.wait_for_selector("html[data-ready='yes']", state="attached")

    assert address == "#/findings?severity=high&q=billing"
    assert page.locator("#view [role=status]").inner_text() == shown
    page.locator(".list-findings tbody a").first.click()
    assert page.evaluate("location.hash").startswith("#/f/")
    page.go_back()
    page.wait_for_timeout(50)
    assert page.evaluate("location.hash") == address
    assert page.locator("#view [role=status]").inner_text() == shown


@pytest.mark.parametrize(
    "fragment", ["#/nowhere", "#/f/0123", "#/p/npm:acme/gone", "#/%E0%A4%A", "#/rule/PKG999"]
)
def test_an_unknown_address_is_said_so(open_report: Open, fragment: str) -> None:
    """A fragment of nothing in this report shows a message, not an empty page."""
    opened = open_report("small")
    page = opened.load(fragment)

    assert page.locator("#view h1").inner_text() == "Not in this report"
    assert opened.complaints == []


def test_keyboard_alone_is_enough(open_report: Open) -> None:
    """Tab reaches everything, Enter opens, Escape closes, and focus returns to the row."""
    page = open_report("small").load("#/findings")
    page.evaluate("document.activeElement.blur()")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(a => a.id || a.className || a.textContent.slice(0, 20))(document.activeElement)"
            )
        )

    for expected in ("skip", "search", "theme", "q-findings", "f-severity-0", "f-rule"):
        assert expected in reached
    link = page.locator(".list-findings tbody a").first
    href = link.get_attribute("href")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(50)
    assert page.evaluate("location.hash") == href
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.keyboard.press("Escape")
    page.wait_for_timeout(50)
    assert page.evaluate("document.activeElement.getAttribute('href')") == href
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q-findings"


def test_the_skip_link_jumps_over_the_navigation(open_report: Open) -> None:
    """The first Tab stop leads to the head of what is shown."""
    page = open_report("small").load()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.textContent") == "Package access report"
    assert page.evaluate("location.hash") == ""


def test_filters_are_announced_and_labelled(open_report: Open) -> None:
    """A live region says n of m, every field has a label, every table a caption and scopes."""
    page = open_report("small").load("#/findings?severity=high")
    unlabelled = page.evaluate(
        "[...document.querySelectorAll('input, select')].filter(i => !i.labels.length).length"
    )
    tables = page.evaluate(
        "[...document.querySelectorAll('table')].every(t => t.caption && [...t.querySelectorAll('th')].every(c => c.scope || c.closest('.print-only')))"
    )

    assert (
        page.locator("[role=status]").inner_text()
        == "16 of 55 findings, most severe and oldest first"
    )
    assert unlabelled == 0
    assert tables


@pytest.mark.parametrize(
    "route", ["#/", "#/findings", "#/coverage", "#/rules", "#/p/container:acme/billing-core"]
)
def test_nothing_scrolls_sideways_on_a_narrow_screen(open_report: Open, route: str) -> None:
    """At 320 pixels, or 400 % of 1280, only tables scroll sideways."""
    page = open_report("denied", viewport={"width": 320, "height": 640}).load(route)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_severity_and_verdict_are_words_too(open_report: Open) -> None:
    """Nothing is said by colour alone: forced colours keep every word and every bar's edge."""
    page = open_report("small", forced_colors="active").load("#/")
    words = page.locator(".sev, .verdict").evaluate_all("all => all.map(a => a.textContent.trim())")

    assert words
    assert all(words)
    assert page.locator(".eq rect").first.evaluate("r => getComputedStyle(r).strokeWidth") == "1px"
