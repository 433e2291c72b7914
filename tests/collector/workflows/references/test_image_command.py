"""Images and charts that scripts pull, push and delete."""

import pytest

from tests.collector.workflows.tools import logins, references, steps


@pytest.mark.parametrize(
    "command",
    [
        "docker pull alpine:3",
        "docker push docker.io/acme/app",
        "docker pull acme/app",
        "echo docker push ghcr.io/acme/app",
        "# docker push ghcr.io/acme/app",
        "docker login ghcr.io",
        "docker push $IMAGE",
        "docker build -t ghcr.io/acme/app .",
        "docker buildx build -t ghcr.io/acme/app --load .",
        "docker tag app ghcr.io/acme/app",
        "docker run -e IMAGE=ghcr.io/acme/env -v ghcr.io:/x alpine echo ghcr.io/acme/app",
        "docker rmi ghcr.io/acme/app",
        "curl https://ghcr.io/v2/acme/app/tags/list",
        "grep 'docker push' ghcr.io/acme/app",
        "helm repo add x https://example.com && helm install x x/y",
        "skopeo copy docker-daemon:app docker://quay.io/acme/app",
    ],
)
def test_what_names_no_image_of_githubs_or_does_nothing_with_it_is_none(command: str) -> None:
    assert not references(steps(f"- run: |\n    {command}"))


@pytest.mark.parametrize(
    ("command", "kind", "operation", "name"),
    [
        ("docker pull ghcr.io/acme/app:1", "docker_pull", "pull", "app"),
        ("docker push ghcr.io/acme/app", "docker_push", "push", "app"),
        ("docker image push -a ghcr.io/acme/app", "docker_push", "push", "app"),
        ("sudo docker --context x push ghcr.io/acme/app", "docker_push", "push", "app"),
        ("docker run --rm -v $PWD:/x -e A=b ghcr.io/acme/app sh", "docker_run", "pull", "app"),
        ("docker run -it ghcr.io/acme/app", "docker_run", "pull", "app"),
        ("docker build --push -t ghcr.io/acme/app .", "docker_build", "push", "app"),
        (
            "docker buildx build . --tag=ghcr.io/acme/app --output type=registry",
            "docker_build",
            "push",
            "app",
        ),
        ("docker manifest push ghcr.io/acme/app:1", "docker_push", "push", "app"),
        ("podman push app docker://ghcr.io/acme/app", "podman_push", "push", "app"),
        ("buildah from ghcr.io/acme/base", "buildah_from", "pull", "base"),
        ("skopeo copy docker://a/b docker://ghcr.io/acme/app", "skopeo_copy", "push", "app"),
        ("skopeo copy docker://ghcr.io/acme/app dir:/x", "skopeo_copy", "pull", "app"),
        ("skopeo delete docker://ghcr.io/acme/app:1", "skopeo_delete", "delete", "app"),
        ("crane push x.tar ghcr.io/acme/app", "crane_push", "push", "app"),
        ("crane delete ghcr.io/acme/app:1", "crane_delete", "delete", "app"),
        ("oras push ghcr.io/acme/app:1 x.txt", "oras_push", "push", "app"),
        ("helm pull oci://ghcr.io/acme/charts/app --version 1", "helm_pull", "pull", "charts/app"),
        ("helm push app-1.2.3.tgz oci://ghcr.io/acme/charts", "helm_push", "push", "charts/app"),
        (
            "helm upgrade --install r oci://ghcr.io/acme/charts/app -n x",
            "helm_upgrade",
            "pull",
            "charts/app",
        ),
        ("cosign sign --yes ghcr.io/acme/app@sha256:1", "cosign_sign", "push", "app"),
        ("flux push artifact oci://ghcr.io/acme/m:1 --path .", "flux_artifact", "push", "m"),
        ("trivy image --severity HIGH ghcr.io/acme/app", "trivy_image", "pull", "app"),
    ],
)
def test_a_command_names_what_it_does(command: str, kind: str, operation: str, name: str) -> None:
    (row,) = references(steps(f"- run: |\n    {command}"))
    assert (row.kind, row.operation, row.namespace, row.name) == (kind, operation, "acme", name)
    assert (row.registry, row.resolved, row.line) == ("container", True, 7)


@pytest.mark.parametrize(
    "name",
    [
        "ghcr.io/${{ github.repository }}",
        "$REGISTRY/${GITHUB_REPOSITORY,,}:latest",
        '"${REGISTRY}/$(echo $GITHUB_REPOSITORY | tr A-Z a-z)"',
        "${{ env.REGISTRY }}/${{ github.repository_owner }}/${{ github.event.repository.name }}",
    ],
)
def test_names_are_put_together_and_in_lower_case(name: str) -> None:
    text = steps(f"- run: docker push {name}", env={"REGISTRY": "ghcr.io"})
    (row,) = references(text, repository="Acme/App")
    assert (row.host, row.namespace, row.name, row.resolved) == ("ghcr.io", "acme", "app", True)


@pytest.mark.parametrize("name", ["$IMAGE", "ghcr.io/acme/$(make name)", "ghcr.io/$OWNER/app"])
def test_a_name_that_the_text_does_not_tell_has_a_reason(name: str) -> None:
    (row,) = references(steps(f"- run: docker push {name}", env={"OTHER": "ghcr.io"}))
    assert (row.resolved, row.reason_code) == (False, "unresolved_expression")


def test_a_chart_of_any_name_is_not_resolved() -> None:
    (row,) = references(steps("- run: helm push out/*.tgz oci://ghcr.io/acme/charts"))
    assert (row.namespace, row.name, row.resolved) == ("acme", "charts/*", False)


def test_a_tag_counts_where_the_job_pushes() -> None:
    rows = references(
        steps("- run: docker tag app ghcr.io/acme/app\n- run: docker push --all-tags $X")
    )
    assert [(r.kind, r.name) for r in rows] == [("docker_tag", "app"), ("docker_push", "")]


def test_a_login_is_told_what_its_job_does() -> None:
    login = "- run: docker login ghcr.io -u x -p ${{ secrets.P }}\n"
    told = {
        command: logins(steps(login + f"- run: {command}\n"))[0].operation
        for command in (
            "docker pull ghcr.io/acme/app",
            "docker push ghcr.io/acme/app",
            "docker push $IMAGE",
            "docker compose push",
            "crane delete ghcr.io/acme/app:1",
            "docker push docker.io/acme/app",
        )
    }
    assert list(told.values()) == ["pull", "push", "push", "push", "delete", "unknown"]


def test_another_jobs_push_is_not_this_logins() -> None:
    text = (
        "on: push\njobs:\n"
        "  a: {steps: [{run: 'docker login ghcr.io -p ${{ secrets.P }}'}]}\n"
        "  b: {steps: [{run: 'docker push ghcr.io/acme/app'}]}\n"
    )
    assert [row.operation for row in logins(text)] == ["unknown"]


def test_what_the_api_deletes_is_no_deletion_by_the_registrys_login() -> None:
    rows = logins(
        steps(
            """
            - run: docker login ghcr.io -p ${{ secrets.P }} && docker push ghcr.io/acme/app
            - uses: actions/delete-package-versions@v5
              with: {package-name: app, package-type: container}
            """
        )
    )
    assert [(row.registry, row.operation) for row in rows] == [
        ("container", "push"),
        ("api", "delete"),
    ]
