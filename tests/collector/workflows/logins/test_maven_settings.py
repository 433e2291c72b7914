"""Maven's settings.xml: written, made by an action, committed."""

import pytest

from tests.collector.workflows.tools import logins, one, pairs, steps

URL = "https://maven.pkg.github.com/acme/app"


def server(name: str, password: str) -> str:
    """Return one server."""
    return (
        f"<server><id>{name}</id><username>bot</username><password>{password}</password></server>"
    )


def heredoc(body: str, quote: str = "", tail: str = "") -> str:
    """Return a step that writes settings; its text begins on line 8."""
    return steps(
        f"- run: |\n    cat > ~/.m2/settings.xml <<{quote}EOF{quote}\n    <settings>{body}</settings>\n"
        f"    EOF\n    mvn deploy\n{tail}"
    )


@pytest.mark.parametrize(
    "body",
    [
        server("central", "${{ secrets.X }}"),
        server("ossrh", "${{ secrets.X }}"),
        server("company", "${{ secrets.X }}"),
        server("github", "changeit"),
        server("github", ""),
        f"<!-- {server('github', '${{ secrets.X }}')} -->",
        server("github", "$GITHUB_TOKEN"),
        f"{server('a', '${{ secrets.X }}')}<repository><id>a</id><url>https://repo.acme.com</url></repository>",
    ],
)
def test_another_server_or_no_password_is_none(body: str) -> None:
    assert not logins(heredoc(body))


@pytest.mark.parametrize(
    "body",
    [
        server("github", "${{ secrets.PAT }}"),
        server("github-acme", "${{ secrets.PAT }}"),
        server("acme", "${{ secrets.PAT }}")
        + f"<repository><id>acme</id><url>{URL}</url></repository>",
        server("acme", "${{ secrets.PAT }}") + f"<mirror><url>{URL}</url><id>acme</id></mirror>",
    ],
)
def test_a_server_of_github_is_a_login(body: str) -> None:
    row = one(heredoc(body))
    assert (row.registry, row.credential_name, row.line) == ("maven", "PAT", 8)


@pytest.mark.parametrize("variable", ["${env.TOKEN}", "${TOKEN}"])
def test_a_variable_is_read_where_maven_runs(variable: str) -> None:
    text = heredoc(server("github", variable), "'") + (
        "      - run: mvn test\n        env: {TOKEN: '${{ secrets.A }}'}\n"
        "      - run: mvn deploy\n        env: {TOKEN: '${{ secrets.B }}'}\n"
    )
    assert {p[2] for p in pairs(text)} == {"A", "B"}


def test_github_token_beside_other_tools_is_not_mavens() -> None:
    text = heredoc(server("github", "${env.GITHUB_TOKEN}"), "'") + (
        "      - run: gh release create v1\n        env: {GITHUB_TOKEN: '${{ github.token }}'}\n"
        "      - run: mvn deploy\n        env: {GITHUB_TOKEN: '${{ github.token }}'}\n"
    )
    assert {p[3] for p in pairs(text)} == {14}


def test_echo_writes_it_too() -> None:
    text = steps(
        "- run: echo '<settings><servers>"
        + server("github", "${{ secrets.PAT }}")
        + "</servers></settings>' > settings.xml\n"
    )
    assert one(text).credential_name == "PAT"


@pytest.mark.parametrize(
    "text",
    [
        (
            "- uses: s4u/maven-settings-action@v3\n  with:\n"
            '    servers: \'[{"id": "github", "username": "bot", "password": "${{ secrets.PAT }}"}]\'\n'
        ),
        (
            "- uses: whelk-io/maven-settings-xml-action@v22\n  with:\n"
            f'    repositories: \'[{{"id": "acme", "url": "{URL}"}}]\'\n'
            '    servers: \'[{"id": "acme", "username": "bot", "password": "${{ secrets.PAT }}"}]\'\n'
        ),
        (
            "- uses: s4u/maven-settings-action@v3\n  with:\n    servers: |\n"
            '      [{\n        "id": "github",\n        "username": "bot",\n'
            '        "password": "${env.P}"\n      }]\n'
            "- run: mvn deploy\n  env: {P: '${{ secrets.PAT }}'}\n"
        ),
        (
            "- uses: acme/write-file@v1\n  with:\n    path: settings.xml\n"
            f"    contents: {server('github', '${{ secrets.PAT }}')}\n"
        ),
    ],
)
def test_an_action_makes_them(text: str) -> None:
    row = one(steps(text))
    assert (row.registry, row.credential_name) == ("maven", "PAT")


@pytest.mark.parametrize(
    "text",
    [
        (
            "- uses: s4u/maven-settings-action@v3\n  with:\n"
            '    servers: \'[{"id": "nexus", "username": "a", "password": "${{ secrets.X }}"}]\'\n'
        ),
        (
            "- uses: s4u/maven-settings-action@v3\n- run: gh api x\n"
            "  env: {GITHUB_TOKEN: '${{ github.token }}'}\n"
        ),
        (
            "- uses: s4u/maven-settings-action@v3\n  with: {githubServer: false}\n- run: mvn deploy\n"
            "  env: {GITHUB_TOKEN: '${{ github.token }}'}\n"
        ),
    ],
)
def test_an_action_for_other_servers_is_none(text: str) -> None:
    assert not logins(steps(text))


def test_s4us_own_server_reads_the_jobs_token_where_maven_runs() -> None:
    text = "- uses: s4u/maven-settings-action@v3\n- run: mvn deploy\n"
    tail = "  env: {GITHUB_TOKEN: '${{ github.token }}'}\n"
    assert one(steps(text + tail)).credential == "github_token"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (server("github", "${env.GITHUB_TOKEN}"), "unknown"),
        (server("github", "ghp_" + "a1B2" * 9), "literal"),
        (server("github", "&#103;hp_" + "a1B2" * 9), "literal"),
    ],
)
def test_committed_settings_are_a_login_of_no_job(body: str, expected: str) -> None:
    row = one(f"<settings>\n{body}\n</settings>\n", path=".m2/settings.xml")
    assert (row.job, row.registry, row.credential, row.line) == ("", "maven", expected, 2)
