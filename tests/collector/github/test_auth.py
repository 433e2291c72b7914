import logging
import shlex
import sys
from pathlib import Path

import pytest

from collector.errors import CredentialError, UsageError
from collector.github.auth import (
    Token,
    TokenFacts,
    TokenKind,
    find_token,
    kind_of,
    token_from_command,
    token_from_file,
)
from collector.redact import scrub
from tests.collector.github.tools import TOKEN


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("ghp_" + "a" * 36, TokenKind.CLASSIC_PAT),
        ("0123456789abcdef0123456789abcdef01234567", TokenKind.CLASSIC_PAT),
        ("github_pat_11ABC_" + "x" * 59, TokenKind.FINE_GRAINED_PAT),
        ("gho_" + "a" * 36, TokenKind.OAUTH),
        ("ghu_" + "a" * 36, TokenKind.USER_TO_SERVER),
        ("ghs_" + "a.-_" * 130, TokenKind.INSTALLATION),
        ("something-else", TokenKind.UNKNOWN),
    ],
)
def test_a_prefix_tells_the_kind(value: str, kind: TokenKind) -> None:
    assert kind_of(value) is kind
    assert Token("t", value).kind is kind


def test_a_token_never_shows_its_value() -> None:
    token = Token("GH_TOKEN", TOKEN)

    assert repr(token) == str(token) == "Token(name='GH_TOKEN')"
    assert scrub(f"a {TOKEN} b") == "a *** b"


@pytest.mark.parametrize("value", ["", "a b", "Bearer ghp_x", "gh\np", "tökén", "a\tb", "a\x00b"])
def test_what_no_token_looks_like_is_refused_without_showing_it(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        Token("GH_TOKEN", value)

    assert "GH_TOKEN" in str(caught.value)
    assert len(value) < 3 or value not in f"{caught.value} {caught.value.hint}"


def test_without_any_token_the_error_says_what_to_set() -> None:
    with pytest.raises(CredentialError) as caught:
        find_token({"PATH": "/bin", "GH_TOKEN": ""})

    assert "PKGINVENTORY_TOKEN" in caught.value.hint


def test_our_own_variable_comes_before_those_that_others_share() -> None:
    environ = {"GITHUB_TOKEN": "three", "GH_TOKEN": "two", "PKGINVENTORY_TOKEN": "one\n"}

    assert find_token(environ) == Token("PKGINVENTORY_TOKEN", "one")
    del environ["PKGINVENTORY_TOKEN"]
    assert find_token(environ) == Token("GH_TOKEN", "two")
    del environ["GH_TOKEN"]
    assert find_token(environ) == Token("GITHUB_TOKEN", "three")


def secret_file(folder: Path, content: bytes, *, name: str = "token", mode: int = 0o600) -> Path:
    file = folder / name
    file.write_bytes(content)
    file.chmod(mode)
    return file


def test_a_token_file_is_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = secret_file(tmp_path, TOKEN.encode() + b"\n")

    assert find_token({"PKGINVENTORY_TOKEN_FILE": str(file), "GH_TOKEN": "x"}) == Token(
        "token", TOKEN
    )
    assert caplog.records == []


def test_a_systemd_credential_is_read(tmp_path: Path) -> None:
    secret_file(tmp_path, TOKEN.encode(), name="pkginventory-token")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path), "GITHUB_TOKEN": "x"}

    assert find_token(environ).value == TOKEN


def test_a_systemd_folder_of_another_service_is_no_token(tmp_path: Path) -> None:
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path), "GITHUB_TOKEN": "x"}

    assert find_token(environ).name == "GITHUB_TOKEN"


def test_a_file_that_everyone_can_read_is_warned_about(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        token_from_file(secret_file(tmp_path, TOKEN.encode(), mode=0o644))

    assert "Everyone on this machine can read" in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"x" * 70_000])
def test_a_file_without_a_token_is_a_usage_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UsageError):
        token_from_file(secret_file(tmp_path, content))


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        token_from_file(tmp_path / "none")


def python(program: str) -> str:
    return shlex.join([sys.executable, "-c", program])


def test_a_command_prints_the_token() -> None:
    command = python(f"print('{TOKEN}')")

    assert find_token({"GH_TOKEN": "x"}, command=command) == Token("token-command", TOKEN)
    assert find_token({"PKGINVENTORY_TOKEN_COMMAND": command}).value == TOKEN


@pytest.mark.parametrize(
    "command",
    [
        python("raise SystemExit(1)"),
        python("print('secret-password \\xfc')"),
        "no-such-command-here",
        "",
        "'unbalanced",
    ],
)
def test_a_command_that_fails_shows_nothing_of_itself(command: str) -> None:
    with pytest.raises(UsageError) as caught:
        token_from_command(command)

    assert "secret-password" not in f"{caught.value}{caught.value.hint}{caught.value.__cause__}"


def test_a_command_goes_through_no_shell() -> None:
    with pytest.raises(UsageError):
        token_from_command(python("import sys; print(sys.argv[1:])") + " $HOME; echo x y")


@pytest.mark.parametrize(
    ("headers", "scopes"),
    [
        ({}, None),
        ({"x-oauth-scopes": ""}, frozenset()),
        (
            {"x-oauth-scopes": "read:packages, repo,"},
            frozenset({"read:packages", "repo"}),
        ),
    ],
)
def test_scopes_are_read_from_any_answer(
    headers: dict[str, str], scopes: frozenset[str] | None
) -> None:
    assert TokenFacts.from_headers(headers).scopes == scopes


@pytest.mark.parametrize(
    ("text", "expires"),
    [
        ("2026-12-01 12:00:00 UTC", "2026-12-01 12:00:00"),
        ("2026-12-01 12:00:00 +0200", "2026-12-01 10:00:00"),
        ("2026-12-01 12:00:00 -0700", "2026-12-01 19:00:00"),
        ("2026-13-01 12:00:00 UTC", "None"),
        ("never", "None"),
        ("", "None"),
    ],
)
def test_the_expiry_is_read_from_any_answer(text: str, expires: str) -> None:
    facts = TokenFacts.from_headers({"github-authentication-token-expiration": text})

    assert str(facts.expires_at) == expires
