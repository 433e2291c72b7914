"""Values in a script that is not bash: `process.env.X`, `os.environ["X"]`, `${{ secrets.X }}`."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.document import Scalar
from collector.workflows.expressions import template
from collector.workflows.terms import Term, plain

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext

_ENV: Final = re.compile(
    r"process\.env(?:\.|\[['\"])(\w+)|os\.environ(?:\.get\(|\[)['\"](\w+)|os\.getenv\(['\"](\w+)"
    r"|\bENV(?:\.fetch\(|\[)['\"](\w+)|\$env:(\w+)|\$\{?(\w+)"
)
_INPUT: Final = re.compile(r"getInput\(\s*['\"]([\w-]+)")
_NAME: Final = re.compile(r"[A-Za-z_]\w{0,80}")
_MOST: Final = 4


def snippet_term(step: "StepContext", text: str, offset: int) -> Term | None:
    """Return what a piece of a step's script stands for, None where that can't be told.

    Args:
        step: the step.
        text: the piece, such as a call's argument.
        offset: where it begins in the script.
    """
    node = step.script_node or _script_input(step)
    for _ in range(_MOST):
        if node is None:
            return None
        if "${{" in text or _ENV.search(text) or _INPUT.search(text):
            return _named(step, node, text, offset)
        name = text.strip(" \t\"'`();,")
        found = _assigned(node, name) if _NAME.fullmatch(name) else None
        if found is None:
            return None
        text, offset = found[1], found.start(1)
    return None


def _named(step: "StepContext", node: Scalar, text: str, offset: int) -> Term | None:
    if "${{" in text:
        start = text.index("${{")
        inner = text[start : text.rfind("}}") + 2]
        return step.scope.close(template(inner, node.line_of(offset + start)))
    read = _ENV.search(text)
    if read is not None:
        return step.variable(next(group for group in read.groups() if group))
    asked = _INPUT.search(text)
    return step.input(asked[1].lower()) if asked else None


def _assigned(node: Scalar, name: str) -> re.Match[str] | None:
    pattern = rf"(?<![\w.]){name}\s*(?::\s*\w+\s*)?=\s*([^=\n;][^\n;]{{0,400}})"
    return re.search(pattern, node.text)


def exported(step: "StepContext", name: str) -> Term | None:
    """Return what a bash script itself exports under a name."""
    node = step.script_node
    if node is None or "export" not in node.text:
        return None
    found = re.search(rf"\bexport\s+{name}=[\"']?(\$\{{\{{.{{0,200}}?\}}\}}|\$\{{?\w+)", node.text)
    if found is None:
        return None
    term = snippet_term(step, found[1], found.start(1))
    return None if term is None or plain(term) == "" else term


def _script_input(step: "StepContext") -> Scalar | None:
    given = step.node.mapping("with")
    return given.scalar("script") if given else None
