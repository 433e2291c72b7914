"""What the report says when there is little or bad news of the run itself, and without script."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from tests.browser.conftest import Open

pytestmark = pytest.mark.browser

COMFORT = ("no findings", "no open findings", "all clear", "0 exposed", "nothing stands open.")


def top(part: Locator) -> float:
    """Return how far down the page something begins."""
    return float(part.evaluate("part => part.getBoundingClientRect().top"))


@pytest.mark.parametrize("shape", ["denied", "all unknown", "empty", "day one"])
def test_no_false_comfort_while_something_is_unknown(open_report: Open, shape: str) -> None:
    """No text of the first screen calms while verdicts are unknown or lists unread."""
    text = open_report(shape).load().locator("main").inner_text().lower()

    assert [phrase for phrase in COMFORT if phrase in text] == []


def test_incomplete_coverage_comes_before_every_count(open_report: Open) -> None:
    """The amber band stands above the tiles and has the word."""
    page = open_report("denied").load()
    band = page.locator("div.band.warn").first

    assert "incomplete" in band.inner_text()
    assert top(band) < top(page.locator(".tiles"))


def test_each_state_has_its_own_text(open_report: Open) -> None:
    """Empty, unknown, waived, clean and normal reports differ in their first sentence, and none says NaN."""
    shapes = ("empty", "all unknown", "all waived", "clean", "denied", "small")
    firsts = []
    for shape in shapes:
        page = open_report(shape).load()
        text = page.locator("main").inner_text()
        firsts.append(page.locator(".argument dd").first.inner_text())
        assert not any(bad in text for bad in ("NaN", "undefined", "None", "null"))

    assert len(set(firsts)) == len(shapes)
    assert firsts[0].startswith("The credential sees 0 packages of 6 types")
    assert "among the" in firsts[1]
    assert "waived" in firsts[2]
    assert firsts[3].startswith("No open findings in 10 packages; 0 unknown.")


def test_the_first_run_says_that_there_is_no_baseline(open_report: Open) -> None:
    """Without a run before, nothing is called new."""
    page = open_report("day one").load()

    assert "no baseline" in page.locator(".tiles").inner_text()
    page = open_report("small").load()
    assert page.locator(".counts.two div").count() == 7


def test_an_empty_list_has_a_sentence(open_report: Open) -> None:
    """No table is empty without saying why."""
    opened = open_report("empty")
    opened.load()
    for route in ("#/findings", "#/packages", "#/repositories", "#/workflows", "#/secrets"):
        page = opened.go(route)
        assert len(page.locator("#view tbody").inner_text()) > 20


def test_the_equation_on_screen_is_that_of_the_file(
    open_report: Open, folder_of: Callable[[str], Path]
) -> None:
    """population = pass + fail + unknown + not applicable, by rule, as verdicts.jsonl has it."""
    lines = (folder_of("day one") / "verdicts.jsonl").read_text(encoding="utf-8").split("\n")
    records = [json.loads(line) for line in lines if line]
    page = open_report("day one").load()
    rows = page.locator(".byrule tbody tr").evaluate_all(
        "all => all.map(r => [r.querySelector('a').textContent, ...[...r.querySelectorAll('td')].map(c => Number(c.textContent.replace(',', '')))])"
    )

    for rule, population, fail, unknown, passed, not_applicable, _ in rows:
        mine = [record["verdict"] for record in records if record["rule"] == rule]
        assert population == len(mine) == fail + unknown + passed + not_applicable
        assert (fail, unknown, passed) == tuple(map(mine.count, ("fail", "unknown", "pass")))


def test_a_package_page_says_who_can_use_it_and_how_we_know(open_report: Open) -> None:
    """Access with its evidence, the workflows that name the package, verdicts and findings stand together."""
    page = open_report("small").load("#/p/container:acme/billing-core")
    heads = page.locator("#view h2").all_inner_texts()
    access = page.get_by_role("table", name="Access by evidence").inner_text()

    assert heads == [
        "Verdicts",
        "Who can use it",
        "Workflows that name it (50)",
        "Findings and unknowns (1)",
    ]
    assert "connected repository" in access
    assert "implied" in access
    assert "No API lists" in page.locator("#view").inner_text()


def test_a_workflow_page_shows_its_lines_and_no_more(open_report: Open) -> None:
    """Triggers, permissions, logins and the lines around a finding; never the whole file."""
    page = open_report("small").load("#/w/acme/billing/.github/workflows/publish.yml")
    text = page.locator("#view").inner_text()

    assert "pull_request_target" in text
    assert "default of the repository or organization" in text
    assert page.locator(".frame .line").count() == 4
    assert (
        page.locator(".frame .hit .src").inner_text().strip() == "password: ${{ secrets.GHCR_PAT }}"
    )
    assert "runs-on" not in text


def test_without_script_the_essentials_are_there(
    chromium: Browser, folder_of: Callable[[str], Path]
) -> None:
    """Coverage, equation, counts by rule, the worst findings and the files' hashes are plain HTML."""
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"file://{folder_of('day one')}/report.html")
        text = page.locator("body").inner_text()

        assert "Coverage 100 %" in text
        assert "1,840 = 848 pass + 191 fail + 459 unknown + 342 not applicable" in text
        assert page.locator("#worst tbody tr").count() == 50
        assert "findings.jsonl" in text
        assert page.locator("#view").is_hidden()
        assert not page.locator("#theme").is_visible()


def test_an_old_browser_says_so_and_shows_the_rest(open_report: Open) -> None:
    """Without DecompressionStream the static part stays and a band says what is missing."""
    opened = open_report("10,000 findings")
    opened.page.add_init_script("delete window.DecompressionStream")
    opened.page.goto(f"file://{opened.file}")
    opened.page.wait_for_selector("#old:not([hidden])")

    assert "cannot unpack" in opened.page.locator("#old").inner_text()
    assert opened.page.locator("#worst tbody tr").count() == 50


def test_the_csv_button_saves_what_is_shown(
    open_report: Open, folder_of: Callable[[str], Path]
) -> None:
    """The file has a mark, CRLF, exactly the filtered rows, no formula, and keys that lead back."""
    page = open_report("hostile").load("#/findings?rule=PKG007")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    data = waiting.value.path().read_bytes()
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    lines = (folder_of("hostile") / "findings.jsonl").read_text(encoding="utf-8").split("\n")
    expected = {
        r["fingerprint"] for r in map(json.loads, filter(None, lines)) if r["rule"] == "PKG007"
    }

    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert {row["fingerprint"] for row in rows} == expected
    assert not [
        c for row in rows for c in row.values() if c.startswith(("=", "+", "-", "@", "\t", "\r"))
    ]
