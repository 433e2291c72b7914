"""What a run will cost before it starts: requests by family, and hours."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from collector.known import Known
from collector.walk.wanted import SECRETS, SETTINGS, budget_for

_PAGE: Final = 100
_TREES_A_QUERY: Final = 25
_TEXTS_A_QUERY: Final = 25
# What is usual, where nothing is known yet: one new text for so many repositories.
_REPOSITORIES_A_TEXT: Final = 3
_ORGANIZATION_REQUESTS: Final = 9
# Of the repositories, in a usual night.
_PUSHED_OF_A_HUNDRED: Final = 2
# GitHub's own limits: https://docs.github.com/en/rest/using-the-rest-api
REQUESTS_AN_HOUR: Final = 5_000
_SETTINGS_EACH: Final = len(SETTINGS) + 1 + len(SECRETS)


@dataclass(frozen=True, slots=True)
class Size:
    """How large an organization is, as far as anyone knows."""

    repositories: int
    pushed: int
    # Repositories whose files are to be read: all of them the first time.
    packages: Mapping[str, int]
    # By sweep, as `container/private`.
    unnamed_packages: int
    # Whose repository no list names and no earlier night has asked for.
    new_texts: int | None = None
    # None: unknown, guessed from the repositories.


@dataclass(frozen=True, slots=True)
class Step:
    """One family of a plan."""

    family: str
    requests: int
    on_demand: bool
    # Spread over nights, as the settings budget allows.


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is expected to ask."""

    steps: tuple[Step, ...]
    requests: int
    hours: float
    # Of waiting for the limit at least; a first part within the limit waits for nothing.
    later: int
    # Requests that are left for the nights after.


def size_of(known: Known, *, repositories: int | None, full: bool = False) -> Size:
    """Say how large an organization is, by what the newest run holds and what it says tonight.

    Args:
        known: of the newest run; empty before the first.
        repositories: by the organization's own count, as `doctor` returns it.
        full: every tree is to be read again.
    """
    count = repositories if repositories is not None else len(known.trees)
    unread = max(0, count - len(known.trees))
    usual = -(-len(known.trees) * _PUSHED_OF_A_HUNDRED // 100)
    packages = Counter(f"{p.package_type}/{p.visibility}" for p in known.packages.values())
    unnamed = sum(
        package.repository_id is None and ("package_details", str(identity)) not in known.coverage
        for identity, package in known.packages.items()
    )
    return Size(
        repositories=count,
        pushed=count if full else unread + usual,
        packages=packages,
        unnamed_packages=unnamed,
    )


def plan(
    size: Size,
    *,
    sweeps: int,
    graphql: bool = True,
    settings_budget: int | None = None,
    requests_an_hour: int | None = REQUESTS_AN_HOUR,
    max_requests: int | None = None,
) -> Plan:
    """Estimate what a run asks.

    Args:
        size: of the organization.
        sweeps: how many package lists there are.
        graphql: whether trees and texts come by GraphQL.
        settings_budget: as the run's option.
        requests_an_hour: of the credential; None: no limit.
        max_requests: as the run's option.
    """
    packages = sum(size.packages.values())
    texts = size.new_texts
    if texts is None:
        texts = -(-size.pushed // _REPOSITORIES_A_TEXT)
    core = [
        Step("organization", 1, on_demand=False),
        Step("packages", _sweep_requests(size, sweeps), on_demand=False),
        Step("repositories", _pages(size.repositories), on_demand=False),
        Step("workflow_trees", _by(size.pushed, _TREES_A_QUERY, graphql), on_demand=False),
        Step("blobs", _by(texts, _TEXTS_A_QUERY, graphql), on_demand=False),
        Step("org_settings", _ORGANIZATION_REQUESTS, on_demand=False),
    ]
    wanted = [
        Step("package_details", size.unnamed_packages, on_demand=True),
        Step("custom_properties", _pages(size.repositories), on_demand=True),
        Step("repo_settings", size.repositories * _SETTINGS_EACH, on_demand=True),
        Step("package_versions", packages, on_demand=True),
    ]
    asked = sum(step.requests for step in wanted)
    budget = budget_for(size.repositories, asked=settings_budget)
    tonight = asked if budget is None else min(asked, budget)
    total = sum(step.requests for step in core) + tonight
    if max_requests is not None:
        total = min(total, max_requests)
    return Plan(
        steps=(*core, *wanted),
        requests=total,
        hours=_hours(total, requests_an_hour),
        later=asked - tonight,
    )


def _sweep_requests(size: Size, sweeps: int) -> int:
    """Count the pages of every sweep, each with the empty one that ends it."""
    full = sum(-(-count // _PAGE) + 1 for count in size.packages.values())
    return full + max(0, sweeps - len(size.packages))


def _pages(count: int) -> int:
    return max(1, -(-count // _PAGE))


def _by(count: int, page: int, graphql: bool) -> int:
    return -(-count // page) if graphql else count


def _hours(requests: int, an_hour: int | None) -> float:
    """Count the hours that the limit makes a run last: the first hour's requests are at once there."""
    if an_hour is None or requests <= an_hour:
        return 0.0
    return float(-(-requests // an_hour) - 1)
