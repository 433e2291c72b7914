"""Pushes whose names the workflow does not tell."""

import pytest

from tests.collector.workflows.tools import linked, references, steps

LOGIN = "- run: docker login ghcr.io -u x -p ${{ secrets.P }}\n"


@pytest.mark.parametrize(
    "step",
    [
        "- run: make build\n",
        "- run: make release-dry-run\n",
        "- run: make push --dry-run\n",
        "- run: git push origin main\n",
        "- run: echo make push\n",
        "- run: gh release create v1\n",
        "- {uses: goreleaser/goreleaser-action@v6, with: {args: release --snapshot}}\n",
        "- {uses: goreleaser/goreleaser-action@v6, with: {args: check}}\n",
        "- {uses: goreleaser/goreleaser-action@v6, with: {args: 'release --skip=sign,publish'}}\n",
    ],
)
def test_what_pushes_no_image_is_none(step: str) -> None:
    assert not references(steps(LOGIN + step))


def test_a_job_that_does_not_log_in_is_none() -> None:
    assert not references(steps("- run: make push IMAGE=ghcr.io/acme/app\n"))


@pytest.mark.parametrize(
    "step",
    [
        "- run: make docker-push\n",
        "- run: make release\n",
        "- run: make docker.promote TAG=1\n",
        "- run: ./scripts/push_image.sh v1\n",
        "- run: docker/build.py --tag 1 push\n",
        "- run: goreleaser release --clean\n",
        "- {uses: goreleaser/goreleaser-action@v6, with: {args: release --clean}}\n",
    ],
)
def test_a_push_without_a_name_tells_what_the_login_is_for(step: str) -> None:
    rows = linked(steps(LOGIN + step))
    assert [row.operation for row in rows.logins] == ["push"]
    assert [(r.operation, r.resolved, r.registry) for r in rows.references] == [("push", False, "")]
