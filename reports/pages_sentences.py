"""The sentences of the first screen: coverage, what is exposed, what is not known, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import words

if TYPE_CHECKING:
    from reports.pages_actions import Action
    from reports.pages_coverage import Coverage
    from reports.pages_rules import Equation, RulePage


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of the three sentences, with where to look next."""

    label: str
    text: str
    # A fragment of the report and its words; "" without one.
    href: str
    link: str


@dataclass(frozen=True, slots=True)
class Population:
    """How much there is in the organization, as far as it was listed."""

    packages: int
    private_packages: int
    internal_packages: int
    public_packages: int
    repositories: int
    public_repositories: int
    logins: int


def headline(coverage: Coverage) -> str:
    """Say how much was listed and read, and that it is incomplete where it is."""
    if coverage.complete:
        return "Coverage 100 %: everything that could be listed was listed and read."
    if not coverage.left_out:
        return f"Coverage {coverage.percent:g} %: this report is incomplete."
    outside = words.count(coverage.left_out, "repository", "repositories")
    return (
        f"Coverage {coverage.percent:g} % of what the run was to read; {outside} outside its scope"
        " (--include, --exclude, --repos-from): this report is incomplete."
    )


def detail(coverage: Coverage) -> str:
    """Say what was read, thing by thing."""
    parts = []
    for share in coverage.shares:
        noun = share.label.lower()
        if share.expected is None:
            seen = f"{share.seen:,} {noun}" if share.seen else f"no list of {noun}"
            parts.append(f"{seen} ({share.percent:g} % of what was asked)")
        else:
            parts.append(f"{share.seen:,} of {share.expected:,} {noun}")
    return f"{words.join(parts)} were read. Unknown is not a pass."


# What a rule's open findings mean in the first sentence: singular, plural, what is said of them.
EXPOSURES = {
    "PKG001": (
        "private or internal package",
        "private or internal packages",
        "{n} {are} " + words.FORK_WARNING + ", through public repositories and their forks",
    ),
    "PKG013": ("registry login", "registry logins", "{n} {carry} a literal credential"),
    "PKG002": ("registry login", "registry logins", "{n} {use} a stored long-lived credential"),
    "PKG003": (
        "workflow",
        "workflows",
        "{n} can be started by outsiders with more than read access",
    ),
    "PKG008": ("package", "packages", "{n} {are} visible to more people than the repository"),
    "PKG010": (
        "private repository",
        "private repositories",
        "{n} {send} secrets or write tokens to forks",
    ),
    "PKG014": (
        "organization",
        "organizations",
        "internal packages can be read by workflows of public repositories",
    ),
}
MOST_EXPOSURES = 3


def exposed(
    rules: tuple[RulePage, ...], equation: Equation, coverage: Coverage, population: Population
) -> Sentence:
    """Say what is exposed; never that nothing is while something could not be judged."""
    by_id = {rule.id: rule for rule in rules}
    parts = [
        exposure(rule, by_id[rule].open) for rule in EXPOSURES if rule in by_id and by_id[rule].open
    ]
    if parts:
        text = f"{'' if coverage.complete else 'among what could be read, '}{'; '.join(parts[:MOST_EXPOSURES])}."
    elif equation.open:
        text = f"{words.count(equation.open, 'finding')} stand open, about hygiene rather than exposure."
    else:
        return nothing_failed(equation, coverage, population)
    worst = next((rule for rule in EXPOSURES if rule in by_id and by_id[rule].open), "")
    href = f"#/findings?rule={worst}" if worst else "#/findings"
    return Sentence("Exposed", text[0].upper() + text[1:], href, "See the findings")


def exposure(rule: str, number: int) -> str:
    """Write one part of the first sentence with the verb that fits the number."""
    singular, plural, pattern = EXPOSURES[rule]
    verbs = (
        {"are": "is", "carry": "carries", "use": "uses", "send": "sends"}
        if number == 1
        else {"are": "are", "carry": "carry", "use": "use", "send": "send"}
    )
    return pattern.format(n=words.count(number, singular, plural), **verbs)


def nothing_failed(equation: Equation, coverage: Coverage, population: Population) -> Sentence:
    """Say what an empty list of open findings means, which depends on what was seen."""
    waived = (
        f" {words.count(equation.waived, 'finding')} failed and {'is' if equation.waived == 1 else 'are'} waived."
        if equation.waived
        else ""
    )
    if not equation.population and not population.packages and coverage.lists_complete:
        text = (
            "The credential sees 0 packages of 6 types, so nothing was judged. "
            "Check its read:packages scope, its single sign-on and its owner's role."
        )
        return Sentence("Exposed", text, "#/coverage", "See what was asked")
    if equation.unknown or not coverage.complete:
        judged = equation.population - equation.unknown
        text = (
            f"Nothing {'else ' if waived else ''}failed among the {words.count(judged, 'subject')} judged; "
            f"{words.count(equation.unknown, 'subject')} could not be judged, so this is not an all-round pass."
        )
        return Sentence(
            "Exposed",
            waived.lstrip() + (" " if waived else "") + text,
            "#/coverage",
            "See what was not examined",
        )
    text = f"No open findings in {words.count(population.packages, 'package')}; 0 unknown."
    return Sentence("Exposed", text + waived, "#/rules", "See what was judged")


def not_known(coverage: Coverage) -> Sentence:
    """Say what nobody can know without asking, the kinds of unknown kept apart."""
    could_not, no_api, text_silent = (coverage.unknown_of(kind) for kind in words.UNKNOWN_KINDS)
    parts = []
    if no_api:
        parts.append(
            f"for {words.count(no_api, 'verdict')} no API tells the answer: ask a person or run the probe"
        )
    if could_not:
        parts.append(f"{words.count(could_not, 'verdict')} could not be read: {remedies(coverage)}")
    if text_silent:
        parts.append(
            f"for {words.count(text_silent, 'verdict')} the text does not say: read the workflow"
        )
    if parts and not coverage.lists_complete:
        parts.append("and the lists are incomplete, so nobody knows what is missing")
    if not parts:
        text = (
            "Every subject that was listed could be judged."
            if coverage.complete
            else "What was read could be judged, but not everything was read: see the coverage."
        )
        return Sentence("Not known", text, "#/coverage", "How we counted")
    text = "; ".join(parts) + "."
    return Sentence("Not known", text[0].upper() + text[1:], "#/unknown", "See what to ask")


def remedies(coverage: Coverage) -> str:
    """Say what mends the readings that failed, the most frequent first."""
    (kind,) = (group for group in coverage.unknown if group.name == words.COULD_NOT_READ)
    found = [words.REMEDIES.get(reason.code, words.MEND_CREDENTIAL) for reason in kind.reasons]
    return words.join(list(dict.fromkeys(found)))


def what_next(equation: Equation, coverage: Coverage, actions: tuple[Action, ...]) -> Sentence:
    """Say the one thing to do next: the worst first, then what is missing."""
    if not coverage.lists_complete and not equation.open:
        text = "Mend the credential with `pkginventory doctor`, then run again: until then nobody knows what is missing."
        return Sentence("Next", text, "#/coverage", "See what was not read")
    if actions:
        first = actions[0]
        text = f"{first.text}, which closes {first.closes}."
        if not coverage.lists_complete:
            text = f"Mend the credential, for this report is incomplete; then {text[0].lower()}{text[1:]}"
        return Sentence("Next", text, f"#/findings?action={first.number}", "See these findings")
    if coverage.unknown_of(words.NO_API_TELLS):
        text = "Ask who administers the packages that no API tells about, or run the probe."
        return Sentence("Next", text, "#/unknown", "See what to ask")
    if equation.unknown:
        return Sentence(
            "Next",
            "Mend what could not be read, then run again.",
            "#/unknown",
            "See what is unknown",
        )
    return Sentence(
        "Next",
        "Keep the nightly run: it says what is new in the morning.",
        "#/coverage",
        "How we counted",
    )
