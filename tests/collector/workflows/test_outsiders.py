"""Where jobs take in code or text of outsiders; what attests; which actions are handed a token."""

import pytest

from tests.collector.workflows.tools import facts, steps

HEAD = "${{ github.event.pull_request.head.sha }}"


def found(text: str) -> list[tuple[str, str]]:
    return [(o.kind, o.text) for o in facts(text).outsider]


@pytest.mark.parametrize(
    "text",
    [
        "- uses: actions/checkout@v4",
        "- uses: actions/checkout@v4\n  with:\n    ref: ${{ github.event.pull_request.base.sha }}",
        "- uses: actions/checkout@v4\n  with:\n    ref: refs/heads/main",
        # v7 refuses a fork's head by itself.
        f"- uses: actions/checkout@v7\n  with:\n    ref: {HEAD}",
        "- run: git fetch origin main",
        "- run: gh pr comment 1 --body done",
        "- run: echo ${{ github.event.pull_request.number }}",
        "- run: echo ${{ github.event.pull_request.head.sha }}",
        # Through an environment variable, text stays text.
        '- env:\n    TITLE: ${{ github.event.issue.title }}\n  run: echo "$TITLE"',
        "- uses: actions/download-artifact@v4\n  with:\n    name: built",
        "- if: github.head_ref == 'main'\n  run: make",
        "- run: echo ${{ github.event.workflow_run.id }}",
    ],
)
def test_what_takes_nothing_of_outsiders(text: str) -> None:
    assert found(steps(text)) == []


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        (
            f"- uses: actions/checkout@v4\n  with:\n    ref: {HEAD}",
            "checkout_head",
            "ref: github.event.pull_request.head.sha",
        ),
        (
            f"- uses: actions/checkout@v7\n  with:\n    ref: {HEAD}\n    allow-unsafe-pr-checkout: true",
            "checkout_head",
            "ref: github.event.pull_request.head.sha",
        ),
        (
            "- uses: actions/checkout@v4\n  with:\n    ref: ${{ github.head_ref || github.ref }}",
            "checkout_head",
            "ref: github.head_ref",
        ),
        (
            ("- uses: actions/checkout@v4\n  with:\n"
            "    ref: refs/pull/${{ github.event.issue.number }}/merge"),
            "checkout_head",
            "ref: github.event.issue.number",
        ),
        (
            ("- uses: actions/checkout@v4\n  with:\n"
            "    ref: ${{ format('refs/pull/{0}/head', github.event.number) }}"),
            "checkout_head",
            "ref: github.event.number",
        ),
        (
            ("- uses: actions/checkout@v4\n  with:\n"
            "    repository: ${{ github.event.workflow_run.head_repository.full_name }}"),
            "checkout_head",
            "repository: github.event.workflow_run.head_repository.full_name",
        ),
        (
            "- uses: actions/checkout@v4\n  with:\n    ref: ${{ steps.pr.outputs.head_sha }}",
            "checkout_head",
            "ref: steps.pr.outputs.head_sha",
        ),
        (
            "- run: gh pr checkout ${{ github.event.issue.number }}",
            "checkout_head",
            "gh pr checkout",
        ),
        (
            "- run: git fetch origin pull/${{ github.event.issue.number }}/head:pr",
            "checkout_head",
            "git: github.event.issue.number",
        ),
        (
            '- env:\n    REF: ${{ github.head_ref }}\n  run: git checkout "$REF"',
            "checkout_head",
            "git: github.head_ref",
        ),
        (
            "- run: echo ${{ github.event.issue.title }}",
            "script_text",
            "github.event.issue.title",
        ),
        (
            "- env:\n    T: ${{ github.event.comment.body }}\n  run: echo ${{ env.T }}",
            "script_text",
            "env.T",
        ),
        (
            ("- uses: actions/github-script@v7\n  with:\n"
            "    script: console.log('${{ github.event.pull_request.title }}')"),
            "script_text",
            "github.event.pull_request.title",
        ),
        (
            "- run: echo '${{ toJSON(github.event) }}'",
            "script_text",
            "toJSON(github.event)",
        ),
    ],
)  # fmt: skip
def test_what_takes_code_or_text_of_outsiders(text: str, kind: str, said: str) -> None:
    assert found(steps(text)) == [(kind, said)]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("- uses: dawidd6/action-download-artifact@v6", "dawidd6/action-download-artifact"),
        (
            (
                "- uses: actions/download-artifact@v4\n        with:\n"
                "          run-id: ${{ github.event.workflow_run.id }}"
            ),
            "actions/download-artifact",
        ),
        ("- run: gh run download ${{ github.event.workflow_run.id }}", "gh run download"),
    ],
)
def test_a_started_run_takes_artifacts(step: str, said: str) -> None:
    text = f"on: workflow_run\njobs:\n  a:\n    runs-on: x\n    steps:\n      {step}\n"
    assert found(text) == [("artifact", said)]
    assert found(text.replace("on: workflow_run", "on: push")) == []


def test_a_place_has_job_step_and_line() -> None:
    text = steps("- run: make\n- run: |\n    make\n    echo ${{ github.head_ref }}")
    (place,) = facts(text).outsider
    assert (place.job, place.step, place.line) == ("build", 1, 9)


@pytest.mark.parametrize(
    "text",
    [
        "- uses: docker/build-push-action@v6\n  with:\n    push: true",
        "- uses: docker/build-push-action@v6\n  with:\n    provenance: false",
        "- run: docker buildx build --provenance=false .",
        "- run: npm publish",
        "- run: cosign verify ghcr.io/acme/app",
        "- run: gh attestation verify app",
    ],
)
def test_what_attests_nothing(text: str) -> None:
    assert facts(steps(text)).attestations == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- uses: actions/attest-build-provenance@v2", "actions/attest-build-provenance@v2"),
        ("- uses: actions/attest@v2", "actions/attest@v2"),
        ("- run: cosign sign --yes ghcr.io/acme/app@$DIGEST", "cosign sign"),
        ("- run: cosign attest --predicate x ghcr.io/acme/app", "cosign attest"),
        (
            "- uses: docker/build-push-action@v6\n  with:\n    provenance: mode=max",
            "docker/build-push-action provenance",
        ),
        (
            "- uses: docker/build-push-action@v6\n  with:\n    sbom: true",
            "docker/build-push-action sbom",
        ),
        ("- run: docker buildx build --attest type=sbom .", "docker --attest"),
        ("- run: npm publish --provenance", "npm --provenance"),
        ("- env:\n    NPM_CONFIG_PROVENANCE: true\n  run: npm publish", "NPM_CONFIG_PROVENANCE"),
    ],
)
def test_what_attests(text: str, said: str) -> None:
    assert [a.text for a in facts(steps(text)).attestations] == [said]


def test_a_called_generator_attests() -> None:
    uses = "slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@v2"
    text = f"on: push\njobs:\n  a:\n    uses: {uses}\n"
    (made,) = facts(text).attestations
    assert (made.job, made.step, made.line, made.text) == ("a", -1, 4, uses)


@pytest.mark.parametrize(
    ("text", "handed"),
    [
        ("- uses: actions/checkout@v4", False),
        ("- uses: acme/a@v1\n  with:\n    name: ${{ github.ref }}", False),
        ("- uses: acme/a@v1\n  with:\n    name: ${{ env.NAME }}", False),
        ("- uses: acme/a@v1\n  with:\n    token: ${{ secrets.X }}", True),
        ("- uses: acme/a@v1\n  env:\n    T: ${{ github.token }}", True),
        ("- uses: acme/a@v1\n  with:\n    token: ${{ env.T }}", True),
    ],
)
def test_which_action_is_handed_a_credential(text: str, *, handed: bool) -> None:
    whole = steps(text, env={"T": "${{ secrets.X }}", "NAME": "app"})
    assert [use.receives_credential for use in facts(whole).uses] == [handed]
