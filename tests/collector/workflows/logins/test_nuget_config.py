"""A nuget.config with a password."""

import pytest

from tests.collector.workflows.tools import logins, one, pairs, steps

URL = "https://nuget.pkg.github.com/acme/index.json"
PAT = "${{ secrets.PAT }}"


def config(name: str, url: str, password: str) -> str:
    """Return a nuget.config on one line."""
    return (
        f'<configuration><packageSources><add key="{name}" value="{url}" /></packageSources>'
        f'<packageSourceCredentials><{name}><add key="Username" value="bot" />'
        f'<add key="ClearTextPassword" value="{password}" /></{name}></packageSourceCredentials>'
        "</configuration>"
    )


def heredoc(text: str, tail: str = "") -> str:
    """Return a step that writes a nuget.config."""
    return steps(f"- run: |\n    cat > nuget.config <<'EOF'\n    {text}\n    EOF\n{tail}")


@pytest.mark.parametrize(
    "text",
    [
        config("acme", "https://nuget.acme.com", PAT),
        config("github", URL, ""),
        config("github", URL, "secret"),
        f'<packageSources><add key="github" value="{URL}" /></packageSources>',
    ],
)
def test_another_source_or_no_password_is_none(text: str) -> None:
    assert not logins(heredoc(text))


def test_a_source_of_github_is_a_login() -> None:
    assert pairs(heredoc(config("acme", URL, PAT))) == {("nuget", "pat", "PAT", 8)}


def test_a_variable_is_read_by_the_steps_behind() -> None:
    tail = "- run: dotnet restore\n  env: {GH: '${{ secrets.PAT }}'}\n"
    assert one(heredoc(config("acme", URL, "%GH%"), tail)).credential_name == "PAT"


def test_api_keys_stand_by_their_address() -> None:
    text = f'<configuration><apikeys><add key="{URL}" value="{PAT}" /></apikeys></configuration>'
    assert one(heredoc(text)).credential_name == "PAT"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("github", 1), ("Acme_x0020_GitHub", 1), ("nuget_org", 0), ("acme", 0)],
)
def test_the_variable_of_a_source_is_told_by_its_name(name: str, expected: int) -> None:
    text = steps(
        "- run: dotnet restore\n  env:\n"
        f"    NuGetPackageSourceCredentials_{name}: Username=bot;Password={PAT}\n"
    )
    assert len(logins(text)) == expected


def test_the_variable_of_a_source_that_a_step_added_is_told_by_its_address() -> None:
    text = steps(
        f"- run: dotnet nuget add source {URL} -n acme\n"
        "- run: dotnet restore\n  env:\n"
        f"    NuGetPackageSourceCredentials_acme: Username=bot;Password={PAT}\n"
    )
    assert pairs(text) == {("nuget", "pat", "PAT", 9)}


@pytest.mark.parametrize(
    ("password", "expected"), [("%GITHUB_TOKEN%", "unknown"), ("ghp_" + "a1B2" * 9, "literal")]
)
def test_a_committed_file_is_a_login_of_no_job(password: str, expected: str) -> None:
    row = one(config("github", URL, password), path="src/NuGet.Config")
    assert (row.job, row.registry, row.credential, row.line) == ("", "nuget", expected, 1)
