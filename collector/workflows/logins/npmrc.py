"""An .npmrc with a token: written by a script or an action, set by `npm config set`, committed."""

from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.npmrc_text import Entry, entries
from collector.workflows.logins.texts import committed, written
from collector.workflows.logins.tools import may_be_secret, readers
from collector.workflows.terms import Access, Literal, Term, concat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector.workflows.commands import Command
    from collector.workflows.file_context import FileContext
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext

_WORDS: Final = (":_auth", "_authtoken", ":_password", "_auth=", "_auth =")
_TOOLS: Final = frozenset(
    {"npm", "pnpm", "yarn", "npx", "bun", "bunx", "lerna", "corepack", "cnpm"}
)
_PREFIXES: Final = ("npm_config_", "pnpm_config_")


def find(job: "JobContext") -> Found:
    """Yield a login for each token that a job's steps write into an .npmrc or hand to npm."""
    for item in written(job, _WORDS):
        for entry in entries(item.flat):
            yield from _login(item.step, "npmrc", entry, item.line_of(entry.offset))
    for step in job.steps:
        node = step.script_node
        if node is not None and any(word in node.text.lower() for word in _WORDS):
            for command in step.script.commands:
                for entry in _on_command_line(command):
                    yield from _login(step, f"run:{command.name} config", entry, command.line)
    yield from _in_environment(job)


def _login(step: "StepContext", form: str, entry: Entry, line: int) -> Found:
    if entry.variable:
        for reader, value in readers(step, entry.variable):
            if may_be_secret(value):
                at = line if reader is step else 0
                yield reader.login(form, host=entry.host, credential=value, line=at)
    elif may_be_secret(entry.credential):
        yield step.login(form, host=entry.host, credential=entry.credential, line=line)


def _on_command_line(command: "Command") -> "Iterator[Entry]":
    """Yield what `npm config set KEY VALUE`, KEY=VALUE or `--KEY=VALUE` sets."""
    if command.name not in _TOOLS:
        return
    # Key and value may be two words; one blank between them is as good as `=`.
    joined = concat([part for word in command.words for part in (word, Literal(" "))])
    yield from entries(Flat.of(joined, line=command.line))


def _in_environment(job: "JobContext") -> Found:
    """Yield what `npm_config_//host/:_authToken` in an `env:` sets, once for each that reads it."""
    for step in job.steps:
        for name in sorted(step.env_names()):
            if ":_" not in name or not name.lower().startswith(_PREFIXES):
                continue
            own = step.node.mapping("env")
            if step.index and not (own is not None and name in own.values):
                continue  # the job's or workflow's own counts once
            key = name.split("_config_" if "_config_" in name else "_CONFIG_", 1)[-1]
            value = step.env(name)
            if value is not None and may_be_secret(value):
                host = Literal(key.split(":_", 1)[0])
                yield step.login("env:npm_config", host=host, credential=value)


def find_committed(file: "FileContext") -> Found:
    """Yield a login for each token of a committed .npmrc."""
    if not file.path.endswith("npmrc"):
        return
    flat = committed(file)
    for entry in entries(flat):
        credential: Term = entry.credential
        line = flat.line_of(entry.offset)
        if entry.variable:
            credential = Access(("env", entry.variable), line)
        if may_be_secret(credential):
            yield file.login("npmrc", host=entry.host, credential=credential, line=line)


FORM = Form(
    name="npmrc",
    job_words=_WORDS,
    kinds=("config",),
    in_job=find,
    in_file=find_committed,
)
