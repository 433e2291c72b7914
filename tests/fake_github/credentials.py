"""The tokens one can meet at an organization, and how GitHub tells them apart."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
SCOPES_OWNER = ("admin:org", "read:audit_log", "read:packages", "repo")
IMPLIED = {
    "admin:org": {"write:org", "read:org"},
    "write:org": {"read:org"},
    "write:packages": {"read:packages"},
    "repo": {"public_repo", "repo:status"},
    "user": {"read:user", "user:email"},
    "admin:enterprise": {"read:enterprise"},
    "audit_log": {"read:audit_log"},
}
APP_PERMISSIONS = {
    "actions": "read",
    "actions_variables": "read",
    "administration": "read",
    "attestations": "read",
    "contents": "read",
    "dependabot_secrets": "read",
    "environments": "read",
    "members": "read",
    "metadata": "read",
    "organization_administration": "read",
    "organization_actions_variables": "read",
    "organization_custom_properties": "read",
    "organization_dependabot_secrets": "read",
    "organization_packages": "read",
    "organization_personal_access_tokens": "read",
    "organization_private_registries": "read",
    "organization_secrets": "read",
    "packages": "read",
    "secrets": "read",
}


def made_up(prefix: str, name: str, length: int = 36, alphabet: str = ALPHABET) -> str:
    """Make a token up: it has the form of one, and follows from its name."""
    out, counter = "", 0
    while len(out) < length:
        digest = hashlib.sha256(f"{name}{counter}".encode()).digest()
        out += "".join(alphabet[byte % len(alphabet)] for byte in digest)
        counter += 1
    return prefix + out[:length]


@dataclass(frozen=True, slots=True)
class Credential:
    """Who asks, and what the token allows.

    Attributes:
        kind: classic, oauth, fine_grained, installation, app (a JWT), actions (of a run) or anonymous.
        role: owner, member or outsider of every organization.
        repositories: private repositories it can see (None: all).
        saml: "required" or "partial" when single sign-on was not authorised.
        state: valid, revoked or expired.
        refused: ip_allow_list or classic_forbidden, answered 403 on everything of an organization.
    """

    profile: str
    token: str = field(repr=False)
    kind: str = "classic"
    login: str = "olivia"
    scopes: tuple[str, ...] = SCOPES_OWNER
    permissions: Mapping[str, str] = field(default_factory=dict)
    role: str = "owner"
    repositories: frozenset[str] | None = None
    saml: str | None = None
    state: str = "valid"
    refused: str | None = None
    expires: str | None = None

    @property
    def is_app(self) -> bool:
        """Tell whether fine permissions, not scopes, decide."""
        return self.kind in ("fine_grained", "installation")

    @property
    def all_scopes(self) -> frozenset[str]:
        """Give the scopes with what they imply."""
        return _with_implied(self.scopes)


@cache
def _with_implied(scopes: tuple[str, ...]) -> frozenset[str]:
    found = set(scopes)
    for scope in scopes:
        found |= IMPLIED.get(scope, set())
        found |= {deep for s in IMPLIED.get(scope, set()) for deep in IMPLIED.get(s, set())}
    return frozenset(found)


ANONYMOUS = Credential("anonymous", "", kind="anonymous", login="", scopes=(), role="outsider")
GHS_ALPHABET = ALPHABET + ".-_"


def _classic(profile: str, **changes: object) -> Credential:
    made = Credential(profile, made_up("ghp_", profile), expires="2027-02-01 00:00:00 UTC")
    return replace(made, **changes)  # type: ignore[arg-type]


def profiles() -> dict[str, Credential]:
    """Give every kind of token a test may want, by name."""
    fine = {
        k: v for k, v in APP_PERMISSIONS.items() if k not in ("packages", "organization_packages")
    }
    made = [
        _classic("owner"),
        _classic("packages_only", scopes=("read:org", "read:packages")),
        _classic("no_packages_scope", scopes=("admin:org", "repo")),
        _classic("no_admin_scope", scopes=("read:org", "read:packages", "repo")),
        _classic("member", login="mel", role="member", repositories=frozenset()),
        _classic("outsider", login="otto", role="outsider", repositories=frozenset()),
        _classic("saml_required", saml="required"),
        _classic("saml_partial", saml="partial"),
        _classic("revoked", state="revoked"),
        _classic("expired", state="expired", expires="2026-10-01 00:00:00 UTC"),
        _classic("ip_not_allowed", refused="ip_allow_list"),
        _classic("classic_forbidden", refused="classic_forbidden"),
        Credential("oauth", made_up("gho_", "oauth"), kind="oauth"),
        Credential(
            "fine_grained",
            made_up("github_pat_", "fine_grained", 82),
            kind="fine_grained",
            scopes=(),
            permissions=fine,
            expires="2027-01-15 00:00:00 +0000",
        ),
        Credential(
            "app",
            made_up("ghs_", "app", 516, GHS_ALPHABET),
            kind="installation",
            login="pkginventory[bot]",
            scopes=(),
            permissions=APP_PERMISSIONS,
            role="owner",
        ),
    ]
    return {credential.profile: credential for credential in made}
