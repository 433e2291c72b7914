"""`dotnet nuget push --api-key`, `nuget push -ApiKey` and `nuget setapikey`."""

from typing import TYPE_CHECKING, Final

from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.meant import named_for_packages
from collector.workflows.logins.nuget_sources import FLAGS, HOST, source_host
from collector.workflows.logins.tools import after, is_job_token, may_be_secret, read_options, shown
from collector.workflows.terms import plain

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.logins.tools import Options
    from collector.workflows.step_context import StepContext
    from collector.workflows.terms import Term

_PUSH: Final = (
    ("dotnet", "nuget", "push"),
    ("dotnet", "nuget", "delete"),
    ("nuget", "push"),
    ("nuget", "delete"),
    ("gpr", "push"),
    ("paket", "push"),
)
_KEYS: Final = ("api-key", "apikey", "k", "key")


def find(step: "StepContext") -> Found:
    """Yield a login for each command that pushes with a key, or stores one."""
    for command in step.script.commands:
        for form, source, key in _keys(command):
            if key is None or not may_be_secret(key):
                continue
            host, default = _host(step, source, key, gpr=form == "run:gpr push")
            if host is not None or default:
                yield step.login(
                    form,
                    host=host,
                    credential=key,
                    line=command.line,
                    default_host=default,
                    operation="push" if form.endswith("push") else "",
                )


def _keys(command: "Command") -> "list[tuple[str, Term | None, Term | None]]":
    for names in _PUSH:
        words = after(command, *names)
        if words is not None:
            options = read_options(words, FLAGS)
            source = options.get("source", "s", "src", "url")
            form = "run:gpr push" if names[0] == "gpr" else "run:nuget push"
            return [(form, source, _key(options, names))]
    words = after(command, "setapikey")
    if words is not None:
        options = read_options(words, FLAGS)
        return [("run:nuget setapikey", options.get("source", "s"), _positional(options, 0))]
    words = after(command, "paket", "config", "add-token")
    if words is not None:
        options = read_options(words, FLAGS)
        return [("run:paket config", _positional(options, 0), _positional(options, 1))]
    return []


def _key(options: "Options", names: tuple[str, ...]) -> "Term | None":
    key = options.get(*_KEYS)
    if key is None and names == ("nuget", "push"):
        return _positional(options, 1)  # nuget.exe: push PACKAGE KEY
    return key


def _positional(options: "Options", number: int) -> "Term | None":
    return options.positionals[number] if len(options.positionals) > number else None


def _host(
    step: "StepContext", source: "Term | None", key: "Term", *, gpr: bool
) -> "tuple[Term | None, str]":
    """Return the address, or the host that a source's name or the key itself stands for."""
    if source is None:
        # Without a source the configuration's default holds; only GitHub takes the job's token.
        return None, HOST if gpr or is_job_token(key) else ""
    text = shown(source)
    if "." in text or "/" in text or plain(source) is None:
        return source, ""
    known = source_host(step, text)
    if known is not None:
        return known, ""
    return None, HOST if named_for_packages(text) or is_job_token(key) else ""


FORM = Form(name="nuget-push", words=("nuget", "gpr push", "paket"), in_step=find)
