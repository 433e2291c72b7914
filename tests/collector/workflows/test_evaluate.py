"""What a credential and its host come to in one file: env, matrix, inputs, outputs, conditions."""

import textwrap
from typing import Any

import pytest

from collector.workflows.hosts import RegistryHosts
from tests.collector.workflows.tools import logins, one, pairs, steps

LOGIN = "- uses: docker/login-action@v3\n  with:\n    registry: {host}\n    password: {password}\n"


def login(host: str = "ghcr.io", password: str = "${{ secrets.PAT }}") -> str:
    return LOGIN.format(host=host, password=password)


def kinds(text: str, **options: Any) -> set[tuple[str, str, str]]:
    return {(r.host or "?", r.credential, r.credential_name) for r in logins(text, **options)}


def matrix(lines: str, *, host: str = "${{ matrix.host }}", password: str) -> str:
    head = "on: push\njobs:\n  a:\n    runs-on: x\n    strategy:\n      matrix:\n"
    body = textwrap.indent(textwrap.dedent(lines), "        ")
    return head + body + "    steps:\n" + textwrap.indent(login(host, password), "      ")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "''",
        "${{ '' }}",
        "${{ null }}",
        "${{ secrets.A && '' }}",
        "${{ false && secrets.A }}",
        "${{ inputs.none }}",
    ],
)
def test_an_empty_password_logs_nobody_in(password: str) -> None:
    assert logins(steps(login(password=password))) == ()


@pytest.mark.parametrize(
    "host",
    [
        "quay.io",
        "docker.io",
        "''",
        "ghcr.io.example.com",
        "notghcr.io",
        "${{ env.NONE }}x.io",
        "ghcr.iox",
    ],
)
def test_another_host_is_none_of_ours(host: str) -> None:
    assert logins(steps(login(host))) == ()


@pytest.mark.parametrize(
    ("host", "registry"),
    [
        ("ghcr.io", "container"),
        ("GHCR.IO", "container"),
        ("https://ghcr.io", "container"),
        ("ghcr.io/acme/app", "container"),
        ("docker.pkg.github.com", "docker"),
        ("${{ 'ghcr.io' }}", "container"),
        ("${{ format('{0}.{1}', 'ghcr', 'io') }}", "container"),
        ("gh${{ 'cr' }}.io", "container"),
    ],
)
def test_hosts_of_ours(host: str, registry: str) -> None:
    assert one(steps(login(host))).registry == registry


@pytest.mark.parametrize(
    ("password", "kind", "name"),
    [
        ("${{ secrets.PAT }}", "pat", "PAT"),
        ("${{ secrets['PAT'] }}", "pat", "PAT"),
        ("${{ SECRETS.Pat }}", "pat", "Pat"),
        ("${{ secrets.GITHUB_TOKEN }}", "github_token", "GITHUB_TOKEN"),
        ("${{ secrets.github_token }}", "github_token", "GITHUB_TOKEN"),
        ("${{ github.token }}", "github_token", "GITHUB_TOKEN"),
        ("${{ secrets.A || secrets.GITHUB_TOKEN }}", "pat", "A"),
        ("${{ secrets.GITHUB_TOKEN || secrets.A }}", "github_token", "GITHUB_TOKEN"),
        ("${{ github.ref == 'x' && secrets.A || github.token }}", "pat", "A"),
        ("${{ github.event_name == 'push' && github.token || secrets.A }}", "pat", "A"),
        ("${{ secrets.A || 'none' }}", "pat", "A"),
        ("${{ format('{0}', secrets.A) }}", "pat", "A"),
        ("${{ fromJSON(secrets.ALL).password }}", "pat", "ALL"),
        ("${{ secrets[format('{0}_PAT', 'APP')] }}", "pat", "APP_PAT"),
        ("${{ vars.TOKEN }}", "unknown", "vars.TOKEN"),
        ("${{ github.actor }}", "unknown", "github.actor"),
        ("${{ secrets[github.actor] }}", "unknown", "secrets[github.actor]"),
        ("hunter2", "literal", "literal"),
    ],
)
def test_what_kind_a_password_is(password: str, kind: str, name: str) -> None:
    row = one(steps(login(password=password)))
    assert (row.credential, row.credential_name) == (kind, name)


def test_all_branches_are_named_the_deciding_one_first() -> None:
    row = one(
        steps(login(password="${{ github.token || secrets.A }}").replace("github.token", "vars.X"))
    )
    assert row.sources == ("secrets.A", "vars.X")
    assert row.fallback


def test_layers_of_env_hide_each_other() -> None:
    text = """\
        on: push
        env: {A: "${{ secrets.OUTER }}", B: "${{ secrets.B }}"}
        jobs:
          a:
            runs-on: x
            env: {A: "${{ secrets.MIDDLE }}", C: "${{ env.B }}"}
            steps:
              - run: docker login ghcr.io -p $A
              - env: {A: "${{ secrets.INNER }}"}
                run: docker login ghcr.io -p $A
              - run: docker login ghcr.io -p $C
        """
    assert [(r.credential_name, r.line) for r in logins(text)] == [
        ("MIDDLE", 6),
        ("INNER", 9),
        ("B", 2),
    ]


def test_an_env_that_names_itself_ends() -> None:
    text = steps(login(password="${{ env.A }}"), env={"A": "${{ env.B }}", "B": "${{ env.A }}"})
    assert all(row.credential == "unknown" for row in logins(text))


def test_a_pat_in_an_env_called_github_token_is_a_pat() -> None:
    text = steps(
        "- run: echo $GITHUB_TOKEN | docker login ghcr.io -u x --password-stdin",
        env={"GITHUB_TOKEN": "${{ secrets.PAT }}"},
    )
    assert one(text).credential == "pat"


def test_the_jobs_token_in_an_env_called_pat_is_the_jobs() -> None:
    text = steps(
        "- run: echo $MY_PAT | docker login ghcr.io -u x --password-stdin",
        env={"MY_PAT": "${{ secrets.GITHUB_TOKEN }}"},
    )
    assert one(text).credential == "github_token"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("include:\n  - {host: ghcr.io, s: A}\n  - {host: quay.io, s: B}\n", {("ghcr.io", "pat", "A")}),
        ("host: [ghcr.io, quay.io]\ns: [A, B]\n", {("ghcr.io", "pat", "A"), ("ghcr.io", "pat", "B")}),
        ("host: [ghcr.io]\ns: [A, B]\nexclude:\n  - {s: A}\n", {("ghcr.io", "pat", "B")}),
        ("host: [ghcr.io]\ninclude:\n  - {host: ghcr.io, s: A}\n", {("ghcr.io", "pat", "A")}),
        ("host: [ghcr.io]\ninclude:\n  - {s: A}\n  - {host: docker.pkg.github.com, s: B}\n", {("ghcr.io", "pat", "A"), ("docker.pkg.github.com", "pat", "B")}),
        ("include: ${{ fromJSON('[{\"host\":\"ghcr.io\",\"s\":\"A\"}]') }}\n", {("ghcr.io", "pat", "A")}),
        ("host: ${{ fromJSON('[\"ghcr.io\", \"quay.io\"]') }}\ns: [A]\n", {("ghcr.io", "pat", "A")}),
        ("HOST: [ghcr.io]\nS: [A]\n", {("ghcr.io", "pat", "A")}),
    ],
)  # fmt: skip
def test_each_row_has_its_own_pair(rows: str, expected: set[tuple[str, str, str]]) -> None:
    assert kinds(matrix(rows, password="${{ secrets[matrix.s] }}")) == expected


def test_a_whole_matrix_in_json_has_rows_too() -> None:
    text = """\
        on: push
        jobs:
          a:
            runs-on: x
            strategy:
              matrix: ${{ fromJSON('{"include":[{"h":"ghcr.io","s":"A"},{"h":"quay.io","s":"B"}]}') }}
            steps:
              - run: docker login ${{ matrix.h }} -p ${{ secrets[matrix.s] }}
        """
    assert kinds(text) == {("ghcr.io", "pat", "A")}


def test_objects_in_cells_keep_together() -> None:
    rows = "r:\n  - {host: ghcr.io, s: A}\n  - {host: quay.io, s: B}\n"
    text = matrix(rows, host="${{ matrix.r.host }}", password="${{ secrets[matrix.r.s] }}")
    assert kinds(text) == {("ghcr.io", "pat", "A")}


def test_a_matrix_that_only_runs_know_is_unknown() -> None:
    text = matrix("include: ${{ fromJSON(needs.x.outputs.y) }}\n", password="${{ secrets.PAT }}")
    row = one(text)
    assert (row.host_resolved, row.credential_name, row.reason_code) == (
        False,
        "PAT",
        "unresolved_expression",
    )


DISPATCH = "on: {workflow_dispatch: {inputs: {host: {default: ghcr.io}, token: {}}}}\n"


def test_an_input_of_a_person_has_its_default_and_what_is_typed() -> None:
    text = steps(login("${{ inputs.host }}")).replace("on: push\n", DISPATCH)
    assert [(r.host, r.host_resolved) for r in logins(text)] == [("ghcr.io", True)]
    text = steps(login(password="${{ github.event.inputs.token }}")).replace("on: push\n", DISPATCH)
    assert one(text).credential == "unknown"


def test_outputs_of_steps_and_jobs_are_followed() -> None:
    text = """\
        on: push
        jobs:
          first:
            runs-on: x
            outputs: {host: "${{ steps.s.outputs.host }}"}
            steps:
              - id: s
                run: |
                  echo "host=ghcr.io" >> $GITHUB_OUTPUT
                  echo "token=${{ secrets.PAT }}" >> "$GITHUB_OUTPUT"
              - uses: docker/login-action@v3
                with: {registry: ghcr.io, password: "${{ steps.s.outputs.token }}"}
          second:
            needs: first
            runs-on: x
            steps:
              - uses: docker/login-action@v3
                with: {registry: "${{ needs.first.outputs.host }}", password: "${{ secrets.B }}"}
        """
    assert pairs(text) == {("container", "pat", "PAT", 10), ("container", "pat", "B", 18)}


@pytest.mark.parametrize(
    ("uses", "kind"),
    [
        ("actions/create-github-app-token@v2", "app_token"),
        ("octo-sts/action@v1", "oidc"),
        ("hashicorp/vault-action@v3", "unknown"),
        ("acme/other@v1", "unknown"),
    ],
)
def test_an_actions_token_is_of_its_kind(uses: str, kind: str) -> None:
    text = steps(f"- id: t\n  uses: {uses}\n" + login(password="${{ steps.t.outputs.token }}"))
    assert one(text).credential == kind


def test_environment_that_a_step_writes_is_seen_by_the_next() -> None:
    text = steps(
        "- run: docker login ghcr.io -p $T\n"
        '- run: echo "T=${{ secrets.PAT }}" >> $GITHUB_ENV\n'
        "- run: docker login ghcr.io -p $T\n"
    )
    assert [(r.credential, r.credential_name) for r in logins(text)] == [
        ("unknown", "$T"),
        ("pat", "PAT"),
    ]


@pytest.mark.parametrize(
    ("condition", "disabled"),
    [
        ("${{ false }}", True),
        ("false", True),
        ("github.ref == 'x'", False),
        ("always()", False),
        ("failure()", False),
        ("1 == 2", True),
        ("!cancelled()", False),
        ("steps.none.outputs.x == 'y'", False),
        ("env.A == 'b'", True),
        ("env.A == 'a'", False),
    ],
)
def test_a_condition_that_never_holds_disables(condition: str, *, disabled: bool) -> None:
    text = steps(login() + f'  if: "{condition}"\n', env={"A": "a"})
    assert [row.disabled for row in logins(text)] == [disabled]


def test_an_output_of_a_branch_may_be_missing() -> None:
    text = steps(
        '- id: c\n  run: |\n    if test -f x; then echo "built=true" >> $GITHUB_OUTPUT; fi\n'
        + login()
        + "  if: steps.c.outputs.built != 'true'\n"
    )
    assert [row.disabled for row in logins(text)] == [False]


def test_a_condition_chooses_between_branches_of_a_credential() -> None:
    text = steps(
        login(password="${{ github.ref == 'm' && secrets.A || github.token }}")
        + "  if: github.ref == 'm'\n"
    )
    assert kinds(text) == {("ghcr.io", "pat", "A")}
    assert kinds(text.replace("if: github.ref == 'm'", "if: github.ref != 'm'")) == {
        ("ghcr.io", "github_token", "GITHUB_TOKEN")
    }


def test_what_is_known_of_the_repository_is_used() -> None:
    text = steps(login("ghcr.io/${{ github.repository_owner }}/x"))
    assert one(text).host == "ghcr.io"
    text = steps(login() + "  if: github.repository == 'acme/app'\n")
    assert [row.disabled for row in logins(text)] == [False]
    assert [row.disabled for row in logins(text, repository="acme/fork")] == [True]


def test_server_hosts_are_looked_up_for_the_server() -> None:
    text = steps(login("containers.github.acme.com"))
    assert logins(text) == ()
    hosts = RegistryHosts.for_server("github.acme.com")
    assert one(text, hosts=hosts).registry == "container"
    assert one(
        steps(login("containers.acme.ghe.com")), hosts=RegistryHosts.for_server("acme.ghe.com")
    ).host == ("containers.acme.ghe.com")


def test_what_explodes_is_cut_and_unknown() -> None:
    axes = "".join(f"a{n}: [x, y, z, w]\n" for n in range(6))
    parts = "".join(f"${{{{ matrix.a{n} }}}}" for n in range(6))
    found = logins(matrix(axes, host="ghcr.io", password=parts))
    assert len(found) <= 256
    for branches, kind in ((20, "pat"), (100, "unknown")):
        either = " || ".join(f"github.x == '{n}' && secrets.S{n}" for n in range(branches))
        assert one(steps(login(password="${{ " + either + " }}"))).credential == kind
