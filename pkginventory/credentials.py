"""Which credentials an organization is read with: a token for packages, an App beside it for the rest."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from collector.errors import CredentialError, UsageError
from collector.github.app import AppInstallation
from collector.github.auth import Token, find_token, token_from_command, token_from_file
from pkginventory.settings import CredentialSource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector.github.auth import Credential
    from pkginventory.settings import Settings


@dataclass(frozen=True, slots=True)
class Credentials:
    """What one organization is read with.

    Attributes:
        packages: for the packages families, which GitHub opens to classic tokens only.
        general: for everything else; the same one where there is only one.
    """

    packages: Credential = field(repr=False)
    general: Credential = field(repr=False)


def find_credentials(
    settings: Settings, org: str, *, environ: Mapping[str, str] = os.environ
) -> Credentials:
    """Find the organization's token and App.

    Raises:
        UsageError: nothing was given, or what was given can't be read.
    """
    source = settings.credentials.get(org) or settings.credentials.get("") or CredentialSource()
    token = _token(source, environ)
    app = _app(source, environ, org)
    if token is None and app is None:
        raise UsageError(
            "There is no token.",
            hint=(
                "Set PKGINVENTORY_TOKEN (or GH_TOKEN, GITHUB_TOKEN) to a classic personal access"
                " token of an organization owner with read:packages; `pkginventory demo` needs none."
            ),
        )
    first = token or app
    if first is None:  # pragma: no cover - said above, and the type checker wants it said twice
        raise AssertionError
    return Credentials(packages=first, general=app or first)


def _token(source: CredentialSource, environ: Mapping[str, str]) -> Token | None:
    if source.token_file:
        return token_from_file(source.token_file)
    if source.token_command:
        return token_from_command(source.token_command)
    if source.token_env:
        value = environ.get(source.token_env, "").strip()
        if not value:
            raise UsageError(f"The environment variable {source.token_env} holds no token.")
        return Token(source.token_env, value)
    try:
        return find_token(environ)
    except CredentialError:
        return None


def _app(source: CredentialSource, environ: Mapping[str, str], org: str) -> AppInstallation | None:
    app_id = source.app_id or environ.get("PKGINVENTORY_APP_ID")
    key_file = source.app_key_file or _path(environ.get("PKGINVENTORY_APP_KEY_FILE"))
    if not app_id and not key_file:
        return None
    if not app_id or not key_file:
        raise UsageError(
            "A GitHub App needs both its id and its key file.",
            hint="Set PKGINVENTORY_APP_ID and PKGINVENTORY_APP_KEY_FILE, or app_id and app_key_file.",
        )
    return AppInstallation.from_key_file(app_id, key_file, organization=org)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
