from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.github import payloads

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("value", [True, 1.0, "1", 2**63, -(2**63), None, [], {}])
def test_what_is_no_integer_for_a_database_is_none(value: object) -> None:
    assert payloads.integer({"id": value}, "id") is None


def test_an_integer_is_read() -> None:
    assert payloads.integer({"id": 2**63 - 1}, "id") == 2**63 - 1


@pytest.mark.parametrize("value", [0, 1, "true", None])
def test_only_true_and_false_are_truth_values(value: object) -> None:
    assert payloads.boolean({"a": value}, "a") is None


def test_a_text_is_bounded() -> None:
    assert payloads.text({"a": 3}, "a") is None
    assert payloads.text({"a": "x" * 100_000}, "a") == "x" * 65_536


def test_lists_keep_what_is_text() -> None:
    assert payloads.texts({"a": ["x", 1, None, "y"]}, "a") == ("x", "y")
    assert payloads.texts({"a": "xy"}, "a") == ()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T02:14:00Z", datetime(2026, 11, 23, 2, 14)),  # noqa: DTZ001
        ("2026-11-23T02:14:00+02:00", datetime(2026, 11, 23, 0, 14)),  # noqa: DTZ001
        ("2026-11-23T02:14:00.250Z", datetime(2026, 11, 23, 2, 14, 0, 250_000)),  # noqa: DTZ001
        ("2026-11-23T02:14:00", datetime(2026, 11, 23, 2, 14)),  # noqa: DTZ001
        ("0001-01-01T00:00:00+23:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times_become_naive_utc(text: str, moment: datetime | None) -> None:
    assert payloads.instant({"at": text}, "at") == moment


@given(ANYTHING)
def test_no_payload_is_too_odd_to_be_read(payload: object) -> None:
    assert payloads.mapping(payload, "a") is None or isinstance(payload, dict)
    assert isinstance(payloads.sequence(payload, "a"), tuple)
    assert isinstance(payloads.instant(payload, "a"), datetime | None)
