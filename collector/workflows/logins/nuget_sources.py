"""Which address a NuGet source's name stands for, by what earlier steps of a job have said."""

from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.nuget_text import packages
from collector.workflows.logins.tools import Options, after, read_options, shown
from collector.workflows.terms import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector.workflows.commands import Command
    from collector.workflows.step_context import StepContext
    from collector.workflows.terms import Term

HOST: Final = "nuget.pkg.github.com"
FLAGS: Final = frozenset(
    ["store-password-in-clear-text", "storepasswordincleartext", "skip-duplicate", "skipduplicate",
     "noninteractive", "non-interactive", "interactive", "no-symbols", "n", "no-service-endpoint",
     "nosymbols", "noserviceendpoint", "force-english-output", "forceenglishoutput",
     "disable-buffering", "disablebuffering", "allow-insecure-connections"]
)  # fmt: skip
# In `dotnet nuget push`, -n is a flag; in `dotnet nuget add source` it is the name.
_SOURCE_FLAGS: Final = FLAGS - {"n"}
_SOURCES: Final = (
    ("dotnet", "nuget", "add", "source"),
    ("dotnet", "nuget", "update", "source"),
    ("nuget", "sources", "add"),
    ("nuget", "source", "add"),
    ("nuget", "sources", "update"),
    # vcpkg's documentation runs what `vcpkg fetch nuget` prints.
    ("sources", "add"),
    ("sources", "update"),
)


def source_options(command: "Command") -> Options | None:
    """Return the options of a command that adds or changes a source, None for any other."""
    for names in _SOURCES:
        words = after(command, *names)
        if words is not None:
            return read_options(words, _SOURCE_FLAGS)
    return None


def address(options: Options) -> "Term | None":
    """Return the address that a command gives to a source."""
    found = options.get("source", "s")
    if found is not None:
        return found
    urls = (word for word in options.positionals if "://" in shown(word))
    unknown = (word for word in options.positionals if plain(word) is None)
    return next(urls, None) or next(unknown, None)


def source_name(options: Options) -> str:
    """Return a source's name in lower case, empty where it is not constant."""
    name = options.get("name", "n")
    if name is None and options.get("source", "s") is not None:
        name = next(iter(options.positionals), None)  # `update source NAME --source URL`
    if name is None:
        bare = [word for word in options.positionals if "://" not in (plain(word) or "://")]
        name = next(iter(bare), None)
    return (plain(name) or "").lower()


def source_host(step: "StepContext", name: str) -> "Term | None":
    """Return the address of a source that a step of the job added under a name."""
    wanted = name.lower()
    found: Term | None = None
    for earlier in step.job.steps[: step.index + 1]:
        for known, host in _named(earlier):
            if known == wanted:
                found = host
    return found


def _named(step: "StepContext") -> "Iterator[tuple[str, Term]]":
    node = step.script_node
    if node is None or "source" not in node.text.lower():
        return
    for command in step.script.commands:
        options = source_options(command)
        host = address(options) if options is not None else None
        if options is not None and host is not None:
            yield source_name(options), host
    for write in step.script.writes:
        flat = Flat.of(write.content)
        for name, url in packages(flat.text):
            yield name, flat.term(url)
