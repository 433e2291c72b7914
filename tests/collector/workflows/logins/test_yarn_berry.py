"""Yarn 2 and later."""

import pytest

from tests.collector.workflows.tools import logins, one, steps

URL = "https://npm.pkg.github.com"


@pytest.mark.parametrize(
    "text",
    [
        "- run: yarn config set npmRegistryServer https://npm.pkg.github.com\n",
        "- run: yarn config set npmAuthToken ${{ secrets.X }}\n",
        (
            "- run: yarn config set npmRegistryServer https://registry.npmjs.org && "
            "yarn config set npmAuthToken ${{ secrets.X }}\n"
        ),
        (
            "- run: yarn config set 'npmRegistries[\"//registry.npmjs.org\"].npmAuthToken' "
            "${{ secrets.X }}\n"
        ),
        "- run: yarn npm publish\n  env: {YARN_NPM_AUTH_TOKEN: '${{ secrets.X }}'}\n",
    ],
)
def test_another_registry_or_none_is_none(text: str) -> None:
    assert not logins(steps(text))


@pytest.mark.parametrize(
    "text",
    [
        (
            f"- run: |\n    yarn config set npmRegistryServer {URL}\n"
            "    yarn config set npmAuthToken ${{ secrets.PAT }}\n"
        ),
        (
            f"- run: yarn config set npmScopes.acme.npmRegistryServer {URL}\n"
            "- run: yarn config set npmScopes.acme.npmAuthToken $T\n  env: {T: '${{ secrets.PAT }}'}\n"
        ),
        f"- run: yarn config set 'npmRegistries[\"{URL}\"].npmAuthToken' ${{{{ secrets.PAT }}}}\n",
        (
            "- run: yarn npm publish\n  env:\n    YARN_NPM_AUTH_TOKEN: ${{ secrets.PAT }}\n"
            f"    YARN_NPM_REGISTRY_SERVER: {URL}\n"
        ),
        (
            "- run: |\n    cat <<EOF >> .yarnrc.yml\n    npmScopes:\n      acme:\n"
            f'        npmRegistryServer: "{URL}"\n'
            '        npmAuthToken: "${{ secrets.PAT }}"\n    EOF\n'
        ),
        (
            "- run: |\n    cat <<EOF > .yarnrc.yml\n    npmRegistries:\n"
            f'      "{URL}":\n        npmAlwaysAuth: true\n        npmAuthToken: $T\n    EOF\n'
            "  env: {T: '${{ secrets.PAT }}'}\n"
        ),
    ],
)
def test_every_way_to_say_it_is_a_login(text: str) -> None:
    row = one(steps(text))
    assert (row.registry, row.credential_name) == ("npm", "PAT")


def test_a_committed_file_is_a_login_for_its_own_blocks_registry() -> None:
    text = (
        "npmScopes:\n  acme:\n"
        f"    npmRegistryServer: '{URL}'\n    npmAuthToken: '${{NODE_AUTH_TOKEN:-}}'\n"
        "  other:\n    npmRegistryServer: 'https://registry.npmjs.org'\n"
        "    npmAuthToken: '${NPM_TOKEN}'\n"
    )
    row = one(text, path=".yarnrc.yml")
    assert (row.line, row.credential, row.credential_name) == (4, "unknown", "env.NODE_AUTH_TOKEN")
