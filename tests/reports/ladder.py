"""The ladder of evidence as a table: each row is an organization of its own, and what PKG001 must say of its package.

tests/rules/ladder.csv, or any file with its columns. Words of a cell stand apart by spaces.

    connection  none, unknown (not asked), or the repository that the package is connected to: public, private,
                internal, archived, unlisted; `later:` before it: connected after it was published
    evidence    KIND:REPOSITORY, where KIND is declared, none, probe, refused, fork-probe, fork-refused, run, audit,
                attestation, reference or pat (a reference whose only login is a PAT);
                without a repository: complete, not-inherited, inherits; `expired-` before what has expired
    mitigations of the public repository: approval, first-time, actions-off, actions-on, archived, collaborators,
                policy, policy-evaluated, no-forks; `organization-` before approval and actions-off
    coverage    FAMILY:STATUS, where FAMILY is repositories, packages or details
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.reports.facts import Fact, fact

PUBLIC: Final = 1
REPOSITORIES: Final = {"public": PUBLIC, "private": 2, "internal": 3, "archived": 4, "public-2": 5}
UNLISTED: Final = 99
PACKAGE: Final = 1
WORKFLOW: Final = ".github/workflows/build.yml"
POLICY: Final = (
    '[{"type": "restrict_action_events", "parameters": {"allowed_events": ["push", "schedule"]}}]'
)
EXPIRED: Final = {"declared_at": "2025-01-01", "expires_at": "2025-06-01"}
EXPIRED_PROBE: Final = {"answered_at": "2026-08-01", "expires_at": "2026-09-01"}


@dataclass(frozen=True, slots=True)
class Rung:
    """One row of the table."""

    org: str
    columns: Mapping[str, str]

    def words(self, column: str) -> list[str]:
        """Return the words of a cell."""
        return self.columns[column].split()

    @property
    def expected(self) -> tuple[str | None, ...]:
        """Return verdict, reason code, severity and level as the table has them."""
        names = ("verdict", "reason_code", "severity", "level")
        return tuple(self.columns[name] or None for name in names)

    def facts(self) -> Iterator[Fact]:
        """Write down what GitHub and people said."""
        edition = self.columns["edition"]
        yield fact("run", run_id=f"run-{self.org}", org=self.org, edition=edition)
        if self.connected.startswith("later:"):
            yield fact("run", run_id=f"first-{self.org}", org=self.org, edition=edition, **EARLIER)
        yield from (*self._coverage(), *self._repositories(), *self._package())
        for word in self.words("evidence"):
            yield from _evidence(self, word)

    @property
    def connected(self) -> str:
        """Return what the package is connected to."""
        return self.columns["connection"]

    def _coverage(self) -> Iterator[Fact]:
        lost = dict(word.split(":") for word in self.words("coverage"))
        subject = f"{self.columns['type']}/{self.columns['visibility']}"
        for name, family, about in (
            ("repositories", "repositories", ""),
            ("packages", "packages", subject),
            ("details", "package_details", str(PACKAGE)),
        ):
            if name == "details" and self.connected == "unknown" and name not in lost:
                continue
            told = STATUSES[lost[name]] if name in lost else {}
            yield fact("coverage", org=self.org, family=family, subject=about, **told)

    def _repositories(self) -> Iterator[Fact]:
        names = ("private", "internal") if self.columns["public"] == "no" else tuple(REPOSITORIES)
        if self.columns["public"] == "one":
            names = ("public", "private", "internal")
        has = set(self.words("mitigations"))
        for name in names:
            visibility = name if name in {"private", "internal"} else "public"
            own = has if name == "public" else set()
            yield fact(
                "repository",
                org=self.org,
                repository_id=REPOSITORIES[name],
                full_name=f"{self.org}/{name}",
                name=name,
                visibility=visibility,
                archived=name == "archived" or "archived" in own,
                forks_count=0 if "no-forks" in own else 7,
                pull_request_creation_policy="collaborators_only"
                if "collaborators" in own
                else "all",
            )
        for word in sorted(has):
            if word in MITIGATIONS:
                table, columns = MITIGATIONS[word]
                yield fact(table, org=self.org, **columns)

    def _package(self) -> Iterator[Fact]:
        kind, visibility = self.columns["type"], self.columns["visibility"]
        common: dict[str, Any] = {
            "org": self.org,
            "package_id": PACKAGE,
            "package_type": kind,
            "name": "thing",
            "visibility": visibility,
            "coverage_subject": f"{kind}/{visibility}",
        }
        target = self.connected.removeprefix("later:")
        if target in {"none", "unknown"}:
            yield fact("package", **common)
            if target == "none":
                yield self._connection()
            return
        identity = REPOSITORIES.get(target, UNLISTED)
        if self.connected.startswith("later:"):
            first, now = f"first-{self.org}", f"run-{self.org}"
            yield fact("package", **common, valid_from_run=first)
            yield self._connection(valid_from_run=first, valid_to_run=now)
            yield self._connection(identity, target, valid_from_run=now)
        else:
            yield fact(
                "package",
                **common,
                listed_repository="present",
                repository_id=identity,
                repository_full_name=f"{self.org}/{target}",
            )

    def _connection(self, identity: int | None = None, name: str = "", **span: str) -> Fact:
        return fact(
            "package_connection",
            org=self.org,
            package_id=PACKAGE,
            repository_id=identity,
            repository_full_name=f"{self.org}/{name}" if name else None,
            coverage_subject=str(PACKAGE),
            **span,
        )


EARLIER: Final = {"started_at": "2026-11-01 02:00:00", "ended_at": "2026-11-01 03:00:00"}
DECLARATIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "complete": {"complete": True},
    "not-inherited": {"inherits": False},
    "inherits": {"inherits": True},
}
STATUSES: Final[Mapping[str, Mapping[str, Any]]] = {
    "403": {"status": "denied", "http_status": 403},
    "404": {"status": "denied", "http_status": 404},
    "partial": {"status": "partial", "reason": "truncated"},
    "timeout": {"status": "failed", "reason": "timeout"},
    "stale": {"status": "not_collected", "reason": "stale"},
}
MITIGATIONS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "approval": (
        "fork_approval",
        {"repository_id": PUBLIC, "approval_policy": "all_external_contributors"},
    ),
    "first-time": (
        "fork_approval",
        {"repository_id": PUBLIC, "approval_policy": "first_time_contributors"},
    ),
    "organization-approval": (
        "fork_approval",
        {"repository_id": 0, "approval_policy": "all_external_contributors"},
    ),
    "actions-off": ("actions_permissions", {"repository_id": PUBLIC, "enabled": False}),
    "actions-on": ("actions_permissions", {"repository_id": PUBLIC, "enabled": True}),
    "organization-actions-off": (
        "actions_permissions",
        {"repository_id": 0, "enabled_repositories": "none"},
    ),
    "policy": (
        "actions_policy",
        {"repository_id": PUBLIC, "name": "p", "enforcement": "active", "rules": POLICY},
    ),
    "policy-evaluated": (
        "actions_policy",
        {"repository_id": PUBLIC, "name": "p", "enforcement": "evaluate", "rules": POLICY},
    ),
}


def read_ladder(path: Path) -> list[Rung]:
    """Read a table; each row becomes an organization."""
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return [Rung(f"case-{number:03}", row) for number, row in enumerate(rows, start=1)]


def facts_of(rungs: Iterable[Rung]) -> list[Fact]:
    """Return the facts of all rows."""
    return [item for rung in rungs for item in rung.facts()]


def _evidence(rung: Rung, word: str) -> Iterator[Fact]:
    expired = word.startswith("expired-")
    kind, _, place = word.removeprefix("expired-").partition(":")
    place, _, role = place.partition(":")
    if kind in {"complete", "not-inherited", "inherits", "declared", "none"}:
        yield _declaration(rung, kind, place, role, expired=expired)
    elif kind in {"probe", "refused", "fork-probe", "fork-refused"}:
        yield fact(
            "probe_answer",
            org=rung.org,
            package_id=PACKAGE,
            repository_id=REPOSITORIES[place],
            granted=kind.endswith("probe"),
            from_fork=kind.startswith("fork"),
            **(EXPIRED_PROBE if expired else {}),
        )
    elif kind in {"run", "reference", "pat"}:
        yield from _named(rung, kind, REPOSITORIES[place], operation=role or "pull")
    elif kind == "audit":
        yield fact(
            "audit_event",
            org=rung.org,
            package_name="thing",
            ecosystem=rung.columns["type"],
            repository_full_name=f"{rung.org}/{place}",
            actor="github-actions[bot]" if role != "person" else "octocat",
        )
    else:
        assert kind == "attestation", word
        yield fact(
            "attestation",
            org=rung.org,
            package_id=PACKAGE,
            digest="sha256:aa",
            repository_id=REPOSITORIES[place],
        )


def _declaration(rung: Rung, kind: str, place: str, role: str, *, expired: bool) -> Fact:
    answer = {
        "repository": f"{rung.org}/{place}",
        "role": "none" if kind == "none" else role or "read",
    }
    told: Mapping[str, Any] = DECLARATIONS.get(kind, answer)
    return fact(
        "declared_grant",
        org=rung.org,
        package_type=rung.columns["type"],
        package_name="thing",
        **told,
        **(EXPIRED if expired else {}),
    )


def _named(rung: Rung, kind: str, repository_id: int, *, operation: str) -> Iterator[Fact]:
    where: dict[str, Any] = {
        "org": rung.org,
        "repository_id": repository_id,
        "path": WORKFLOW,
        "job": "build",
        "registry": rung.columns["type"],
        "operation": operation,
    }
    yield fact(
        "package_reference",
        **where,
        kind="container_image",
        namespace=rung.org,
        name="thing",
        line=9,
    )
    if kind in {"run", "pat"}:
        yield fact(
            "registry_login",
            **where,
            form="docker_login",
            credential="github_token" if kind == "run" else "pat",
            credential_name="GITHUB_TOKEN" if kind == "run" else "GHCR_PAT",
        )
    if kind == "run":
        yield fact("workflow_run", org=rung.org, repository_id=repository_id, path=WORKFLOW)
