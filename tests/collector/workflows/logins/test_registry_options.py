"""Container tools that are handed a credential with the command itself."""

import pytest

from tests.collector.workflows.tools import logins, one, pairs, steps

PAT = "${{ secrets.PAT }}"


@pytest.mark.parametrize(
    "command",
    [
        f"skopeo copy --dest-creds me:{PAT} docker://ghcr.io/a/b docker://quay.io/a/b",
        f"skopeo copy --src-creds me:{PAT} docker://quay.io/a/b docker://ghcr.io/a/b",
        f"skopeo inspect --creds me:{PAT} docker://docker.io/a/b",
        "skopeo copy docker://ghcr.io/a/b docker://ghcr.io/a/c",
        f"flux push artifact oci://quay.io/a/b --creds me:{PAT}",
        f"oras push quay.io/a/b:1 -u me -p {PAT}",
        f"helm install app ./chart --set password={PAT}",
        f"mysql -u root -p {PAT} ghcr.io/a/b",
        f"cosign sign --registry-password {PAT} quay.io/a/b",
        f"./gradlew jib -Djib.to.image=quay.io/a/b -Djib.to.auth.password={PAT}",
    ],
)
def test_a_credential_for_another_registry_is_no_login(command: str) -> None:
    assert logins(steps(f"- run: {command}")) == ()


@pytest.mark.parametrize(
    "command",
    [
        f"skopeo copy --dest-creds me:{PAT} docker://quay.io/a/b docker://ghcr.io/a/b",
        f"skopeo copy --src-creds=me:{PAT} docker://ghcr.io/a/b docker://quay.io/a/b",
        f"skopeo copy -a --src-creds me:{PAT} --dest-creds me:{PAT} docker://ghcr.io/a/b docker://ghcr.io/a/c",
        f"skopeo delete --creds me:{PAT} docker://ghcr.io/a/b",
        f"flux push artifact oci://ghcr.io/a/b:1 --path=. --creds flux:{PAT}",
        f"podman push --creds me:{PAT} img ghcr.io/a/b",
        f"oras push -u me -p {PAT} ghcr.io/a/b:1 file.txt",
        f"oras cp --to-password {PAT} quay.io/a/b ghcr.io/a/b",
        f"helm push app-1.tgz oci://ghcr.io/a/charts --username me --password {PAT}",
        f"cosign sign --registry-username me --registry-password {PAT} ghcr.io/a/b",
        f"./gradlew jib -Djib.to.image=ghcr.io/a/b -Djib.to.auth.password={PAT}",
        f"mvn jib:build -Djib.to.auth.password={PAT} -Djib.to.image=ghcr.io/a/b",
        f"apptainer push --docker-username me --docker-password {PAT} x.sif oras://ghcr.io/a/b",
    ],
)
def test_a_credential_for_github_is_one_login(command: str) -> None:
    assert pairs(steps(f"- run: {command}")) == {("container", "pat", "PAT", 6)}
    assert len(logins(steps(f"- run: {command}"))) == 1


def test_each_side_of_a_copy_has_its_own_credential() -> None:
    text = steps(
        "- run: |\n    skopeo copy --src-creds me:${{ github.token }} --dest-creds me:${{ secrets.B }} \\\n"
        "      docker://ghcr.io/a/b docker://docker.pkg.github.com/a/b/c\n"
    )
    assert pairs(text) == {
        ("container", "github_token", "GITHUB_TOKEN", 7),
        ("docker", "pat", "B", 7),
    }


def test_an_option_behind_a_forgotten_backslash_still_belongs_to_its_command() -> None:
    text = steps(
        f"- run: |\n    flux push artifact oci://ghcr.io/a/b \\\n      --path=.\n      --creds x:{PAT}\n"
    )
    assert (one(text).credential_name, one(text).line) == ("PAT", 9)
