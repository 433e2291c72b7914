"""`npm login` and the tools that do it without a terminal."""

import pytest

from tests.collector.workflows.tools import logins, one, steps

URL = "https://npm.pkg.github.com"


@pytest.mark.parametrize(
    "script",
    [
        f"npm login --registry={URL}",
        "npm login --registry=https://registry.npmjs.org <<< 'a'",
        "npx npm-cli-login -u bot -p ${{ secrets.PAT }} -e a@b.c",
        f"npx npm-cli-login -u bot -p x -e a@b.c -r {URL}",
        f"echo npm login --registry={URL} ${{{{ secrets.PAT }}}}",
    ],
)
def test_without_a_registry_or_an_answer_it_is_none(script: str) -> None:
    assert not logins(steps(f"- run: |\n    {script}\n"))


@pytest.mark.parametrize(
    "script",
    [
        f"npm-cli-login -u bot -p ${{{{ secrets.PAT }}}} -e a@b.c -r {URL}",
        f"npx npm-cli-login@1.0 -u bot -p ${{{{ secrets.PAT }}}} -e ${{{{ secrets.MAIL }}}} -r {URL} -s @acme",
        f'printf "bot\\n${{{{ secrets.PAT }}}}\\n${{{{ secrets.MAIL }}}}\\n" | npm login --registry={URL}',
        f'echo -e "bot\\n$T\\na@b.c" | npm adduser --scope=@acme --registry {URL}',
        f"npm login --registry {URL} <<EOF\n    bot\n    $T\n    a@b.c\n    EOF",
        f"NPM_USER=bot NPM_PASS=$T NPM_EMAIL=a NPM_REGISTRY={URL} npx npm-cli-login",
    ],
)
def test_the_answer_is_the_credential(script: str) -> None:
    row = one(steps(f"- run: |\n    {script}\n  env: {{T: '${{{{ secrets.PAT }}}}'}}\n"))
    assert (row.registry, row.credential_name) == ("npm", "PAT")
