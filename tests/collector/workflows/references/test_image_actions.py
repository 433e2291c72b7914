"""Images that other actions push, pull and scan."""

import pytest

from tests.collector.workflows.tools import references, steps


@pytest.mark.parametrize(
    "step",
    [
        "{uses: redhat-actions/push-to-registry@v2, with: {registry: quay.io/acme, image: app}}",
        "{uses: aquasecurity/trivy-action@v1, with: {image-ref: 'alpine:3'}}",
        "{uses: aquasecurity/trivy-action@v1, with: {scan-type: fs}}",
        "{uses: elgohr/Publish-Docker-Github-Action@v5, with: {name: acme/app}}",
        "{uses: actions/attest-build-provenance@v2, with: {subject-name: ghcr.io/acme/app}}",
    ],
)
def test_an_image_from_elsewhere_or_none_at_all_is_none(step: str) -> None:
    assert not references(steps(f"- {step}"))


@pytest.mark.parametrize(
    ("step", "operation", "name"),
    [
        (
            "{uses: redhat-actions/push-to-registry@v2, with: {registry: ghcr.io/acme, image: app}}",
            "push",
            "app",
        ),
        (
            "{uses: elgohr/Publish-Docker-Github-Action@v5, with: {registry: ghcr.io, name: acme/app}}",
            "push",
            "app",
        ),
        (
            (
                "{uses: elgohr/Publish-Docker-Github-Action@v5,"
                " with: {registry: ghcr.io, name: ghcr.io/acme/app}}"
            ),
            "push",
            "app",
        ),
        ("{uses: macbre/push-to-ghcr@v14, with: {image_name: Acme/App}}", "push", "app"),
        ("{uses: macbre/push-to-ghcr@v14}", "push", "app"),
        (
            "{uses: aquasecurity/trivy-action@v1, with: {image-ref: 'ghcr.io/acme/app:1'}}",
            "pull",
            "app",
        ),
        (
            (
                "{uses: actions/attest-build-provenance@v2,"
                " with: {subject-name: ghcr.io/acme/app, push-to-registry: true}}"
            ),
            "push",
            "app",
        ),
    ],
)
def test_an_action_does_what_the_table_says(step: str, operation: str, name: str) -> None:
    (row,) = references(steps(f"- {step}"))
    assert (row.registry, row.operation, row.namespace, row.name, row.resolved) == (
        "container",
        operation,
        "acme",
        name,
        True,
    )
