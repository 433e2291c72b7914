"""Scanners with a password in the environment."""

import pytest

from tests.collector.workflows.tools import logins, one, steps

ENV = "  env: {TRIVY_USERNAME: x, TRIVY_PASSWORD: '${{ secrets.SCAN }}'}\n"


@pytest.mark.parametrize(
    "step",
    [
        "- run: trivy image ghcr.io/acme/app\n",
        "- run: trivy image alpine\n" + ENV,
        "- run: trivy image docker.io/acme/app\n" + ENV,
        "- run: trivy fs ./ghcr.io/acme\n" + ENV,
        "- run: echo trivy image ghcr.io/acme/app\n" + ENV,
        "- uses: aquasecurity/trivy-action@v1\n  with: {image-ref: 'alpine:3'}\n" + ENV,
        "- uses: aquasecurity/trivy-action@v1\n  with: {scan-type: fs}\n" + ENV,
    ],
)
def test_another_image_or_no_password_is_none(step: str) -> None:
    assert not logins(steps(step))


@pytest.mark.parametrize(
    "step",
    [
        "- run: trivy image --severity HIGH ghcr.io/acme/app:1\n" + ENV,
        "- run: TRIVY_PASSWORD=${{ secrets.SCAN }} trivy image ghcr.io/acme/app\n",
        "- uses: aquasecurity/trivy-action@v1\n  with: {image-ref: ghcr.io/acme/app}\n" + ENV,
    ],
)
def test_a_scanner_logs_in_to_the_images_registry(step: str) -> None:
    row = one(steps(step))
    assert (row.registry, row.credential_name, row.operation) == ("container", "SCAN", "pull")
