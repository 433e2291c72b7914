"""Linking over files: the true pairs of host and credential, and none beside them."""

import time

import pytest

from collector.workflows.analyze import analyze
from collector.workflows.link import link
from tests.collector.workflows.organization import FILES, WORKFLOWS, facts_of, pairs, resolve, rows

GHCR = "ghcr.io"
DOCKER = "docker.pkg.github.com"
SHARED = "acme/shared/.github/workflows/"


def call(uses: str, *lines: str, on: str = "push") -> str:
    """Return a workflow of one job that calls another."""
    body = "".join(f"    {line}\n" for line in lines)
    return f"on: {on}\njobs:\n  a:\n    uses: {uses}\n{body}"


def job(*lines: str) -> str:
    """Return a workflow of one job with steps."""
    body = "".join(f"      {line}\n" for line in lines)
    return f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{body}"


PUSH1 = SHARED + "push.yml@v1"
TOKEN = "secrets: {token: '${{ secrets.PAT }}'}"

CALLS: list[tuple[str, str, set[tuple[str, str, str]]]] = [
    # -- inputs: passed, defaulted, empty
    ("a default host", call(PUSH1, TOKEN), {(GHCR, "pat", "PAT")}),
    ("a host that is passed", call(PUSH1, "with: {registry: docker.pkg.github.com}", TOKEN), {(DOCKER, "pat", "PAT")}),
    ("another's host", call(PUSH1, "with: {registry: quay.io}", TOKEN), set()),
    ("an empty host is Docker Hub", call(PUSH1, "with: {registry: ''}", TOKEN), set()),
    ("a secret that is not passed is empty", call(PUSH1), set()),
    ("an empty secret", call(PUSH1, "secrets: {token: ''}"), set()),
    ("a literal", call(PUSH1, "secrets: {token: hunter2}"), {(GHCR, "literal", "literal")}),
    ("GITHUB_TOKEN under another name", call(PUSH1, "secrets: {token: '${{ secrets.GITHUB_TOKEN }}'}"), {(GHCR, "github_token", "GITHUB_TOKEN")}),
    ("github.token under another name", call(PUSH1, "secrets: {token: '${{ github.token }}'}"), {(GHCR, "github_token", "GITHUB_TOKEN")}),
    ("a fallback", call(PUSH1, "secrets: {token: '${{ secrets.A || secrets.GITHUB_TOKEN }}'}"), {(GHCR, "pat", "A")}),
    ("inherited by its own name", call(PUSH1, "secrets: inherit"), {(GHCR, "pat", "token")}),
    ("names of inputs have no case", call(PUSH1, "with: {REGISTRY: quay.io}", TOKEN), set()),
    # -- refs
    ("another release", call(SHARED + "push.yml@v2", TOKEN), {(GHCR, "github_token", "GITHUB_TOKEN")}),
    ("a branch", call(SHARED + "push.yml@main", TOKEN), {(GHCR, "pat", "PAT")}),
    ("a ref that is not there", call(SHARED + "push.yml@v9", "with: {name: x}", TOKEN), set()),
    # -- inherit
    ("inherit", call(SHARED + "inherits.yml@v1", "secrets: inherit"), {(GHCR, "pat", "GHCR_PAT"), (DOCKER, "github_token", "GITHUB_TOKEN")}),
    ("not inherited: only the job's token", call(SHARED + "inherits.yml@v1"), {(DOCKER, "github_token", "GITHUB_TOKEN")}),
    ("mapped under the name that is used", call(SHARED + "inherits.yml@v1", "secrets: {GHCR_PAT: '${{ secrets.OTHER }}'}"), {(GHCR, "pat", "OTHER"), (DOCKER, "github_token", "GITHUB_TOKEN")}),
    # -- matrix in the callee
    ("each row its own secret", call(SHARED + "matrix.yml@v1", "secrets: {GHCR: '${{ secrets.A }}', HUB: '${{ secrets.B }}'}"), {(GHCR, "pat", "A")}),
    ("rows inherit", call(SHARED + "matrix.yml@v1", "secrets: inherit"), {(GHCR, "pat", "GHCR")}),
    ("rows without the one that is ours", call(SHARED + "matrix.yml@v1", "secrets: {HUB: '${{ secrets.B }}'}"), set()),
    # -- matrix in the caller
    ("host and secret of one row", call(PUSH1, "strategy: {matrix: {include: [{r: ghcr.io, s: A}, {r: quay.io, s: B}]}}", "with: {registry: '${{ matrix.r }}'}", "secrets: {token: '${{ secrets[matrix.s] }}'}"), {(GHCR, "pat", "A")}),
    ("a product of axes", call(PUSH1, "strategy: {matrix: {r: [ghcr.io, docker.pkg.github.com], s: [A, B]}}", "with: {registry: '${{ matrix.r }}'}", "secrets: {token: '${{ secrets[matrix.s] }}'}"), {(GHCR, "pat", "A"), (GHCR, "pat", "B"), (DOCKER, "pat", "A"), (DOCKER, "pat", "B")}),
    ("a product without what is excluded", call(PUSH1, "strategy: {matrix: {r: [ghcr.io, docker.pkg.github.com], s: [A, B], exclude: [{r: ghcr.io, s: B}]}}", "with: {registry: '${{ matrix.r }}'}", "secrets: {token: '${{ secrets[matrix.s] }}'}"), {(GHCR, "pat", "A"), (DOCKER, "pat", "A"), (DOCKER, "pat", "B")}),
    ("a ternary over a row", call(PUSH1, "strategy: {matrix: {r: [ghcr.io, quay.io]}}", "with: {registry: '${{ matrix.r }}'}", "secrets: {token: \"${{ matrix.r == 'ghcr.io' && secrets.A || secrets.B }}\"}"), {(GHCR, "pat", "A")}),
    # -- nesting
    ("two levels", call(SHARED + "outer.yml@v1", "with: {where: ghcr.io}", "secrets: {outer: '${{ secrets.PAT }}'}"), {(GHCR, "pat", "PAT")}),
    ("two levels, another's host", call(SHARED + "outer.yml@v1", "with: {where: quay.io}", "secrets: {outer: '${{ secrets.PAT }}'}"), set()),
    ("two levels, an input that is not passed is empty", call(SHARED + "outer.yml@v1", "secrets: {outer: '${{ secrets.PAT }}'}"), set()),
    ("two levels inherit", call(SHARED + "outer-inherits.yml@v1", "secrets: inherit"), {(GHCR, "pat", "GHCR_PAT"), (DOCKER, "github_token", "GITHUB_TOKEN")}),
    ("the outer inherits, the caller gives nothing", call(SHARED + "outer-inherits.yml@v1"), {(DOCKER, "github_token", "GITHUB_TOKEN")}),
    ("the outer keeps what it was given", call(SHARED + "outer-keeps.yml@v1", "secrets: inherit"), {(DOCKER, "github_token", "GITHUB_TOKEN")}),
    ("outside of the organization", call(SHARED + "outside.yml@v1", TOKEN), {("?", "unknown", "elsewhere/tools/.github/workflows/push.yml")}),
    ("too many levels", call(SHARED + "chain1.yml@v1", TOKEN), {("?", "unknown", "./.github/workflows/chain10.yml")}),
    ("nine levels", call(SHARED + "chain5.yml@v1", TOKEN), {(GHCR, "pat", "PAT")}),
    ("a loop ends", call(SHARED + "loop.yml@v1"), set()),
    # -- conditions
    ("the branch of the default", call(SHARED + "conditional.yml@v1", "secrets: {pat: '${{ secrets.PAT }}'}"), {(GHCR, "pat", "PAT")}),
    ("the other branch", call(SHARED + "conditional.yml@v1", "with: {kind: test}", "secrets: {pat: '${{ secrets.PAT }}'}"), {(GHCR, "github_token", "GITHUB_TOKEN")}),
    ("either branch of what is not known", call(SHARED + "conditional.yml@v1", "with: {kind: '${{ github.event.x }}'}", "secrets: {pat: '${{ secrets.PAT }}'}"), {(GHCR, "pat", "PAT"), (GHCR, "github_token", "GITHUB_TOKEN")}),
    # -- local workflows
    ("a local workflow", call("./.github/workflows/local.yml", "with: {image: ghcr.io/acme/app}", "secrets: {pw: '${{ secrets.PAT }}'}"), {(GHCR, "pat", "PAT")}),
    ("a local workflow that can't be read", call("./.github/workflows/broken.yml", "secrets: inherit"), set()),
    ("outputs of a called workflow", f"on: push\njobs:\n  m: {{uses: {SHARED}made.yml@v1}}\n  a:\n    needs: m\n    uses: {PUSH1}\n    with: {{registry: '${{{{ needs.m.outputs.host }}}}'}}\n    {TOKEN}\n", {(GHCR, "pat", "PAT")}),
    # -- composite actions
    ("an input of an action", job("- uses: acme/actions/login@v1", "  with: {token: '${{ secrets.PAT }}'}"), {(GHCR, "pat", "PAT")}),
    ("an input that is not given falls back", job("- uses: acme/actions/login@v1"), {(GHCR, "github_token", "GITHUB_TOKEN")}),
    ("another's host for an action", job("- uses: acme/actions/login@v1", "  with: {token: '${{ secrets.PAT }}', registry: quay.io}"), set()),
    ("an action in an action", job("- uses: acme/actions/nested@v1", "  with: {pat: '${{ secrets.PAT }}'}"), {(GHCR, "pat", "PAT")}),
    ("a PAT in an env called GITHUB_TOKEN", job("- uses: acme/actions/env-login@v1", "  env: {GITHUB_TOKEN: '${{ secrets.PAT }}'}"), {(GHCR, "pat", "PAT")}),
    ("GITHUB_TOKEN in an env called TOKEN", job("- uses: ./.github/actions/env", "  env: {TOKEN: '${{ secrets.GITHUB_TOKEN }}'}"), {(GHCR, "github_token", "GITHUB_TOKEN")}),
    ("an action's output", job("- id: s", "  uses: ./.github/actions/setup", "- uses: docker/login-action@v3", "  with: {registry: '${{ steps.s.outputs.host }}', password: '${{ secrets.PAT }}'}"), {(GHCR, "pat", "PAT")}),
    ("an action's GITHUB_ENV in an expression", job("- uses: ./.github/actions/setup", "- uses: docker/login-action@v3", "  with: {registry: '${{ env.REGISTRY }}', password: '${{ secrets.PAT }}'}"), {(GHCR, "pat", "PAT")}),
    ("an action's GITHUB_ENV in a script", job("- uses: ./.github/actions/setup", "- run: docker login $REGISTRY -u x -p ${{ secrets.PAT }}"), {(GHCR, "pat", "PAT")}),
    ("an action that is no composite", job("- uses: ./.github/actions/js", "  with: {token: '${{ secrets.PAT }}'}"), set()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in CALLS], ids=[c[0] for c in CALLS])
def test_a_call_path_has_exactly_its_own_pairs(
    text: str, expected: set[tuple[str, str, str]]
) -> None:
    assert pairs(text) == expected


def test_there_are_enough_call_paths() -> None:
    assert len(CALLS) >= 40


def test_all_calls_in_one_file_keep_their_pairs_apart() -> None:
    jobs = [c for c in CALLS if c[1].startswith("on: push\njobs:\n  a:\n    uses:")]
    bodies = [c[1].removeprefix("on: push\njobs:\n  a:") for c in jobs]
    text = "on: push\njobs:\n" + "".join(f"  j{n}:{body}" for n, body in enumerate(bodies))
    found: dict[str, set[tuple[str, str, str]]] = {}
    for row in rows(text):
        found.setdefault(row.job, set()).add((row.host or "?", row.credential, row.credential_name))
    assert found == {f"j{n}": c[2] for n, c in enumerate(jobs) if c[2]}


def test_a_row_names_root_and_login_and_the_way_between() -> None:
    (row,) = rows(
        call(
            SHARED + "outer.yml@v1",
            "with: {where: ghcr.io}",
            "secrets:",
            "  outer: ${{ secrets.PAT }}",
        )
    )
    assert (row.repository, row.path, row.job) == ("acme/app", WORKFLOWS + "caller.yml", "a")
    assert (row.login_repository, row.login_path) == ("acme/shared", WORKFLOWS + "push.yml")
    assert (row.login_line, row.line, row.use_line) == (12, 7, 4)
    assert (row.via, row.expression) == ("reusable workflow", "secrets.PAT")
    kinds = [(hop.kind, hop.repository, hop.line) for hop in row.hops]
    assert kinds == [
        ("call", "acme/app", 4),
        ("call", "acme/shared", 9),
        ("secret", "acme/shared", 13),
        ("secret", "acme/shared", 16),
    ]


def test_an_inherited_secret_is_shown_at_the_call() -> None:
    found = rows(call(SHARED + "inherits.yml@v1", "secrets: inherit"))
    assert {(row.credential_name, row.line) for row in found} == {
        ("GHCR_PAT", 4),
        ("GITHUB_TOKEN", 4),
    }


def own(
    repository: str, path: str, ref: str = "", *, called: bool = False
) -> list[tuple[str, ...]]:
    facts = facts_of(repository, path, ref)
    assert facts is not None
    found = link(facts, repository=repository, resolve=resolve, called=called)
    return [(r.host, r.credential, r.credential_name, r.reason_code) for r in found.logins]


def test_a_workflow_that_nobody_calls_is_unknown_not_dropped() -> None:
    assert own("acme/shared", WORKFLOWS + "push.yml", "v1") == [
        (GHCR, "unknown", "secrets.token", "no_caller")
    ]


def test_an_action_that_nobody_calls_is_unknown_not_dropped() -> None:
    assert own("acme/actions", "login/action.yml", "v1") == [
        (GHCR, "unknown", "inputs.token", "no_caller")
    ]
    assert own("acme/actions", "env-login/action.yml", "v1") == [
        (GHCR, "unknown", "env.GITHUB_TOKEN", "no_caller")
    ]


def test_a_called_workflow_has_no_rows_of_its_own() -> None:
    assert own("acme/shared", WORKFLOWS + "push.yml", "v1", called=True) == []


def test_a_called_workflow_that_starts_by_itself_too_has_them() -> None:
    text = "on: {workflow_call: {}, push: {}}\n" + call(PUSH1, TOKEN).split("\n", 1)[1]
    facts = analyze(text.encode(), path=WORKFLOWS + "a.yml")
    found = link(facts, repository="acme/app", resolve=resolve, called=True)
    assert [row.credential_name for row in found.logins] == ["PAT"]


def test_a_secret_that_is_used_undeclared_is_a_pat() -> None:
    text = "on: workflow_call\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: docker login ghcr.io -p ${{ secrets.PAT }}\n"
    facts = analyze(text.encode(), path=WORKFLOWS + "a.yml")
    (row,) = link(facts, repository="acme/app").logins
    assert (row.credential, row.credential_name) == ("pat", "PAT")


def test_an_external_callee_is_told_with_its_reason() -> None:
    text = call(
        "elsewhere/tools/.github/workflows/push.yml@v1",
        "permissions: {packages: write}",
        "secrets: inherit",
    )
    (row,) = rows(text)
    assert (row.credential, row.reason_code, row.host_resolved) == (
        "unknown",
        "external_reference",
        False,
    )
    assert "elsewhere/tools" in row.reason


def test_an_external_callee_without_package_rights_is_none_of_ours() -> None:
    assert rows(call("elsewhere/tools/.github/workflows/lint.yml@v1", "secrets: inherit")) == []


def test_github_enterprise_server_nests_less_deeply() -> None:
    text = call(SHARED + "chain9.yml@v1", TOKEN)
    assert pairs(text, max_depth=10) == {(GHCR, "pat", "PAT")}
    assert pairs(text, max_depth=4) == {("?", "unknown", "./.github/workflows/chain12.yml")}


def test_variables_are_looked_up_where_they_were_collected() -> None:
    text = job(
        "- uses: docker/login-action@v3",
        "  with: {registry: '${{ vars.REGISTRY }}', password: '${{ secrets.PAT }}'}",
    )
    assert pairs(text, variables={"registry": "ghcr.io"}) == {(GHCR, "pat", "PAT")}
    assert pairs(text, variables={"REGISTRY": "quay.io"}) == set()
    assert pairs(text, variables={}) == set()
    (row,) = rows(text)
    assert (row.host_resolved, row.credential_name) == (False, "PAT")


def test_rows_are_numbered_and_lines_change_no_number() -> None:
    text = job(
        "- run: docker login ghcr.io -p ${{ secrets.A }}",
        "- run: docker login ghcr.io -p ${{ secrets.A }}",
    )
    numbers = [(row.ordinal, row.line) for row in rows(text)]
    assert numbers == [(0, 6), (1, 7)]
    assert [row.ordinal for row in rows("# a line\n" + text)] == [0, 1]


def test_linking_twice_gives_the_same() -> None:
    for _, text, _ in CALLS:
        assert rows(text) == rows(text)


def test_what_calls_itself_many_times_ends_soon() -> None:
    calls = "".join(f"  j{n}: {{uses: ./.github/workflows/many.yml}}\n" for n in range(30))
    many = analyze(f"on: workflow_call\njobs:\n{calls}".encode(), path=WORKFLOWS + "many.yml")
    root = analyze(f"on: push\njobs:\n{calls}".encode(), path=WORKFLOWS + "root.yml")
    started = time.process_time()
    (row,) = link(root, repository="acme/app", resolve=lambda *_: many).logins
    assert (row.credential, row.reason_code) == ("unknown", "truncated")
    assert time.process_time() - started < 10


def test_every_file_of_the_organization_is_used() -> None:
    assert len(FILES) > 25
