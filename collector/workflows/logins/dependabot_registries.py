"""`registries:` of dependabot.yml: Dependabot logs in to each with a secret of its own store."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from collector.workflows.document import Mapping, Scalar
from collector.workflows.expressions import scalar_term
from collector.workflows.logins.base import Form, Found
from collector.workflows.terms import EMPTY, Term

if TYPE_CHECKING:
    from collector.workflows.file_context import FileContext

# What holds the credential; a user's name is none. Source: Dependabot's options reference.
_SECRETS: Final = ("token", "key", "password", "auth-key")
_HOSTS: Final = ("url", "registry", "host", "repository")
# Where the type alone says which registry it is for, when no host is given.
_DEFAULTS: Final = {"docker-registry": "docker.io", "hex-organization": "hex.pm"}


def find(file: "FileContext") -> Found:
    """Yield a login for each registry; its key stands in the job's place."""
    registries = file.root.mapping("registries")
    for key, node in registries.items() if registries else ():
        if not isinstance(node, Mapping):
            continue
        secret = next((node.scalar(name) for name in _SECRETS if node.scalar(name)), None)
        if secret is None:
            continue
        login = file.login(
            f"dependabot:{node.text('type') or 'registry'}",
            host=_host(node),
            credential=_term(secret),
            line=secret.line,
            operation="pull",
            default_host=_DEFAULTS.get(node.text("type"), ""),
        )
        yield replace(login, job=key.text, step_name=key.text, use_line=secret.line)


def _host(node: Mapping) -> Term:
    return next((_term(node.scalar(name)) for name in _HOSTS if node.scalar(name)), EMPTY)


def _term(node: Scalar | None) -> Term:
    return scalar_term(node) if node is not None else EMPTY


FORM = Form(
    name="dependabot-registries", job_words=("registries",), kinds=("dependabot",), in_file=find
)
