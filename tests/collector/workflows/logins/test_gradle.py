"""Gradle's tokens."""

import pytest

from tests.collector.workflows.tools import logins, one, steps

TOKEN = "  env: {GITHUB_TOKEN: '${{ github.token }}'}\n"
PAT = "'${{ secrets.PAT }}'"


@pytest.mark.parametrize(
    "text",
    [
        f"- run: ./gradlew build\n{TOKEN}",
        f"- run: ./gradlew publish\n{TOKEN}",
        f"- name: Publish to Maven Central\n  run: ./gradlew publish\n  env: {{TOKEN: {PAT}}}\n",
        (
            "- name: Publish to GitHub Packages and Modrinth\n  run: ./gradlew publishMods\n"
            f"  env: {{TOKEN: {PAT}}}\n"
        ),
        f"- run: ./gradlew publishToMavenLocal -Pgithub.token={PAT}\n",
        f"- run: ./gradlew publish -Psonatype.password={PAT}\n",
        f"- name: Publish to GitHub Packages\n  run: ./gradlew publish\n  env: {{SIGNING_KEY: {PAT}}}\n",
        f"- name: Publish to GitHub Packages\n  run: npm run x\n  env: {{TOKEN: {PAT}}}\n",
        "- run: ./gradlew publish\n  env: {GPR_USER: me, GPR_KEY: ''}\n",
        f"# maven.pkg.github.com\n- run: ./gradlew build\n{TOKEN}",
    ],
)
def test_nothing_that_says_packages_or_no_token_is_none(text: str) -> None:
    assert not logins(steps(text))


@pytest.mark.parametrize(
    "text",
    [
        f"- name: Publish to GitHub Packages\n  run: ./gradlew publish\n  env: {{TOKEN: {PAT}}}\n",
        f"- run: ./gradlew publish\n  env: {{GPR_USER: me, GPR_KEY: {PAT}}}\n",
        f"- run: ./gradlew build\n  env: {{GITHUB_PACKAGES_TOKEN: {PAT}}}\n",
        f"- run: ./gradlew build\n  env: {{ORG_GRADLE_PROJECT_gprToken: {PAT}}}\n",
        "- run: ./gradlew build -Pgpr.user=me -Pgpr.key=${{ secrets.PAT }}\n",
        "- run: gradle publish -P gpr.key=$K\n  env: {K: '${{ secrets.PAT }}'}\n",
        '- run: ./gradlew build "-PgithubToken=${{ secrets.PAT }}" -Purl=https://maven.pkg.github.com/a/b\n',
        (
            "- uses: gradle/gradle-build-action@v2\n"
            "  with: {arguments: 'publish -Pgpr.key=${{ secrets.PAT }}'}\n"
        ),
        '- run: |\n    mkdir -p ~/.gradle\n    echo "gpr.key=${{ secrets.PAT }}" >> ~/.gradle/gradle.properties\n',
        f"- run: ./gradlew build\n  env:\n    URL: https://maven.pkg.github.com/acme/app\n    GITHUB_TOKEN: {PAT}\n",
    ],
)
def test_what_says_packages_with_a_token_is_a_login(text: str) -> None:
    row = one(steps(text))
    assert (row.registry, row.credential_name) == ("maven", "PAT")


def test_a_job_that_may_write_packages_and_publishes_with_its_token_is_a_login() -> None:
    text = """\
    on: push
    jobs:
      publish:
        permissions: {packages: write}
        steps:
          - uses: gradle/actions/setup-gradle@v4
          - run: ./gradlew publish
            env: {GITHUB_TOKEN: '${{ github.token }}'}
    """
    assert one(text).credential == "github_token"
    assert not logins(text.replace("gradle/actions/setup-gradle", "docker/setup-buildx-action"))
