"""The README's pictures can be taken of any report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.pictures import PICTURES, take_pictures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_every_picture_shows_something(
    chromium: Browser, folder_of: Callable[[str], Path], tmp_path: Path
) -> None:
    """Each picture is a PNG of the size of a screen, and no two are alike."""
    paths = take_pictures(chromium, folder_of("day one") / "report.html", tmp_path)
    pictures = [path.read_bytes() for path in paths]

    assert len(set(pictures)) == len(PICTURES)
    assert all(data.startswith(b"\x89PNG") and len(data) > 20_000 for data in pictures)
