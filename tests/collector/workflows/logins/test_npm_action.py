"""Actions that publish to an npm registry or write an .npmrc for one."""

import pytest

from tests.collector.workflows.tools import logins, one, steps

URL = "https://npm.pkg.github.com"


@pytest.mark.parametrize(
    "text",
    [
        "- uses: JS-DevTools/npm-publish@v3\n  with: {token: '${{ secrets.X }}'}\n",
        (
            "- uses: JS-DevTools/npm-publish@v3\n"
            "  with: {token: '${{ secrets.X }}', registry: 'https://registry.npmjs.org'}\n"
        ),
        f"- uses: JS-DevTools/npm-publish@v3\n  with: {{registry: '{URL}'}}\n",
        "- uses: changesets/action@v1\n  env: {NPM_TOKEN: '${{ secrets.X }}'}\n",
        "- uses: cycjimmy/semantic-release-action@v4\n  env: {NPM_TOKEN: '${{ secrets.X }}'}\n",
        (
            "- uses: FerLuisxd/create-npmrc@v3\n"
            "  with: {registry: 'https://registry.npmjs.org'}\n  env: {AUTH_TOKEN: '${{ secrets.X }}'}\n"
        ),
    ],
)
def test_npms_own_registry_or_no_token_is_none(text: str) -> None:
    assert not logins(steps(text))


@pytest.mark.parametrize(
    "text",
    [
        (
            "- uses: JS-DevTools/npm-publish@v3\n"
            f"  with: {{token: '${{{{ secrets.PAT }}}}', registry: '{URL}'}}\n"
        ),
        "- uses: FerLuisxd/create-npmrc@v3\n  env: {AUTH_TOKEN: '${{ secrets.PAT }}'}\n",
        (
            f"- uses: actions/setup-node@v4\n  with: {{registry-url: '{URL}'}}\n"
            "- uses: cycjimmy/semantic-release-action@v4\n  env: {NPM_TOKEN: '${{ secrets.PAT }}'}\n"
        ),
        (
            "- uses: borales/actions-yarn@v4\n  with: {cmd: install, auth-token: '${{ secrets.PAT }}',"
            f" registry-url: '{URL}'}}\n"
        ),
        (
            "- uses: mikeal/merge-release@master\n  env: {NPM_AUTH_TOKEN: '${{ secrets.PAT }}',"
            " NPM_REGISTRY_URL: npm.pkg.github.com}\n"
        ),
    ],
)
def test_github_with_a_token_is_a_login(text: str) -> None:
    row = one(steps(text))
    assert (row.registry, row.credential_name) == ("npm", "PAT")
