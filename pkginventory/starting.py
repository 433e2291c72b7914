"""What every command does first: read its settings, guard its files, set up its logs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from collector.errors import UsageError
from pkginventory.settings import load

if TYPE_CHECKING:
    from pkginventory.options import Flags
    from pkginventory.settings import Settings

_OWNER_ONLY = 0o077


def start(flags: Flags) -> Settings:
    """Turn what the command line said into settings, before anything is opened."""
    from pkginventory.console import configure_logging

    # Everything we write holds an organization's private data.
    os.umask(_OWNER_ONLY)
    said = dict(flags)
    file = said.pop("config", None)
    settings = load(said, environ=os.environ, file=file)
    configure_logging(log_format=settings.log_format, log_level=settings.log_level)
    return settings


def one_org(settings: Settings) -> str:
    """Return the organization the command is about.

    Raises:
        UsageError: none was named, or more than one.
    """
    if len(settings.org) != 1:
        raise UsageError("This command is about one organization.", hint="Name it: --org acme.")
    return settings.org[0]


def some_orgs(settings: Settings) -> tuple[str, ...]:
    """Return the organizations the command is about; an enterprise is asked for its own.

    Raises:
        UsageError: none was named.
        InventoryError: the enterprise's could not be listed.
    """
    named = settings.org
    if settings.enterprise:
        from pkginventory.enterprise import organizations_of

        known = {org.lower() for org in named}
        found = organizations_of(settings, settings.enterprise)
        named += tuple(org for org in found if org.lower() not in known)
    if not named:
        raise UsageError("Which organization?", hint="Name it: --org acme.")
    return named
