"""Top actions: findings grouped by the one change that closes them, the most risk first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports import words

if TYPE_CHECKING:
    from reports.pages_rows import Rows

# One critical finding outweighs any number of lower ones that one change is likely to close.
WEIGHTS = {"critical": 10_000, "high": 100, "medium": 10, "low": 1}

# Rule: what its findings share when one change closes them, the change in the imperative, and
# what is counted. {thing} is the shared value, {n} the counted subjects.
CHANGES: dict[str, tuple[str, str, str]] = {
    "PKG001": ("repository", "Decide whether public {thing} may use {n}", "package"),
    "PKG002": ("secret", "Replace secret {thing} by GITHUB_TOKEN at {n}", "login"),
    "PKG003": (
        "repository",
        "Take secrets away from {n} that outsiders can start in {thing}",
        "workflow",
    ),
    "PKG004": ("repository", "Declare the permissions of {n} in {thing}", "job"),
    "PKG005": ("repository", "Pin {n} to a commit in {thing}", "action reference"),
    "PKG006": ("", "Attest what {n} publish", "job"),
    "PKG007": ("", "Connect {n} to the repository that builds it, or delete it", "package"),
    "PKG008": ("repository", "Narrow {n} to the visibility of {thing}", "package"),
    "PKG009": ("secret", "Let only the repositories that need it read {thing} ({n})", "secret"),
    "PKG010": ("", "Stop sending secrets and write tokens to forks of {n}", "repository"),
    "PKG011": ("", "Move {n} from docker.pkg.github.com to ghcr.io", "login"),
    "PKG012": ("", "Delete or withdraw access from {n}", "stale package"),
    "PKG013": ("repository", "Revoke and remove {n} in {thing}", "literal credential"),
    "PKG014": (
        "",
        "Decide whether public repositories should reach the internal packages of {n}",
        "organization",
    ),
    "PKG015": ("secret", "Take deletion out of {n}", "workflow"),
    "PKG016": ("secret", "Replace secret {thing} by GITHUB_TOKEN for {n}", "package"),
    "PKG017": ("", "Attest the newest version of {n}", "package"),
    "PKG018": ("", "Migrate {n} to the Container registry", "legacy package"),
}
UNNAMED = ("", "Mend {n} of {rule}", "finding")
# Replacing one secret closes the findings of all three rules.
SAME_CHANGE = {"PKG016": "PKG002", "PKG009": "PKG002"}


@dataclass(frozen=True, slots=True)
class Action:
    """A change, and the open findings that it closes by severity."""

    number: int
    text: str
    rules: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Return how many findings it closes."""
        return sum(count for _, count in self.counts)

    @property
    def closes(self) -> str:
        """Say what it closes: 12 high, 3 medium."""
        return ", ".join(f"{count:,} {severity}" for severity, count in self.counts)


@dataclass(slots=True)
class Group:
    """Findings that one change closes, while they are collected."""

    rule: str
    thing: str
    weight: int = 0
    by_severity: dict[str, int] = field(default_factory=dict)
    by_rule: dict[str, int] = field(default_factory=dict)
    members: list[int] = field(default_factory=list)


def group_actions(rows: Rows) -> tuple[tuple[Action, ...], list[int]]:
    """Return the changes, most risk first, and for each row the number of its change (-1: none)."""
    groups: dict[tuple[str, str], Group] = {}
    fields = rows.each("verdict", "waived", "rule", "severity", "repository", "secret")
    for index, (verdict, waived, rule, severity, repository, secret) in enumerate(fields):
        if verdict != "fail":
            break
        if waived:
            continue
        shared = CHANGES.get(rule, ("", "", ""))[0]
        thing = {"repository": repository, "secret": secret}.get(shared) or ""
        lead = SAME_CHANGE.get(rule, rule) if thing else rule
        group = groups.setdefault((lead, thing), Group(lead, thing))
        group.weight += WEIGHTS.get(severity, 0)
        group.by_severity[severity] = group.by_severity.get(severity, 0) + 1
        group.by_rule[rule] = group.by_rule.get(rule, 0) + 1
        group.members.append(index)
    ordered = sorted(groups.values(), key=lambda g: (-g.weight, g.rule, g.thing))
    numbers = [-1] * len(rows)
    for number, group in enumerate(ordered):
        for index in group.members:
            numbers[index] = number
    return tuple(action(number, group) for number, group in enumerate(ordered)), numbers


def action(number: int, group: Group) -> Action:
    """Write a group as a change in the imperative."""
    rule = group.rule if group.rule in group.by_rule else min(group.by_rule)
    return Action(
        number=number,
        text=sentence(rule, group),
        rules=tuple(sorted(group.by_rule)),
        counts=tuple((s, group.by_severity[s]) for s in words.SEVERITIES if s in group.by_severity),
    )


def sentence(rule: str, group: Group) -> str:
    """Say what to do; a rule of a user's own has no sentence here and names itself."""
    _, pattern, noun = CHANGES.get(rule, UNNAMED)
    if "{thing}" in pattern and not group.thing:
        _, pattern, noun = UNNAMED
    plural = "repositories" if noun == "repository" else ""
    subjects = words.count(group.by_rule[rule], noun, plural)
    return pattern.format(thing=group.thing, n=subjects, rule=rule)
