"""github-script, octokit actions and scripts in other languages that delete packages."""

import textwrap

import pytest

from tests.collector.workflows.tools import logins, one, steps


def script(text: str, token: str = "${{ secrets.CLEANER }}") -> str:
    """Return a workflow whose github-script is this text (line 10 on)."""
    head = f"- uses: actions/github-script@v7\n  with:\n    github-token: {token}\n    script: |\n"
    return steps(head + textwrap.indent(text, "      "))


@pytest.mark.parametrize(
    "text",
    [
        "await github.rest.packages.getPackageForOrganization({org})",
        "// await github.rest.packages.deletePackageVersionForOrg({org})",
        "/* await github.rest.packages.deletePackageForOrg({}) */",
        "await github.rest.repos.deleteRelease({}) // packages",
        "await github.request('GET /orgs/acme/packages/npm/x/versions')",
        "await github.request('DELETE /repos/acme/app/git/refs/x')",
        "const packages = require('./packages'); packages.deleteAll()",
    ],
)
def test_a_script_that_deletes_no_package_is_none(text: str) -> None:
    assert not logins(script(text))


@pytest.mark.parametrize(
    "text",
    [
        "await github.rest.packages.deletePackageVersionForOrg({org})",
        "await github.packages.deletePackageForAuthenticatedUser({})",
        "await github.request('DELETE /orgs/{org}/packages/{package_type}/{package_name}', {})",
        "await github.request(`DELETE /users/${user}/packages/container/${name}/versions/` + id)",
        'github.request("DELETE /${{ env.OWNER }}/packages/container/${{ env.NAME }}/versions/" + id)',
        "await github.graphql(`mutation { deletePackageVersion(input: {}) { success } }`)",
    ],
)
def test_a_script_deletes_with_the_actions_token(text: str) -> None:
    row = one(script(text))
    assert (row.registry, row.operation, row.credential_name, row.line) == (
        "api",
        "delete",
        "CLEANER",
        8,
    )


def test_without_an_input_it_is_the_jobs_token() -> None:
    row = one(
        steps(
            """
            - uses: actions/github-script@v7
              with:
                script: await github.rest.packages.deletePackageForOrg({})
            """
        )
    )
    assert (row.credential, row.implicit, row.line) == ("github_token", True, 7)


def test_a_client_of_its_own_has_a_token_of_its_own() -> None:
    row = one(
        script(
            "const kit = require('@actions/github').getOctokit('${{ secrets.OWN }}')\n"
            "await kit.rest.packages.deletePackageForOrg({})"
        )
    )
    assert (row.credential_name, row.line) == ("OWN", 10)


def test_two_calls_of_one_script_are_one_deletion_and_a_restoration_is_another() -> None:
    rows = logins(
        script(
            "await github.rest.packages.deletePackageForOrg({})\n"
            "await github.rest.packages.deletePackageVersionForOrg({})\n"
            "await github.rest.packages.restorePackageForOrg({})"
        )
    )
    assert sorted(row.operation for row in rows) == ["delete", "restore"]


def test_an_octokit_action_takes_its_route_and_the_environments_token() -> None:
    row = one(
        steps(
            """
            - uses: octokit/request-action@v2.x
              with:
                route: DELETE /orgs/{org}/packages/container/x
              env:
                GITHUB_TOKEN: ${{ secrets.ROUTED }}
            """
        )
    )
    assert (row.operation, row.credential_name) == ("delete", "ROUTED")


def test_python_and_node_read_their_token_from_the_environment() -> None:
    text = """
        - shell: python
          env:
            TOKEN: ${{ secrets.SNAKE }}
          run: |
            import os, requests
            token = os.environ["TOKEN"]
            headers = {"Authorization": f"Bearer {token}"}
            requests.delete(f"https://api.github.com/orgs/{org}/packages/npm/{p}/versions/{i}", headers=headers)
        - env:
            PKG_TOKEN: ${{ secrets.NODE }}
          run: |
            node -e "
              const o = new Octokit({ auth: process.env.PKG_TOKEN });
              o.rest.packages.deletePackageForOrg({})"
    """
    assert {row.credential_name for row in logins(steps(text))} == {"SNAKE", "NODE"}
