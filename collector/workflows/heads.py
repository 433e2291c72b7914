"""The head of a file: triggers, permissions, and what it declares for its callers."""

from collector.workflows.document import Mapping, Node, Scalar, Sequence
from collector.workflows.expressions import scalar_term
from collector.workflows.facts import DeclaredSecret, Input, Permissions, Trigger
from collector.workflows.file_context import FileContext
from collector.workflows.job_context import step_scope
from collector.workflows.terms import Term


def triggers(root: Mapping) -> tuple[Trigger, ...]:
    """Return the events that start a workflow."""
    node = root.get("on")
    if isinstance(node, Scalar):
        return (Trigger(node.text, node.line),)
    if isinstance(node, Sequence):
        return tuple(Trigger(i.text, i.line) for i in node.items if isinstance(i, Scalar))
    made: list[Trigger] = []
    for key, value in node.items() if isinstance(node, Mapping) else ():
        settings = value if isinstance(value, Mapping) else None
        types = _texts(settings.get("types")) if settings else ()
        branches = _texts(settings.get("branches")) if settings else ()
        made.append(Trigger(key.text, key.line, types, branches))
    return tuple(made)


def _texts(node: Node | None) -> tuple[str, ...]:
    if isinstance(node, Scalar):
        return (node.text,)
    items = node.items if isinstance(node, Sequence) else ()
    return tuple(item.text for item in items if isinstance(item, Scalar))


def permissions(node: Mapping) -> Permissions | None:
    """Return a `permissions:` block, None where there is none."""
    value = node.get("permissions")
    if isinstance(value, Scalar):
        return Permissions(value.line, all=value.text)
    if not isinstance(value, Mapping):
        return None
    scopes = {k: v.text for k, v in value.values.items() if isinstance(v, Scalar)}
    return Permissions(node.keys["permissions"].line, scopes=scopes)


def _call(root: Mapping, trigger: str) -> Mapping | None:
    on = root.mapping("on")
    return on.mapping(trigger) if on else None


def inputs(root: Mapping, kind: str) -> tuple[Input, ...]:
    """Return the declared inputs; one declared for two triggers is one input."""
    sources = [("action", root)] if kind == "action" else []
    if kind == "workflow":
        sources = [
            (name, node)
            for name in ("workflow_call", "workflow_dispatch")
            if (node := _call(root, name)) is not None
        ]
    made: dict[str, Input] = {}
    for trigger, node in sources:
        declared = node.mapping("inputs")
        for key, value in declared.items() if declared else ():
            before = made.get(key.text.lower())
            made[key.text.lower()] = _input(key, value, trigger, before)
    return tuple(made.values())


def _input(key: Scalar, value: Node, trigger: str, before: Input | None) -> Input:
    settings = value if isinstance(value, Mapping) else Mapping(0, 0)
    default = settings.scalar("default")
    term: Term | None = scalar_term(default) if default else None
    if before is not None:
        term = before.default if before.default is not None else term
    return Input(
        key.text,
        key.line,
        (*(before.triggers if before else ()), trigger),
        term,
        settings.text("required") == "true",
        settings.text("type"),
    )


def declared_secrets(root: Mapping) -> tuple[DeclaredSecret, ...]:
    """Return the secrets that a reusable workflow declares."""
    call = _call(root, "workflow_call")
    declared = call.mapping("secrets") if call else None
    made: list[DeclaredSecret] = []
    for key, value in declared.items() if declared else ():
        required = isinstance(value, Mapping) and value.text("required") == "true"
        made.append(DeclaredSecret(key.text, key.line, required))
    return tuple(made)


def outputs(file: FileContext) -> dict[str, Term]:
    """Return what callers get back: a reusable workflow's or an action's outputs, closed."""
    if file.kind == "action":
        node = file.root.mapping("outputs")
        scope = step_scope(file.jobs[0], len(file.jobs[0].steps)) if file.jobs else None
    else:
        call = _call(file.root, "workflow_call")
        node = call.mapping("outputs") if call else None
        scope = None
    made: dict[str, Term] = {}
    for key, value in node.items() if node else ():
        text = value.scalar("value") if isinstance(value, Mapping) else None
        if text is not None:
            term = scalar_term(text)
            made[key.text.lower()] = scope.close(term) if scope else term
    return made


def exports(file: FileContext) -> dict[str, Term]:
    """Return what an action leaves in its caller's environment; the last writer of a name counts."""
    made: dict[str, Term] = {}
    if file.kind == "action" and "github_env" in file.lowered:
        for job in file.jobs:
            for step in job.steps:
                made.update(step.exports())
    return made
