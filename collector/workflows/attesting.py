"""Steps and called workflows that attest or sign what was built."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from collector.workflows.facts import Attestation
from collector.workflows.terms import Term, plain

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.file_context import FileContext
    from collector.workflows.step_context import StepContext

_ATTESTING: Final = re.compile(
    r"actions/attest(?:-[\w-]+)?$|slsa-framework/slsa-github-generator/"
    r"|philips-labs/slsa-provenance-action$|sigstore/gh-action-sigstore-python$"
)
# Actions that attest when told to; what they do by default is not counted.
_BUILDERS: Final = frozenset({"docker/build-push-action", "docker/bake-action"})
_SWITCHES: Final = ("provenance", "sbom", "attests")
_OFF: Final = frozenset({"", "false", "none", "0"})
_FILE_WORDS: Final = ("attest", "provenance", "slsa-", "cosign", "notation", "sigstore", "sbom")
_WORDS: Final = ("cosign", "notation", "--provenance", "--attest", "--sbom", "provenance=true")
_SIGNERS: Final = (("cosign", "attest"), ("cosign", "sign"), ("notation", "sign"))
_OPTIONS: Final = ("--provenance", "--attest", "--sbom")
_VARIABLE: Final = "NPM_CONFIG_PROVENANCE"


def attests(name: str) -> bool:
    """Tell whether an action or a reusable workflow is made for attesting."""
    return bool(_ATTESTING.match(name))


def may_attest(file: "FileContext") -> bool:
    """Tell whether a file has any word that attesting comes with."""
    lowered = file.lowered
    return True in [word in lowered for word in _FILE_WORDS]


def attestations(step: "StepContext") -> Iterator[Attestation]:
    """Yield what one step attests with."""
    if step.uses is not None and attests(step.uses.name):
        yield _found(step, step.uses_line, step.uses.text)
    elif step.uses is not None and step.uses.name in _BUILDERS:
        yield from _switched_on(step)
    lowered = step.lowered_script
    if any(word in lowered for word in _WORDS):
        for command in step.script.commands:
            text = _signed(command)
            if text:
                yield _found(step, command.line, text)
    elif "publish" in lowered and _on(step.env(_VARIABLE) or step.env(_VARIABLE.lower())):
        yield _found(step, step.line, _VARIABLE)


def _found(step: "StepContext", line: int, text: str) -> Attestation:
    return Attestation(step.job.id, step.index, line, text)


def _on(term: Term | None) -> bool:
    return term is not None and (plain(term) or "?").strip().lower() not in _OFF


def _switched_on(step: "StepContext") -> Iterator[Attestation]:
    name = step.uses.name if step.uses else ""
    for key in _SWITCHES:
        if plain(step.input(key)) != "" and _on(step.input(key)):
            yield _found(step, step.input_line(key), f"{name} {key}")
            return


def _signed(command: "Command") -> str:
    """Return the words that attest or sign, or an empty string."""
    for names in _SIGNERS:
        if command.starts(*names):
            return " ".join(names)
    texts = command.texts()
    for option in _OPTIONS:
        for at, text in enumerate(texts):
            name, equals, value = text.partition("=")
            if name == option and (not equals or value.lower() not in _OFF):
                following = "" if equals else next(iter(texts[at + 1 : at + 2]), "")
                if following.lower() not in ("false", "none"):
                    return f"{command.name} {option}"
    return ""
