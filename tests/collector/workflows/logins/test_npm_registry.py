"""npm told of a registry by itself, with the token in the environment."""

import pytest

from tests.collector.workflows.tools import logins, one, pairs, steps

URL = "https://npm.pkg.github.com"
TOKEN = "  env: {NODE_AUTH_TOKEN: '${{ secrets.PAT }}'}\n"


@pytest.mark.parametrize(
    "text",
    [
        f"- run: npm publish --registry=https://registry.npmjs.org\n{TOKEN}",
        f"- run: npm publish\n{TOKEN}",
        f"- run: npm publish --registry={URL}\n",
        f"- run: npm config get registry && npm publish\n{TOKEN}",
        f"- run: npm publish --registry={URL}\n- run: npm publish\n{TOKEN}",
        f"- run: npm config set registry {URL}\n- run: make deploy\n{TOKEN}",
        f"- run: npm publish --registry={URL}\n  env: {{GITHUB_TOKEN: '${{{{ secrets.X }}}}'}}\n",
        # The .npmrc of the same job says whose the token is.
        (
            f"- run: npm config set @acme:registry {URL}\n"
            "- run: echo '//registry.npmjs.org/:_authToken=${NODE_AUTH_TOKEN}' > .npmrc\n"
            f"- run: npm publish\n{TOKEN}"
        ),
    ],
)
def test_no_registry_or_no_token_for_it_is_none(text: str) -> None:
    assert not logins(steps(text))


@pytest.mark.parametrize(
    "text",
    [
        f"- run: npm publish --registry={URL}\n{TOKEN}",
        f"- run: npm publish --registry {URL} --access public\n{TOKEN}",
        f"- run: npm publish --@acme:registry={URL}\n{TOKEN}",
        f"- run: npm config set @acme:registry {URL}\n- run: npm ci\n{TOKEN}",
        f"- run: npm config set registry={URL} && npm ci\n{TOKEN}",
        f'- run: echo "@acme:registry={URL}" >> .npmrc\n- run: yarn install\n{TOKEN}',
        f"- run: yarn\n  env: {{NPM_CONFIG_REGISTRY: '{URL}', NPM_TOKEN: '${{{{ secrets.PAT }}}}'}}\n",
        f"- run: npm config set registry {URL} && npm config set _authToken ${{{{ secrets.PAT }}}}\n",
        f"- run: NODE_AUTH_TOKEN=x; export NODE_AUTH_TOKEN=${{{{ secrets.PAT }}}}; npm publish --registry {URL}\n",
    ],
)
def test_a_registry_with_a_token_is_a_login(text: str) -> None:
    row = one(steps(text))
    assert (row.registry, row.credential, row.credential_name) == ("npm", "pat", "PAT")


def test_the_jobs_token_by_its_own_name_is_read_by_a_committed_file() -> None:
    text = (
        f"- run: npm publish --registry={URL}\n  env: {{GITHUB_TOKEN: '${{{{ github.token }}}}'}}\n"
    )
    assert {p[1] for p in pairs(steps(text))} == {"github_token"}


def test_setup_node_tells_its_own_logins() -> None:
    text = (
        f"- uses: actions/setup-node@v4\n  with: {{registry-url: '{URL}'}}\n"
        f"- run: npm publish --registry={URL}\n{TOKEN}"
    )
    assert one(steps(text)).form == "setup-node"
