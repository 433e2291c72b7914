"""setup-node with a registry, and the steps that have its token."""

import pytest

from tests.collector.workflows.tools import one, pairs, steps

GITHUB = "https://npm.pkg.github.com"


def job(first: str, rest: str) -> str:
    """Return a workflow whose first step is setup-node with these inputs."""
    return steps(f"- uses: actions/setup-node@v4\n  with: {{node-version: 20{first}}}\n{rest}")


@pytest.mark.parametrize(
    ("inputs", "rest"),
    [
        ("", "- run: npm publish\n  env: {NODE_AUTH_TOKEN: '${{ secrets.X }}'}\n"),
        (
            ", registry-url: 'https://registry.npmjs.org'",
            "- run: npm publish\n  env: {NODE_AUTH_TOKEN: '${{ secrets.X }}'}\n",
        ),
        (f", registry-url: '{GITHUB}'", "- run: npm ci\n"),
        (f", registry-url: '{GITHUB}'", "- run: npm ci\n  env: {NODE_AUTH_TOKEN: ''}\n"),
        (f", registry-url: '{GITHUB}'", "- run: npm ci\n  env: {NODE_AUTH_TOKEN: dummy}\n"),
        (f", registry-url: '{GITHUB}'", "- run: npm ci\n  env: {NPM_TOKEN: '${{ secrets.X }}'}\n"),
        (
            f", registry-url: '{GITHUB}'",
            (
                "- uses: actions/setup-node@v4\n  with: {registry-url: 'https://registry.npmjs.org'}\n"
                "- run: npm publish\n  env: {NODE_AUTH_TOKEN: '${{ secrets.X }}'}\n"
            ),
        ),
    ],
)
def test_another_registry_or_no_token_is_none(inputs: str, rest: str) -> None:
    assert not pairs(job(inputs, rest))


def test_each_step_with_the_token_is_a_login() -> None:
    rest = (
        "- run: npm ci\n  env:\n    NODE_AUTH_TOKEN: ${{ secrets.READ }}\n"
        "- run: npm publish\n  env:\n    NODE_AUTH_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n"
    )
    assert pairs(job(f", registry-url: '{GITHUB}'", rest)) == {
        ("npm", "pat", "READ", 10),
        ("npm", "github_token", "GITHUB_TOKEN", 13),
    }


def test_a_token_that_the_script_exports_is_a_login() -> None:
    rest = "- run: |\n    export NODE_AUTH_TOKEN=${{ secrets.X }}\n    npm publish\n"
    assert one(job(f", registry-url: '{GITHUB}'", rest)).credential_name == "X"


def test_semantic_release_takes_npm_token_for_the_registry_that_is_set_up() -> None:
    rest = "- run: npx semantic-release\n  env: {NPM_TOKEN: '${{ secrets.X }}'}\n"
    assert one(job(f", registry-url: '{GITHUB}'", rest)).credential_name == "X"


def test_registry_and_token_of_one_matrix_row_belong_together() -> None:
    text = """\
    on: push
    jobs:
      publish:
        strategy:
          matrix:
            include:
              - {url: 'https://registry.npmjs.org', token: NPM_TOKEN}
              - {url: 'https://npm.pkg.github.com', token: GH_PAT}
        steps:
          - uses: actions/setup-node@v4
            with:
              registry-url: ${{ matrix.url }}
          - run: npm publish
            env:
              NODE_AUTH_TOKEN: ${{ secrets[matrix.token] }}
    """
    assert {(p[0], p[2]) for p in pairs(text)} == {("npm", "GH_PAT")}


def test_a_fallback_to_the_jobs_token_is_a_pat_all_the_same() -> None:
    rest = "- run: npm ci\n  env: {NODE_AUTH_TOKEN: '${{ secrets.PAT || secrets.GITHUB_TOKEN }}'}\n"
    row = one(job(f", registry-url: '{GITHUB}'", rest))
    assert (row.credential, row.fallback) == ("pat", True)


def test_bun_reads_a_variable_of_its_own() -> None:
    text = steps(
        "- uses: oven-sh/setup-bun@v2\n"
        f"  with: {{registry-url: '{GITHUB}'}}\n"
        "  env: {BUN_AUTH_TOKEN: '${{ secrets.X }}'}\n"
        "- run: bun install\n"
    )
    assert one(text).credential_name == "X"


def test_another_action_that_takes_a_registry_is_like_it() -> None:
    text = steps(
        f"- uses: ./.github/actions/setup\n  with: {{registry-url: '{GITHUB}'}}\n"
        "- run: make install\n  env: {NODE_AUTH_TOKEN: '${{ secrets.X }}'}\n"
    )
    assert one(text).credential_name == "X"
    assert not pairs(text.replace(GITHUB, "ghcr.io"))


def test_a_composite_actions_caller_sets_the_token() -> None:
    text = (
        "description: NODE_AUTH_TOKEN must be set\nruns:\n  using: composite\n  steps:\n"
        "    - uses: actions/setup-node@v4\n"
        f"      with: {{registry-url: '{GITHUB}'}}\n"
        "    - run: npm ci\n      shell: bash\n"
    )
    row = one(text, path="action.yml")
    assert (row.credential, row.via) == ("unknown", "composite")


@pytest.mark.parametrize(("run", "pushes"), [("npm publish", True), ("npm ci", False)])
def test_a_step_that_publishes_pushes(run: str, pushes: bool) -> None:
    rest = f"- run: {run}\n  env: {{NODE_AUTH_TOKEN: '${{{{ secrets.X }}}}'}}\n"
    assert (one(job(f", registry-url: '{GITHUB}'", rest)).operation == "push") is pushes
