"""Actions that are run by a retrying action."""

import pytest

from tests.collector.workflows.tools import logins, pairs, steps

PAT = "${{ secrets.PAT }}"
INNER = "registry: ghcr.io\n      username: me\n      password: "


def wrapped(given: str, *, action: str = "docker/login-action@v3") -> str:
    """Return a workflow that retries an action; its `with:` text begins on line 10."""
    return steps(
        "- uses: Wandalen/wretry.action@v3\n  with:\n"
        f"    action: {action}\n    with: |\n      {given}\n    attempt_limit: 3\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        wrapped("username: me\n      password: " + PAT),
        wrapped("registry: quay.io\n      password: " + PAT),
        wrapped("[not, a, mapping"),
        wrapped(INNER + PAT, action="''"),
        steps(f"- uses: Wandalen/wretry.action@v3\n  with: {{attempt_limit: 3, t: '{PAT}'}}\n"),
    ],
)
def test_what_logs_in_elsewhere_or_is_not_told_is_none(text: str) -> None:
    assert not logins(text)


def test_a_retried_login_is_one_on_the_line_of_its_password() -> None:
    assert pairs(wrapped(INNER + PAT)) == {("container", "pat", "PAT", 12)}
