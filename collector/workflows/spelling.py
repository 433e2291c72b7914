"""Terms spelled as expressions, for questions that must be told apart and for people."""

from collector.workflows.terms import (
    Access,
    Call,
    Concat,
    Either,
    Element,
    Index,
    InJob,
    Literal,
    Operation,
    Term,
    Unknown,
    Via,
    as_text,
)

_MAX_DEPTH = 20


def spell(term: Term, *, depth: int = 0) -> str:
    """Return a term as an expression, lower case where GitHub does not care, hops left out."""
    if depth > _MAX_DEPTH:
        return "…"
    deeper = depth + 1
    match term:
        case Literal(value):
            return f"'{value}'" if isinstance(value, str) else as_text(value)
        case Access(path):
            return ".".join(path).lower()
        case Via(_, _, _, inner) | InJob(_, inner):
            return spell(inner, depth=deeper)
        case Element(inner):
            return f"{spell(inner, depth=deeper)}[*]"
        case Index(base, key):
            return f"{spell(base, depth=deeper)}[{spell(key, depth=deeper)}]"
        case Call(name, args):
            return f"{name}({', '.join(spell(arg, depth=deeper) for arg in args)})"
        case Operation("!", args):
            return f"!{spell(args[0], depth=deeper)}"
        case Operation(operator, args):
            return f" {operator} ".join(spell(arg, depth=deeper) for arg in args)
        case Concat(parts):
            return "".join(spell(part, depth=deeper) for part in parts)
        case Either(key, _):
            return f"either({key})"
        case Unknown(_, text):
            return text
