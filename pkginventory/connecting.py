"""Ways to GitHub: one client a credential, under one budget, with what earlier nights kept."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.github.auth import TokenKind
from collector.github.cache import SqliteCache
from collector.github.client import ClientOptions, GitHub
from collector.github.editions import edition_of
from collector.github.governor import Budget
from collector.github.limits import LimitPolicy
from collector.github.wire import WireOptions
from pkginventory.credentials import Credentials, find_credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AsyncExitStack
    from pathlib import Path

    from collector.github.cache import ValidatorCache
    from collector.github.cassette import Sender
    from collector.github.limits import Waiting
    from collector.walk.progress import Progress
    from pkginventory.settings import Settings

# An App's installation is nobody's login, and /user refuses it.
_WITHOUT_A_USER: Final = (TokenKind.INSTALLATION,)
# An answer that was not asked for again for so long is not asked for any more.
_KEPT_DAYS: Final = 45


def cache_file(db: Path) -> Path:
    """Return the file beside the inventory in which answers are kept for their validators."""
    return db.with_name(f"{db.name}.answers")


@contextlib.contextmanager
def cache_of(settings: Settings) -> Iterator[ValidatorCache | None]:
    """Open what earlier nights kept, so that what has not changed costs no budget.

    Nothing is kept where everything is to be read again, nor with a cassette: it has to hold whole
    answers.
    """
    if settings.full or settings.record is not None or settings.replay is not None:
        yield None
        return
    with SqliteCache(cache_file(settings.db)) as cache:
        yield cache
        cache.flush()
        cache.prune(days=_KEPT_DAYS)


@dataclass(frozen=True, slots=True)
class Clients:
    """The one or two ways to GitHub of an organization."""

    packages: GitHub
    general: GitHub

    @property
    def distinct(self) -> tuple[GitHub, ...]:
        """Return each client once."""
        return (self.packages,) if self.packages is self.general else (self.packages, self.general)

    @property
    def not_modified(self) -> int:
        """Return how many answers were free because nothing had changed."""
        return sum(client.counts.not_modified for client in self.distinct)


async def open_clients(
    settings: Settings,
    org: str,
    progress: Progress,
    stack: AsyncExitStack,
    *,
    cache: ValidatorCache | None = None,
) -> Clients:
    """Open one client a credential, under one budget, until the stack closes."""
    credentials = credentials_of(settings, org)
    budget = Budget(settings.max_requests)

    def wait(waiting: Waiting) -> None:
        progress.waiting(until=waiting.until, reason=str(waiting))

    def client(credential: object) -> GitHub:
        return GitHub(
            edition_of(settings.api_url),
            credential,  # type: ignore[arg-type]
            options=client_options(settings),
            budget=budget,
            cache=cache,
            on_wait=wait,
            through=_through(settings),
        )

    packages = await stack.enter_async_context(client(credentials.packages))
    if credentials.general is credentials.packages:
        return Clients(packages, packages)
    return Clients(packages, await stack.enter_async_context(client(credentials.general)))


def credentials_of(settings: Settings, org: str) -> Credentials:
    """Find the organization's credentials; a replay needs none."""
    if settings.replay is None:
        return find_credentials(settings, org)
    from collector.github.auth import Token

    nobody = Token("cassette", "ghp_" + "0" * 36)
    return Credentials(packages=nobody, general=nobody)


def client_options(settings: Settings) -> ClientOptions:
    """Say how patient and how fast a client is."""
    # A cassette needs no sparing.
    rate = 0.0 if settings.replay else settings.requests_per_second
    pace = edition_of(settings.api_url).requests_per_second
    return ClientOptions(
        limits=LimitPolicy(
            requests_per_second=pace if rate is None else rate,
            max_wait=settings.max_wait.total_seconds(),
        ),
        wire=WireOptions(ca_file=settings.ca_file),
    )


def _through(settings: Settings) -> Callable[[Sender], Sender] | None:
    """Put a cassette on the wire where one was asked for."""
    if settings.replay is not None:
        from collector.github.cassette import Player

        player = Player(settings.replay, api_url=settings.api_url)
        return lambda _: player
    if settings.record is not None:
        from collector.github.cassette import Recorder
        from collector.workflows.mask import mask_literals

        folder = settings.record
        return lambda sender: Recorder(sender, folder, api_url=settings.api_url, mask=mask_literals)
    return None


async def describe(client: GitHub) -> Mapping[str, object]:
    """Say who reads: a credential's name, kind, login, scopes and end; never the credential.

    Asked first and alone, so that a refused token is used exactly once.
    """
    login = None
    if client.credential.kind not in _WITHOUT_A_USER:
        answer = await client.get("/user")
        login = answer.data.get("login") if answer.ok and isinstance(answer.data, dict) else None
    facts = client.token_facts
    expires_at = facts.expires_at if facts else None
    return {
        "name": client.credential.name,
        "kind": str(client.credential.kind),
        "login": login if isinstance(login, str) else None,
        "scopes": sorted(facts.scopes) if facts and facts.scopes is not None else None,
        "expires_at": expires_at.isoformat() + "Z" if expires_at else None,
    }
