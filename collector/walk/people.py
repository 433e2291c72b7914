"""Who answers for repositories: custom properties, teams, and what each team may do where."""

from datetime import timedelta
from typing import Any, Final

from collector.github import payloads
from collector.github.endpoints import CUSTOM_PROPERTIES, TEAM_REPOSITORIES, TEAMS
from collector.github.ownership import CustomPropertyValue, Team
from collector.github.payloads import Malformed
from collector.run import utc_now
from collector.walk import rows
from collector.walk.context import Walk
from collector.walk.lists import keep_listing, listing
from collector.walk.pool import for_each
from collector.walk.spending import Purse

_PROPERTIES: Final = CUSTOM_PROPERTIES.family
_TEAMS: Final = TEAMS.family
_REPOSITORIES: Final = TEAM_REPOSITORIES.family
# More pages than these are read every few nights.
_SHORT_SWEEP: Final = 5
_PROPERTIES_AGE: Final = timedelta(days=5)
# The strongest last; an answer may name several.
_ROLES: Final = ("pull", "triage", "push", "maintain", "admin")


async def read_properties(walk: Walk, purse: Purse, *, repositories: int) -> None:
    """Read every repository's custom properties, in one sweep; a long one not every night."""
    pages = -(-repositories // CUSTOM_PROPERTIES.per_page)
    age = walk.known.age(_PROPERTIES, now=utc_now())
    young = age is not None and age < _PROPERTIES_AGE and pages > _SHORT_SWEEP
    if walk.settled(_PROPERTIES) or (young and not walk.options.full) or not purse.take(pages):
        return
    walk.progress.started(_PROPERTIES, total=None)
    found = await listing(walk, CUSTOM_PROPERTIES, {"org": walk.org})
    values: list[rows.Row] = []
    malformed = 0
    for item in found.items:
        for value in CustomPropertyValue.from_payload(item):
            if isinstance(value, Malformed):
                malformed += 1
            else:
                values.append(rows.repository_property(value))
    with walk.stage.batch() as batch:
        batch.put("repository_property", values, family=_PROPERTIES)
        keep_listing(batch, found, seen=max(0, len(found.items) - malformed))
    walk.progress.finished(_PROPERTIES, done=len(found.items), detail="")


async def read_teams(walk: Walk) -> None:
    """Read the list of teams."""
    if walk.settled(_TEAMS):
        return
    found = await listing(walk, TEAMS, {"org": walk.org})
    read = [Team.from_payload(item) for item in found.items]
    good = [rows.team(item) for item in read if not isinstance(item, Malformed)]
    with walk.stage.batch() as batch:
        batch.put("team", good, family=_TEAMS)
        keep_listing(batch, found, seen=len(good))


async def read_team_repositories(walk: Walk, purse: Purse) -> None:
    """Read which repositories each team reaches, as far as the requests set aside for it go."""
    slugs = [str(slug) for (slug,) in walk.stage.rows("team", "slug")]
    slugs.sort(key=lambda slug: _last_read(walk, slug))
    walk.progress.started(_REPOSITORIES, total=len(slugs))
    done = 0

    async def read(slug: str) -> None:
        nonlocal done
        if not purse.take(1) or walk.settled(_REPOSITORIES, slug):
            return
        await _read_one(walk, slug)
        done += 1
        walk.progress.advanced(_REPOSITORIES, done=done, total=len(slugs))

    await for_each(slugs, read, workers=walk.options.workers)
    walk.stage.flush()
    walk.progress.finished(_REPOSITORIES, done=done, detail=purse.sentence(len(slugs) - done))


def _last_read(walk: Walk, slug: str) -> tuple[str, str]:
    known = walk.known.coverage.get((_REPOSITORIES, slug))
    at = known.observed_at if known is not None else None
    return ("" if at is None else at.isoformat(), slug)


async def _read_one(walk: Walk, slug: str) -> None:
    found = await listing(walk, TEAM_REPOSITORIES, {"org": walk.org, "team_slug": slug})
    good = [
        {"team_slug": slug, "repository_id": identity, "role": _role(item)}
        for item in found.items
        if (identity := payloads.integer(item, "id")) is not None
    ]
    with walk.stage.batch(lazy=True) as batch:
        batch.put("team_repository", good, family=_REPOSITORIES, subject=slug)
        keep_listing(batch, found, seen=len(good), subject=slug)


def _role(item: Any) -> str | None:
    """Return the team's role in a repository; a custom one has a name of its own."""
    named = payloads.text(item, "role_name")
    if named:
        return named
    held = payloads.mapping(item, "permissions")
    return next((role for role in reversed(_ROLES) if payloads.boolean(held, role)), None)
