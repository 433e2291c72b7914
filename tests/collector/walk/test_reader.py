"""Who reads: what is said of lists that only an owner sees whole."""

import pytest

from collector.walk.reader import doubt_of
from tests.collector.walk.conftest import Begin
from tests.fake_github.worlds import small

MEMBERS = ("partial", "reader_not_owner")
WHOLE = ("complete", None)


def test_nothing_is_doubted_of_an_owner_or_of_somebody_unknown() -> None:
    assert doubt_of({"general": "admin", "packages": "admin"}) == {}
    assert doubt_of({}) == {}


def test_one_reader_who_is_no_owner_is_enough_for_doubt() -> None:
    assert doubt_of({"general": "admin", "packages": "member"})["reason"] == "reader_not_owner"


def test_an_owners_lists_are_whole_and_nobody_asks_for_the_role(begin: Begin) -> None:
    nights = begin(small())
    nights.profile = "owner"
    seen = nights.once()

    assert set(seen.coverage("packages").values()) <= {WHOLE}
    assert seen.coverage("repositories") == {"": WHOLE}
    assert seen.summary.roles["general"] == "admin"
    # One question, by the packages credential: the other one was told the number of repositories.
    assert nights.server.count("/user/memberships/orgs/acme") == 1


def test_a_members_private_and_internal_lists_are_partial_and_the_public_ones_whole(
    begin: Begin,
) -> None:
    nights = begin(small())
    nights.profile = "member"
    seen = nights.once()

    found = seen.coverage("packages")
    assert {found[subject] for subject in found if subject.endswith("/public")} == {WHOLE}
    assert {found[subject] for subject in found if not subject.endswith("/public")} == {MEMBERS}
    assert seen.coverage("repositories") == {"": MEMBERS}
    assert seen.coverage("organization") == {"": MEMBERS}
    assert "member" in seen.summary.warnings[0]


def test_of_a_pair_each_credential_answers_for_its_own_lists(begin: Begin) -> None:
    nights = begin(small())
    nights.profile, nights.packages = "owner", "member"
    seen = nights.once()

    assert seen.coverage("repositories") == {"": WHOLE}
    assert seen.coverage("packages")["npm/private"] == MEMBERS
    assert seen.summary.roles == {"general": "admin", "packages": "member"}
    assert "member" in seen.summary.warnings[0]


def test_a_token_without_repo_lists_public_repositories_only(begin: Begin) -> None:
    nights = begin(small())
    nights.profile = "packages_only"
    seen = nights.once()

    assert seen.coverage("repositories") == {"": ("partial", "forbidden_403")}
    assert set(seen.coverage("packages").values()) == {WHOLE}


@pytest.mark.parametrize("profile", ["outsider", "no_admin_scope"])
def test_an_unknown_role_changes_no_coverage_and_is_said(begin: Begin, profile: str) -> None:
    nights = begin(small())
    nights.profile = profile
    seen = nights.once()

    assert set(seen.coverage("packages").values()) == {WHOLE}
    assert seen.coverage("repositories") == {"": WHOLE}
    assert "owner" in seen.summary.warnings[0]


def test_a_resumed_run_still_knows_who_reads(begin: Begin) -> None:
    nights = begin(small())
    nights.profile = "member"
    with nights.stage() as stage:
        nights.crawl(stage, max_requests=4)
        path = stage.path
    asked = nights.server.count("/user/memberships/orgs/acme")
    with nights.resume(path) as stage:
        nights.crawl(stage)
        found = dict(stage.rows("coverage", "subject", "status", family="packages"))

    assert found["npm/private"] == "partial"
    assert nights.server.count("/user/memberships/orgs/acme") == asked == 2
