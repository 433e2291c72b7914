"""npm, yarn or pnpm told of a registry by itself, with the token in the environment or an option.

`npm publish --registry=URL`, `npm config set registry URL`, `npm_config_registry` and
`@scope:registry=URL` in an .npmrc name the registry; NODE_AUTH_TOKEN and its like hold the token.
Where setup-node names the registry, or an .npmrc the token, that form tells it.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.meant import job_text
from collector.workflows.logins.setup_node import sets_up
from collector.workflows.logins.tools import (
    does,
    has_own,
    held,
    is_job_token,
    may_be_secret,
    read_options,
    sets,
)
from collector.workflows.terms import Literal, concat, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector.workflows.commands import Command
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext
    from collector.workflows.terms import Term

_TOOLS: Final = frozenset({"npm", "pnpm", "yarn", "npx", "bun", "lerna", "cnpm"})
_TOKENS: Final = ("NODE_AUTH_TOKEN", "NPM_TOKEN", "NPM_AUTH_TOKEN", "BUN_AUTH_TOKEN",
                  "NPM_CONFIG__AUTHTOKEN", "npm_config__authToken", "NPM_CONFIG_TOKEN",
                  "npm_config__auth", "NPM_CONFIG__AUTH")  # fmt: skip
_INPUTS: Final = (
    "npm-registry",
    "npm-registry-url",
    "node-registry-url",
)
_REGISTRIES: Final = (
    "npm_config_registry",
    "NPM_CONFIG_REGISTRY",
    "YARN_REGISTRY",
    "YARN_NPM_REGISTRY_SERVER",
    "YARN_NPM_PUBLISH_REGISTRY",
)
_REGISTRY: Final = re.compile(
    r"(?:^|[\s@\"'-])(?:@?[^\s:=@]{0,200}:)?registry[\"']?[= \t]{1,20}[\"']?([^\s\"';]+)"
)
_USES_TOKEN: Final = re.compile(
    r"\b(?:publish|install|ci|add|view|whoami|dist-tag|unpublish|deprecate|i)\b"
)
_BARE_TOKEN: Final = re.compile(r"^_auth(?:Token)?$")


def find(job: "JobContext") -> Found:
    """Yield a login for each step that has a token for a registry that npm was told of."""
    if any(sets_up(step) for step in job.steps):
        return
    has_npmrc = ":_auth" in job_text(job)
    kept: Term | None = None
    for step in job.steps:
        if step.script_node is None:
            kept = step.input(*_INPUTS) or kept  # an action that sets npm up in its own way
            continue
        here = _read(step, kept)
        kept = here.kept
        if here.registry is not None and may_be_secret(here.bare):
            yield step.login("run:npm config", host=here.registry, credential=here.bare)
        elif here.registry is not None and not has_npmrc:
            token = _token(step, used=here.used)
            if may_be_secret(token):
                yield step.login(
                    "run:npm", host=here.registry, credential=token, operation=does(step)
                )


@dataclass(slots=True)
class _Npm:
    """What a step tells npm.

    Attributes:
        kept: the registry that later steps find in the configuration.
        registry: the registry that this step's own commands work with.
        bare: a token that is set for whatever the registry is.
        used: whether a command of the step needs the token.
    """

    kept: "Term | None"
    registry: "Term | None"
    bare: "Term | None" = None
    used: bool = False


def _read(step: "StepContext", kept: "Term | None") -> _Npm:
    kept = _named_in_environment(step) or _named_in_writes(step) or kept
    made = _Npm(kept, kept)
    for command in _package_commands(step):
        named, bare = _named(command)
        texts = command.texts()[1:]
        if named is not None:
            made.registry = named
            made.kept = named if texts[:1] in (["config"], ["set"], ["c"]) else made.kept
        made.bare = bare if bare is not None else made.bare
        made.used = made.used or bool(_USES_TOKEN.search(" ".join(texts)))
        made.used = made.used or (command.name == "yarn" and not texts)
    return made


def _package_commands(step: "StepContext") -> "Iterator[Command]":
    text = step.script_node.text.lower() if step.script_node else ""
    if any(tool in text for tool in _TOOLS):
        yield from (command for command in step.script.commands if command.name in _TOOLS)


def _named(command: "Command") -> "tuple[Term | None, Term | None]":
    """Return the registry and the token that a command names."""
    joined = concat([part for word in command.words[1:] for part in (word, Literal(" "))])
    flat = Flat.of(joined, line=command.line)
    match = _REGISTRY.search(flat.text)
    words = [word for word in command.words if (plain(word) or "") not in ("-g", "--global")]
    bare = next(
        (value for key, value in pairwise(words)
         if _BARE_TOKEN.match(plain(key) or "")),
        None,
    )  # fmt: skip
    if bare is None:
        bare = read_options(command.words[1:]).get("_authtoken", "_auth")
    return (flat.term(match[1]) if match else None), bare


def _named_in_writes(step: "StepContext") -> "Term | None":
    if step.script_node is None or "registry" not in step.script_node.text:
        return None
    for write in step.script.writes:
        flat = Flat.of(write.content)
        if "npmrc" not in write.path.lower() or "_auth" in flat.text:
            continue
        match = _REGISTRY.search(flat.text)
        if match:
            return flat.term(match[1])
    return None


def _named_in_environment(step: "StepContext") -> "Term | None":
    return held(step, *_REGISTRIES)


def _token(step: "StepContext", *, used: bool) -> "Term | None":
    if not used and not has_own(step, *_TOKENS):
        return None
    if not used and not any(tool in step.script_node.text for tool in _TOOLS if step.script_node):
        return None
    found = held(step, *_TOKENS)
    if found is None and used:
        # yarn and npm know no such variable by themselves; an .npmrc in the repository does.
        own = step.env("GITHUB_TOKEN") if sets(step, "GITHUB_TOKEN") else None
        return own if is_job_token(own) else None
    return found


FORM = Form(
    name="npm-registry",
    job_words=(
        "registry=",
        ":registry",
        "set registry",
        "--registry",
        "npm_config_registry",
        "npm-registry",
        "node-registry-url",
        "yarn_registry",
        "_registry_server",
        "_publish_registry",
    ),
    also_words=("npm", "yarn", "npx", "bun ", "lerna", "node-registry"),
    in_job=find,
)
