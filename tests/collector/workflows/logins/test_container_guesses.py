"""Logins that a script or a callee does by itself: keychains, config files, makes, called workflows."""

import pytest

from collector.workflows.analyze import analyze
from tests.collector.workflows.tools import logins, one, pairs, steps

PAT = "${{ secrets.PAT }}"
TOKEN = "${{ github.token }}"


@pytest.mark.parametrize(
    "text",
    [
        "- run: krane ls ghcr.io/a/b",
        f"- env: {{GITHUB_TOKEN: '{TOKEN}'}}\n  run: krane ls docker.io/a/b",
        f"- env: {{GITHUB_TOKEN: '{TOKEN}'}}\n  run: crane ls ghcr.io/a/b",
        f"- env: {{GITHUB_TOKEN: '{TOKEN}', KO_DOCKER_REPO: ko.local}}\n  run: ko build .",
        f"- env: {{GITHUB_TOKEN: '{TOKEN}', KO_DOCKER_REPO: quay.io/a}}\n  run: ko build .",
    ],
)
def test_a_keychain_serves_github_only(text: str) -> None:
    assert logins(steps(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        f"- env: {{GITHUB_TOKEN: '{TOKEN}'}}\n  run: krane ls ghcr.io/a/b",
        f"- env: {{GITHUB_TOKEN: '{TOKEN}'}}\n  run: X=$(krane auth get ghcr.io); krane auth get ghcr.io",
        f"- env: {{GITHUB_TOKEN: '{TOKEN}', KO_DOCKER_REPO: ghcr.io/a}}\n  run: ko build .",
    ],
)
def test_a_keychain_takes_the_variable_by_itself(text: str) -> None:
    row = one(steps(text))
    assert (row.credential, row.line, row.implicit) == ("github_token", 6, True)


def test_ko_that_was_logged_in_takes_what_it_was_given() -> None:
    text = steps(
        f"- run: echo {PAT} | docker login ghcr.io -u me --password-stdin\n"
        f"- env: {{GITHUB_TOKEN: '{TOKEN}', KO_DOCKER_REPO: ghcr.io/a}}\n  run: ko build .\n"
    )
    assert pairs(text) == {("container", "pat", "PAT", 6)}


def test_a_config_file_for_others_is_no_login() -> None:
    text = steps(
        "- run: |\n    cat <<EOF > ~/.docker/config.json\n"
        '    {"auths": {"quay.io": {"auth": "${{ secrets.X }}"}}, "credHelpers": {"ghcr.io": "x"}}\n'
        "    EOF\n"
    )
    assert logins(text) == ()


def test_a_config_file_is_a_login_to_each_host_in_it() -> None:
    text = steps(
        "- run: |\n    AUTH=$(echo -n me:${{ secrets.PAT }} | base64)\n"
        "    cat <<EOF > ~/.docker/config.json\n"
        '    {"auths": {\n'
        '      "https://ghcr.io": {"auth": "$AUTH"},\n'
        '      "docker.pkg.github.com": {"auth": "${{ secrets.OTHER }}"}\n'
        "    }}\n    EOF\n"
    )
    assert pairs(text) == {("container", "pat", "PAT", 7), ("docker", "pat", "OTHER", 11)}


def test_a_config_file_that_echo_writes_is_read() -> None:
    text = steps(
        '- run: |\n    echo "{\\"auths\\": {\\"ghcr.io\\": {\\"auth\\": \\"$A\\"}}}" > config.json\n'
        "  env: {A: '${{ secrets.PAT }}'}\n"
    )
    assert one(text).credential_name == "PAT"


def test_registry_auth_lists_registries() -> None:
    text = steps(
        "- uses: docker/login-action@v3\n  with:\n    registry-auth: |\n"
        "      - registry: ghcr.io\n        username: me\n        password: ${{ secrets.PAT }}\n"
        "      - username: me\n        password: ${{ secrets.HUB }}\n"
        "      - registry: quay.io\n        password: ${{ secrets.QUAY }}\n"
    )
    assert pairs(text) == {("container", "pat", "PAT", 11)}


@pytest.mark.parametrize(
    "text",
    [
        f"- env: {{REGISTRY: quay.io, REGISTRY_PASSWORD: '{PAT}'}}\n  run: make push",
        f"- env: {{REGISTRY: ghcr.io, REGISTRY_PASSWORD: '{PAT}'}}\n  run: echo hello",
        f"- env: {{REGISTRY: ghcr.io, GITHUB_TOKEN: '{PAT}'}}\n  run: make push",
        "- env: {REGISTRY: ghcr.io, REGISTRY_PASSWORD: ''}\n  run: make push",
    ],
)
def test_a_make_that_may_do_anything_is_no_login(text: str) -> None:
    assert logins(steps(text)) == ()


@pytest.mark.parametrize("command", ["make push", "./scripts/push.sh", "bash ci/push.sh ghcr.io"])
def test_a_script_that_is_handed_a_registrys_password_logs_in(command: str) -> None:
    text = steps(f"- env:\n    REGISTRY: ghcr.io\n    REGISTRY_PASSWORD: {PAT}\n  run: {command}")
    assert pairs(text) == {("container", "pat", "PAT", 8)}


CALL = """\
on: push
jobs:
  a:
    uses: {uses}
    with:
      {given}
    secrets:
      {secret}
"""
LOCAL = "./.github/workflows/publish.yml"


@pytest.mark.parametrize(
    ("given", "secret"),
    [
        ("image: quay.io/acme/app", "token: ${{ secrets.PAT }}"),
        ("image: ghcr.io/acme/app", "slack-url: ${{ secrets.URL }}"),
        ("image: ghcr.io/acme/app", "token: ''"),
        ("environment: ghcr.io", "token: ${{ secrets.PAT }}"),
    ],
)
def test_a_called_workflow_without_host_and_token_is_no_login(given: str, secret: str) -> None:
    assert logins(CALL.format(uses=LOCAL, given=given, secret=secret)) == ()


@pytest.mark.parametrize(
    ("given", "secret"),
    [
        ("image: ghcr.io/acme/app", "registry-password: ${{ secrets.PAT }}"),
        ("name: app", "GHCR_TOKEN: ${{ secrets.PAT }}"),
        ("image-name: ghcr.io/acme/app", "GHCR_TOKEN: ${{ secrets.PAT }}"),
    ],
)
def test_a_called_workflow_that_cannot_be_read_is_guessed_once(given: str, secret: str) -> None:
    text = CALL.format(uses=LOCAL, given=given, secret=secret)
    (row,) = logins(text)
    assert (row.credential_name, row.line, row.host) == ("PAT", 8, "ghcr.io")


def test_the_guess_is_dropped_where_the_workflow_can_be_read() -> None:
    callee = analyze(
        b"on: workflow_call\njobs: {a: {runs-on: x, steps: [run: make]}}", path="p.yml"
    )
    text = CALL.format(uses=LOCAL, given="image: ghcr.io/a/b", secret=f"token: {PAT}")
    assert len(logins(text)) == 1
    assert logins(text, resolve=lambda _repository, _path, _ref: callee) == ()


def test_an_action_that_is_told_its_host_twice_logs_in_once() -> None:
    text = steps(
        f"- uses: acme/push@v1\n  with:\n    registry: ghcr.io\n    image: ghcr.io/a/b\n    password: {PAT}\n"
    )
    assert one(text).line == 10
