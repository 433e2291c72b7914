"""Actions that delete package versions: the table's, and those whose names say so."""

import pytest

from collector.workflows.facts import FileFacts
from tests.collector.workflows.tools import facts, logins, one, steps

PAT = "${{ secrets.PACKAGES }}"


@pytest.mark.parametrize(
    "uses",
    [
        "geekyeggo/delete-artifact@v5",
        "acme/delete-branch@v1",
        "acme/ghcr-login@v1",
        "acme/cleanup-runs@v1",
        "acme/remove-packages-from-cache-dir@v1",
    ],
)
def test_an_action_whose_name_does_not_say_packages_and_deletion_is_none(uses: str) -> None:
    assert not logins(steps(f"- uses: {uses}\n  with: {{token: '{PAT}'}}"))


def test_an_action_that_is_commented_out_is_none() -> None:
    assert not logins(steps("- run: make\n# - uses: actions/delete-package-versions@v5"))


def test_an_unknown_action_without_a_token_is_no_guess() -> None:
    assert not logins(steps("- uses: acme/ghcr-cleanup@v1\n  with: {owner: acme}"))


@pytest.mark.parametrize("ref", ["v1", "v3", "v5.0.0", "0123456789abcdef0123456789abcdef01234567"])
def test_delete_package_versions_takes_the_jobs_token_by_itself(ref: str) -> None:
    row = one(steps(f"- uses: actions/delete-package-versions@{ref}\n  with: {{package-name: x}}"))
    assert (row.registry, row.operation, row.credential) == ("api", "delete", "github_token")
    assert row.implicit
    assert (row.via, row.line, row.host) == ("action default", 6, "api.github.com")


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("actions/delete-package-versions@v2", "token"),
        ("dataaxiom/ghcr-cleanup-action@v1", "token"),
        ("snok/container-retention-policy@v2.2.1", "token"),
        ("snok/container-retention-policy@v3.0.0", "token"),
        ("vlaurin/action-ghcr-prune@v0.6.0", "token"),
        ("Chizkiyahu/delete-untagged-ghcr-action@v5", "token"),
        ("camargo/delete-untagged-action@v1", "github-token"),
        ("smartsquaregmbh/delete-old-packages@v0.8", "token"),
        ("bots-house/ghcr-delete-image-action@v1.1.0", "token"),
        ("someone/ghcr-prune@main", "github-token"),
        ("someone/delete-github-packages@main", "pat"),
    ],
)
def test_an_action_deletes_with_the_token_that_it_is_handed(action: str, name: str) -> None:
    row = one(steps(f"- uses: {action}\n  with:\n    {name}: {PAT}"))
    assert (row.registry, row.operation, row.credential) == ("api", "delete", "pat")
    assert (row.credential_name, row.line, row.implicit) == ("PACKAGES", 8, False)


def test_a_token_type_beside_the_token_changes_nothing() -> None:
    row = one(
        steps(
            """
            - uses: snok/container-retention-policy@v2
              with:
                token-type: github-token
                token: ${{ secrets.GITHUB_TOKEN }}
            """
        )
    )
    assert row.credential == "github_token"


def test_a_local_action_that_can_be_read_is_no_guess() -> None:
    action = facts("runs: {using: composite, steps: []}", path="ghcr-cleanup/action.yml")

    def resolve(_repository: str, path: str, _ref: str) -> FileFacts | None:
        return action if path == "ghcr-cleanup/action.yml" else None

    text = steps(f"- uses: ./ghcr-cleanup\n  with: {{token: '{PAT}'}}")
    assert one(text).operation == "delete"
    assert not logins(text, resolve=resolve)
