"""Credentials: where a token comes from, what kind it is, and how an App gets its own."""

import logging
import re
import shlex
import subprocess  # a credential command is the user's own, run without a shell
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from collector.errors import CredentialError, UsageError
from collector.github.payloads import parse_instant
from collector.github.protocol import Response
from collector.redact import SCRUBBER

_LOG = logging.getLogger(__name__)
_LARGEST_FILE = 65_536
_COMMAND_SECONDS = 30
_SYSTEMD_NAME = "pkginventory-token"
_GENERIC_VARIABLES = ("GH_TOKEN", "GITHUB_TOKEN")
_HEX40 = re.compile(r"[0-9a-f]{40}")
_ZONED = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (UTC|[+-]\d{4})")


class TokenKind(StrEnum):
    """Kinds of tokens, told apart by their prefix."""

    CLASSIC_PAT = "classic personal access token"
    FINE_GRAINED_PAT = "fine-grained personal access token"
    OAUTH = "OAuth app token"
    USER_TO_SERVER = "GitHub App user token"
    INSTALLATION = "GitHub App installation token"
    UNKNOWN = "token of unknown kind"


_PREFIXES: Final = (
    ("github_pat_", TokenKind.FINE_GRAINED_PAT),
    ("ghp_", TokenKind.CLASSIC_PAT),
    ("gho_", TokenKind.OAUTH),
    ("ghu_", TokenKind.USER_TO_SERVER),
    # Also GITHUB_TOKEN in a workflow.
    ("ghs_", TokenKind.INSTALLATION),
)


class Exchange(Protocol):
    """One request outside the usual flow: how an App asks for its token."""

    async def __call__(self, method: str, path: str, *, authorization: str) -> Response:
        """Send it and return the answer, whatever its status."""
        ...


class Credential(Protocol):
    """Something that can sign requests."""

    @property
    def name(self) -> str:
        """Return the name that rows and records carry; never a value."""
        ...

    @property
    def kind(self) -> TokenKind:
        """Return what kind of token it sends."""
        ...

    @property
    def rotates(self) -> bool:
        """Tell whether the token changes by the hour, and GitHub's ETags with it."""
        ...

    async def authorization(self, exchange: Exchange) -> str:
        """Return the value of the Authorization header for a request that goes out now."""
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """A token that a person made."""

    name: str
    value: str = field(repr=False)

    def __post_init__(self) -> None:
        SCRUBBER.add(self.value)
        # Checked here, because an HTTP library would show the value in its complaint.
        if not self.value or not self.value.isascii() or not self.value.isprintable():
            raise UsageError(
                f"The token from {self.name} is empty or holds characters that no token has.",
                hint="Check how it was copied: quotes, spaces and line ends don't belong to it.",
            )
        if " " in self.value:
            raise UsageError(
                f"The token from {self.name} holds a space.",
                hint="Give the token alone, without `Bearer` or a user name.",
            )

    @property
    def kind(self) -> TokenKind:
        """Tell the kind by the prefix."""
        return kind_of(self.value)

    @property
    def rotates(self) -> bool:
        """Return False: it stays the same for months."""
        return False

    async def authorization(self, exchange: Exchange) -> str:  # noqa: ARG002 -- needs no exchange
        """Return the header's value."""
        return f"Bearer {self.value}"


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What an answer's headers tell about the token that was sent."""

    scopes: frozenset[str] | None
    # None: this kind of token has none (fine-grained, App); empty: a classic one without any.
    expires_at: datetime | None

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> "TokenFacts":
        """Read `x-oauth-scopes` and `github-authentication-token-expiration`."""
        return cls(scopes=_scopes(headers), expires_at=_expiration(headers))


def kind_of(value: str) -> TokenKind:
    """Tell a token's kind by its prefix; 40 hexadecimal digits are a classic one of before 2021."""
    for prefix, kind in _PREFIXES:
        if value.startswith(prefix):
            return kind
    return TokenKind.CLASSIC_PAT if _HEX40.fullmatch(value) else TokenKind.UNKNOWN


def find_token(environ: Mapping[str, str], *, command: str | None = None) -> Token:
    """Find the token: our own variable, file or command first, then those that others share.

    Raises:
        CredentialError: there is none.
        UsageError: a file or a command that was named gives none.
    """
    if environ.get("PKGINVENTORY_TOKEN"):
        return Token("PKGINVENTORY_TOKEN", environ["PKGINVENTORY_TOKEN"].strip())
    if environ.get("PKGINVENTORY_TOKEN_FILE"):
        return token_from_file(Path(environ["PKGINVENTORY_TOKEN_FILE"]))
    if environ.get("CREDENTIALS_DIRECTORY"):
        credential = Path(environ["CREDENTIALS_DIRECTORY"], _SYSTEMD_NAME)
        if credential.is_file():
            return token_from_file(credential)
    given = command or environ.get("PKGINVENTORY_TOKEN_COMMAND")
    if given:
        return token_from_command(given)
    for variable in _GENERIC_VARIABLES:
        if environ.get(variable):
            return Token(variable, environ[variable].strip())
    raise CredentialError(
        "There is no token.",
        hint="Set PKGINVENTORY_TOKEN (or GH_TOKEN, GITHUB_TOKEN) to a classic personal access "
        "token of an organization owner with read:packages.",
    )


def token_from_file(path: Path) -> Token:
    """Read a token from a file, as Kubernetes and systemd hand it over.

    Raises:
        UsageError: the file can't be read or holds no token.
    """
    return Token(path.name, read_secret_file(path, what="token").strip())


def token_from_command(command: str) -> Token:
    """Run a command that prints a token, as a password manager's; without a shell.

    Raises:
        UsageError: the command can't be run, fails or prints no token.
    """
    hint = "Run it by hand: it has to print the token, and nothing else, within 30 seconds."
    try:
        words = shlex.split(command)
        done = subprocess.run(  # noqa: S603 -- the user's own command, split and without a shell
            words, check=True, capture_output=True, timeout=_COMMAND_SECONDS
        )
        value = done.stdout.decode("ascii").strip()
    except (OSError, ValueError, IndexError, subprocess.SubprocessError):
        # Neither its output nor its words are shown: both may hold the secret.
        raise UsageError("The command that should print a token failed.", hint=hint) from None
    return Token("token-command", value)


def read_secret_file(path: Path, *, what: str) -> str:
    """Read a small file that holds a secret, warning when everyone can read it.

    Raises:
        UsageError: it can't be read, is too large or isn't text.
    """
    try:
        if path.stat().st_mode & 0o004:
            # Kubernetes mounts secrets 0644 unless told otherwise, so this is no error.
            _LOG.warning("Everyone on this machine can read the %s file %s.", what, path)
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)
        if len(content) > _LARGEST_FILE:
            raise UsageError(f"The {what} file {path} is too large to be one.")
        return content.decode("ascii")
    except OSError as error:
        raise UsageError(
            f"The {what} file {path} can't be read: {error.strerror}.",
            hint="Check the path and its permissions.",
        ) from error
    except UnicodeDecodeError:
        raise UsageError(f"The {what} file {path} is not plain text.") from None


def _scopes(headers: Mapping[str, str]) -> frozenset[str] | None:
    text = headers.get("x-oauth-scopes")
    if text is None:
        return None
    return frozenset(scope for part in text.split(",") if (scope := part.strip()))


def _expiration(headers: Mapping[str, str]) -> datetime | None:
    """Read `2026-12-01 12:00:00 UTC`, or with an offset such as -0700."""
    match = _ZONED.fullmatch(headers.get("github-authentication-token-expiration", "").strip())
    if match is None:
        return None
    day, time, zone = match.groups()
    return parse_instant(f"{day}T{time}{'+0000' if zone == 'UTC' else zone}")
