"""Actions that push NuGet packages."""

import pytest

from tests.collector.workflows.tools import logins, one, steps

URL = "https://nuget.pkg.github.com/acme"
KEY = "NUGET_KEY: '${{ secrets.PAT }}'"


@pytest.mark.parametrize(
    "text",
    [
        f"- uses: brandedoutcast/publish-nuget@v2\n  with: {{{KEY}}}\n",
        f"- uses: alirezanet/publish-nuget@v3\n  with: {{{KEY}, NUGET_SOURCE: 'https://api.nuget.org'}}\n",
        "- uses: nuget/setup-nuget@v2\n  with: {nuget-api-key: '${{ secrets.PAT }}'}\n",
        f"- uses: alirezanet/publish-nuget@v3\n  with: {{NUGET_SOURCE: '{URL}'}}\n",
    ],
)
def test_another_source_or_no_key_is_none(text: str) -> None:
    assert not logins(steps(text))


@pytest.mark.parametrize(
    "text",
    [
        f"- uses: brandedoutcast/publish-nuget@v2\n  with: {{{KEY}, NUGET_SOURCE: '{URL}'}}\n",
        (
            "- uses: nuget/setup-nuget@v2\n  with: {nuget-api-key: '${{ secrets.PAT }}',"
            f" nuget-api-key-source: '{URL}'}}\n"
        ),
        (
            "- uses: tanaka-takayoshi/nuget-publish-to-github-packages-action@v2\n"
            "  with: {token: '${{ secrets.PAT }}'}\n"
        ),
    ],
)
def test_a_key_for_github_is_a_login(text: str) -> None:
    row = one(steps(text))
    assert (row.registry, row.credential_name) == ("nuget", "PAT")
