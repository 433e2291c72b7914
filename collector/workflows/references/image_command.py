"""Images and charts that a script pulls, pushes or deletes: docker, podman, skopeo, crane, helm."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.references.image_tools import ALL, LOCAL, RULES, Rule
from collector.workflows.references.parts import beneath, named, possible
from collector.workflows.terms import Literal, Term, Unknown, plain

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext

_WORDS: Final = (
    "docker ", "podman ", "nerdctl ", "buildah ", "skopeo ", "crane ", "oras ", "helm ", "cosign ", "flux ", "timoni ", "regctl ", "trivy ", "pack build", "singularity ", "apptainer ", "krane ", "notation ", "finch ",
)  # fmt: skip
_DOES: Final = re.compile(
    r"\b(?:push|pull|run|build|bud|tag|create|copy|cp|sync|inspect|sign|attest|verify|attach|manifest"
    r"|delete|image|install|upgrade|template|ls|list-tags|digest|from|show)\b"
)
_PUSHES: Final = re.compile(r"\bpush\b|--publish")
_GLOBAL: Final = frozenset(
    ["--context", "-H", "--host", "--config", "-l", "--log-level", "--root", "-n", "--namespace"]
)
_COMPOSED: Final = {
    ("docker", "compose", "push"): "push",
    ("docker", "compose", "pull"): "pull",
    ("docker-compose", "push"): "push",
    ("docker-compose", "pull"): "pull",
}
# A name that begins so can be at GitHub, or the text does not say.
_LOCAL_NAME: Final = re.compile(r"[a-z0-9][\w.-]*(?::[\w.-]+)?", re.IGNORECASE)
_CHART: Final = re.compile(r"(?P<name>[A-Za-z][\w-]*?)-v?\d[^/]*\.tgz")


def find(step: "StepContext") -> Found:
    """Yield what the commands of a step's script name."""
    node = step.script_node
    if node is None or not _DOES.search(node.text) or not possible(step.file):
        return
    for command in step.script.commands:
        for kind, operation, image in _images(command, step.job):
            if not _LOCAL_NAME.fullmatch(plain(image) or "\n"):
                yield named(step, kind, image, operation, line=command.line)


def _images(command: "Command", job: "JobContext") -> Iterator[tuple[str, str, Term]]:
    """Yield kind, operation and name of each image of a command."""
    tool = command.name
    if tool not in RULES and tool != "docker-compose":
        return
    texts = command.texts()
    operation = _COMPOSED.get(tuple(text for text in texts if text[:1] != "-")[:3], "")
    if operation:
        # The names stand in the compose file.
        yield f"compose_{operation}", operation, Unknown("unresolved_expression", "compose file")
    for rules, guarded in ((RULES.get(tool, ()), False), (LOCAL.get(tool, ()), True)):
        for rule in rules:
            if rule.words[0] not in texts:
                continue
            arguments = _behind(command, rule)
            if arguments is None or (guarded and not _pushes(job)):
                continue
            if rule.needs and not _published(arguments, rule):
                continue
            if not rule.needs and guarded and _published(arguments, _BUILT):
                continue  # the rule that needs it has said so
            for operation, image in _taken(arguments, rule):
                yield rule.kind or f"{tool}_{rule.words[-1]}", operation, image


@dataclass(frozen=True, slots=True)
class _Arguments:
    options: tuple[tuple[str, Term], ...]
    positionals: tuple[Term, ...]


def _behind(command: "Command", rule: Rule) -> _Arguments | None:
    """Return what stands behind a subcommand's words, None for another subcommand."""
    options: list[tuple[str, Term]] = []
    positionals: list[Term] = []
    wanted = list(rule.words)
    runs = "run" in rule.words
    words = iter(command.words[1:])
    for word in words:
        flat = Flat.of(word)
        if runs and not wanted and positionals:
            break  # what is run in the container is none of the tool's words
        if flat.text.startswith("-") and len(flat.text) > 1:
            name, equals, value = flat.text.partition("=")
            valued = name in _GLOBAL if wanted else name in rule.valued or name in rule.options
            if equals:
                options.append((name, flat.term(value)))
            elif valued:
                options.append((name, next(words, Literal(""))))
            else:
                options.append((name, Literal("true")))
        elif wanted:
            if plain(word) != wanted.pop(0):
                return None
        else:
            positionals.append(word)
    return None if wanted else _Arguments(tuple(options), tuple(positionals))


def _published(arguments: _Arguments, rule: Rule) -> bool:
    for name, value in arguments.options:
        text = plain(value) or ""
        if name in rule.needs and text != "false":
            return True
        if name in ("-o", "--output") and ("type=registry" in text or "push=true" in text):
            return True
    return False


_BUILT: Final = Rule((), needs=("--push",))


def _taken(arguments: _Arguments, rule: Rule) -> Iterator[tuple[str, Term]]:
    for name, value in arguments.options:
        if name in rule.options:
            yield rule.options[name], value
    places = arguments.positionals
    for operation, place in rule.takes:
        if place == ALL:
            yield from ((operation, word) for word in places)
        elif rule.kind == "helm_push" and len(places) > place:
            yield operation, _chart(places[0], places[place])
        elif -1 <= place < len(places) and places:
            yield operation, places[place]


def _chart(archive: Term, base: Term) -> Term:
    """Return a chart's name below the registry path that it is pushed to."""
    match = _CHART.fullmatch((plain(archive) or "").rsplit("/", 1)[-1][:200])
    if match is not None:
        return beneath(base, Literal(match["name"]))
    return beneath(base, Unknown("unresolved_expression", "the chart's name"))


def _pushes(job: "JobContext") -> bool:
    """Tell whether some script of the job pushes."""
    nodes = (step.script_node for step in job.steps)
    return any(node is not None and _PUSHES.search(node.text) for node in nodes)


FORM = Form(name="image-command", words=_WORDS, in_step=find)
