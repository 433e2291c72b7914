"""A step that hands a registry host and its password to make or a script by its `env:`: a guess."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.document import Mapping
from collector.workflows.logins.base import Form, Found
from collector.workflows.terms import Access, Term, walk

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext

# Only names that say it is a registry's: what a script does with GITHUB_TOKEN nobody can tell.
_PASSWORD: Final = re.compile(
    r"(?:registry|docker|ghcr|cr|container|image|oci|helm)_?(?:registry_?)?(?:password|pass|token|pat|secret)$",
    re.IGNORECASE,
)
_HOST: Final = re.compile(
    r"(?:registry|registry_(?:url|host|server|name)|(?:docker|container|image|oci|helm)_(?:registry|repo|host|url)"
    r"|(?:image|repo|docker)_?(?:name|repository|tag_base)?)$",
    re.IGNORECASE,
)
_RUNNERS: Final = frozenset(
    {"make", "task", "just", "mage", "bazel", "earthly", "nix", "tilt", "rake", "invoke"}
)
_SCRIPT: Final = re.compile(r"(?:\./|bash |sh )?[\w./-]+\.(?:sh|py|rb|ps1)$")


def find(step: "StepContext") -> Found:
    """Yield at most one guess for a step whose own text logs in nowhere."""
    own = step.node.mapping("env")
    if own is None or "login" in (step.script_node.text.lower() if step.script_node else ""):
        return
    tokens = _entries(step, own, _PASSWORD)
    hosts = _entries(step, own, _HOST)
    token = next((term for term in tokens if _has_source(term)), None)
    if token is None or not hosts:
        return
    for command in step.script.commands:
        if command.name in _RUNNERS or _SCRIPT.fullmatch(" ".join(command.texts()[:2]).strip()):
            name = command.name if command.name in _RUNNERS else "script"
            yield step.login(f"run:{name}", host=hosts[0], credential=token, guessed=True)
            return


def _entries(step: "StepContext", own: Mapping, pattern: re.Pattern[str]) -> list[Term]:
    found = (step.env(name) for name in own.values if pattern.fullmatch(name))
    return [term for term in found if term is not None]


def _has_source(term: Term) -> bool:
    return any(isinstance(inner, Access) for inner in walk(term))


FORM = Form(
    name="opaque-script", words=(*sorted(_RUNNERS), ".sh", ".py", ".rb", ".ps1"), in_step=find
)
