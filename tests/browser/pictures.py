"""Take the README's pictures of a report: `python -m tests.browser.pictures out/report.html docs`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_OPTIONS = ("--no-sandbox", "--disable-dev-shm-usage")


@dataclass(frozen=True, slots=True)
class Picture:
    """A view of the report worth showing."""

    name: str
    fragment: str
    scheme: Literal["light", "dark"] = "light"


PICTURES = (
    Picture("report", "#/"),
    Picture("report-dark", "#/", scheme="dark"),
    Picture("findings", "#/findings"),
    Picture("finding", ""),
    Picture("coverage", "#/coverage"),
)


def take_pictures(browser: Browser, report: Path, folder: Path) -> list[Path]:
    """Write every picture of a report into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return [take_picture(browser, report, folder, picture) for picture in PICTURES]


def take_picture(browser: Browser, report: Path, folder: Path, picture: Picture) -> Path:
    """Write one picture; a finding is opened by following the first link of the list."""
    with browser.new_context(
        color_scheme=picture.scheme, viewport={"width": 1280, "height": 900}
    ) as context:
        page = context.new_page()
        page.goto(f"{report.absolute().as_uri()}{picture.fragment or '#/findings'}")
        page.wait_for_selector("html[data-ready='yes']", state="attached")
        if not picture.fragment:
            page.locator(".list-findings tbody a").first.click()
            page.wait_for_selector(".badges")
        path = folder / f"{picture.name}.png"
        page.screenshot(path=path)
    return path


def main() -> None:
    """Take the pictures of the report that the command line names."""
    report, folder = map(Path, sys.argv[1:3])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=list(CHROMIUM_OPTIONS)
        )
        take_pictures(browser, report, folder)
        browser.close()


if __name__ == "__main__":
    main()
