"""Registry tokens in build arguments and build secrets."""

import pytest

from tests.collector.workflows.tools import logins, one, steps

SETUP = "- run: npm config set @acme:registry https://npm.pkg.github.com\n"


def action(line: str, given: str = "build-args", before: str = "") -> str:
    """Return a build with one entry."""
    return steps(
        f"{before}- uses: docker/build-push-action@v6\n  with:\n    {given}: |\n      {line}\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        "GITHUB_TOKEN=${{ secrets.GITHUB_TOKEN }}",
        "NPM_TOKEN=${{ secrets.NPM_TOKEN }}",
        "NPM_VERSION=${{ secrets.GITHUB_TOKEN }}",
        "VERSION=1.2.3",
        "API_TOKEN=${{ secrets.API }}",
        "NODE_AUTH_TOKEN=",
        "GITHUB_NPM_TOKEN=none",
    ],
)
def test_what_no_sign_ties_to_github_packages_is_none(line: str) -> None:
    assert not logins(action(line))


def test_a_public_registry_beside_githubs_leaves_it_open() -> None:
    both = SETUP + "- run: npm ping --registry https://registry.npmjs.org\n"
    assert not logins(action("NPM_TOKEN=${{ secrets.NPM_TOKEN }}", before=both))


@pytest.mark.parametrize(
    ("line", "registry", "credential"),
    [
        ("NPM_TOKEN=${{ secrets.GITHUB_TOKEN }}", "npm", "github_token"),
        ("NODE_AUTH_TOKEN=${{ github.token }}", "npm", "github_token"),
        ("GITHUB_NPM_TOKEN=${{ secrets.PKG }}", "npm", "pat"),
        ("NUGET_TOKEN=${{ secrets.GITHUB_TOKEN }}", "nuget", "github_token"),
        ("BUNDLE_RUBYGEMS__PKG__GITHUB__COM=x:${{ secrets.PKG }}", "rubygems", "pat"),
        ("npmrc=//npm.pkg.github.com/:_authToken=${{ secrets.PKG }}", "npm", "pat"),
    ],
)
@pytest.mark.parametrize("given", ["build-args", "secrets"])
def test_an_entry_with_a_sign_is_a_login(
    line: str, registry: str, credential: str, given: str
) -> None:
    row = one(action(line, given))
    assert (row.registry, row.credential, row.line) == (registry, credential, 9)


def test_the_jobs_own_host_is_a_sign() -> None:
    row = one(action("NPM_TOKEN=${{ secrets.NPM_TOKEN }}", before=SETUP))
    assert (row.registry, row.credential_name) == ("npm", "NPM_TOKEN")


@pytest.mark.parametrize(
    "command",
    [
        "docker build --build-arg NPM_TOKEN=$NPM_TOKEN .",
        "docker build --build-arg NPM_TOKEN .",
        "docker buildx build --secret id=npm_token,env=NPM_TOKEN -t x .",
        "docker build --secret id=NPM_TOKEN .",
        "docker build --build-arg 'RC=//npm.pkg.github.com/:_authToken=${{ github.token }}' .",
        "podman build --build-arg=NODE_AUTH_TOKEN=${{ secrets.GITHUB_TOKEN }} .",
    ],
)
def test_a_commands_options_are_read(command: str) -> None:
    env = "  env: {NPM_TOKEN: '${{ secrets.GITHUB_TOKEN }}'}\n"
    row = one(steps(f"- run: {command}\n{env}"))
    assert (row.registry, row.credential) == ("npm", "github_token")


@pytest.mark.parametrize(
    "command",
    [
        "docker run --secret id=NPM_TOKEN x",
        "docker build --secret id=npmrc,src=.npmrc .",
        "echo docker build --build-arg NPM_TOKEN=$NPM_TOKEN .",
        "docker build --build-arg NPM_TOKEN=$OTHER .",
    ],
)
def test_a_command_that_carries_no_token_is_none(command: str) -> None:
    env = "  env: {NPM_TOKEN: '${{ secrets.GITHUB_TOKEN }}', OTHER: '${{ secrets.X }}'}\n"
    assert not logins(steps(f"- run: {command}\n{env}"))


def test_a_secret_from_an_environment_variable_is_followed() -> None:
    text = steps(
        """
        - uses: docker/build-push-action@v6
          env: {TOKEN: "${{ secrets.GITHUB_TOKEN }}"}
          with:
            secret-envs: npm_token=TOKEN
        """
    )
    assert one(text).registry == "npm"
