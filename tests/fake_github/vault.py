"""The tokens in use: those of the profiles, and those that an App's installation was given."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fake_github.credentials import (
    ANONYMOUS,
    GHS_ALPHABET,
    Credential,
    made_up,
    profiles,
)
from tests.fake_github.model import Installation

LIFETIME = 3600


@dataclass(slots=True)
class Vault:
    """Finds the credential that a header holds.

    Attributes:
        app_jwt_seconds: no JWT may live longer than this.
        lifetime: seconds that an installation token lives.
    """

    by_profile: dict[str, Credential] = field(default_factory=profiles)
    issued: dict[str, tuple[Credential, float]] = field(default_factory=dict)
    downloads: dict[int, bytes] = field(default_factory=dict)
    lifetime: float = LIFETIME
    app_jwt_seconds: int = 600

    def token(self, profile: str = "owner") -> str:
        """Give the token of a profile."""
        return self.by_profile[profile].token

    def add(self, credential: Credential) -> str:
        """Accept another credential, or replace the profile of that name."""
        self.by_profile[credential.profile] = credential
        return credential.token

    def issue(
        self, installation: Installation, permissions: Mapping[str, str], *, now: float
    ) -> tuple[Credential, float]:
        """Make a token for an installation, of the length that they have since 2026."""
        serial = len(self.issued) + 1
        token = made_up("ghs_", f"issued-{installation.id}-{serial}", 516, GHS_ALPHABET)
        named = installation.repositories
        credential = Credential(
            f"installation-{serial}",
            token,
            kind="installation",
            login=f"{installation.app_slug}[bot]",
            scopes=(),
            permissions=permissions,
            repositories=None if named is None else frozenset(named),
        )
        self.issued[token] = (credential, now + self.lifetime)
        return credential, now + self.lifetime

    def find(self, authorization: str, *, now: float) -> Credential | None:
        """Read an Authorization header; None means 401."""
        if not authorization:
            return ANONYMOUS
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() not in ("bearer", "token") or not token:
            return None
        if token in self.issued:
            credential, expires = self.issued[token]
            return credential if now < expires else None
        for credential in self.by_profile.values():
            if credential.token == token:
                return credential if credential.state == "valid" else None
        return self._jwt(token, now)

    def _jwt(self, token: str, now: float) -> Credential | None:
        parts = token.split(".")
        if len(parts) != 3:
            return None
        try:
            claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
            issued, expires = float(claims["iat"]), float(claims["exp"])
        except (ValueError, KeyError, TypeError):
            return None
        # The signature is not looked at: the world holds no public key of the App.
        if issued > now or expires <= now or expires > now + self.app_jwt_seconds:
            return None
        return Credential("app_jwt", token, kind="app", login="app", scopes=())
