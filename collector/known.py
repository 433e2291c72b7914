"""What the inventory knows already, copied out for the walk so that it asks GitHub for less."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from collector.run import as_utc
from collector.store import LOCK_TIMEOUT, open_inventory

_GOOD = ("complete", "carried")

_TREES = """
select t.repository_id, t.pushed_at, t.default_branch, t.github_tree_oid, t.root_tree_oid
from repository_tree t
join coverage c
    on c.org = t.org and c.family = t.coverage_family and c.subject = t.coverage_subject
    and c.valid_to_run is null and c.status in ('complete', 'carried')
where t.org = ? and t.valid_to_run is null
"""
_PACKAGES = """
select package_id, package_type, name, visibility, repository_id
from package where org = ? and valid_to_run is null
"""
_COVERAGE = """
select family, subject, status, observed_at, reason
from coverage where org = ? and valid_to_run is null
"""
_ETAGS = """
select q.credential, q.path, arg_max(q.etag, (r.run_id, q.seq))
from request q join run r using (run_id)
where r.org = ? and q.etag is not null and q.credential is not null and q.status = 200
group by all
"""
_LOGINS = """
select distinct repository_id from registry_login
where org = ? and valid_to_run is null and credential = 'pat'
"""


@dataclass(frozen=True, slots=True)
class KnownTree:
    """What a repository's tree was when its workflow files were read."""

    pushed_at: datetime | None
    default_branch: str | None
    github_tree_oid: str | None
    root_tree_oid: str | None


@dataclass(frozen=True, slots=True)
class KnownPackage:
    """A package as the newest run left it."""

    package_type: str
    name: str
    visibility: str
    repository_id: int | None


@dataclass(frozen=True, slots=True)
class KnownCoverage:
    """How a subject stands, and when it was last read."""

    status: str
    observed_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """Everything a crawl of one organization may leave unasked."""

    blobs: frozenset[str] = frozenset()
    facts: frozenset[tuple[str, str, int]] = frozenset()
    """(blob_sha, kind, parser_version)."""
    trees: dict[int, KnownTree] = field(default_factory=dict)
    """Only those whose files were all read: their coverage is complete or carried."""
    packages: dict[int, KnownPackage] = field(default_factory=dict)
    coverage: dict[tuple[str, str], KnownCoverage] = field(default_factory=dict)
    etags: dict[tuple[str, str], str] = field(default_factory=dict)
    """By (credential, path), of the newest answer that had a body."""
    login_repositories: frozenset[int] = frozenset()
    """Repositories with a registry login by a stored secret: whose settings a rule can use."""

    def age(self, family: str, subject: str = "", *, now: datetime) -> timedelta | None:
        """Return how long ago the subject was read completely; None if it never was."""
        known = self.coverage.get((family, subject))
        if known is None or known.status not in _GOOD or known.observed_at is None:
            return None
        return as_utc(now) - known.observed_at


def read_known(db: Path, org: str, *, lock_timeout: float = LOCK_TIMEOUT) -> Known:
    """Copy what the inventory knows of an organization; nothing where there is no inventory yet."""
    if not db.exists():
        return Known()
    with open_inventory(db, read_only=True, lock_timeout=lock_timeout) as con:
        return Known(
            blobs=frozenset(sha for (sha,) in _all(con, "select blob_sha from blob")),
            facts=frozenset(_all(con, "select blob_sha, kind, parser_version from blob_facts")),
            trees={row[0]: KnownTree(*row[1:]) for row in _all(con, _TREES, org)},
            packages={row[0]: KnownPackage(*row[1:]) for row in _all(con, _PACKAGES, org)},
            coverage={row[:2]: KnownCoverage(*row[2:]) for row in _all(con, _COVERAGE, org)},
            etags={row[:2]: row[2] for row in _all(con, _ETAGS, org)},
            login_repositories=frozenset(repository for (repository,) in _all(con, _LOGINS, org)),
        )


def read_blobs(
    db: Path, shas: Collection[str], *, lock_timeout: float = LOCK_TIMEOUT
) -> dict[str, bytes]:
    """Return stored texts by their git id; one that is not stored is left out."""
    if not shas or not db.exists():
        return {}
    with open_inventory(db, read_only=True, lock_timeout=lock_timeout) as con:
        rows = con.execute(
            "select blob_sha, content from blob where blob_sha in (select unnest(?))",
            [sorted(shas)],
        ).fetchall()
    return dict(rows)


def read_facts(
    db: Path,
    shas: Collection[str],
    *,
    parser_version: int,
    lock_timeout: float = LOCK_TIMEOUT,
) -> dict[tuple[str, str], Any]:
    """Return what one version of the parser said, by (git id, kind); one that failed is left out."""
    if not shas or not db.exists():
        return {}
    with open_inventory(db, read_only=True, lock_timeout=lock_timeout) as con:
        rows = con.execute(
            "select blob_sha, kind, facts from blob_facts where blob_sha in (select unnest(?))"
            " and parser_version = ? and facts is not null",
            [sorted(shas), parser_version],
        ).fetchall()
    return {(sha, kind): json.loads(facts) for sha, kind, facts in rows}


def _all(con: duckdb.DuckDBPyConnection, query: str, *values: str) -> list[Any]:
    return con.execute(query, list(values)).fetchall()
