"""Find the rules: a rule is a file of SQL whose head says what it means, found by being there."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from collector import sqlfiles
from collector.errors import RuleError
from reports.sandbox import check_one_select

SEVERITIES: Final = ("critical", "high", "medium", "low")
VERDICTS: Final = ("pass", "fail", "unknown", "not_applicable")
SUBJECTS: Final = (
    "package",
    "registry login",
    "workflow",
    "job",
    "uses reference",
    "secret",
    "repository",
    "organization",
    "version",
)

# What a rule selects: name and type, in this order.
COLUMNS: Final = (
    ("org", "varchar"),
    ("subject", "varchar"),
    ("verdict", "varchar"),
    ("reason_code", "varchar"),
    ("severity", "varchar"),
    ("evidence_level", "varchar"),
    ("reason", "varchar"),
    ("repository", "varchar"),
    ("package", "varchar"),
    ("path", "varchar"),
    ("line", "integer"),
    ("registry", "varchar"),
    ("credential", "varchar"),
    ("secret", "varchar"),
    ("hops", "json"),
    ("evidence", "json"),
)

_HEAD_KEYS: Final = (
    "id",
    "name",
    "title",
    "severity",
    "subject",
    "population",
    "description",
    "why",
    "fails_when",
    "passes_when",
    "unknown_when",
    "not_applicable_when",
    "remediation",
    "references",
    "version",
)
_ENTRY = re.compile(r"-- ([a-z_]+):(?: (.*))?")
_CONTINUATION = re.compile(r"--   (\S.*)")
_ID = re.compile(r"[A-Z][A-Z0-9]{1,15}[0-9]{3}")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OURS = re.compile(r"PKG[0-9]{3}")
_LONGEST_RULE = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: its head, and the SELECT that judges every subject of its population."""

    id: str
    name: str
    title: str
    severity: str
    subject: str
    population: str
    description: str
    why: str
    fails_when: str
    passes_when: str
    unknown_when: str
    not_applicable_when: str
    remediation: str
    references: tuple[str, ...]
    version: str
    sql: str
    path: Path
    # Whether it is the organization's own, from --rules-dir: it runs locked down and is marked as theirs.
    is_users: bool = False

    @property
    def digest(self) -> str:
        """Return what tells this text of the rule from every other."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def shipped_rules() -> tuple[Rule, ...]:
    """Return the rules that come with the program, by id."""
    return _sorted(_read(path, is_users=False) for path in _files(sqlfiles.rules_dir()))


def users_rules(directories: Iterable[Path]) -> tuple[Rule, ...]:
    """Return the organization's own rules, by id.

    Raises:
        RuleError: a folder or a file is not what it should be, said with its name.
    """
    return _sorted(
        _read(path, is_users=True) for directory in directories for path in _files(directory)
    )


def load_rules(directories: Iterable[Path] = ()) -> tuple[Rule, ...]:
    """Return the shipped rules and those of the given folders, by id.

    Raises:
        RuleError: a rule is malformed, or two have one id.
    """
    return _sorted((*shipped_rules(), *users_rules(directories)))


def find_rule(rules: Sequence[Rule], name: str) -> Rule:
    """Return the rule with this id or name, in any case.

    Raises:
        RuleError: there is none.
    """
    wanted = name.lower()
    for rule in rules:
        if wanted in {rule.id.lower(), rule.name}:
            return rule
    raise RuleError(f"There is no rule {name}.", hint="`pkginventory rules list` shows them all.")


def rules_digest(rules: Iterable[Rule]) -> str:
    """Return one digest of the texts of all these rules, whatever order they come in."""
    lines = sorted(f"{rule.id} {rule.digest}" for rule in rules)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _files(directory: Path) -> list[Path]:
    if not directory.is_dir():
        raise RuleError(
            f"{directory} is not a folder of rules.",
            hint="Give --rules-dir a folder with files named like ACME001_my_rule.sql.",
        )
    return sorted(directory.glob("*.sql"))


def _sorted(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    by_id: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in by_id:
            raise RuleError(
                f"Two rules have the id {rule.id}: {by_id[rule.id].path} and {rule.path}.",
                hint="Give one of them another id.",
            )
        by_id[rule.id] = rule
    return tuple(by_id[key] for key in sorted(by_id))


def _read(path: Path, *, is_users: bool) -> Rule:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path} can't be read: {error}") from error
    if len(text) > _LONGEST_RULE:
        raise RuleError(f"{path} is longer than {_LONGEST_RULE:,} characters.")
    head = _head(text, path=path)
    _check_head(head, path=path, is_users=is_users)
    check_one_select(text, name=str(path))
    references = tuple(part.strip() for part in head.pop("references").split(";") if part.strip())
    return Rule(references=references, sql=text, path=path, is_users=is_users, **head)


def _head(text: str, *, path: Path) -> dict[str, str]:
    head: dict[str, list[str]] = {}
    key = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("--"):
            break
        if match := _ENTRY.fullmatch(line):
            key = match[1]
            if key not in _HEAD_KEYS or key in head:
                what = "is there twice" if key in head else "is not a key of a rule's head"
                raise RuleError(f"{path}, line {number}: {key} {what}.", hint=_head_hint())
            head[key] = [match[2] or ""]
        elif key and (match := _CONTINUATION.fullmatch(line)):
            head[key].append(match[1])
    return {name: " ".join(part for part in parts if part) for name, parts in head.items()}


def _head_hint() -> str:
    return f"The head has one comment line each for {', '.join(_HEAD_KEYS)}."


def _check_head(head: dict[str, str], *, path: Path, is_users: bool) -> None:
    missing = [key for key in _HEAD_KEYS if not head.get(key)]
    if missing:
        raise RuleError(f"{path}: the head lacks {', '.join(missing)}.", hint=_head_hint())
    if not _ID.fullmatch(head["id"]) or not _NAME.fullmatch(head["name"]):
        raise RuleError(
            f"{path}: {head['id']} {head['name']} is not an id and a name.",
            hint="An id is like ACME001, a name like my-rule.",
        )
    if is_users and _OURS.fullmatch(head["id"]):
        raise RuleError(
            f"{path}: ids like {head['id']} belong to the rules that come with the program.",
            hint="Choose a prefix of your own, such as ACME001.",
        )
    expected = f"{head['id']}_{head['name'].replace('-', '_')}.sql"
    if path.name != expected:
        raise RuleError(f"{path}: a rule with this head is named {expected}.")
    for key, allowed in (("severity", SEVERITIES), ("subject", SUBJECTS)):
        if head[key] not in allowed:
            raise RuleError(f"{path}: {key} is {head[key]!r}, not one of {', '.join(allowed)}.")
