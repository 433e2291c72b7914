"""Build arguments and secrets of an image build that carry a token for a package registry.

The Dockerfile that uses them is not in the workflow, so it takes a sign which registry is meant:
a host in the value or the name, or a name of one ecosystem (`NPM_TOKEN`) together with the job's
own token, which no other registry takes, or with GitHub's host of that ecosystem in the job.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.meant import job_text
from collector.workflows.logins.tools import is_job_token, may_be_secret
from collector.workflows.terms import Literal, Term, plain

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.step_context import StepContext

_ACTIONS: Final = (
    "docker/build-push-action",
    "docker/bake-action",
    "depot/build-push-action",
    "redhat-actions/buildah-build",
    "elgohr/publish-docker-github-action",
    "mr-smithers-excellent/docker-build-push",
    "macbre/push-to-ghcr",
    "whoan/docker-build-with-cache-action",
)
_INPUTS: Final = ("build-args", "buildargs", "build_args", "secrets")
_BUILDERS: Final = frozenset({"docker", "podman", "buildah", "nerdctl", "depot", "docker-compose"})
_HOSTED: Final = re.compile(
    r"(?P<kind>npm|maven|nuget|rubygems)(?:\.|__)pkg(?:\.|__)github(?:\.|__)com"
)
_INSIDE: Final = re.compile(r"_(?:authToken|auth|password)\s*=\s*[\"']?(?P<token>[^\s\"']+)")
# A name of one ecosystem, and the public registry that the same name may be for.
_KINDS: Final = {
    "npm": (re.compile(r"npm|node_auth|yarn"), "registry.npmjs.org"),
    "nuget": (re.compile(r"nuget"), "nuget.org"),
    "maven": (re.compile(r"maven|gradle|mvn"), "sonatype"),
    "rubygems": (re.compile(r"bundle|rubygems|(?:^|_)gem_"), "rubygems.org"),
}
_SECRET: Final = re.compile(r"token|pat$|pat_|_auth|passw|key|secret|rc$|credential|pkg__github")
_OF_GITHUB: Final = re.compile(r"git_?hub|(?:^|_)(?:gh|ghp|gpr)(?:_|$)")
_ENTRY: Final = re.compile(r"\s*[\"']?(?P<name>[\w.-]+)=(?P<value>[^\n]*)")
_SECRET_OPTION: Final = re.compile(r"(?:^|,)(?P<key>id|env|src|source)=(?P<value>[^,]+)")


def find(step: "StepContext") -> Found:
    """Yield the registry tokens that a step's builds are handed."""
    if step.uses is not None and step.script_node is None:
        for name, value in _given(step):
            if _hosted(name, value):
                continue  # text of a configuration file; the forms of those files read it
            yield from _login(step, name, value, step.uses_line)
        return
    for command in step.script.commands:
        if command.name in _BUILDERS and ("build" in command.texts() or "bud" in command.texts()):
            for name, value in _options(step, command):
                yield from _login(step, name, value, command.line)


def _login(step: "StepContext", name: str, value: Term, line: int) -> Found:
    host = _host(step, name, value)
    if not host:
        return
    inside = Flat.of(value)
    match = _INSIDE.search(inside.text)
    token = inside.term(match["token"]) if match else value
    if may_be_secret(token):
        yield step.login(
            f"build secret {name[:60]}",
            host=Literal(host),
            credential=token,
            line=line,
            operation="pull",
        )


def _host(step: "StepContext", name: str, value: Term) -> str:
    """Return the registry that an entry is for, empty where the text does not tell."""
    lowered = name.lower()
    hosted = _hosted(name, value)
    if hosted is not None:
        return f"{hosted['kind']}.pkg.github.com"
    if not _SECRET.search(lowered):
        return ""
    for kind, (pattern, public) in _KINDS.items():
        if not pattern.search(lowered):
            continue
        host = f"{kind}.pkg.github.com"
        if is_job_token(value) or _OF_GITHUB.search(lowered):
            return host
        text = job_text(step.job)
        return host if host in text and public not in text else ""
    return ""


def _hosted(name: str, value: Term) -> re.Match[str] | None:
    """Find a host in an entry's name, as Bundler spells it, or in its value."""
    return _HOSTED.search(name.lower()) or _HOSTED.search(Flat.of(value).text.lower())


def _given(step: "StepContext") -> Iterator[tuple[str, Term]]:
    """Yield name and value of each entry of an action's inputs."""
    for given in _INPUTS:
        term = step.input(given)
        flat = Flat.of(term) if term is not None else None
        for line in flat.text.split("\n") if flat is not None else ():
            match = _ENTRY.fullmatch(line)
            if match is not None and flat is not None:
                yield match["name"], flat.term(match["value"].strip().strip("\"'"))
    for line in (plain(step.input("secret-envs")) or "").split("\n"):
        name, _, variable = line.strip().partition("=")
        value = step.env(variable or name)
        if value is not None:
            yield name, value


def _options(step: "StepContext", command: "Command") -> Iterator[tuple[str, Term]]:
    """Yield name and value of each `--build-arg` and `--secret`."""
    words = iter(command.words[1:])
    for word in words:
        flat = Flat.of(word)
        option, equals, rest = flat.text.partition("=")
        if option not in ("--build-arg", "--secret"):
            continue
        given = flat.term(rest) if equals else next(words, None)
        if given is None:
            return
        pieces = Flat.of(given)
        if option == "--build-arg":
            name, assigned, value = pieces.text.partition("=")
            term = pieces.term(value) if assigned else _variable(step, command, name)
        else:
            keys = {m["key"]: m["value"] for m in _SECRET_OPTION.finditer(pieces.text)}
            name = keys.get("id", "")
            from_file = "src" in keys or "source" in keys
            term = None if from_file else _variable(step, command, keys.get("env", name))
        if term is not None:
            yield name, term


def _variable(step: "StepContext", command: "Command", name: str) -> Term | None:
    if _HOSTED.search(name.lower()):
        return None  # Bundler's own variable, which its form has seen
    return command.env.get(name) or step.variable(name)


FORM = Form(name="build-secret", actions=_ACTIONS, words=("--build-arg", "--secret"), in_step=find)
