"""Tools whose names say that they delete packages."""

import pytest

from tests.collector.workflows.tools import logins, one, steps


@pytest.mark.parametrize(
    "command",
    [
        "echo ghcr-cleanup --token ${{ secrets.X }}",
        "ghcr-login --token ${{ secrets.X }}",
        "git clone https://github.com/acme/ghcr-cleanup --token ${{ secrets.X }}",
        "ghcr-cleanup --dry-run",
    ],
)
def test_another_command_is_none(command: str) -> None:
    assert not logins(steps(f"- run: {command}"))


@pytest.mark.parametrize(
    "command",
    [
        "./target/release/container-retention-policy --account=acme --token=${{ secrets.X }}",
        "python3 scripts/clean_ghcr.py --owner acme --token ${{ secrets.X }}",
        "docker run --rm ghcr.io/acme/ghcr-prune:v1 --token ${{ secrets.X }}",
    ],
)
def test_a_tool_deletes_with_the_token_that_it_is_given(command: str) -> None:
    row = one(steps(f"- run: {command}"))
    assert (row.registry, row.operation, row.credential_name) == ("api", "delete", "X")
