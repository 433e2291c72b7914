"""Bundler: `BUNDLE_RUBYGEMS__PKG__GITHUB__COM`, `bundle config HOST user:token`, .bundle/config."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.texts import lines, written
from collector.workflows.logins.tools import may_be_secret, sets, shown, spoken
from collector.workflows.terms import Literal, plain, term_line

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext
    from collector.workflows.terms import Term

_SETTING: Final = re.compile(
    r"[ \t]*[\"']?(BUNDLE_[^\s\"'=]{1,300}?)[\"']?[ \t]*[:=][ \t]*[\"']?(\S+)"
)
_PREFIX: Final = "BUNDLE_"
_SUBCOMMANDS: Final = frozenset({"set", "--global", "--local", "--delete"})
_RUBY: Final = ("bundle", "ruby", "rake", "gem ", "rails", "jekyll", "rspec", "rubocop", "bin/")
_PAIR: Final = 2


def find(job: "JobContext") -> Found:
    """Yield a login for each credential that a job gives to Bundler."""
    for step in job.steps:
        node = step.script_node
        if node is not None and "bundle" in node.text.lower():
            for command in step.script.commands:
                yield from _in_command(step, command)
            for name, value in step.script.variables.items():
                yield from _variable(step, name, value, term_line(value) or step.line)
    for item in written(job, ("bundle_",)):
        for at, line in lines(item.text):
            match = _SETTING.match(line[:4000])
            if match is not None:
                number = item.line_of(at)
                value = item.flat.term(match[2].strip("\"'"), line=number)
                yield from _variable(item.step, match[1], value, number)
    yield from _in_environment(job)


def _variable(step: "StepContext", name: str, value: "Term", line: int) -> Found:
    """Yield a login where a variable's name stands for a host."""
    host = host_of(name)
    if name.upper().startswith(_PREFIX) and "." in host and may_be_secret(value):
        yield step.login("env:BUNDLE", host=Literal(host), credential=value, line=line)


def host_of(name: str) -> str:
    """Return the host that a variable's name stands for: `__` is a dot and `___` a dash."""
    return name[len(_PREFIX) :].replace("___", "-").replace("__", ".").lower()


def _in_command(step: "StepContext", command: "Command") -> Found:
    for name, value in command.env.items():
        yield from _variable(step, name, value, command.line)
    words = list(command.words)
    texts = command.texts()
    at = next((n for n, t in enumerate(texts[:6]) if t in ("bundle", "bundler", "bin/bundle")), -1)
    if at < 0 or texts[at + 1 : at + 2] != ["config"]:
        return
    rest = [w for w in words[at + 2 :] if (plain(w) or "x") not in _SUBCOMMANDS]
    if len(rest) < _PAIR or not may_be_secret(rest[1]):
        return
    key = shown(rest[0])
    host: Term = Literal(host_of(key)) if key.startswith(_PREFIX) else rest[0]
    if "." in key or "/" in key or plain(rest[0]) is None:
        yield step.login("run:bundle config", host=host, credential=rest[1], line=command.line)


def _in_environment(job: "JobContext") -> Found:
    """Yield a login for each variable of an `env:`, in the first step that can use it."""
    told: set[str] = set()
    for step in job.steps:
        names = (name for name in step.env_names() if name.upper().startswith(_PREFIX))
        for name in sorted(names):
            host = host_of(name)
            if "." not in host:
                continue
            own = sets(step, name)
            if not own and (name in told or not _runs_ruby(step)):
                continue
            value = step.env(name)
            if value is not None and may_be_secret(value):
                told |= set() if own else {name}
                yield step.login("env:BUNDLE", host=Literal(host), credential=value)


def _runs_ruby(step: "StepContext") -> bool:
    text = spoken(step) if step.script_node is not None else step.uses.name if step.uses else ""
    return any(word in text for word in _RUBY)


FORM = Form(name="bundle", job_words=("bundle_", "bundle config", "bundler config"), in_job=find)
