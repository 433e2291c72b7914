"""Single packages: which repository one is connected to where the list did not say, newest versions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from collector.github.answers import Answer
from collector.github.endpoints import PACKAGE_DETAILS, PACKAGE_VERSIONS
from collector.github.models import Package, PackageVersion, RepositoryField
from collector.github.payloads import Malformed
from collector.github.protocol import path
from collector.run import utc_now
from collector.walk import rows
from collector.walk.answers import broken, coverage, not_collected, was_read
from collector.walk.context import Walk, keep
from collector.walk.pool import for_each
from collector.walk.spending import Purse
from collector.walk.sweeps import granular_types
from collector.walk.wanted import NEVER, PackageAge, wanted_versions

_DETAILS: Final = PACKAGE_DETAILS.family
_VERSIONS: Final = PACKAGE_VERSIONS.family
# A connection can change without a new version, so it is asked for again; spread over a week, or
# one night in a week would cost as much as the first.
_SHORTEST_AGE: Final = 4
_SPREAD: Final = 7
_ABSENT_IN_ONE_NIGHT: Final = 500
# The order of versions is documented nowhere: the newest is looked for among so many.
_VERSIONS_ASKED: Final = 30
_COLUMNS: Final = (
    "package_id",
    "package_type",
    "name",
    "visibility",
    "listed_repository",
    "updated_at",
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the walk has to know of a package in the lists."""

    package_id: int
    package_type: str
    name: str
    visibility: str
    listed_repository: str
    updated_at: datetime | None

    @property
    def subject(self) -> str:
        """Name it as coverage does."""
        return str(self.package_id)

    @property
    def unnamed(self) -> bool:
        """Tell whether the list did not name a repository."""
        return self.listed_repository != "present"


def found_packages(walk: Walk) -> list[Found]:
    """Return the packages of this run."""
    return [Found(*row) for row in walk.stage.rows("package", *_COLUMNS)]


async def read_absent(walk: Walk) -> None:
    """Ask for new packages of whose repository the list said nothing: absent is not "none".

    Where a list names few repositories, thousands would have to be asked for in the first night:
    what is more than a share is left to the budget of what may take several nights.
    """
    known = walk.known.packages
    new = [
        package
        for package in found_packages(walk)
        if package.listed_repository == "absent" and package.package_id not in known
    ]
    await _read_details(walk, new, Purse(_ABSENT_IN_ONE_NIGHT))


async def read_unnamed(walk: Walk, purse: Purse) -> None:
    """Ask for the others, also where the list says "none": the reader may just not see it."""
    left = [
        package
        for package in found_packages(walk)
        if package.unnamed and not walk.settled(_DETAILS, package.subject)
    ]
    await _read_details(walk, left, purse)


async def _read_details(walk: Walk, wanted: Sequence[Found], purse: Purse) -> None:
    due = [package for package in wanted if walk.options.full or _due(walk, package)]
    due.sort(key=lambda package: (_age_rank(walk, package), package.package_id))
    walk.progress.started(_DETAILS, total=len(due))
    _leave(walk, set(wanted) - set(due))
    done = 0

    async def read(package: Found) -> None:
        nonlocal done
        if not purse.take(1) or walk.settled(_DETAILS, package.subject):
            return
        await _read_connection(walk, package)
        done += 1
        walk.progress.advanced(_DETAILS, done=done, total=len(due))

    await for_each(due, read, workers=walk.options.workers)
    walk.stage.flush()
    walk.progress.finished(_DETAILS, done=done, detail=purse.sentence(len(due) - done))


async def read_versions(walk: Walk, purse: Purse) -> None:
    """Ask for the newest version of packages, as far as the requests set aside for it go."""
    packages = {package.package_id: package for package in found_packages(walk)}
    wanted = wanted_versions(_ages(walk, packages), again=walk.options.full)
    walk.progress.started(_VERSIONS, total=len(wanted))
    done = 0

    async def read(package_id: int) -> None:
        nonlocal done
        if not purse.take(1) or walk.settled(_VERSIONS, str(package_id)):
            return
        await _read_newest(walk, packages[package_id])
        done += 1
        walk.progress.advanced(_VERSIONS, done=done, total=len(wanted))

    await for_each(wanted, read, workers=walk.options.workers)
    walk.stage.flush()
    walk.progress.finished(_VERSIONS, done=done, detail=purse.sentence(len(wanted) - done))


def _due(walk: Walk, package: Found) -> bool:
    """Tell whether a connection read on an earlier night is too old, or the package has changed."""
    age = walk.known.age(_DETAILS, package.subject, now=utc_now())
    if age is None or age > timedelta(days=_SHORTEST_AGE + package.package_id % _SPREAD):
        return True
    return _updated_since(walk, _DETAILS, package)


def _age_rank(walk: Walk, package: Found) -> tuple[bool, bool, datetime]:
    """Order: never read first, private before public, then the longest ago."""
    known = walk.known.coverage.get((_DETAILS, package.subject))
    read_at = known.observed_at if known is not None else None
    return read_at is not None, package.visibility == "public", read_at or NEVER


def _updated_since(walk: Walk, family: str, package: Found) -> bool:
    known = walk.known.coverage.get((family, package.subject))
    read_at = known.observed_at if known is not None else None
    return read_at is None or package.updated_at is None or package.updated_at >= read_at


def _leave(walk: Walk, packages: set[Found]) -> None:
    with walk.stage.batch() as batch:
        for package in sorted(packages, key=lambda item: item.package_id):
            if walk.settled(_DETAILS, package.subject):
                continue
            told = not_collected("Its connection was read a few nights ago and is not due yet.")
            batch.record_coverage(_DETAILS, package.subject, **told)


async def _read_connection(walk: Walk, package: Found) -> None:
    answer = await walk.get(
        path(
            PACKAGE_DETAILS.path,
            org=walk.org,
            package_type=package.package_type,
            package_name=package.name,
        ),
        family=_DETAILS,
        packages=True,
    )
    found, answer = _package(answer)
    with walk.stage.batch(lazy=True) as batch:
        if found is not None:
            batch.put(
                "package_connection",
                [{**rows.package_connection(found), "package_id": package.package_id}],
                family=_DETAILS,
                subject=package.subject,
            )
        keep(batch, answer, family=_DETAILS, subject=package.subject, told=coverage(answer))


def _package(answer: Answer) -> tuple[Package | None, Answer]:
    if not was_read(answer):
        return None, answer
    found = Package.from_payload(answer.data)
    if isinstance(found, Malformed):
        return None, broken(answer, found.reason)
    if found.repository_field is RepositoryField.MALFORMED:
        return None, broken(answer, "the package's repository has no id")
    return found, answer


def _ages(walk: Walk, packages: dict[int, Found]) -> Iterator[PackageAge]:
    granular = granular_types(walk.edition)
    for package in packages.values():
        known = walk.known.coverage.get((_VERSIONS, package.subject))
        read_at = known.observed_at if known is not None and known.status in _GOOD else None
        unchanged = read_at is not None and not _updated_since(walk, _VERSIONS, package)
        yield PackageAge(
            package_id=package.package_id,
            visibility=package.visibility,
            granular=package.package_type in granular,
            changed=not unchanged,
            last_read=read_at,
        )


_GOOD: Final = frozenset({"complete", "carried"})


async def _read_newest(walk: Walk, package: Found) -> None:
    answer = await walk.get(
        path(
            PACKAGE_VERSIONS.path,
            org=walk.org,
            package_type=package.package_type,
            package_name=package.name,
        ),
        {"per_page": _VERSIONS_ASKED, "page": 1},
        family=_VERSIONS,
        packages=True,
    )
    newest, answer = _newest(answer)
    with walk.stage.batch(lazy=True) as batch:
        batch.put(
            "package_version",
            [rows.package_version(item, package_id=package.package_id) for item in newest],
            family=_VERSIONS,
            subject=package.subject,
        )
        seen = len(newest)
        keep(
            batch,
            answer,
            family=_VERSIONS,
            subject=package.subject,
            told=coverage(answer, seen=seen),
        )


def _newest(answer: Answer) -> tuple[list[PackageVersion], Answer]:
    """Return the newest version, and the newest with a tag: one push may bring untagged parts."""
    if not was_read(answer):
        return [], answer
    if not isinstance(answer.data, list):
        return [], broken(answer, "the answer is no list")
    read = [PackageVersion.from_payload(item) for item in answer.data]
    versions = [item for item in read if not isinstance(item, Malformed)]
    if read and not versions:
        return [], broken(answer, "no version has an id and a name")
    tagged = [item for item in versions if item.tags]
    newest = [max(found, key=_age_of_version) for found in (versions, tagged) if found]
    return list(dict.fromkeys(newest)), answer


def _age_of_version(version: PackageVersion) -> tuple[datetime, int]:
    return version.created_at or version.updated_at or NEVER, version.id
