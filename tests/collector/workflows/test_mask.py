"""Literal credentials: covered before anything is stored, and nothing else is touched."""

import base64
import json
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.workflows.analyze import analyze
from collector.workflows.document import MAX_BYTES
from collector.workflows.link import link
from collector.workflows.mask import mask_literals
from collector.workflows.sentinel import cover, is_covered
from tests.collector.workflows.tools import HEAD, steps

PATH = ".github/workflows/a.yml"
PASSWORDS = st.text(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+=!", min_size=1
).filter(lambda text: text[0].isalnum() and not is_covered(text))


def masked(text: str, *, path: str = PATH) -> str:
    """Return a masked text; masking it again changes nothing, and its facts are the same."""
    data = text.encode()
    found = mask_literals(data, path=path)
    assert len(found.data) == len(data)
    assert mask_literals(found.data, path=path) == (found.data, 0)
    assert analyze(found.data, path=path) == analyze(data, path=path)
    return found.data.decode()


@pytest.mark.parametrize(
    "text",
    [
        "- uses: actions/checkout@8e8c483db84b4bee98b60c0593521ed34d9990e8",
        "- uses: docker://alpine:3.20@sha256:" + "0a" * 32,
        "- uses: docker://ghcr.io/acme/app:1@sha256:" + "0a" * 32,
        "- run: docker pull ghcr.io/acme/app@sha256:" + "0a" * 32,
        '- run: docker login ghcr.io -u me -p "$TOKEN"',
        "- run: docker login ghcr.io -u me -p ${{ secrets.TOKEN }}",
        "- run: docker login ghcr.io --password-stdin < ./token.txt",
        "- run: docker login ghcr.io -p $(cat /run/secrets/token)",
        "- run: cat ~/token.txt | docker login ghcr.io -u me --password-stdin",
        "- run: git clone https://x-access-token:${TOKEN}@github.com/acme/app",
        "- run: git clone https://me:%TOKEN%@github.com/acme/app",
        '- run: curl -H "Authorization: Bearer $TOKEN" https://api.github.com',
        "- run: npm config set //npm.pkg.github.com/:_authToken ${NODE_AUTH_TOKEN}",
        "- uses: actions/setup-java@v4\n  with:\n    server-password: GITHUB_TOKEN",
        "- uses: acme/thing@v1\n  with:\n    token: default\n    password: ${{ secrets.X }}",
        '- uses: acme/thing@v1\n  with:\n    password: "${{ secrets.X }}"\n    persist-token: true',
        "- env:\n    PASSWORD: ${{ secrets.ghp_not_a_token_but_a_name_1 }}\n  run: make",
        "- id: ghs_release_and_upload_the_assets\n  run: make",
        "- run: echo docker login with --password is unsafe",
        "- run: const token = process.env.TOKEN",
    ],
)
def test_what_is_no_literal_credential_stays_as_it_is(text: str) -> None:
    whole = steps(text)
    assert masked(whole) == whole


def test_permissions_are_no_credentials() -> None:
    text = "permissions:\n  id-token: write\n  packages: write\n" + HEAD + "      - run: make\n"
    assert masked(text) == text


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        # The word that logs in stands elsewhere on the line, too.
        ("- run: docker login -u docker -p docker ghcr.io", "-u docker -p MASKED ghcr.io"),
        (
            "- run: echo docker | docker login ghcr.io --password-stdin",
            "echo MASKED | docker login",
        ),
        ("- run: docker login -u me -phunter2 ghcr.io", "-pMASKEDM ghcr.io"),
        ("- run: docker login -u me --password=hunter2 ghcr.io", "--password=MASKEDM ghcr.io"),
        ("- run: docker login ghcr.io -u me --password 'ab cd'", "--password 'MA MA'"),
        ("- run: docker login ghcr.io -u me -p pässwort", "-p MASKEDMAS"),
        ("- run: git clone https://me:hunter2@ghcr.io/v2", "https://me:MASKEDM@ghcr.io"),
        ("- run: npm config set //npm.pkg.github.com/:_authToken abc123", ":_authToken MASKED"),
        ("- run: curl -H 'Authorization: token abcdef' https://api.github.com", "token MASKED'"),
        ("- run: oras push --creds=x ghp_" + "a1B2" * 9, "ghp_" + "MASKED" * 6),
        ("- run: x github_pat_" + "a1B2" * 20, "github_pat_MASKED"),
        ("- run: x eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeKKF2QT4", "x MASKED"),
    ],
)
def test_a_literal_in_a_script_is_covered(text: str, becomes: str) -> None:
    assert becomes in masked(steps(text))


def test_a_token_of_2026_is_covered_to_its_end() -> None:
    token = "ghs_12345_" + "aB3.x-Y_z" * 57
    text = masked(steps(f"- run: echo {token} done"))
    assert f"echo ghs_{cover(token[4:])} done" in text


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ("password: password", "password: MASKEDMA"),
        ("password: 'hunter2'", "password: 'MASKEDM'"),
        ("password: GITHUB_TOKEN", "password: MASKEDMASKED"),
        ("password: ${{ secrets.A || 'other' }}", "secrets.A || 'MASKE' }}"),
        ("password: ${{ inputs.prod && 'other' || secrets.A }}", "&& 'MASKE' ||"),
        ("password: " + "0a" * 20, "password: MASKED"),
    ],
)
def test_a_literal_password_of_a_login_action_is_covered(given: str, becomes: str) -> None:
    text = f"- uses: docker/login-action@v3\n  with:\n    registry: ghcr.io\n    {given}\n"
    assert becomes in masked(steps(text))


def test_a_password_is_found_where_only_its_use_betrays_it() -> None:
    text = steps("- run: echo $T | docker login ghcr.io -u x --password-stdin", env={"T": "plain"})
    assert "  T: MASKE\n" in masked(text)


def test_a_password_in_a_matrix_is_covered_in_its_cells() -> None:
    text = """\
        on: push
        jobs:
          a:
            runs-on: x
            strategy:
              matrix:
                include:
                  - {registry: ghcr.io, word: hunter2}
                  - {registry: docker.io, word: letmein}
            steps:
              - uses: docker/login-action@v3
                with:
                  registry: ${{ matrix.registry }}
                  password: ${{ matrix.word }}
        """
    made = masked(textwrap.dedent(text))
    assert "hunter2" not in made
    assert "letmein" not in made


def test_a_password_with_escapes_is_covered_whole() -> None:
    text = steps(
        "- uses: docker/login-action@v3\n  with:\n    registry: ghcr.io\n"
        '    password: "pa\\x61ss wor\\"d1"\n'
    )
    made = masked(text)
    assert "ss wor" not in made
    assert "registry: ghcr.io" in made


def test_a_heredoc_is_covered_line_by_line() -> None:
    text = steps(
        "- run: |\n    cat <<EOF | docker login ghcr.io -u x --password-stdin\n    hunter2\n    EOF"
    )
    assert "\n          MASKEDM\n          EOF" in masked(text)


def test_copies_of_a_password_are_covered_too() -> None:
    text = steps("# was s3cret-word\n- run: docker login ghcr.io -u me -p s3cret-word")
    assert "s3cret-word" not in masked(text)


@pytest.mark.parametrize(
    ("path", "text", "becomes"),
    [
        (".npmrc", "//npm.pkg.github.com/:_authToken=abc123\n", "_authToken=MASKED"),
        (".npmrc", "_auth=YWJjOmRlZg==\n", "_auth=MASKEDMASKED"),
        ("settings.xml", "<server><password>hunter2</password></server>", ">MASKEDM<"),
        ("nuget.config", '<add key="ClearTextPassword" value="hunter2" />', 'value="MASKEDM"'),
        ("gradle.properties", "gpr.key=abcdef123456789\n", "gpr.key=MASKED"),
        ("config.json", '{"auths": {"ghcr.io": {"auth": "bWU6cHc="}}}', '"auth": "MASKEDMA"'),
        (".netrc", "machine ghcr.io login me password hunter2\n", "password MASKEDM"),
        (".github/dependabot.yml", "registries:\n  a:\n    password: hunter2\n", ": MASKEDM"),
        ("key.yml", "k: -----BEGIN PRIVATE KEY-----\n  abcd\n  -----END", "\n  MASK\n"),
    ],
)
def test_configuration_files_lose_their_literals(path: str, text: str, becomes: str) -> None:
    assert becomes in masked(text, path=path)


def test_variables_in_configuration_files_stay() -> None:
    text = "//npm.pkg.github.com/:_authToken=${NODE_AUTH_TOKEN}\nalways-auth=true\n"
    assert masked(text, path=".npmrc") == text
    text = "<password>${env.GITHUB_TOKEN}</password>"
    assert masked(text, path="settings.xml") == text


def test_a_login_with_a_literal_is_one_before_and_after() -> None:
    text = steps("- run: docker login -u me -p hunter2 ghcr.io").encode()
    for data in (text, mask_literals(text).data):
        (row,) = link(analyze(data, path=PATH), repository="acme/app").logins
        assert (row.credential, row.expression, row.host) == ("literal", "(literal)", "ghcr.io")


def test_no_literal_is_in_facts_or_rows() -> None:
    text = steps(
        "- run: |\n    echo hunter2 | docker login -u me --password-stdin ghcr.io\n"
        "    docker login -u me -p letmein docker.pkg.github.com\n"
    )
    facts = analyze(text.encode(), path=PATH)
    said = facts.to_json() + repr(link(facts, repository="acme/app"))
    assert len(link(facts, repository="acme/app").logins) == 2
    assert "hunter2" not in said
    assert "letmein" not in said


def test_a_file_that_is_no_yaml_loses_what_shows_itself() -> None:
    text = "jobs: [\n  password: hunter2\n token ghp_" + "a1B2" * 9
    found = mask_literals(text.encode(), path=PATH)
    assert b"hunter2" not in found.data
    assert b"a1B2" not in found.data
    assert found.covered == 2


def test_an_answer_that_carries_a_file_in_base64_is_masked_inside() -> None:
    file = steps("- run: docker login -u me -p hunter2 ghcr.io").encode()
    encoded = base64.encodebytes(file).decode()
    answer = json.dumps({"encoding": "base64", "content": encoded}).encode()
    found = mask_literals(answer)
    assert len(found.data) == len(answer)
    content = json.loads(found.data)["content"]
    assert content.count("\n") == encoded.count("\n")
    assert base64.b64decode(content) == mask_literals(file).data
    assert found.covered == 1


def test_an_answer_of_the_api_stays_as_it_is() -> None:
    answer = json.dumps(
        {"hashed_token": "abc=", "token_id": 12345678901234, "secrets": [{"name": "GHCR_TOKEN"}]}
    ).encode()
    assert mask_literals(answer) == (answer, 0)


def test_utf_16_is_masked_as_utf_16() -> None:
    text = steps("- run: docker login -u me -p hunter2 ghcr.io").encode("utf-16")
    found = mask_literals(text, path=PATH)
    assert len(found.data) == len(text)
    assert "-p MASKEDM ghcr.io" in found.data.decode("utf-16")


def test_a_file_that_is_too_large_to_be_read_still_loses_its_tokens() -> None:
    data = b"# " + b"x" * MAX_BYTES + b"\npassword: hunter2\n"
    assert b"hunter2" not in mask_literals(data, path=PATH).data


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_keep_their_length_and_are_masked_once(data: bytes) -> None:
    found = mask_literals(data, path=PATH)
    assert len(found.data) == len(data)
    assert mask_literals(found.data, path=PATH) == (found.data, 0)


_FORMS = [
    "- run: docker login ghcr.io -u me -p {}",
    "- run: echo {} | docker login ghcr.io -u me --password-stdin",
    "- run: |\n    T={}\n    docker login ghcr.io -u me -p $T",
    "- uses: docker/login-action@v3\n  with:\n    registry: ghcr.io\n    password: {}",
    "- env:\n    T: {}\n  run: docker login ghcr.io -u me -p $T",
]


@given(st.sampled_from(_FORMS), PASSWORDS)
@settings(max_examples=200, deadline=None)
def test_whatever_the_password_is_it_is_covered_and_the_login_stays(form: str, word: str) -> None:
    text = steps(form.format(word)).encode()
    found = mask_literals(text, path=PATH)
    facts = analyze(text, path=PATH)
    assert analyze(found.data, path=PATH) == facts
    assert [row.credential for row in link(facts, repository="a/b").logins] == ["literal"]
    if len(word) > 5:
        rest = steps(form.format(""))  # a password such as `action` stands in the file's own words
        assert found.data.decode().count(word) <= rest.count(word)
