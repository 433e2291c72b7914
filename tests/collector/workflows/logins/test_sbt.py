"""sbt's and Coursier's credentials."""

import pytest

from tests.collector.workflows.tools import logins, one, steps

PAT = "${{ secrets.PAT }}"


@pytest.mark.parametrize(
    "text",
    [
        f"- run: sbt test\n  env: {{GITHUB_TOKEN: '{PAT}'}}\n",
        f"- run: sbt ci-release\n  env: {{GITHUB_TOKEN: '{PAT}'}}\n",
        f"- name: Publish to Sonatype\n  run: sbt publish\n  env: {{GITHUB_TOKEN: '{PAT}'}}\n",
        f"- run: echo 'x'\n  env: {{COURSIER_CREDENTIALS: 'repo.acme.com bot:{PAT}'}}\n",
        f'- run: printf "host=repo.acme.com\\npassword={PAT}" > ~/.sbt/.credentials\n',
    ],
)
def test_another_repository_is_none(text: str) -> None:
    assert not logins(steps(text))


@pytest.mark.parametrize(
    "text",
    [
        f"- name: Publish to GitHub Packages\n  run: sbt publish\n  env: {{GITHUB_TOKEN: '{PAT}'}}\n",
        f"- run: sbt compile\n  env: {{COURSIER_CREDENTIALS: 'maven.pkg.github.com bot:{PAT}'}}\n",
        (
            "- run: |\n    cat <<EOF > ~/.sbt/.credentials\n    realm=GitHub Package Registry\n"
            f"    host=maven.pkg.github.com\n    user=bot\n    password={PAT}\n    EOF\n"
        ),
        (
            f'- run: printf "acme.host=maven.pkg.github.com\\nacme.password={PAT}\\n" > '
            "~/.config/coursier/credentials.properties\n"
        ),
    ],
)
def test_github_packages_with_a_token_is_a_login(text: str) -> None:
    row = one(steps(text))
    assert (row.registry, row.credential_name) == ("maven", "PAT")
