"""Yarn 2 and later: `.yarnrc.yml` with `npmAuthToken`, `yarn config set …`, YARN_NPM_AUTH_TOKEN."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.meant import meant
from collector.workflows.logins.npmrc_text import VARIABLE
from collector.workflows.logins.texts import committed, lines, written
from collector.workflows.logins.tools import may_be_secret, readers, sets, spoken
from collector.workflows.terms import Access, Literal, Term, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector.workflows.commands import Command
    from collector.workflows.file_context import FileContext
    from collector.workflows.flat import Flat
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext

_HOST: Final = "npm.pkg.github.com"
_KEY: Final = re.compile(
    r"^([ ]*)(?:- )?[\"']?([^\s\"']{1,300}?)[\"']?:(?:[ ]+[\"']?([^\s\"']+)[\"']?)?[ ]*$"
)
_SERVERS: Final = frozenset({"npmRegistryServer", "npmPublishRegistry"})
_TOKENS: Final = frozenset({"npmAuthToken", "npmAuthIdent"})
_MAX_DISTANCE: Final = 50
_IN_PATH: Final = re.compile(r"npmRegistries\[[\"']?([^\"'\]]+)[\"']?\]")


@dataclass(frozen=True, slots=True)
class _Setting:
    host: str
    token: str
    offset: int


def find(job: "JobContext") -> Found:
    """Yield a login for each token that a job gives to yarn."""
    for item in written(job, ("npmauth",)):
        if "yarnrc" in item.path or "npmAuthToken:" in item.text or "npmAuthIdent:" in item.text:
            for setting in _settings(item.text):
                line = item.line_of(setting.offset)
                yield from _login(item.step, item.flat, setting, line)
    named: Term | None = None
    for step in job.steps:
        text = spoken(step) if step.script_node is not None else ""
        for command in step.script.commands if "yarn" in text and "config" in text else ():
            named = _server(command) or named
            yield from _config_set(step, command, named)
    yield from _in_environment(job)


def _settings(text: str) -> "Iterator[_Setting]":
    """Yield each token with the registry of its own block, or of the whole file."""
    found = [(at, match) for at, line in lines(text) if (match := _KEY.match(line[:2000]))]
    for number, (at, match) in enumerate(found):
        if match[2] in _TOKENS and match[3]:
            host = _host_of(found, number)
            yield _Setting(host, match[3], at + match.start(3))


def _host_of(found: list[tuple[int, re.Match[str]]], number: int) -> str:
    depth = len(found[number][1][1])
    for step in (-1, 1):
        at = number + step
        while 0 <= at < len(found) and abs(at - number) <= _MAX_DISTANCE:
            match = found[at][1]
            if len(match[1]) < depth:
                if step < 0 and ("//" in match[2] or "." in match[2]):
                    return match[2]
                break
            if len(match[1]) == depth and match[2] in _SERVERS and match[3]:
                return match[3]
            at += step
    return ""


def _login(step: "StepContext", flat: "Flat", setting: _Setting, line: int) -> Found:
    host = flat.term(setting.host, line=line) if setting.host else None
    default = _HOST if host is None and meant(step, _HOST) else ""
    variable = VARIABLE.fullmatch(setting.token)
    pairs = (
        readers(step, variable[1]) if variable else [(step, flat.term(setting.token, line=line))]
    )
    for reader, value in pairs:
        if may_be_secret(value) and (host is not None or default):
            at = line if reader is step else 0
            yield reader.login("yarnrc", host=host, credential=value, line=at, default_host=default)


def _server(command: "Command") -> Term | None:
    texts = command.texts()
    for key, value in zip(texts, command.words[1:], strict=False):
        if key.rsplit(".", 1)[-1] in _SERVERS:
            return value
    return None


def _config_set(step: "StepContext", command: "Command", named: Term | None) -> Found:
    """Yield what `yarn config set npmScopes.acme.npmAuthToken VALUE` sets."""
    if command.name not in ("yarn", "yarnpkg", "corepack"):
        return
    words = [w for w in command.words if not (plain(w) or "x").startswith("-")]
    for key, value in pairwise(words):
        text = plain(key) or ""
        if text.rsplit(".", 1)[-1] not in _TOKENS or not may_be_secret(value):
            continue
        match = _IN_PATH.search(text[:500])
        host = Literal(match[1], command.line) if match else named
        default = _HOST if host is None and meant(step, _HOST) else ""
        if host is not None or default:
            yield step.login(
                "run:yarn config", host=host, credential=value, line=command.line,
                default_host=default,
            )  # fmt: skip


def _in_environment(job: "JobContext") -> Found:
    for step in job.steps:
        own = any(sets(step, name) for name in ("YARN_NPM_AUTH_TOKEN", "YARN_NPM_AUTH_IDENT"))
        if not own and "yarn" not in spoken(step):
            continue
        token = step.env("YARN_NPM_AUTH_TOKEN") or step.env("YARN_NPM_AUTH_IDENT")
        host = step.env("YARN_NPM_REGISTRY_SERVER") or step.env("YARN_NPM_PUBLISH_REGISTRY")
        default = _HOST if host is None and meant(step, _HOST) else ""
        if may_be_secret(token) and (host is not None or default):
            yield step.login("env:YARN_NPM", host=host, credential=token, default_host=default)


def find_committed(file: "FileContext") -> Found:
    """Yield a login for each token of a committed .yarnrc.yml."""
    if not file.path.endswith(".yarnrc.yml"):
        return
    flat = committed(file)
    for setting in _settings(flat.text):
        line = flat.line_of(setting.offset)
        variable = VARIABLE.fullmatch(setting.token)
        credential: Term = Literal(setting.token, line)
        if variable:
            credential = Access(("env", variable[1]), line)
        if setting.host and may_be_secret(credential):
            host = Literal(setting.host, line)
            yield file.login("yarnrc", host=host, credential=credential, line=line)


FORM = Form(
    name="yarn-berry",
    job_words=("npmauth", "yarn_npm_auth"),
    kinds=("config",),
    in_job=find,
    in_file=find_committed,
)
