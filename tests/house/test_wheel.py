"""The wheel carries what a machine without the checkout needs, and nothing that disturbs others."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Build the wheel and list what is inside."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_no_top_level_name_is_anyone_elses(names: set[str]) -> None:
    top = {name.partition("/")[0] for name in names}

    assert {name for name in top if not name.endswith(".dist-info")} == {
        "collector",
        "pkginventory",
        "reports",
    }


def test_the_tests_and_the_recordings_for_tests_stay_at_home(names: set[str]) -> None:
    assert not [name for name in names if name.startswith(("tests/", "cassettes/"))]


@pytest.mark.parametrize(
    "needed",
    [
        "collector/sql/schema/0001_initial.sql",
        "collector/sql/rules/PKG001_private_package_public_forks.sql",
        "collector/sql/rules/controls.csv",
        "pkginventory/demo/interactions.jsonl",
        "reports/exports/schema/verdict-1.json",
        "reports/templates/base.html",
        "collector/py.typed",
    ],
)
def test_the_wheel_carries(names: set[str], needed: str) -> None:
    assert needed in names


def test_every_sql_file_of_the_checkout_is_in_the_wheel(names: set[str]) -> None:
    at_home = {
        "collector/" + path.relative_to(ROOT).as_posix()
        for path in (ROOT / "sql").rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }

    assert at_home - names == set()
