"""Images of `container:`, `services:` and `uses: docker://`."""

import pytest

from tests.collector.workflows.tools import references

JOB = "on: push\njobs:\n  build:\n    runs-on: x\n"


@pytest.mark.parametrize(
    "text",
    [
        "    container: node:22\n",
        "    container: docker.io/acme/app:1\n",
        "    container: {image: 'quay.io/acme/app'}\n",
        "    # container: ghcr.io/acme/app\n",
        "    container: ghcr.io.example.com/acme/app\n",
        "    services: {db: {image: postgres:16}}\n",
        "    steps: [{uses: 'docker://alpine:3'}]\n",
        "    name: 'container: ghcr.io/acme/app'\n",
    ],
)
def test_an_image_from_elsewhere_is_none(text: str) -> None:
    assert not references(JOB + text)


def test_a_jobs_containers_are_pulled() -> None:
    text = JOB + (
        "    container:\n      image: ghcr.io/Acme/Base/Tool:1.2\n"
        "    services:\n      cache:\n        image: ghcr.io/acme/cache@sha256:abc\n"
        "    steps:\n      - uses: docker://ghcr.io/acme/lint:v1\n"
    )
    rows = references(text)
    assert [(r.kind, r.namespace, r.name, r.reference, r.line) for r in rows] == [
        ("container_image", "acme", "base/tool", "1.2", 6),
        ("service_image", "acme", "cache", "sha256:abc", 9),
        ("docker_uses", "acme", "lint", "v1", 11),
    ]
    assert {(r.operation, r.registry, r.resolved) for r in rows} == {("pull", "container", True)}


def test_an_image_of_a_matrix_is_one_for_each_row() -> None:
    text = JOB + (
        "    strategy: {matrix: {os: [a, b]}}\n"
        "    container: ghcr.io/${{ github.repository }}/${{ matrix.os }}\n"
    )
    assert {row.name for row in references(text)} == {"app/a", "app/b"}


def test_an_image_that_a_run_decides_is_not_resolved() -> None:
    (row,) = references(JOB + "    container: ghcr.io/acme/${{ needs.x.outputs.name }}\n")
    assert (row.registry, row.name, row.resolved, row.reason_code) == (
        "container",
        "*",
        False,
        "unresolved_expression",
    )


def test_an_image_whose_tag_alone_is_unknown_is_resolved() -> None:
    (row,) = references(JOB + "    container: ghcr.io/acme/app:${{ github.sha }}\n")
    assert (row.name, row.resolved) == ("app", True)


def test_a_container_actions_image_is_pulled() -> None:
    text = "runs:\n  using: docker\n  image: docker://ghcr.io/acme/tool:1\n"
    (row,) = references(text, path="tool/action.yml")
    assert (row.kind, row.name, row.job, row.line) == ("docker_uses", "tool", "", 3)
