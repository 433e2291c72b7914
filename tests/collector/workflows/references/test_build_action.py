"""docker/build-push-action with tags of its own or of docker/metadata-action."""

import pytest

from tests.collector.workflows.tools import references, steps

META = """\
- uses: docker/metadata-action@v5
  id: meta
  with:
    images: |
      ghcr.io/${{ github.repository }}
      name=ghcr.io/acme/second,enable=true
      name=ghcr.io/acme/off,enable=false
      docker.io/acme/app
"""


def build(inputs: str, before: str = "") -> str:
    """Return a workflow with one build."""
    return steps(f"{before}- uses: docker/build-push-action@v6\n  with: {{{inputs}}}")


@pytest.mark.parametrize(
    "inputs",
    [
        "tags: 'ghcr.io/acme/app'",
        "tags: 'ghcr.io/acme/app', push: false",
        "tags: 'ghcr.io/acme/app', load: true",
        "tags: 'acme/app', push: true",
        "tags: 'docker.io/acme/app', push: true",
        "push: true",
    ],
)
def test_what_is_not_pushed_to_githubs_registry_is_none(inputs: str) -> None:
    assert not references(build(inputs))


@pytest.mark.parametrize("push", ["true", "'true'", "'${{ github.event_name == ''push'' }}'"])
def test_each_tag_is_pushed(push: str) -> None:
    rows = references(
        build(f"push: {push}, tags: 'ghcr.io/acme/app:1,ghcr.io/acme/two:${{{{ github.sha }}}}'")
    )
    assert [(r.name, r.operation, r.resolved) for r in rows] == [
        ("app", "push", True),
        ("two", "push", True),
    ]


def test_tags_in_lines_are_one_each() -> None:
    text = steps(
        """
        - uses: docker/build-push-action@v6
          with:
            push: true
            tags: |
              ghcr.io/acme/app:1
              acme/app:1
              ghcr.io/${{ github.repository_owner }}/two
        """
    )
    assert [(row.name, row.namespace) for row in references(text)] == [
        ("app", "acme"),
        ("two", "acme"),
    ]


def test_the_images_of_the_metadata_step_are_pushed() -> None:
    rows = references(build("push: true, tags: '${{ steps.meta.outputs.tags }}'", META))
    assert [(r.kind, r.name) for r in rows] == [
        ("metadata_action", "app"),
        ("metadata_action", "second"),
    ]


def test_metadata_alone_pushes_nothing() -> None:
    assert not references(steps(META))


def test_the_metadata_of_another_job_is_followed() -> None:
    text = """\
on: push
jobs:
  meta:
    outputs: {tags: "${{ steps.m.outputs.tags }}"}
    steps:
      - {uses: docker/metadata-action@v5, id: m, with: {images: ghcr.io/acme/far}}
  build:
    needs: meta
    steps:
      - uses: docker/build-push-action@v6
        with: {push: true, tags: "${{ needs.meta.outputs.tags }}"}
"""
    assert [(row.job, row.name) for row in references(text)] == [("build", "far")]


def test_an_output_by_digest_is_pushed() -> None:
    rows = references(
        build("outputs: 'type=image,name=ghcr.io/acme/app,push-by-digest=true,push=true'")
    )
    assert [row.name for row in rows] == ["app"]


def test_a_cache_in_the_registry_is_read_and_written() -> None:
    rows = references(
        build(
            "cache-from: 'type=registry,ref=ghcr.io/acme/app:cache',"
            " cache-to: 'type=registry,mode=max,ref=ghcr.io/acme/app:cache'"
        )
    )
    assert [(r.kind, r.operation) for r in rows] == [
        ("build_cache", "pull"),
        ("build_cache", "push"),
    ]


def test_the_first_major_names_registry_and_repository() -> None:
    text = steps(
        """
        - uses: docker/build-push-action@v1
          with: {registry: ghcr.io, repository: acme/old, tags: latest, password: x}
        """
    )
    assert [(row.host, row.name) for row in references(text)] == [("ghcr.io", "old")]
