import os
import stat
from pathlib import Path

import pytest

from collector.private_files import private_files


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_made_inside_are_for_their_owner_alone(tmp_path: Path) -> None:
    with private_files():
        (tmp_path / "secret").touch()

    assert _mode(tmp_path / "secret") == 0o600


def test_the_last_who_leaves_puts_the_old_mask_back(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        outer, inner = private_files(), private_files()
        outer.__enter__()
        inner.__enter__()
        outer.__exit__(None, None, None)
        (tmp_path / "still").touch()
        inner.__exit__(None, None, None)
        (tmp_path / "after").touch()
    finally:
        os.umask(before)

    assert (_mode(tmp_path / "still"), _mode(tmp_path / "after")) == (0o600, 0o644)


def test_an_error_inside_puts_the_old_mask_back(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with pytest.raises(KeyError), private_files():
            raise KeyError
        (tmp_path / "after").touch()
    finally:
        os.umask(before)

    assert _mode(tmp_path / "after") == 0o644
