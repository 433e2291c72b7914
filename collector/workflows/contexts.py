"""What each context of an expression holds in a frame: secrets, inputs, env, matrix and so on."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from collector.workflows.alternatives import Alternative, Hop, Source, constant_of, text_of
from collector.workflows.frames import Bound, Frame
from collector.workflows.terms import Access, Call, Element, Index, Literal, Term

Run = Callable[[Term, Frame], list[Alternative]]

_OUTPUT_PATH: Final = 4  # steps.ID.outputs.NAME
_NAMED: Final = 2


def resolve(term: Access, frame: Frame, run: Run) -> Iterable[Alternative]:
    """Return what an access can come to."""
    return _CONTEXTS.get(term.context, _opaque)(term, frame, run)


def _from(kind: str, name: str, term: Access, frame: Frame, reason: str = "") -> Alternative:
    source = Source(kind, name, reason, term.line, frame.repository, frame.path)
    return Alternative((source,), line=term.line)


def _through(kind: str, bound: Bound, term: Access, frame: Frame, run: Run) -> list[Alternative]:
    hop = Hop(kind, term.text, frame.repository, frame.path, term.line)
    return [a.behind(hop) for a in run(bound.term, bound.frame)]


def _opaque(term: Access, frame: Frame, _run: Run) -> list[Alternative]:
    return [_from("context", term.text, term, frame)]


def _secrets(term: Access, frame: Frame, run: Run) -> list[Alternative]:
    if len(term.path) < _NAMED or term.path[1] == "*":
        return [_from("all_secrets", "", term, frame)]
    name = term.path[1]
    key = name.lower()
    if key == "github_token":
        return [_from("github_token", term.text, term, frame)]
    if frame.kind == "called":
        return _passed_secret(term, frame, run)
    if frame.kind == "uncalled" and key in frame.declared_secrets:
        return [_from("unknown", term.text, term, frame, "no_caller")]
    if frame.kind == "action":
        return [text_of("", term.line)]  # an action has no secrets context
    return [_from("secret", name, term, frame)]


def _passed_secret(term: Access, frame: Frame, run: Run) -> list[Alternative]:
    if frame.secrets is None and frame.parent is not None:
        # Inherited by its name: the expression stands in the callee, so in no line of the caller.
        inherited = Bound(Access(term.path), frame.parent)
        return _through("inherit", inherited, term, frame, run)
    bound = (frame.secrets or {}).get(term.path[1].lower())
    if bound is None:
        return [text_of("", term.line)]
    return _through("secret", bound, term, frame, run)


def _inputs(term: Access, frame: Frame, run: Run) -> list[Alternative]:
    if len(term.path) < _NAMED:
        return _opaque(term, frame, run)
    key = term.path[1].lower()
    bound = frame.inputs.get(key)
    made: list[Alternative] = []
    if bound is not None:
        kind = "input" if bound.frame is not frame else "default"
        made.extend(_through(kind, bound, term, frame, run))
    elif not frame.open_inputs or key not in frame.declared_inputs:
        # An input that a caller does not pass is empty, not unknown.
        return [text_of("", term.line)]
    if frame.open_inputs:
        reason = "no_caller" if frame.kind in ("uncalled", "action") else "unresolved_expression"
        filled = _from("input", term.path[1], term, frame, reason)
        asked = f"{frame.name}/{term.text.lower()}="
        made = [a.under((*a.guards, (asked, "default"))) for a in made]
        made.append(filled.under(((asked, "given"),)))
    return made


def _env(term: Access, frame: Frame, run: Run) -> list[Alternative]:
    bound = frame.env.get(term.path[1]) if len(term.path) >= _NAMED else None
    if bound is None and len(term.path) >= _NAMED:
        wanted = term.path[1].casefold()
        bound = next((b for k, b in frame.env.items() if k.casefold() == wanted), None)
    if bound is None and len(term.path) >= _NAMED and frame.exported:
        bound = frame.exported(frame, term.path[1])
    if bound is not None:
        return _through("env", bound, term, frame, run)
    reason = "no_caller" if frame.kind == "uncalled" else "unresolved_expression"
    return [_from("env", ".".join(term.path[1:]), term, frame, reason)]


def _matrix(term: Access, frame: Frame, run: Run) -> list[Alternative]:
    if frame.matrix is None or len(term.path) < _NAMED:
        return [_from("unknown", term.text, term, frame, "unresolved_expression")]
    cell = frame.matrix.get(term.path[1].lower())
    if cell is None:
        return _dynamic_matrix(term, frame, frame.matrix, run)
    for name in term.path[2:]:
        cell = _property(cell, name)
    return _through("matrix", Bound(cell, frame), term, frame, run)


def _property(base: Term, name: str) -> Term:
    """Return a property of a matrix cell, straight from an object of the file."""
    if isinstance(base, Call) and base.name == "object":
        for key, value in zip(base.args[::2], base.args[1::2], strict=True):
            if isinstance(key, Literal) and str(key.value).casefold() == name.casefold():
                return value
        return Literal("")
    return Index(base, Literal(name))


def _dynamic_matrix(
    term: Access, frame: Frame, row: Mapping[str, Term], run: Run
) -> list[Alternative]:
    """Look a key up in a matrix that is an expression, as an axis and in its `include`."""
    name = Literal(term.path[1])
    whole, include = row.get("*"), row.get("*include")
    cells: list[Term] = []
    if whole is not None:
        cells.append(Element(Index(whole, name)))
        include = Index(whole, Literal("include"))
    if include is not None:
        cells.append(Index(Element(include), name))
    made: list[Alternative] = []
    for cell in cells:
        deep = cell
        for part in term.path[2:]:
            deep = Index(deep, Literal(part))
        made.extend(_through("matrix", Bound(deep, frame), term, frame, run))
    known = [a for a in made if a.known and a.text]
    return known or made[:1] or [text_of("", term.line)]


def _variables(term: Access, frame: Frame, _run: Run) -> list[Alternative]:
    name = ".".join(term.path[1:])
    if frame.variables is None:
        return [_from("var", name, term, frame, "unresolved_expression")]
    value = frame.variables.get(name.lower(), "")
    hop = Hop("variable", term.text, frame.repository, frame.path, term.line)
    return [text_of(value, term.line).behind(hop)]


def _github(term: Access, frame: Frame, run: Run) -> list[Alternative]:
    name = ".".join(term.path[1:]).lower()
    if name == "token":
        return [_from("github_token", term.text, term, frame)]
    if name.startswith("event.inputs."):
        return _inputs(Access(("inputs", *term.path[3:]), term.line), frame, run)
    known = frame.github.get(name)
    if known is not None:
        return [constant_of(known, term.line)]
    return _opaque(term, frame, run)


def _outputs(term: Access, frame: Frame, run: Run) -> list[Alternative]:
    if len(term.path) < _OUTPUT_PATH or term.path[2].lower() != "outputs":
        return _opaque(term, frame, run)
    kind, owner, name = term.path[0], term.path[1], term.path[3]
    bound = frame.output(frame, kind, owner, name) if frame.output else None
    if bound is None:
        return [_from("output", term.text, term, frame, "unresolved_expression")]
    return _through("output", bound, term, frame, run)


def _marked(term: Access, frame: Frame, _run: Run) -> list[Alternative]:
    """A context of our own: the output of an action that makes such a token."""
    return [_from(term.context, term.path[-1], term, frame)]


_CONTEXTS: Final = {
    "app_token": _marked,
    "oidc": _marked,
    "secrets": _secrets,
    "inputs": _inputs,
    "env": _env,
    "matrix": _matrix,
    "vars": _variables,
    "github": _github,
    "steps": _outputs,
    "needs": _outputs,
    "jobs": _outputs,
}
