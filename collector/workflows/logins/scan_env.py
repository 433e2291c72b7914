"""Scanners that pull an image with a password from the environment: trivy, grype, syft, dockle."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.terms import Term, plain

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.step_context import StepContext

# Tool: the variables that hold its password, by its documentation.
_PASSWORDS: Final = {
    "trivy": ("TRIVY_PASSWORD",),
    "grype": ("GRYPE_REGISTRY_AUTH_PASSWORD", "GRYPE_REGISTRY_AUTH_TOKEN"),
    "syft": ("SYFT_REGISTRY_AUTH_PASSWORD", "SYFT_REGISTRY_AUTH_TOKEN"),
    "dockle": ("DOCKLE_PASSWORD",),
    "snyk": ("SNYK_REGISTRY_PASSWORD",),
}
# Action: the tool inside it, and the inputs that name the image.
_ACTIONS: Final = {
    "aquasecurity/trivy-action": ("trivy", ("image-ref",)),
    "goodwithtech/dockle-action": ("dockle", ("image",)),
    "erzz/dockle-action": ("dockle", ("image",)),
    "snyk/actions/docker": ("snyk", ("image",)),
}


def find(step: "StepContext") -> Found:
    """Yield the logins of a step's scanners."""
    known = _ACTIONS.get(step.uses.name) if step.uses is not None else None
    if known is not None:
        tool, inputs = known
        image, password = step.input(*inputs), _password(step, tool, None)
        if image is not None and password is not None:
            yield step.login(f"env:{tool}", host=image, credential=password, operation="pull")
        return
    for command in step.script.commands:
        password = _password(step, command.name, command)
        for image in _images(command) if password is not None else ():
            yield step.login(
                f"env:{command.name}",
                host=image,
                credential=password,
                line=command.line,
                operation="pull",
            )


def _password(step: "StepContext", tool: str, command: "Command | None") -> Term | None:
    for name in _PASSWORDS.get(tool, ()):
        found = (command.env.get(name) if command else None) or step.env(name)
        if found is not None and plain(found) != "":
            return found
    return None


def _images(command: "Command") -> Iterator[Term]:
    """Yield the words that may be images: those with a slash that are no options."""
    for word in command.words[1:]:
        text = Flat.of(word).text
        if not text.startswith(("-", "/", ".")) and ("/" in text or plain(word) is None):
            yield word


FORM = Form(
    name="scan-env",
    actions=tuple(sorted(_ACTIONS)),
    words=tuple(sorted(_PASSWORDS)),
    in_step=find,
)
