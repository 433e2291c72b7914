"""A GitHub App's installation as a credential: it makes and renews its token by itself.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector.errors import CredentialError, UsageError
from collector.github import payloads
from collector.github.auth import Exchange, TokenKind, read_secret_file
from collector.github.outcomes import message
from collector.github.protocol import Response, http_date, parse_json, path
from collector.redact import SCRUBBER, scrub

# GitHub allows ten minutes between the two; set around now, a clock may be wrong by minutes.
_JWT_BEFORE, _JWT_AFTER = timedelta(minutes=5), timedelta(minutes=4)
_RENEW_BEFORE = timedelta(minutes=5).total_seconds()
_LIFETIME = timedelta(hours=1).total_seconds()
# Whatever GitHub says: renewing with every request would be a storm.
_SHORTEST_LIFETIME = 60.0


@dataclass(slots=True)
class AppInstallation:
    """The installation of one App in one organization."""

    app_id: str
    private_key: str = field(repr=False)
    organization: str
    name: str = "app"
    monotonic: Callable[[], float] = field(default=time.monotonic, repr=False)
    _installation_id: int | None = None
    _token: str = field(default="", repr=False)
    _renew_at: float = 0.0
    _refusal: CredentialError | None = None
    # Asking again with a key that was refused would lock the App out.
    _renewal: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    @property
    def kind(self) -> TokenKind:
        """Return the kind of the tokens it makes."""
        return TokenKind.INSTALLATION

    @property
    def rotates(self) -> bool:
        """Return True: a new token each hour."""
        return True

    @classmethod
    def from_key_file(cls, app_id: str, key_file: Path, *, organization: str) -> "AppInstallation":
        """Read the App's private key.

        Raises:
            UsageError: the id is no id, or the file holds no private key.
        """
        if not app_id.isascii() or not app_id.replace(".", "").isalnum():
            raise UsageError(
                "The GitHub App's id is neither a number nor a client id.",
                hint="It stands on the App's settings page.",
            )
        private_key = read_secret_file(key_file, what="private key")
        SCRUBBER.add(private_key.strip())
        if "PRIVATE KEY-----" not in private_key:
            raise UsageError(
                f"The file {key_file} holds no private key.",
                hint="Download one from the App's settings page; it is a .pem file.",
            )
        return cls(app_id, private_key, organization)

    async def authorization(self, exchange: Exchange) -> str:
        """Return the header's value, renewing the token five minutes before it expires.

        Raises:
            CredentialError: GitHub refuses the App, or it isn't installed in the organization.
        """
        if self.monotonic() >= self._renew_at:
            async with self._renewal:
                # Many workers come here at once; the first renews, the others find it done.
                if self._refusal is not None:
                    raise self._refusal
                if self.monotonic() >= self._renew_at:
                    await self._renew(exchange)
        return f"Bearer {self._token}"

    async def _renew(self, exchange: Exchange) -> None:
        if self._installation_id is None:
            self._installation_id = await self._find_installation(exchange)
        where = path("/app/installations/{id}/access_tokens", id=self._installation_id)
        answer = await exchange("POST", where, authorization=self._jwt())
        payload = self._payload(answer)
        token = payloads.text(payload, "token")
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise self._refused(answer, "gave no installation token")
        SCRUBBER.add(token)
        self._token = token
        lifetime = _lifetime(payload, answer)
        self._renew_at = self.monotonic() + lifetime - min(_RENEW_BEFORE, lifetime / 2)

    async def _find_installation(self, exchange: Exchange) -> int:
        where = path("/orgs/{org}/installation", org=self.organization)
        answer = await exchange("GET", where, authorization=self._jwt())
        identity = payloads.integer(self._payload(answer), "id")
        if identity is None:
            raise self._refused(answer, f"knows no installation in {self.organization}")
        return identity

    def _payload(self, answer: Response) -> object:
        if answer.status >= 300:  # noqa: PLR2004
            raise self._refused(answer, f"answered {answer.status}")
        try:
            return parse_json(answer.body)
        except ValueError:
            return None

    def _refused(self, answer: Response, what: str) -> CredentialError:
        said = scrub(message(answer))
        self._refusal = CredentialError(
            f"GitHub {what} for the App {self.app_id}" + (f": {said}" if said else "."),
            hint=f"Check the App's id and key, and that it is installed in {self.organization}.",
        )
        return self._refusal

    def _jwt(self) -> str:
        import jwt  # noqa: PLC0415 -- a tenth of a second that only Apps need

        now = datetime.now(UTC)
        claims = {"iat": now - _JWT_BEFORE, "exp": now + _JWT_AFTER, "iss": self.app_id}
        try:
            return f"Bearer {jwt.encode(claims, self.private_key, algorithm='RS256')}"
        except (jwt.PyJWTError, ValueError, TypeError):
            raise UsageError(
                f"The private key of the App {self.app_id} can't be used.",
                hint="It has to be an RSA key in PEM format, without a password.",
            ) from None


def _lifetime(payload: object, answer: Response) -> float:
    """Return how long a token lives by GitHub's own clock, whatever the clock here says."""
    expires_at = payloads.instant(payload, "expires_at")
    issued_at = http_date(answer.headers.get("date")) or datetime.now(UTC)
    if expires_at is None:
        return _LIFETIME
    lifetime = (expires_at.replace(tzinfo=UTC) - issued_at).total_seconds()
    return min(max(lifetime, _SHORTEST_LIFETIME), _LIFETIME)
