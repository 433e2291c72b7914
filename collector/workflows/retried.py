"""An action that another one runs again until it succeeds: the step is read as the inner one's."""

from dataclasses import replace
from typing import Final

from collector.workflows.composer import compose
from collector.workflows.document import Mapping, Scalar, WorkflowParseError

# It takes the action in `action:` and that one's inputs as YAML text in `with:`.
_RUNNER: Final = "wandalen/wretry.action"


def retried(step: Mapping) -> Mapping:
    """Return the step of the action that a retrying action is given, else the step itself."""
    given = step.mapping("with")
    if given is None or not step.text("uses").lower().startswith(_RUNNER):
        return step
    action = given.scalar("action")
    if action is None or not action.text.strip():
        return step
    inner = Mapping(step.line, step.column, dict(step.values), dict(step.keys))
    inner.values["uses"] = action
    inner.values["with"] = _inputs(given.scalar("with"))
    return inner


def _inputs(node: Scalar | None) -> Mapping:
    """Read the inputs out of a text, each on the file's line that it stands on."""
    made = Mapping(node.line, node.column) if node is not None else Mapping(0, 0)
    try:
        root = compose(node.text).root if node is not None else None
    except WorkflowParseError:
        return made
    for key, value in root.items() if node is not None and isinstance(root, Mapping) else ():
        if node is not None and isinstance(value, Scalar):
            made.keys[key.text] = _moved(key, node)
            made.values[key.text] = _moved(value, node)
    return made


def _moved(scalar: Scalar, text: Scalar) -> Scalar:
    by = text.first_line - 1
    return replace(scalar, line=scalar.line + by, end_line=scalar.end_line + by)
