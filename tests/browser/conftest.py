"""Reports of made-up organizations, opened in Chromium; the figures that were measured are printed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from reports.catalog import load_rules
from reports.write import write_report
from tests.browser.pictures import CHROMIUM, CHROMIUM_OPTIONS
from tests.reports import synthetic
from tests.reports.synthetic import DAY_ONE, EMPTY, Shape

if TYPE_CHECKING:
    from pathlib import Path

SHAPES = {
    "small": Shape(),
    "day one": DAY_ONE,
    "empty": EMPTY,
    "one package": dataclasses.replace(EMPTY, packages=1, private_packages=1, repositories=1),
    "denied": Shape(denied=True),
    "hostile": Shape(hostile=True),
    "all unknown": Shape(exposed=0, logins=0, connected=True),
    "all waived": Shape(waived_every=1),
    "clean": Shape(exposed=0, logins=0, packages=10, unknown_left=False, connected=True),
    "10,000 findings": dataclasses.replace(
        DAY_ONE, packages=1500, private_packages=900, bulk_findings=9_840, baseline=True
    ),
    "100,000 findings": dataclasses.replace(
        DAY_ONE, packages=1500, private_packages=900, bulk_findings=99_840, baseline=True
    ),
}

FIGURES = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = []


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.stash[FIGURES]:
        terminalreporter.section("figures of the report")
        for line in config.stash[FIGURES]:
            terminalreporter.write_line(line)


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Keep a line that the end of the test run prints."""
    return request.config.stash[FIGURES].append


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium once."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=list(CHROMIUM_OPTIONS)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Write the report of a shape once a session and return its folder."""
    folders: dict[str, Path] = {}

    def write(name: str) -> Path:
        if name not in folders:
            out = tmp_path_factory.mktemp("report")
            with synthetic.organization(SHAPES[name]) as con:
                write_report(con, org="acme", out=out, rules=load_rules())
            folders[name] = out
        return folders[name]

    return write


class Opened:
    """A report in a browser, with what it asked for and what it complained of."""

    def __init__(self, context: BrowserContext, file: Path) -> None:
        self.file = file
        self.page: Page = context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text)
                if message.type in ("error", "warning")
                else None
            ),
        )

    def load(self, fragment: str = "") -> Page:
        """Open the file at a fragment and wait until its script is ready."""
        self.page.goto("about:blank")
        self.page.goto(f"file://{self.file}{fragment}")
        self.page.wait_for_selector("html[data-ready='yes']", state="attached")
        return self.page

    def go(self, fragment: str) -> Page:
        """Follow a fragment inside the open report."""
        self.page.evaluate("fragment => { location.hash = fragment }", fragment)
        self.page.wait_for_timeout(30)
        return self.page


Open = Callable[..., Opened]


@pytest.fixture
def open_report(chromium: Browser, folder_of: Callable[[str], Path]) -> Iterator[Open]:
    """Return a function that opens the report of a shape in a context of its own."""
    contexts: list[BrowserContext] = []

    def open_it(name: str, **options: Any) -> Opened:
        context = chromium.new_context(**options)
        contexts.append(context)
        return Opened(context, folder_of(name) / "report.html")

    yield open_it
    for context in contexts:
        context.close()
