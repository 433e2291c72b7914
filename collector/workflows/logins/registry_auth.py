"""`registry-auth` of docker/login-action: several registries as a YAML list in one input."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from collector.workflows.document import Scalar
from collector.workflows.expressions import template
from collector.workflows.logins.base import Form, Found
from collector.workflows.terms import EMPTY, Term

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext

_ITEM: Final = re.compile(r"^[ ]*-[ ]", re.MULTILINE)
_ENTRY: Final = re.compile(r"^[ ]*(?:-[ ]+)?(registry|password):[ ]*(\S.*?)[ ]*$", re.MULTILINE)
_INPUT: Final = "registry-auth"


def logins(step: "StepContext") -> Found:
    """Yield a login for each entry of the list."""
    given = step.node.mapping("with")
    node = given.scalar(_INPUT) if given else None
    if node is None:
        return
    starts = [match.start() for match in _ITEM.finditer(node.text)]
    for start, end in zip(starts, [*starts[1:], len(node.text)], strict=True):
        entries = {m[1]: m for m in _ENTRY.finditer(node.text, start, end)}
        password = entries.get("password")
        if password is None:
            continue
        found = step.login(
            "docker/login-action",
            host=_term(step, node, entries.get("registry")),
            credential=_term(step, node, password),
            default_host="docker.io",
        )
        yield replace(found, use_line=node.line_of(password.start(2)))


def _term(step: "StepContext", node: Scalar, match: "re.Match[str] | None") -> Term:
    if match is None:
        return EMPTY
    text = match[2].strip("\"'")
    return step.scope.close(template(text, node.line_of(match.start(2))))


FORM = Form(name="registry-auth", actions=("docker/login-action",), in_step=logins)
