"""RubyGems: `gem push --host`, with a key out of `~/.gem/credentials` or GEM_HOST_API_KEY."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.meant import named_for_packages
from collector.workflows.logins.texts import lines, written
from collector.workflows.logins.tools import (
    Options,
    after,
    has_own,
    has_source,
    held,
    is_job_token,
    may_be_secret,
    read_options,
    spoken,
)
from collector.workflows.terms import EMPTY, Literal, Term, Unknown, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector.workflows.commands import Command
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext

_HOST: Final = "rubygems.pkg.github.com"
_KEY: Final = re.compile(
    r"[ \t]*[\"']?(:?[^\s:\"'#]{1,200}|https?://[^\s\"':]{1,300}):[\"']?[ \t]+(\S[^\n]*)"
)
_VARIABLE: Final = "GEM_HOST_API_KEY"
_FLAGS: Final = frozenset({"verbose", "v", "quiet", "q", "silent", "backtrace", "debug", "norc"})


@dataclass(slots=True)
class _Key:
    """One key of a credentials file, and whether a push takes it."""

    step: "StepContext"
    name: str
    value: Term
    line: int
    used: bool = False


def find(job: "JobContext") -> Found:
    """Yield a login for each push, and for each key for GitHub that no push here takes."""
    keys = list(_keys(job))
    for step in job.steps:
        text = spoken(step)
        for command in step.script.commands if step.script_node and "gem push" in text else ():
            words = after(command, "gem", "push")
            if words is not None:
                yield from _push(step, command, read_options(words, _FLAGS), keys)
        if "gem push" not in text:
            yield from _by_environment(step)
    for key in keys:
        if not key.used and named_for_packages(key.name.lstrip(":")):
            yield key.step.login(
                "gem credentials", host=None, credential=key.value, line=key.line,
                default_host=_HOST,
            )  # fmt: skip


def _keys(job: "JobContext") -> "Iterator[_Key]":
    """Yield the keys that a job's steps write into a credentials file."""
    for item in written(job, ("credentials",)):
        if "gem" not in item.path or "credentials" not in item.path:
            continue
        for at, line in lines(item.text):
            match = _KEY.match(line)
            if match is None:
                continue
            number = item.line_of(at)
            value = item.flat.term(match[2].strip("\"' "), line=number)
            name = plain(item.flat.term(match[1])) or match[1]
            if may_be_secret(value):
                yield _Key(item.step, name, value, number)


def _push(step: "StepContext", command: "Command", options: Options, keys: list[_Key]) -> Found:
    host = options.get("host") or command.env.get("RUBYGEMS_HOST") or held(step, "RUBYGEMS_HOST")
    name = plain(options.get("key", "k"))
    stored = _stored(name, plain(host) if host is not None else "", keys, before=step.index)
    value = command.env.get(_VARIABLE) or held(step, _VARIABLE)
    if stored is not None:
        stored.used = True
    credential = stored.value if stored is not None else value
    if stored is not None and value is not None and (name is None or not has_source(stored.value)):
        # The variable is looked at before the file, which may hold nothing but an unset one.
        credential = value
    default = ""
    if host is None:
        # The gemspec may name the host; then the key's name, or the job's token, says whose it is.
        if not (named_for_packages(name or "") or is_job_token(credential)):
            return
        default = _HOST
    if credential is None:
        credential = Unknown("unresolved_expression", "a key that gem has stored", command.line)
    if may_be_secret(credential):
        yield step.login(
            "run:gem push", host=host, credential=credential, line=command.line,
            default_host=default, operation="push",
        )  # fmt: skip


def _stored(name: str | None, host: str | None, keys: list[_Key], *, before: int) -> _Key | None:
    """Return the key that a push takes: by its name, else by the host, else the default one."""
    earlier = [key for key in keys if key.step.index <= before]
    for wanted in (name, host) if name is None else (name,):
        for key in reversed(earlier):
            if wanted and key.name.lstrip(":").lower() == wanted.lstrip(":").lower():
                return key
    if name is not None:
        return None
    defaults = (k for k in reversed(earlier) if k.name.lstrip(":") == "rubygems_api_key")
    return next(defaults, None)


def _by_environment(step: "StepContext") -> Found:
    """Yield a login where RUBYGEMS_HOST and GEM_HOST_API_KEY are there for `rake release`."""
    if not has_own(step, "RUBYGEMS_HOST", _VARIABLE):
        return
    host, value = held(step, "RUBYGEMS_HOST"), held(step, _VARIABLE)
    if host is not None and may_be_secret(value):
        yield step.login("env:GEM_HOST_API_KEY", host=host, credential=value, operation="push")


def find_in_action(step: "StepContext") -> Found:
    """Yield the login of an action that publishes a gem."""
    name = step.uses.name if step.uses else ""
    token = step.input(*_TOKENS[name])
    if name == "fac/ruby-gem-setup-credentials-action":
        key = step.input("key") or step.input("host") or EMPTY
        if not named_for_packages(plain(key) or ""):
            return
    if may_be_secret(token):
        yield step.login(name, host=Literal(_HOST), credential=token)


# Actions that publish to GitHub's RubyGems registry, and the inputs that hold the token.
_TOKENS: Final = {
    "jstastny/publish-gem-to-github": ("token",),
    "dawidd6/action-publish-gem": ("github_token",),
    "fac/ruby-gem-setup-credentials-action": ("token",),
    "actionshub/publish-gem-to-github": ("token",),
}


def _find_step(step: "StepContext") -> Found:
    if step.uses is not None and step.uses.name in _TOKENS:
        yield from find_in_action(step)


FORM = Form(
    name="gem",
    actions=tuple(sorted(_TOKENS)),
    job_words=("gem push", "gem/credentials", "gem_host_api_key"),
    in_step=_find_step,
    in_job=find,
)
