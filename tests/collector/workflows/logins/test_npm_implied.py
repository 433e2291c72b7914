"""npm with a token for an .npmrc that lies in the repository."""

import pytest

from tests.collector.workflows.tools import logins, one

INSTALL = "- run: npm ci\n"
TOKEN = "{NODE_AUTH_TOKEN: '${{ github.token }}'}"


def job(step: str, env: str, permissions: str = "{packages: read}") -> str:
    """Return a job that asks for packages."""
    return (
        f"on: push\njobs:\n  build:\n    permissions: {permissions}\n    steps:\n"
        f"      - run: {step}\n        env: {env}\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        job("npm ci", TOKEN, "{contents: read}"),
        job("npm ci", "{NODE_AUTH_TOKEN: '${{ secrets.NPM_TOKEN }}'}"),
        job("docker build .", TOKEN),
        job("npm ci && docker build .", TOKEN),
        job("npx semantic-release", "{GITHUB_TOKEN: '${{ github.token }}'}"),
        job("npm publish", "{GITHUB_TOKEN: '${{ github.token }}'}"),
        job("npm ci", "{GITHUB_TOKEN: '${{ secrets.PAT }}'}"),
        job("npm publish --registry=https://registry.npmjs.org", TOKEN),
    ],
)
def test_without_a_sign_of_packages_it_is_none(text: str) -> None:
    assert not logins(text)


@pytest.mark.parametrize(
    ("text", "credential"),
    [
        (job("npm ci", TOKEN), "github_token"),
        (job("yarn", TOKEN), "github_token"),
        (job("pnpm install", "{GITHUB_TOKEN: '${{ github.token }}'}"), "github_token"),
        (job("npm ci", "{NODE_AUTH_TOKEN: '${{ secrets.GPR_TOKEN }}'}", "{}"), "pat"),
        (job("npm ci", "{NPM_TOKEN: '${{ secrets.GH_PACKAGES_PAT }}'}", "{}"), "pat"),
    ],
)
def test_rights_or_a_secrets_name_say_what_is_meant(text: str, credential: str) -> None:
    row = one(text)
    assert (row.registry, row.credential) == ("npm", credential)
