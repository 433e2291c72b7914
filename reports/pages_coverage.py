"""What was read and what was not: shares, endpoint families, package sweeps, kinds of unknown."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from reports import queries, words

if TYPE_CHECKING:
    import duckdb

PACKAGE_TYPES = ("container", "npm", "maven", "nuget", "rubygems", "docker")
VISIBILITIES = ("public", "internal", "private")


@dataclass(frozen=True, slots=True)
class Share:
    """How much of one kind of thing was listed and read."""

    name: str
    label: str
    percent: float
    seen: int
    # None where nothing tells how many there should be.
    expected: int | None


@dataclass(frozen=True, slots=True)
class FamilyReason:
    """Why some subjects of an endpoint family were not read whole."""

    status: str
    code: str
    subjects: int
    detail: str


@dataclass(frozen=True, slots=True)
class Family:
    """One endpoint family: how many subjects have which status."""

    name: str
    label: str
    statuses: dict[str, int]
    # None where no answer has a number of items.
    seen: int | None
    oldest: str
    reasons: tuple[FamilyReason, ...]

    @property
    def whole(self) -> bool:
        """Say whether every subject was read, now or carried from a night that is still believed."""
        return set(self.statuses) <= {"complete", "carried"}


@dataclass(frozen=True, slots=True)
class Sweep:
    """One package type in one visibility: what the list returned, or why it did not."""

    package_type: str
    visibility: str
    status: str
    reason: str
    seen: int


@dataclass(frozen=True, slots=True)
class UnknownReason:
    """One reason code: what it means, what to do, and where it stands."""

    code: str
    meaning: str
    next_step: str
    subjects: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownKind:
    """One kind of unknown, with its reasons, the most frequent first."""

    name: str
    label: str
    advice: str
    subjects: int
    reasons: tuple[UnknownReason, ...]
    # Whom to ask first, where no API tells: (what is known of the package, how many).
    order: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything the coverage page and coverage.json say."""

    percent: float
    complete: bool
    shares: tuple[Share, ...]
    families: tuple[Family, ...]
    sweeps: tuple[Sweep, ...]
    unknown: tuple[UnknownKind, ...]
    # Repositories whose files the run was told to leave out.
    left_out: int = 0

    @property
    def lists_complete(self) -> bool:
        """Say whether the lists of packages and repositories are whole; else nobody knows what is missing."""
        return all(share.percent >= 100 for share in self.shares if share.name != "workflow_files")  # noqa: PLR2004 - percent

    def unknown_of(self, kind: str) -> int:
        """Return how many verdicts are unknown in one of the three ways."""
        return sum(group.subjects for group in self.unknown if group.name == kind)

    def sweep(self, package_type: str, visibility: str) -> Sweep | None:
        """Return a sweep, or None where it was not made."""
        return next(
            (
                s
                for s in self.sweeps
                if (s.package_type, s.visibility) == (package_type, visibility)
            ),
            None,
        )


def read_coverage(con: duckdb.DuckDBPyConnection, *, org: str) -> Coverage:
    """Read what the newest run of an organization covers."""
    summary = queries.row(con, "summaries/coverage_shares", org=org) or {}
    shares = tuple(
        Share(
            name=name,
            label=label,
            percent=floored(summary.get(f"{name}_share")),
            seen=summary.get(f"{name}_seen") or 0,
            expected=summary.get(f"{name}_expected"),
        )
        for name, label in (
            ("packages", "Packages"),
            ("repositories", "Repositories"),
            ("workflow_files", "Workflow files"),
        )
    )
    smallest = min(share.percent for share in shares)
    left_out = int(summary.get("trees_left_out") or 0)
    return Coverage(
        percent=smallest,
        complete=smallest >= 100 and not left_out,  # noqa: PLR2004 - percent
        shares=shares,
        left_out=left_out,
        families=read_families(con, org=org),
        sweeps=tuple(
            Sweep(**row) for row in queries.rows(con, "summaries/package_sweeps", org=org)
        ),
        unknown=read_unknown(con, org=org),
    )


def floored(share: float | None) -> float:
    """Return a share of 0 to 1 in percent with one decimal, never rounded up; None is nothing read."""
    return words.percent(int((share or 0.0) * 1_000_000_000 + 0.5), 1_000_000_000)


def read_families(con: duckdb.DuckDBPyConnection, *, org: str) -> tuple[Family, ...]:
    """Read the endpoint families in the order in which the vocabulary names them."""
    found = queries.rows(con, "summaries/family_coverage", org=org)
    families = [
        family(name, list(group)) for name, group in groupby(found, key=itemgetter("family"))
    ]
    order = list(words.FAMILIES)
    return tuple(
        sorted(families, key=lambda f: (order.index(f.name) if f.name in order else 99, f.name))
    )


def family(name: str, found: list[dict[str, Any]]) -> Family:
    """Put the rows of one endpoint family together."""
    statuses = dict.fromkeys((row["status"] for row in found), 0)
    for row in found:
        statuses[row["status"]] += row["subjects"]
    seen = [row["seen"] for row in found if row["seen"] is not None]
    oldest = min((row["oldest"] for row in found if row["oldest"]), default=None)
    return Family(
        name=name,
        label=words.FAMILIES.get(name, name.replace("_", " ")),
        statuses={
            status: statuses[status] for status in words.COVERAGE_STATUSES if status in statuses
        },
        seen=int(sum(seen)) if seen else None,
        oldest=oldest.strftime("%Y-%m-%dT%H:%M:%SZ") if oldest else "",
        reasons=tuple(
            FamilyReason(row["status"], row["reason"], row["subjects"], row["detail"] or "")
            for row in found
            if row["status"] not in ("complete", "carried") or row["reason"]
        ),
    )


def read_unknown(con: duckdb.DuckDBPyConnection, *, org: str) -> tuple[UnknownKind, ...]:
    """Read the unknown verdicts by kind; the two kinds that mean different work are never mixed."""
    by_code: dict[str, dict[str, int]] = {}
    for row in queries.rows(con, "summaries/unknown_counts", org=org):
        by_code.setdefault(row["reason_code"], {})[row["rule"]] = row["subjects"]
    signs = queries.rows(con, "summaries/unknown_order", org=org)
    order = tuple((words.SIGNS[row["place"] - 1], row["subjects"]) for row in signs)
    kinds = []
    for name, (label, advice) in words.UNKNOWN_KINDS.items():
        reasons = tuple(
            sorted(
                (unknown_reason(c, r) for c, r in by_code.items() if words.unknown_kind(c) == name),
                key=lambda reason: (-reason.subjects, reason.code),
            )
        )
        total = sum(reason.subjects for reason in reasons)
        first = order if name == words.NO_API_TELLS else ()
        kinds.append(UnknownKind(name, label, advice, total, reasons, first))
    return tuple(kinds)


def unknown_reason(code: str, rules: dict[str, int]) -> UnknownReason:
    """Say what a reason code means; a user's own rule may have given one of its own."""
    own = (words.COULD_NOT_READ, "A rule gives this reason.", "Read the rule.")
    _, meaning, next_step = words.UNKNOWN_REASONS.get(code, own)
    return UnknownReason(
        code or "not said", meaning, next_step, sum(rules.values()), tuple(sorted(rules))
    )
