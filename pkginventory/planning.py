"""What a run would take, and what a credential may see: asked before anything is collected."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from collector.errors import UsageError
from collector.github.editions import edition_of
from collector.known import read_known
from collector.walk.doctor import doctor
from collector.walk.plan import Plan, Size, plan
from collector.walk.progress import Silent
from collector.walk.sweeps import granular_types, sweeps
from pkginventory.connecting import describe, open_clients

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector.known import Known
    from collector.walk.doctor import Check, Diagnosis
    from pkginventory.settings import Settings


@dataclass(frozen=True, slots=True)
class Examination:
    """A diagnosis, who was examined, and the plan that follows from it."""

    diagnosis: Diagnosis
    who: list[Mapping[str, object]]
    plan: Plan | None
    # None: the organization's size is not told to this credential


def examine(settings: Settings, org: str) -> Examination:
    """Ask one small question of every family, store nothing, and plan a run.

    Raises:
        UsageError: there is no such organization.
    """
    if settings.replay is not None or settings.record is not None:
        raise UsageError("A cassette can't be examined.", hint="Leave --replay and --record out.")
    return asyncio.run(_examine(settings, org))


async def _examine(settings: Settings, org: str) -> Examination:
    async with AsyncExitStack() as stack:
        clients = await open_clients(settings, org, Silent(), stack)
        who = [await describe(client) for client in clients.distinct]
        found = await doctor(org=org, api=clients.general, packages_api=clients.packages)
    known = read_known(settings.db, org, lock_timeout=settings.lock_timeout)
    return Examination(found, who, _plan(settings, found, known))


def _plan(settings: Settings, found: Diagnosis, known: Known) -> Plan | None:
    if found.repositories is None:
        return None
    listed = Counter(
        f"{package.package_type}/{package.visibility}" for package in known.packages.values()
    )
    unnamed = sum(package.repository_id is None for package in known.packages.values())
    unread = found.repositories if settings.full or not known.trees else 0
    size = Size(
        repositories=found.repositories,
        pushed=max(unread, found.repositories - len(known.trees)),
        packages=dict(listed),
        unnamed_packages=unnamed,
    )
    edition = edition_of(settings.api_url)
    return plan(
        size,
        sweeps=len(list(sweeps(granular_types(edition)))),
        graphql=settings.graphql,
        settings_budget=settings.settings_budget,
        max_requests=settings.max_requests,
    )


def as_json(examination: Examination) -> dict[str, object]:
    """Return everything an examination found, for machines."""
    return {
        "credentials": examination.who,
        "checks": [asdict(check) for check in examination.diagnosis.checks],
        "requests": examination.diagnosis.requests,
        "plan": asdict(examination.plan) if examination.plan else None,
    }


def doctor_lines(examination: Examination) -> Iterator[str]:
    """Say who reads, what is open to them, and for what is not, what to add."""
    for who in examination.who:
        yield _who(who)
    checks = examination.diagnosis.checks
    width = max((len(_subject(check)) for check in checks), default=0)
    said = ""
    for check in checks:
        mark = "ok " if check.status == "complete" else "-- "
        line = f"  {mark} {_subject(check):<{width}}  {check.status}"
        yield line + (f" ({check.reason})" if check.reason else "")
        if check.remedy and check.remedy != said:
            yield f"        {check.remedy}"
        said = check.remedy
    missing = sum(check.status != "complete" for check in checks)
    yield (
        f"{len(checks) - missing} of {len(checks)} families are readable"
        f" ({examination.diagnosis.requests} requests were asked)."
    )
    if missing:
        yield "What is not readable becomes `unknown` in the report, never a pass."


def _subject(check: Check) -> str:
    return f"{check.family} {check.subject}".strip()


def _who(who: Mapping[str, object]) -> str:
    scopes = who["scopes"]
    told = f", scopes {' '.join(scopes)}" if isinstance(scopes, list) and scopes else ""
    login = f" of {who['login']}" if who["login"] else ""
    expiry = f", expires {who['expires_at']}" if who["expires_at"] else ""
    return f"{who['name']}: {who['kind']}{login}{told}{expiry}"


def plan_lines(examination: Examination) -> Iterator[str]:
    """Say how many requests a run takes, family by family, and how long the limit makes it."""
    planned = examination.plan
    if planned is None:
        yield "The organization does not tell this credential how many repositories it has."
        return
    for step in planned.steps:
        later = "  spread over nights by --settings-budget" if step.on_demand else ""
        yield f"  {step.family.replace('_', ' '):<20} {step.requests:>8,}{later}"
    hours = f"about {planned.hours:.1f} hours" if planned.hours >= 1 else "under an hour"
    yield f"A run asks about {planned.requests:,} requests: {hours} within 5,000 an hour."
    if planned.later:
        yield f"About {planned.later:,} more are spread over the nights after."
