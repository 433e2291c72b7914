"""setup-java's server, and the steps in which Maven reads its password."""

import pytest

from tests.collector.workflows.tools import logins, one, pairs, steps

TOKEN = "  env:\n    GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n"


def job(inputs: str, rest: str) -> str:
    """Return a workflow whose first step is setup-java with these inputs."""
    return steps(f"- uses: actions/setup-java@v4\n  with: {{java-version: 21{inputs}}}\n{rest}")


@pytest.mark.parametrize(
    ("inputs", "rest"),
    [
        ("", f"- run: mvn package\n{TOKEN}"),
        ("", f"- run: gh release create v1\n{TOKEN}"),
        ("", f"- run: mvn deploy -s ci/settings.xml\n{TOKEN}"),
        ("", "- run: mvn deploy\n"),
        (
            "",
            (
                "- run: mvn deploy\n  env: {GITHUB_TOKEN: '${{ github.token }}',"
                " OSSRH_PASSWORD: '${{ secrets.X }}'}\n"
            ),
        ),
        (
            ", server-id: central, server-password: CENTRAL",
            "- run: mvn deploy\n  env: {CENTRAL: '${{ secrets.X }}'}\n",
        ),
        (
            ", server-id: ossrh, server-password: P",
            "- run: mvn deploy\n  env: {P: '${{ secrets.X }}', GITHUB_TOKEN: '${{ github.token }}'}\n",
        ),
        (
            ", server-id: company, server-password: P",
            "- run: mvn deploy\n  env: {P: '${{ secrets.X }}'}\n",
        ),
        (", server-id: github", f"- run: gh release create v1\n{TOKEN}"),
        (", server-id: github", f"- run: ./gradlew build\n{TOKEN}"),
        (
            ", server-id: github",
            (
                "- uses: actions/setup-java@v4\n  with: {server-id: central}\n"
                f"- run: mvn deploy\n{TOKEN}"
            ),
        ),
    ],
)
def test_another_server_or_a_step_without_maven_is_none(inputs: str, rest: str) -> None:
    assert not logins(job(inputs, rest))


@pytest.mark.parametrize(
    ("inputs", "run"),
    [
        ("", "mvn --batch-mode deploy"),
        ("", "./mvnw -B deploy -DskipTests"),
        (", server-id: github", "mvn -B package"),
        (", server-id: github", "mvn deploy -s $GITHUB_WORKSPACE/settings.xml"),
        (", server-id: github-packages", "mvn -s settings.xml deploy"),
        (", server-id: gpr", "mvn deploy"),
        (", server-id: our-company", "mvn deploy"),
    ],
)
def test_maven_with_the_jobs_token_is_a_login(inputs: str, run: str) -> None:
    row = one(job(inputs, f"- run: {run}\n{TOKEN}"))
    assert (row.registry, row.host) == ("maven", "maven.pkg.github.com")
    assert (row.credential, row.line) == ("github_token", 10)


def test_the_password_may_have_another_name() -> None:
    rest = "- run: mvn deploy\n  env: {GH_PASS: '${{ secrets.PAT }}'}\n"
    row = one(job(", server-id: github, server-password: GH_PASS", rest))
    assert (row.credential, row.credential_name) == ("pat", "PAT")


def test_the_inputs_have_a_newer_name() -> None:
    rest = "- run: mvn deploy\n  env: {P: '${{ secrets.PAT }}'}\n"
    row = one(job(", server-id: github, server-password-env-var: P", rest))
    assert row.credential_name == "PAT"


def test_a_secrets_name_says_what_a_server_is() -> None:
    rest = "- run: mvn verify\n  env: {P: '${{ secrets.GPR_TOKEN }}'}\n"
    assert one(job(", server-id: company, server-password: P", rest)).credential_name == "GPR_TOKEN"


def test_a_pat_in_a_variable_called_github_token_is_a_pat() -> None:
    rest = "- run: mvn deploy\n  env: {GITHUB_TOKEN: '${{ secrets.PAT }}'}\n"
    assert one(job(", server-id: github", rest)).credential == "pat"


def test_a_job_that_says_packages_means_the_servers_it_does_not_name() -> None:
    text = """\
    on: push
    jobs:
      publish:
        permissions: {packages: write}
        env: {P: '${{ secrets.PAT }}'}
        steps:
          - uses: actions/setup-java@v4
            with: {server-id: company, server-password: P}
          - run: mvn verify
          - run: mvn deploy
    """
    assert one(text).credential_name == "PAT"
    assert not logins(text.replace("mvn verify", "docker build ."))


def test_the_token_itself_in_place_of_a_variables_name_is_a_login() -> None:
    text = job(", server-id: github, server-password: '${{ secrets.PAT }}'", "- run: mvn deploy\n")
    assert one(text).line == 7


def test_settings_that_a_script_writes_later_take_the_place_of_its_own() -> None:
    rest = (
        "- run: |\n    cat > ~/.m2/settings.xml <<EOF\n    <settings><servers><server>"
        "<id>github</id><password>${{ secrets.PAT }}</password></server></servers></settings>\n"
        f"    EOF\n- run: mvn deploy\n{TOKEN}"
    )
    assert {p[2] for p in pairs(job("", rest))} == {"PAT"}


def test_two_servers_after_each_other_keep_their_steps_apart() -> None:
    rest = (
        "- run: mvn deploy\n  env: {P: '${{ secrets.CENTRAL }}'}\n"
        "- uses: actions/setup-java@v4\n  with: {java-version: 21}\n"
        f"- run: mvn deploy\n{TOKEN}"
    )
    found = pairs(job(", server-id: central, server-password: P", rest))
    assert found == {("maven", "github_token", "GITHUB_TOKEN", 14)}


@pytest.mark.parametrize(("run", "pushes"), [("mvn deploy", True), ("mvn test", False)])
def test_a_step_that_deploys_pushes(run: str, pushes: bool) -> None:
    row = one(job(", server-id: github", f"- run: {run}\n{TOKEN}"))
    assert (row.operation == "push") is pushes
