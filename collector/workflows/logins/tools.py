"""What several forms need: options in any spelling, literals that can be tokens, later readers."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.workflows.commands import Command
from collector.workflows.credentials import TOKEN
from collector.workflows.flat import Flat
from collector.workflows.sentinel import is_covered
from collector.workflows.terms import Access, Term, Unknown, plain, walk

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext

# Tokens of before 2021 are 40 hexadecimal digits; no token is shorter. A covered one keeps its length.
_OLD_TOKEN: Final = re.compile(r"[0-9a-f]{40}")
_SHORTEST: Final = 36
# Nobody but the file itself sets them; where it does not, a shell reads an empty word.
_NEVER_SET: Final = frozenset({"$GITHUB_TOKEN", "$NODE_AUTH_TOKEN", "$NUGET_AUTH_TOKEN"})
_ENTITY: Final = re.compile(r"&#(?:x([0-9a-fA-F]{1,4})|([0-9]{1,5}));")
_PUSHES: Final = re.compile(r"\bpublish\b|semantic-release|\bdeploy\b|release:perform")
_PRINTERS: Final = frozenset({"echo", "printf", "write-host", "write-output", "grep", "sed"})
_CLOSING: Final = frozenset({"{", "}", ")", "};", "}})"})


def may_be_secret(term: Term | None) -> bool:
    """Tell whether a value can be a credential: not told by the text, or shaped like a token.

    Tools demand a key where none is needed, so people write `--api-key az` or `password: x`.
    """
    if term is None or (isinstance(term, Unknown) and term.text in _NEVER_SET):
        return False
    text = plain(term)
    return text is None or looks_like_token(text)


def has_source(term: Term | None) -> bool:
    """Tell whether a value names a secret or another context, or is itself shaped like a token."""
    if term is None:
        return False
    return any(isinstance(t, Access) for t in walk(term)) or looks_like_token(plain(term) or "")


def looks_like_token(text: str) -> bool:
    """Tell whether constant text has the shape of a GitHub token, perhaps behind a user's name."""
    word = re.split(r"[\s:]", text.strip())[-1]
    if len(word) < _SHORTEST:
        return False
    return bool(TOKEN.search(word) or _OLD_TOKEN.fullmatch(word)) or is_covered(word)


def unescaped(text: str) -> str:
    """Replace the numeric character references that hide a token from secret scanning."""
    if "&#" not in text:
        return text
    return _ENTITY.sub(lambda m: chr(int(m[1], 16) if m[1] else int(m[2]) % 0x10000), text)


def shown(term: Term) -> str:
    """Return a value's text, over variables that hold it; each unknown part is one character."""
    text = plain(term)
    return Flat.of(term).text if text is None else text


def is_job_token(term: Term | None) -> bool:
    """Tell whether a value is the job's own token, which only GitHub itself takes."""
    accesses = [t for t in walk(term) if isinstance(t, Access)] if term is not None else []
    tokens = [t for t in accesses if t.context in ("secrets", "github") and _names_token(t)]
    others = [t for t in accesses if t.context == "secrets" and not _names_token(t)]
    return bool(tokens) and not others


def _names_token(access: Access) -> bool:
    name = access.path[-1].lower()
    return name == ("github_token" if access.context == "secrets" else "token")


@dataclass(frozen=True, slots=True)
class Options:
    """A command's options, names in lower case and without dashes, and its other words."""

    values: Mapping[str, Term]
    positionals: tuple[Term, ...]

    def get(self, *names: str) -> Term | None:
        """Return the value of the first of some options that is given."""
        return next((self.values[name] for name in names if name in self.values), None)


def read_options(words: tuple[Term, ...], flags: Collection[str] = ()) -> Options:
    """Read `--name value`, `--name=value`, `-Name value` and `/name:value` alike.

    Args:
        words: what stands behind the command's name.
        flags: options without a value, in lower case.
    """
    values: dict[str, Term] = {}
    positionals: list[Term] = []
    pending = ""
    for word in words:
        flat = Flat.of(word)
        if len(flat.text) > 1 and flat.text[0] == "-" and flat.text != "--":
            name, equals, value = flat.text.lstrip("-").partition("=")
            pending = "" if equals or name.lower() in flags else name.lower()
            values.setdefault(name.lower(), flat.term(value))
        elif pending:
            values[pending] = word
            pending = ""
        elif flat.text not in _CLOSING:
            positionals.append(word)
    return Options(values, tuple(positionals))


def after(command: Command, *names: str) -> tuple[Term, ...] | None:
    """Return the words behind a tool's name and subcommand, wherever they stand in a command.

    So `xargs dotnet nuget push` and `ForEach-Object { dotnet nuget push` are seen too.
    """
    if command.name.lower() in _PRINTERS:
        return None
    bare = [_bare(text) for text in command.texts()]
    for at in range(len(bare) - len(names) + 1):
        if tuple(bare[at : at + len(names)]) == names:
            return command.words[at + len(names) :]
    return None


def _bare(text: str) -> str:
    name = text.replace("\\", "/").rsplit("/", 1)[-1].lower()
    return name.removesuffix(".exe").removesuffix(".cmd").lstrip("{(")


def sets(step: "StepContext", name: str) -> bool:
    """Tell whether a step's own `env:` sets a variable."""
    own = step.node.mapping("env")
    return own is not None and name in own.values


def readers(step: "StepContext", name: str) -> Iterator[tuple["StepContext", Term]]:
    """Yield the steps from here on that set a variable, else what the job has of it."""
    own = [later for later in step.job.steps[step.index :] if sets(later, name)]
    for later in own:
        value = later.env(name)
        if value is not None:
            yield later, value
    if not own:
        value = step.job.steps[-1].variable(name)
        if value is not None:
            yield step, value


def spoken(step: "StepContext") -> str:
    """Return the text of a step's script or `args`-like inputs, in lower case."""
    node = step.script_node
    if node is not None:
        return node.text.lower()
    texts = (plain(term) or "" for term in step.inputs.values())
    return " ".join(texts).lower() if step.uses else ""


def held(step: "StepContext", *names: str) -> Term | None:
    """Return the first of some variables that a step has: by its `env:` or by its script."""
    for name in names:
        found = exported(step, name) or step.env(name)
        if found is not None:
            return found
    return None


def has_own(step: "StepContext", *names: str) -> bool:
    """Tell whether a step itself sets one of some variables, in its `env:` or its script."""
    return any(sets(step, name) or exported(step, name) is not None for name in names)


def does(step: "StepContext") -> str:
    """Return the operation that a step's own words are: push where it publishes, else empty."""
    return "push" if _PUSHES.search(spoken(step)) else ""


def exported(step: "StepContext", name: str) -> Term | None:
    """Return a variable as a step's script sets it: `export NAME=…`, `$env:NAME = …`."""
    node = step.script_node
    if node is None or name.lower() not in node.text.lower():
        return None
    variables = step.script.variables
    found = variables.get(name)
    return found if found is not None else variables.get(name.casefold())
