"""setup-dotnet with a source."""

import pytest

from tests.collector.workflows.tools import logins, one, pairs, steps

URL = "https://nuget.pkg.github.com/acme/index.json"


@pytest.mark.parametrize(
    "text",
    [
        "- uses: actions/setup-dotnet@v4\n  env: {NUGET_AUTH_TOKEN: '${{ secrets.X }}'}\n",
        f"- uses: actions/setup-dotnet@v4\n  with: {{source-url: '{URL}'}}\n",
        (
            "- uses: actions/setup-dotnet@v4\n  with: {source-url: 'https://nuget.acme.com'}\n"
            "  env: {NUGET_AUTH_TOKEN: '${{ secrets.X }}'}\n"
        ),
    ],
)
def test_another_source_or_no_token_is_none(text: str) -> None:
    assert not logins(steps(text))


def test_the_step_with_the_token_is_a_login() -> None:
    text = (
        f"- uses: actions/setup-dotnet@v4\n  with:\n    source-url: {URL}\n"
        "  env:\n    NUGET_AUTH_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n- run: dotnet nuget push a.nupkg\n"
    )
    assert pairs(steps(text)) == {("nuget", "github_token", "GITHUB_TOKEN", 10)}


def test_a_later_step_with_a_token_of_its_own_is_another() -> None:
    text = (
        f"- uses: actions/setup-dotnet@v4\n  with: {{source-url: '{URL}'}}\n"
        "  env: {NUGET_AUTH_TOKEN: '${{ secrets.A }}'}\n"
        "- run: dotnet nuget push a.nupkg\n  env: {NUGET_AUTH_TOKEN: '${{ secrets.B }}'}\n"
    )
    assert {p[2] for p in pairs(steps(text))} == {"A", "B"}


@pytest.mark.parametrize(
    ("secret", "expected"),
    [("secrets.GPR_TOKEN", 1), ("github.token", 0), ("secrets.NUGET", 0)],
)
def test_a_committed_file_reads_the_variable_too(secret: str, expected: int) -> None:
    text = f"- run: dotnet restore\n  env: {{NUGET_AUTH_TOKEN: '${{{{ {secret} }}}}'}}\n"
    assert len(logins(steps(text))) == expected


def test_the_jobs_variable_counts_once() -> None:
    text = steps(
        f"- uses: actions/setup-dotnet@v4\n  with: {{source-url: '{URL}'}}\n- run: dotnet restore\n",
        env={"NUGET_AUTH_TOKEN": "${{ secrets.A }}"},
    )
    assert one(text).line == 3
