"""npm packages that a script or an action publishes or installs."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.facts import SymbolicReference
from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.references.package_registry import npm_registry, npm_scope
from collector.workflows.references.parts import named
from collector.workflows.terms import Literal, Term, Unknown, concat, plain

if TYPE_CHECKING:
    from collector.workflows.commands import Arguments, Command
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext

_VALUED: Final = (
    "--registry",
    "--scope",
    "--tag",
    "--access",
    "--prefix",
    "-w",
    "--workspace",
    "--otp",
    "-C",
)
_PUSHES: Final = frozenset(
    {("publish",), ("npm", "publish"), ("run", "publish"), ("workspaces", "foreach")}
)
_PULLS: Final = frozenset({("ci",), ("install",), ("i",), ("add",), ("update",), ("up",)})
_TOOLS: Final = ("npm", "yarn", "pnpm", "bun", "lerna", "npx")
_NAMED: Final = re.compile(r"@(?P<name>[^/\s@]+/[^/\s@]+)(?:@\S+)?")


def find(step: "StepContext") -> Found:
    """Yield what npm, yarn, pnpm, bun and lerna publish and install."""
    for command in step.script.commands:
        if command.name in _TOOLS:
            yield from _command(step, command)


def _command(step: "StepContext", command: "Command") -> Found:
    arguments = command.parse(_VALUED)
    texts = tuple(Flat.of(word).text for word in arguments.positionals)
    operation = _operation(command.name, texts)
    if not operation or arguments.has("--dry-run", "--global", "-g"):
        return
    host = npm_registry(step, arguments.option("--registry"))
    if host is None:
        return
    names = [word for word in arguments.positionals if _NAMED.fullmatch(Flat.of(word).text)]
    for word in names if operation == "pull" else ():
        flat = Flat.of(word)
        match = _NAMED.fullmatch(flat.text)
        if match is not None and _in_scope(step, arguments, match["name"]):
            yield _reference(step, flat.term(match["name"]), operation, command.line, host)
    if not names or operation == "push":
        whole = _below_scope(step, arguments)
        yield _reference(step, whole, operation, command.line, host)


def _operation(tool: str, words: tuple[str, ...]) -> str:
    if tool == "npx" and words[:1] == ("lerna",):
        words = words[1:]
    if words[:1] in _PUSHES or words[:2] in _PUSHES:
        return "push"
    if words[:1] in _PULLS or (tool == "yarn" and not words):
        return "pull"
    return ""


def _in_scope(step: "StepContext", arguments: "Arguments", name: str) -> bool:
    """Tell whether a package's scope is the one that the registry is for."""
    scope = plain(npm_scope(step, arguments.option("--scope")))
    return scope is None or name.split("/", maxsplit=1)[0].lower() == scope.lower()


def _below_scope(step: "StepContext", arguments: "Arguments") -> Term:
    unknown = Unknown("unresolved_expression", "the name in package.json")
    return concat([npm_scope(step, arguments.option("--scope")), Literal("/"), unknown])


def find_in_job(job: "JobContext") -> Found:
    """Yield what the publishing actions of a job publish."""
    for step in job.steps:
        if step.uses is None or step.uses.name != "js-devtools/npm-publish":
            continue
        host = npm_registry(step, step.input("registry"))
        if host is not None:
            unknown = Unknown("unresolved_expression", "the name in package.json")
            whole = concat([npm_scope(step, step.input("scope")), Literal("/"), unknown])
            yield _reference(step, whole, "push", step.uses_line, host)


def _reference(
    step: "StepContext", name: Term, operation: str, line: int, host: Term
) -> SymbolicReference:
    kind = "npm_publish" if operation == "push" else "npm_install"
    return named(step, kind, name, operation, line=line, host=host)


FORM = Form(
    name="npm-packages",
    words=("npm ", "yarn", "bun ", "lerna "),
    job_actions=("js-devtools/npm-publish",),
    in_step=find,
    in_job=find_in_job,
)
