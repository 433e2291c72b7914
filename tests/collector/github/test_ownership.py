from hypothesis import given

from collector.github.ownership import CustomPropertyValue, Team
from collector.github.payloads import Malformed
from tests.collector.github.test_payloads import ANYTHING


def test_a_team_without_slug_is_malformed() -> None:
    assert isinstance(Team.from_payload({"id": 1}), Malformed)


def test_a_team_is_read_with_its_permission() -> None:
    read = Team.from_payload(
        {"id": 1, "slug": "core", "permission": "admin", "parent": {"slug": "all"}}
    )

    assert isinstance(read, Team)
    assert (read.slug, read.permission, read.parent) == ("core", "admin", "all")


def test_properties_of_one_repository_come_together() -> None:
    payload = {
        "repository_id": 7,
        "repository_full_name": "acme/billing",
        "properties": [
            {"property_name": "tier", "value": "gold"},
            {"property_name": "teams", "value": ["a", "b"]},
            {"property_name": "empty", "value": None},
            {"value": "nameless"},
        ],
    }

    assert CustomPropertyValue.from_payload(payload) == (
        CustomPropertyValue(7, "acme/billing", "tier", ("gold",)),
        CustomPropertyValue(7, "acme/billing", "teams", ("a", "b")),
        CustomPropertyValue(7, "acme/billing", "empty", ()),
        Malformed("custom property", "a property has no property_name"),
    )


@given(ANYTHING)
def test_no_item_is_too_odd(payload: object) -> None:
    assert isinstance(Team.from_payload(payload), Team | Malformed)
    assert isinstance(CustomPropertyValue.from_payload(payload), tuple)
