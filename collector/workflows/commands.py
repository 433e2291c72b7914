"""What a script does, as forms see it: simple commands with resolved words, and files written."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from collector.workflows.flat import Flat
from collector.workflows.terms import Term, plain


@dataclass(frozen=True, slots=True)
class Arguments:
    """A command's options and positional words, as `Command.parse` tells them apart."""

    options: Mapping[str, Term]
    positionals: tuple[Term, ...]

    def option(self, *names: str) -> Term | None:
        """Return the value of the first of some options that is given."""
        return next((self.options[name] for name in names if name in self.options), None)

    def has(self, *names: str) -> bool:
        """Tell whether one of some options is given."""
        return any(name in self.options for name in names)


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command.

    Attributes:
        words: its words, the command's name first; wrappers such as sudo are stripped.
        line: the file's line that it starts on.
        stdin: what is piped, redirected or written into it; None where nothing is known to be.
        env: assignments before the command, such as `TOKEN=x npm publish`.
        name: the command's name without its folder, empty where it is not constant.
    """

    words: tuple[Term, ...]
    line: int
    stdin: Term | None = None
    env: Mapping[str, Term] = field(default_factory=dict)
    # Every form asks for them.
    name: str = field(init=False, repr=False, compare=False)
    _texts: tuple[str, ...] = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        text = (plain(self.words[0]) if self.words else None) or ""
        object.__setattr__(self, "name", text.rsplit("/", 1)[-1].removesuffix(".exe"))

    def texts(self) -> list[str]:
        """Return each word's constant text, empty where it has none."""
        if not self._texts:
            texts = tuple([plain(word) or "" for word in self.words])
            object.__setattr__(self, "_texts", texts)
        return list(self._texts)

    def starts(self, *names: str) -> bool:
        """Tell whether the first words that are no options are these, in this order."""
        if not names or self.name != names[0]:
            return False
        bare = (text for text in self.texts()[1:] if not text.startswith("-"))
        return all(wanted == next(bare, None) for wanted in names[1:])

    def parse(self, valued: Collection[str], *, skip: int = 1) -> Arguments:
        """Tell options from positional words.

        Args:
            valued: the options that take a value, such as {"-u", "--username"}.
            skip: how many words of the front are the command itself.
        """
        return parse_words(self.words[skip:], valued)


def parse_words(words: tuple[Term, ...], valued: Collection[str]) -> Arguments:
    """Tell options from positional words."""
    options: dict[str, Term] = {}
    positionals: list[Term] = []
    rest = iter(words)
    for word in rest:
        head, value = _split_option(word, valued)
        if head is None:
            positionals.append(word)
        elif value is not None:
            options.setdefault(head, value)
        elif head in valued:
            following = next(rest, None)
            if following is not None:
                options.setdefault(head, following)
        else:
            options.setdefault(head, word)
    return Arguments(options, tuple(positionals))


def _split_option(word: Term, valued: Collection[str]) -> tuple[str | None, Term | None]:
    """Return an option's name and the value attached to it."""
    flat = Flat.of(word)
    text = flat.text
    if not text.startswith("-") or text in ("-", "--"):
        return None, None
    if text.startswith("--"):
        name, equals, value = text.partition("=")
        return name, flat.term(value) if equals else None
    short = text[:2]
    if short in valued and len(text) > len(short) and text not in valued:
        return short, flat.term(text[2:].removeprefix("="))
    name, equals, value = text.partition("=")
    return name, flat.term(value) if equals else None


@dataclass(frozen=True, slots=True)
class FileWrite:
    """A file that a script writes.

    Attributes:
        target: the path as a term; `$GITHUB_ENV` and `$GITHUB_OUTPUT` stand as that text.
        content: what is written.
        line: the file's line of the content's first line.
        keeps_lines: whether each line of the content is one of the file (a heredoc).
        maybe: it stands in a branch or a loop, so it may not happen.
    """

    target: Term
    content: Term
    line: int
    append: bool = False
    keeps_lines: bool = False
    maybe: bool = False

    @property
    def path(self) -> str:
        """Return the path's constant text, with unknown parts left out."""
        return "".join(c for c in Flat.of(self.target).text if not "\ue000" <= c <= "\uf8ff")


@dataclass(frozen=True, slots=True)
class Script:
    """What one `run:` does.

    Attributes:
        commands: in the order in which they stand; functions called are in the caller's place.
        writes: files written, among them GITHUB_ENV and GITHUB_OUTPUT.
        complete: False where the script was read line by line only.
        variables: what the script's own variables hold at its end, exported ones among them.
    """

    commands: tuple[Command, ...]
    writes: tuple[FileWrite, ...]
    complete: bool = True
    variables: Mapping[str, Term] = field(default_factory=dict)

    def named(self, *names: str) -> Iterator[Command]:
        """Yield the commands of some names."""
        return (command for command in self.commands if command.name in names)
