"""Pull secrets for clusters."""

import pytest

from tests.collector.workflows.tools import logins, one, steps

PAT = "${{ secrets.PULL }}"
CREATE = "kubectl create secret docker-registry regcred"


@pytest.mark.parametrize(
    "command",
    [
        f"{CREATE} --docker-server=quay.io --docker-password={PAT}",
        f"{CREATE} --docker-username=x --docker-password={PAT}",
        f"echo {CREATE} --docker-server=ghcr.io --docker-password={PAT}",
        f"# {CREATE} --docker-server=ghcr.io --docker-password={PAT}",
        f"kubectl create secret generic x --from-literal=password={PAT} # ghcr.io",
        "kubectl get secret docker-registry --docker-server=ghcr.io",
        f"helm upgrade x ./chart --set image.repository=ghcr.io/acme/app --set api.token={PAT}",
        f"helm upgrade x ./chart --set imageCredentials.password={PAT}",
    ],
)
def test_another_registry_or_secret_is_none(command: str) -> None:
    assert not logins(steps(f"- run: |\n    {command}"))


@pytest.mark.parametrize(
    "command",
    [
        f"{CREATE} --docker-server=ghcr.io --docker-username=x --docker-password={PAT}",
        f"{CREATE} -n app --docker-server https://ghcr.io --docker-password '{PAT}' --dry-run=client -o yaml | kubectl apply -f -",
        f'sudo k3s {CREATE} --docker-server="ghcr.io" --docker-password="{PAT}"',
        f"kubectl -n app create secret docker-registry x --docker-server=ghcr.io --docker-password={PAT}",
        f"oc create secret docker-registry x --docker-server=ghcr.io --docker-password={PAT}",
        f"helm install x ./c --set imageCredentials.registry=ghcr.io,imageCredentials.password={PAT}",
        f"helm upgrade x ./c --set-string pull.server=ghcr.io --set pull.username=x --set pull.token={PAT}",
    ],
)
def test_a_pull_secret_is_a_login_that_pulls(command: str) -> None:
    row = one(steps(f"- run: |\n    {command}"))
    assert (row.registry, row.credential, row.credential_name) == ("container", "pat", "PULL")
    assert (row.operation, row.line) == ("pull", 7)


def test_server_and_password_may_come_through_the_environment() -> None:
    text = steps(
        """
        - env: {SERVER: ghcr.io, PASSWORD: "${{ secrets.GITHUB_TOKEN }}"}
          run: |
            kubectl create secret docker-registry ghcr \\
              --docker-server "$SERVER" \\
              --docker-password $PASSWORD
        """
    )
    row = one(text)
    assert (row.credential, row.line, row.use_line) == ("github_token", 7, 9)


def test_an_action_makes_a_pull_secret() -> None:
    text = steps(
        """
        - uses: azure/k8s-create-secret@v4
          with:
            container-registry-url: https://ghcr.io
            container-registry-username: x
            container-registry-password: ${{ secrets.PULL }}
            secret-name: regcred
        """
    )
    assert one(text).credential_name == "PULL"


def test_an_action_for_another_registry_is_none() -> None:
    text = steps(
        """
        - uses: azure/k8s-create-secret@v4
          with: {container-registry-url: acme.azurecr.io, container-registry-password: "${{ secrets.P }}"}
        """
    )
    assert not logins(text)
