"""Whose settings a night asks for."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from collector.walk.wanted import (
    SECRETS,
    SETTINGS,
    Candidate,
    PackageAge,
    budget_for,
    wanted_settings,
    wanted_versions,
)

MONDAY, TUESDAY = datetime(2026, 11, 23), datetime(2026, 11, 24)  # noqa: DTZ001


def test_a_public_repository_without_any_evidence_is_not_asked() -> None:
    """No rule can use its settings."""
    assert wanted_settings([Candidate(1, "public")], everything=False, last_read={}) == []


def test_a_small_organization_is_read_whole() -> None:
    """Up to 500 repositories, unless a budget is named."""
    assert budget_for(500, asked=None) is None
    assert budget_for(501, asked=None) == 2_000
    assert budget_for(20, asked=7) == 7


def test_a_private_repository_is_asked_about_forks_only() -> None:
    """That rule is about every private and internal repository."""
    [wanted] = wanted_settings([Candidate(1, "private")], everything=False, last_read={})

    assert wanted.families == ("repo_fork_private",)


def test_a_login_with_a_stored_secret_wants_everything() -> None:
    """Its secret may lie in the repository, an environment or Dependabot's store."""
    candidate = Candidate(1, "public", stored_secret_login=True)
    [wanted] = wanted_settings([candidate], everything=False, last_read={})

    assert wanted.families == (*SETTINGS, "repo_fork_approval", *SECRETS)


def test_never_read_comes_first_then_the_longest_ago() -> None:
    """So every repository's turn comes, whatever its rank."""
    candidates = [
        Candidate(1, "private", stored_secret_login=True),
        Candidate(2, "private"),
        Candidate(3, "private"),
        Candidate(4, "public", package_evidence=True),
    ]
    families = (*SETTINGS, "repo_fork_private", *SECRETS)
    last_read = {(family, 1): MONDAY for family in families}
    last_read[("repo_fork_private", 2)] = TUESDAY
    wanted = wanted_settings(candidates, everything=False, last_read=last_read)

    assert [item.repository_id for item in wanted] == [4, 3, 1, 2]


def test_one_family_never_read_makes_a_repository_never_read() -> None:
    """A budget may have ended in the middle of it."""
    last_read = {("repo_actions_permissions", 1): MONDAY}
    candidate = Candidate(1, "public", package_evidence=True)
    [wanted] = wanted_settings([candidate], everything=False, last_read=last_read)

    assert wanted.last_read is None
    assert wanted.families[-1] == "repo_actions_permissions"


def test_versions_of_private_granular_packages_come_first() -> None:
    """What did not change since it was read is not asked again."""
    ages = [
        PackageAge(1, "public", granular=True, changed=True, last_read=None),
        PackageAge(2, "private", granular=True, changed=True, last_read=None),
        PackageAge(3, "private", granular=True, changed=False, last_read=MONDAY),
        PackageAge(4, "private", granular=False, changed=True, last_read=MONDAY),
    ]

    assert wanted_versions(ages, again=False) == [2, 1, 4]
    assert wanted_versions(ages, again=True) == [2, 1, 3, 4]


@given(st.lists(st.tuples(st.sampled_from(["public", "private", "internal"]), st.booleans())))
def test_any_order_of_arrival_gives_the_same_plan(kinds: list[tuple[str, bool]]) -> None:
    """The order is of the repositories, not of the answers."""
    candidates = [Candidate(i, kind, stored_secret_login=x) for i, (kind, x) in enumerate(kinds)]

    assert wanted_settings(candidates, everything=True, last_read={}) == wanted_settings(
        candidates[::-1], everything=True, last_read={}
    )
