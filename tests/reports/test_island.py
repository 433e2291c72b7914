"""The data of the report's script: small, sorted, and nothing an HTML parser could leave by."""

import base64
import gzip
import json

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import island
from reports.island import Pool, for_script, hop_key, pack, visible
from reports.pages import read_report
from tests.reports.synthetic import HOSTILE_NAMES


@given(st.text())
def test_text_in_a_script_element_is_the_same_text(text: str) -> None:
    """Escaping changes no value and leaves no way out of the element."""
    written = for_script(json.dumps({"name": text}, ensure_ascii=False))

    assert json.loads(written) == {"name": text}
    assert not set(written) & set("<>&\u2028\u2029")


@given(st.text())
def test_shown_text_is_printable(text: str) -> None:
    """No control or direction character reaches a reader's eye as such."""
    assert visible(text).isprintable()
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize("text", ["plain", "Ünïcödé 包", "a b", ""])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    """Only what can't be seen is escaped."""
    assert visible(text) == text


def test_a_column_of_places_sorts_like_its_strings() -> None:
    """The pool is sorted, without regard to case, so places can be compared instead of strings."""
    pool = Pool(["b", "A", "a", "b", "C"])

    assert pool.strings == ["A", "a", "b", "C"]
    assert pool.column(["C", None, "", "A"]) == [3, -1, -1, 0]


def test_large_data_is_packed_the_same_way_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit the island is gzip and base64, without a time in it."""
    monkeypatch.setattr(island, "PACK_ABOVE", 10)
    packed = pack({"names": list(HOSTILE_NAMES)})

    assert packed.packed
    assert json.loads(gzip.decompress(base64.b64decode(packed.text))) == {
        "names": list(HOSTILE_NAMES)
    }
    assert packed == pack({"names": list(HOSTILE_NAMES)})


@pytest.mark.parametrize(
    ("hop", "expected"),
    [
        ({}, ("", "", "", "")),
        ({"kind": "fork", "text": None, "level": "implied"}, ("fork", "", "implied", "")),
        ({"text": 7, "request_id": "A:1"}, ("", "7", "", "A:1")),
    ],
)
def test_a_hop_with_missing_fields_is_shown(
    hop: dict[str, object], expected: tuple[str, ...]
) -> None:
    """A user's rule may leave fields out."""
    assert hop_key(hop) == expected


def test_hostile_names_reach_the_island_as_text(hostile: duckdb.DuckDBPyConnection) -> None:
    """Markup in a name stands in the pool as a string; direction marks stand as escapes."""
    text = read_report(hostile, org="acme").island.text
    data = json.loads(text)

    assert "</script" not in text
    assert f"npm:acme/{HOSTILE_NAMES[0]}" in data["strings"]
    assert not any("\u202e" in string for string in data["strings"])


def test_source_is_shown_in_frames_of_five_lines(small: duckdb.DuckDBPyConnection) -> None:
    """A workflow is never in the file whole."""
    frames = json.loads(read_report(small, org="acme").island.text)["frames"]

    assert [(first, len(lines)) for first, lines, _ in frames] == [(13, 4)]
    assert frames[0][1][2].strip() == "password: ${{ secrets.GHCR_PAT }}"
