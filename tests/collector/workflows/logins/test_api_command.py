"""`gh api`, `curl` and their like at the packages API."""

import pytest

from tests.collector.workflows.tools import logins, one, steps

ENV = {"GH_TOKEN": "${{ secrets.CLEANER }}"}


def run(command: str, *, shell: str = "bash") -> str:
    """Return a workflow with one command on line 9 and CLEANER in GH_TOKEN."""
    return steps(f"- shell: {shell}\n  run: |\n    {command}", env=ENV)


@pytest.mark.parametrize(
    "command",
    [
        "gh api /orgs/acme/packages/npm/x/versions",
        "gh api -X DELETE /repos/acme/app/git/refs/heads/old",
        "gh api -X POST /orgs/acme/packages/npm/x",
        "# gh api -X DELETE /orgs/acme/packages/npm/x",
        "echo gh api -X DELETE /orgs/acme/packages/npm/x",
        'echo "curl -X DELETE https://api.github.com/orgs/acme/packages/npm/x"',
        "curl -X DELETE https://gitlab.example/api/v4/projects/1/packages/3",
        "curl -X DELETE https://gitlab.example/orgs/acme/packages/npm/x",
        "curl https://api.github.com/orgs/acme/packages/npm/x",
        "rm -rf packages/app && gh release delete v1",
        "npm run delete --prefix packages/app",
        "gh api graphql -f query='query { viewer { login } }' # deletePackageVersion",
    ],
)
def test_what_deletes_no_package_is_none(command: str) -> None:
    assert not logins(run(command))


@pytest.mark.parametrize(
    "command",
    [
        "gh api -X DELETE /orgs/acme/packages/container/app/versions/1",
        "gh api --method DELETE -H 'Accept: x' \"/users/me/packages/npm/${NAME}/versions/$ID\"",
        "gh api --method=delete user/packages/nuget/x",
        "gh api -XDELETE orgs/${{ github.repository_owner }}/packages/maven/a.b/versions/${{ inputs.v }}",
        "echo $IDS | xargs -I{} gh api -X DELETE /orgs/acme/packages/npm/x/versions/{}",
        "for id in $IDS; do gh api -X DELETE $BASE/packages/container/x/versions/$id; done",
        "U=/orgs/acme/packages/npm/x; gh api -X DELETE $U/versions/1",
        "gh api graphql -f query='mutation { deletePackageVersion(input: {packageVersionId: \"1\"}) { success } }'",
    ],
)
def test_gh_deletes_with_the_token_of_its_environment(command: str) -> None:
    row = one(run(command))
    assert (row.registry, row.operation, row.host) == ("api", "delete", "api.github.com")
    assert (row.credential, row.credential_name, row.line, row.use_line) == (
        "pat",
        "CLEANER",
        3,
        10,
    )


@pytest.mark.parametrize(
    "command",
    [
        'curl -X DELETE -H "Authorization: Bearer $GH_TOKEN" https://api.github.com/orgs/a/packages/npm/x',
        'curl -sSfX DELETE -H "Authorization: token ${GH_TOKEN}" $GITHUB_API_URL/user/packages/npm/x',
        "curl --request DELETE -u me:$GH_TOKEN https://api.github.com/users/me/packages/npm/x",
        'H="Authorization: Bearer $GH_TOKEN"; curl -XDELETE -H "$H" https://api.github.com/user/packages/npm/x',
        'wget --method=DELETE --header="Authorization: Bearer $GH_TOKEN" https://api.github.com/user/packages/npm/x',
        (
            'curl -X POST -H "Authorization: Bearer $GH_TOKEN" https://api.github.com/graphql '
            '-d \'{"query": "mutation { deletePackageVersion(input: {}) { success } }"}\''
        ),
    ],
)
def test_curl_deletes_with_the_token_of_its_header(command: str) -> None:
    row = one(run(command))
    assert (row.registry, row.operation, row.credential_name) == ("api", "delete", "CLEANER")


def test_a_post_to_restore_restores() -> None:
    row = one(run("gh api -X POST /orgs/acme/packages/npm/x/versions/3/restore"))
    assert row.operation == "restore"


def test_each_command_is_a_login_of_its_own() -> None:
    command = "gh api -X DELETE /orgs/a/packages/npm/x"
    assert len(logins(run(f"{command}\n    {command}"))) == 2


def test_what_the_script_exports_comes_before_nothing_else_is_known() -> None:
    row = one(
        steps(
            """
            - run: |
                export GH_TOKEN=${{ secrets.OTHER }}
                gh api -X DELETE /orgs/acme/packages/npm/x
            """
        )
    )
    assert (row.credential_name, row.line) == ("OTHER", 8)


def test_gh_auth_login_of_an_earlier_step_counts() -> None:
    row = one(
        steps(
            """
            - run: echo "${{ secrets.EARLIER }}" | gh auth login --with-token
            - run: gh api -X DELETE /orgs/acme/packages/npm/x
            """
        )
    )
    assert row.credential_name == "EARLIER"


def test_a_deletion_without_a_known_token_is_unknown_with_a_reason() -> None:
    row = one(steps("- run: gh api -X DELETE /orgs/acme/packages/npm/x"))
    assert (row.credential, row.reason_code) == ("unknown", "unresolved_expression")


def test_powershell_finds_the_header_of_another_line() -> None:
    script = (
        '$h = @{ Authorization = "Bearer $env:GH_TOKEN" }\n'
        "    Invoke-RestMethod -Method Delete -Headers $h"
        ' -Uri "https://api.github.com/orgs/acme/packages/nuget/X/versions/$id"'
    )
    assert one(run(script, shell="pwsh")).credential_name == "CLEANER"


def test_a_loop_over_owners_and_repositories_deletes_where_an_owner_is() -> None:
    text = run(
        "names=$(gh api /orgs/o/packages?package_type=npm || echo '')\n"
        "    for at in /orgs/o /repos/o/r; do\n"
        "      echo $ids | xargs -I {} gh api -X DELETE $at/packages/npm/$names/versions/{}\n"
        "    done"
    )
    assert one(text).credential_name == "CLEANER"
