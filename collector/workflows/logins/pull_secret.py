"""Pull secrets that a script or an action makes for a cluster: it logs in with them later."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.actions import LoginAction
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.docker_login import logins_of
from collector.workflows.logins.tools import after, read_options
from collector.workflows.terms import Term, plain

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.step_context import StepContext

_HUB: Final = "https://index.docker.io/v1/"
_CLIENTS: Final = ("kubectl", "oc", "microk8s.kubectl")
_FLAGS: Final = frozenset({"save-config", "validate", "append-hash", "force"})
_ACTION: Final = LoginAction(
    "azure/k8s-create-secret",
    ("container-registry-password",),
    ("container-registry-url",),
    _HUB,
    source="action.yml",
)
# The last word of a chart value's path, and what stands beside it.
_PASSWORDS: Final = ("password", "token")
_REGISTRIES: Final = ("registry", "server", "host", "url", "repository")


def find(step: "StepContext") -> Found:
    """Yield the pull secrets that a step makes."""
    if step.uses is not None and step.uses.name == _ACTION.action:
        yield from logins_of(step, (_ACTION,))
        return
    for command in step.script.commands:
        for host, credential in (*_created(command), *_set(command)):
            yield step.login(
                f"run:{command.name} pull secret",
                host=host,
                credential=credential,
                line=command.line,
                operation="pull",
                default_host=_HUB,
            )


def _created(command: "Command") -> Iterator[tuple[Term | None, Term]]:
    """Yield host and password of `kubectl create secret docker-registry`."""
    for client in _CLIENTS:
        words = after(command, client)
        if words is None:
            continue
        texts = [plain(word) or "" for word in words]
        makes = "create" in texts and "secret" in texts and "docker-registry" in texts
        # `oc secrets new-dockercfg` is what it was called before.
        if makes or "new-dockercfg" in texts:
            options = read_options(words, _FLAGS)
            password = options.get("docker-password")
            if password is not None:
                yield options.get("docker-server"), password


def _set(command: "Command") -> Iterator[tuple[Term | None, Term]]:
    """Yield host and password that `helm --set` gives under one path of chart values."""
    if command.name not in ("helm", "helmfile"):
        return
    values = dict(_values(command))
    for path, value in values.items():
        head, _, last = path.rpartition(".")
        if last.lower() not in _PASSWORDS:
            continue
        for name in _REGISTRIES:
            host = values.get(f"{head}.{name}" if head else name)
            if host is not None:
                yield host, value
                break


def _values(command: "Command") -> Iterator[tuple[str, Term]]:
    """Yield path and value of each `--set` and `--set-string`."""
    words = iter(command.words[1:])
    for word in words:
        flat = Flat.of(word)
        name, equals, _ = flat.text.partition("=")
        if name not in ("--set", "--set-string", "--set-literal"):
            continue
        given = flat.term(flat.text[len(name) + 1 :]) if equals else next(words, None)
        if given is not None:
            pieces = Flat.of(given)
            for entry in pieces.text.split(","):
                path, _, value = entry.partition("=")
                yield path, pieces.term(value)


FORM = Form(
    name="pull-secret",
    actions=(_ACTION.action,),
    words=("docker-password", "--set"),
    in_step=find,
)
