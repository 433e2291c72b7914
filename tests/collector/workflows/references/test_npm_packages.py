"""npm packages that are published and installed."""

import pytest

from tests.collector.workflows.tools import logins, references, steps

SETUP = "- uses: actions/setup-node@v4\n  with: {registry-url: '%s'%s}\n"
GITHUB = SETUP % ("https://npm.pkg.github.com", ", scope: '@acme'")


@pytest.mark.parametrize(
    "text",
    [
        "- run: npm publish\n",
        SETUP % ("https://registry.npmjs.org", "") + "- run: npm publish\n",
        GITHUB + "- run: echo npm publish\n",
        GITHUB + "- run: npm run build\n",
        GITHUB + "- run: npm publish --dry-run\n",
        GITHUB + "- run: npm install -g typescript\n",
        GITHUB + "- run: npm publish --registry https://registry.npmjs.org\n",
    ],
)
def test_another_registry_or_no_package_is_none(text: str) -> None:
    assert not references(steps(text))


@pytest.mark.parametrize(
    "command",
    [
        "npm publish",
        "yarn publish",
        "pnpm publish --no-git-checks",
        "npx lerna publish",
        "yarn npm publish",
    ],
)
def test_what_is_published_has_the_scope_of_the_registry(command: str) -> None:
    (row,) = references(steps(GITHUB + f"- run: {command}\n"))
    assert (row.kind, row.operation, row.registry) == ("npm_publish", "push", "npm")
    assert (row.namespace, row.name, row.resolved) == ("acme", "*", False)


def test_a_named_package_of_the_scope_is_pulled() -> None:
    (row,) = references(steps(GITHUB + "- run: npm install @acme/lib@1.2 @other/lib\n"))
    assert (row.operation, row.namespace, row.name, row.resolved) == ("pull", "acme", "lib", True)


def test_a_registry_option_counts_before_anything_else() -> None:
    (row,) = references(steps("- run: npm publish --registry=https://npm.pkg.github.com\n"))
    assert (row.host, row.namespace) == ("npm.pkg.github.com", "acme")


def test_a_publishing_action_publishes() -> None:
    (row,) = references(
        steps(
            "- {uses: JS-DevTools/npm-publish@v3, with: {registry: 'https://npm.pkg.github.com'}}"
        )
    )
    assert (row.kind, row.operation) == ("npm_publish", "push")


def test_the_login_of_a_job_that_publishes_pushes() -> None:
    step = "- run: npm publish\n  env: {NODE_AUTH_TOKEN: '${{ secrets.P }}'}\n"
    assert [row.operation for row in logins(steps(GITHUB + step))] == ["push"]
