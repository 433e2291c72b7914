"""A registry's address with the credential in it, `https://user:token@host`, and curl to one."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.tools import has_source
from collector.workflows.terms import Literal, concat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector.workflows.commands import Command
    from collector.workflows.step_context import StepContext
    from collector.workflows.terms import Term

_USERINFO: Final = re.compile(r"https?://([^\s/@\"']{1,2000})@([^\s\"'<>]+)")
_AUTHORIZATION: Final = re.compile(
    r"authorization:[ \t]*(?:bearer|token|basic)[ \t]+(\S+)", re.IGNORECASE
)
_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>]+")
_FETCHERS: Final = frozenset({"curl", "wget", "http", "https"})
_USER_OPTIONS: Final = ("-u", "--user", "--password", "--http-password")


def find(step: "StepContext") -> Found:
    """Yield a login for each address with a credential, and each fetch with one."""
    for command in step.script.commands:
        told = False
        for match, flat in _addresses(command):
            credential = flat.term(match[1])
            if has_source(credential):
                told = True
                yield step.login(
                    f"run:{command.name} URL", host=flat.term(match[2]), credential=credential,
                    line=command.line,
                )  # fmt: skip
        if command.name in _FETCHERS and not told:
            yield from _fetch(step, command)


def _addresses(command: "Command") -> "Iterator[tuple[re.Match[str], Flat]]":
    if command.name in ("echo", "printf", "git"):
        return
    for word in command.words:
        flat = Flat.of(word, line=command.line)
        for match in _USERINFO.finditer(flat.text):
            yield match, flat


def _fetch(step: "StepContext", command: "Command") -> Found:
    arguments = command.parse({*_USER_OPTIONS, "-H", "--header", "-o", "-d", "-X", "-A", "-e"})
    joined = concat([part for word in command.words for part in (word, Literal("\n"))])
    flat = Flat.of(joined, line=command.line)
    address = _ADDRESS.search(flat.text)
    header = _AUTHORIZATION.search(flat.text)
    credential: Term | None = arguments.option(*_USER_OPTIONS)
    if credential is None and header is not None:
        credential = flat.term(header[1].strip("\"'"))
    if address is not None and has_source(credential):
        host = flat.term(address[0])
        yield step.login(f"run:{command.name}", host=host, credential=credential, line=command.line)


FORM = Form(
    name="url-userinfo",
    words=("pkg.github.com", "@ghcr.io", "//ghcr.io/", "_registry/"),
    in_step=find,
)
