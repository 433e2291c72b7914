"""Check rows of declared Actions access against what was listed: every mistake, with its line and its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from pkginventory.grant_files import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pkginventory.grant_files import GrantRow

ROLES: Final = ("read", "write", "admin", "none")
LONGEST: Final = timedelta(days=366)
_YES_NO: Final = {"yes": True, "true": True, "no": False, "false": False}
_ANSWERS: Final = ("inherits", "repository", "role", "complete")
_NOTE_LENGTH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What an organization's newest run listed.

    Attributes:
        org: the organization's login.
        matches: how many packages of a type have a name, or match a glob.
        types: the package types there are.
        repositories: owner/name, by its lower-case spelling.
        repositories_complete: whether all repositories were listed.
    """

    org: str
    matches: Callable[[str, str], int]
    types: frozenset[str]
    repositories: Mapping[str, str]
    repositories_complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One answer that a person read off a settings page."""

    package_type: str
    package_name: str
    repository: str
    # empty in a row that only says whether the list is complete or inherited
    role: str | None
    complete: bool | None
    inherits: bool | None
    declared_by: str
    declared_at: date
    expires_at: date
    note: str
    line: int

    @property
    def package(self) -> tuple[str, str]:
        """Return what tells one package's rows from another's."""
        return self.package_type, self.package_name.lower()


@dataclass(slots=True)
class Checked:
    """What a file says, and what is wrong with it."""

    grants: list[Grant] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unanswered: int = 0
    # rows of the template that nobody filled in


@dataclass(slots=True)
class _Row:
    """One row while it is looked at."""

    source: GrantRow
    listed: Listed
    today: date
    reasons: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        return self.source.values[name]

    def yes_no(self, name: str) -> bool | None:
        said = self.text(name).lower()
        if said and said not in _YES_NO:
            self.reasons.append(f"{name} is yes, no or blank, not {said!r}.")
        return _YES_NO.get(said)

    def day(self, name: str) -> date | None:
        said = self.text(name)
        if not said:
            self.reasons.append(f"{name} is missing.")
            return None
        try:
            return date.fromisoformat(said)
        except ValueError:
            self.reasons.append(f"{name} is a date such as {self.today}, not {said!r}.")
            return None


def check_rows(rows: Iterable[GrantRow], *, listed: Listed, today: date) -> Checked:
    """Check every row; nothing may be stored when `problems` holds anything."""
    checked = Checked()
    for source in rows:
        if not any(source.values[name] for name in (*_ANSWERS, "declared_by", "declared_at")):
            checked.unanswered += 1
            continue
        row = _Row(source, listed, today)
        grant = _grant(row)
        checked.problems += [Problem(line=source.line, reason=reason) for reason in row.reasons]
        if grant is not None and not row.reasons:
            checked.grants.append(grant)
    checked.problems += [*_duplicates(checked.grants), *_disagreements(checked.grants)]
    checked.problems.sort(key=lambda problem: problem.line)
    return checked


def _grant(row: _Row) -> Grant | None:
    _check_package(row)
    repository = _repository(row)
    role = _role(row)
    inherits, complete = row.yes_no("inherits"), row.yes_no("complete")
    if not any(row.text(name) for name in _ANSWERS):
        row.reasons.append("It names who declared it but answers nothing.")
    if not row.text("declared_by"):
        row.reasons.append("declared_by is missing: who read it off the settings page?")
    declared_at, expires_at = _days(row)
    if declared_at is None or expires_at is None:
        return None
    return Grant(
        package_type=row.text("package_type").lower(),
        package_name=row.text("package"),
        repository=repository,
        role=role,
        complete=complete,
        inherits=inherits,
        declared_by=row.text("declared_by"),
        declared_at=declared_at,
        expires_at=expires_at,
        note=row.text("note")[:_NOTE_LENGTH],
        line=row.source.line,
    )


def _check_package(row: _Row) -> None:
    package_type, name = row.text("package_type").lower(), row.text("package")
    if package_type not in row.listed.types:
        said = package_type or "nothing"
        row.reasons.append(
            f"package_type is one of {', '.join(sorted(row.listed.types))}, not {said}."
        )
    elif not name:
        row.reasons.append("package is missing.")
    elif row.listed.matches(package_type, name) == 0:
        row.reasons.append(f"{row.listed.org} has no {package_type} package {name}.")


def _repository(row: _Row) -> str:
    said = row.text("repository").strip("/")
    if not said:
        return ""
    full = said if "/" in said else f"{row.listed.org}/{said}"
    known = row.listed.repositories.get(full.lower())
    if known is None and row.listed.repositories_complete:
        row.reasons.append(f"{row.listed.org} has no repository {said}.")
    return known or full


def _role(row: _Row) -> str | None:
    role, repository = row.text("role").lower(), row.text("repository")
    if role and role not in ROLES:
        row.reasons.append(f"role is one of {', '.join(ROLES)}, not {role!r}.")
    elif role and not repository:
        row.reasons.append(f"Which repository has the role {role}?")
    elif repository and not role:
        row.reasons.append(f"Which role has {repository}? A blank is not none.")
    return role or None


def _days(row: _Row) -> tuple[date | None, date | None]:
    declared_at, expires_at = row.day("declared_at"), row.day("expires_at")
    if declared_at is not None and declared_at > row.today:
        row.reasons.append(f"declared_at {declared_at} is in the future.")
    if declared_at is not None and expires_at is not None:
        if expires_at < declared_at:
            row.reasons.append(f"It expires on {expires_at}, before it was declared.")
        elif expires_at - declared_at > LONGEST:
            row.reasons.append(f"It holds from {declared_at} to {expires_at}: over one year.")
    return declared_at, expires_at


def _duplicates(grants: Sequence[Grant]) -> list[Problem]:
    first: dict[tuple[str, str, str], int] = {}
    problems = []
    for grant in grants:
        key = (*grant.package, grant.repository.lower())
        if key in first:
            what = grant.repository or "no repository"
            reason = f"{grant.package_name} and {what} stand in line {first[key]} already."
            problems.append(Problem(line=grant.line, reason=reason))
        first.setdefault(key, grant.line)
    return problems


def _disagreements(grants: Sequence[Grant]) -> list[Problem]:
    """Find rows of one package that answer the questions about the whole list differently."""
    said: dict[tuple[tuple[str, str], str], tuple[bool, int]] = {}
    problems = []
    for grant in grants:
        for name, value in (("inherits", grant.inherits), ("complete", grant.complete)):
            if value is None:
                continue
            earlier, line = said.setdefault((grant.package, name), (value, grant.line))
            if earlier != value:
                reason = f"{name} of {grant.package_name} is answered otherwise in line {line}."
                problems.append(Problem(line=grant.line, reason=reason))
    return problems
