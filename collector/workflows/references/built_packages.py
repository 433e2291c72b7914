"""Maven, NuGet and RubyGems packages that a script publishes or restores, where a registry is named."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.meant import meant
from collector.workflows.logins.tools import after, read_options
from collector.workflows.references.package_registry import owned, url_in_job
from collector.workflows.references.parts import named
from collector.workflows.terms import Literal, Term, plain

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.step_context import StepContext

_MAVEN, _NUGET, _RUBYGEMS = (f"{kind}.pkg.github.com" for kind in ("maven", "nuget", "rubygems"))
_GRADLE: Final = re.compile(r"(?:[\w-]*:)*publish\w*")
_PACKAGE: Final = re.compile(
    r"(?:.*[\\/])?(?P<name>[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*)\.(?:\d|\*)[^\\/]*nupkg"
)
_GEM: Final = re.compile(r"(?:.*/)?(?P<name>[A-Za-z][\w-]*?)-(?:\d|\*)[^/]*\.gem")
_MAVEN_PUSHES: Final = frozenset(
    {"deploy", "deploy:deploy", "deploy:deploy-file", "release:perform"}
)
_MAVEN_PULLS: Final = frozenset(
    {"compile", "test", "package", "verify", "install", "site", "dependency:resolve", "validate"}
)


def find(step: "StepContext") -> Found:
    """Yield what the build tools of a step's script publish and restore."""
    for command in step.script.commands:
        for kind, host, name in _found(command):
            given = _host(step, command, host)
            publishes = kind.endswith(("publish", "push"))
            if given is None and publishes and meant(step, host):
                given = Literal(f"https://{host}")
            if given is not None:
                whole = owned(given, name, "the package's name")
                operation = "push" if publishes else "pull"
                yield named(step, kind, whole, operation, line=command.line, host=given)


def _found(command: "Command") -> Iterator[tuple[str, str, Term | None]]:
    """Yield kind, GitHub's host and name of each package of a command."""
    tool = command.name.removesuffix(".cmd").removesuffix(".bat")
    words = command.texts()[1:]
    if tool in ("mvn", "mvnw", "mvnd"):
        if _MAVEN_PUSHES & set(words):
            yield "maven_publish", _MAVEN, _coordinates(command)
        elif _MAVEN_PULLS & set(words):
            yield "maven_restore", _MAVEN, None
    elif tool in ("gradle", "gradlew", "sbt"):
        published = any(_GRADLE.fullmatch(word) for word in words)
        yield ("maven_publish" if published else "maven_restore"), _MAVEN, None
    elif tool == "bundle" and words[:1] in (["install"], ["update"], []):
        yield "rubygems_install", _RUBYGEMS, None
    yield from _pushed(command)


def _pushed(command: "Command") -> Iterator[tuple[str, str, Term | None]]:
    for front in (("dotnet", "nuget", "push"), ("nuget", "push")):
        words = after(command, *front)
        if words is not None:
            yield "nuget_push", _NUGET, _named(words, _PACKAGE)
            return
    if after(command, "dotnet", "restore") is not None or after(command, "nuget", "restore"):
        yield "nuget_restore", _NUGET, None
    words = after(command, "gem", "push")
    if words is not None:
        yield "rubygems_push", _RUBYGEMS, _named(words, _GEM)


def _named(words: tuple[Term, ...], pattern: re.Pattern[str]) -> Term | None:
    for word in words:
        flat = Flat.of(word)
        match = pattern.fullmatch(re.split(r"[/\\]", flat.text)[-1][:200])
        if match is not None:
            return flat.term(match["name"])
    return None


def _coordinates(command: "Command") -> Term | None:
    """Return `group.artifact` where deploy-file is given both."""
    given: dict[str, str] = {}
    for text in command.texts():
        key, _, value = text.partition("=")
        given[key] = value
    group, artifact = given.get("-DgroupId"), given.get("-DartifactId")
    return Literal(f"{group}.{artifact}") if group and artifact else None


def _host(step: "StepContext", command: "Command", host: str) -> Term | None:
    """Return the URL that a command is given, else GitHub's where the job names it."""
    given = read_options(command.words[1:]).get("source", "s", "host", "durl")
    text = plain(given) if given is not None else None
    if given is not None and (text is None or "://" in text):
        return given
    for word in command.words:
        if host in Flat.of(word).text:
            flat = Flat.of(word)
            return flat.term(flat.text[flat.text.index(host) :])
    return url_in_job(step.job, host)


FORM = Form(
    name="built-packages",
    words=("mvn", "gradle", "sbt ", "nuget", "dotnet restore", "gem push", "bundle "),
    in_step=find,
)
