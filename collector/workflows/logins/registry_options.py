"""Container tools that are handed a credential with the command itself: `--creds`, `-u` and `-p`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.workflows.commands import Arguments, Command
from collector.workflows.logins.base import Form, Found
from collector.workflows.terms import EMPTY, Either, Term, plain

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext


@dataclass(frozen=True, slots=True)
class Tool:
    """How a tool takes a credential beside its work.

    Attributes:
        name: the command.
        verbs: the subcommands that take one; each may be two words.
        options: the options that hold the credential, with the place of the image that each is
            for among the command's images: 0 the first, -1 the last.
        hosts: options that hold the host or image; without one the images in the words do.
    """

    name: str
    verbs: tuple[str, ...]
    options: tuple[tuple[str, int], ...]
    hosts: tuple[str, ...] = ()


# Source: each tool's command reference.
_CREDS: Final = (("--creds", 0),)
_PASSWORD: Final = (("--password", 0), ("-p", 0))
_COPIES: Final = (
    ("--src-creds", 0),
    ("--dest-creds", -1),
    ("--src-password", 0),
    ("--dest-password", -1),
    ("--src-registry-token", 0),
    ("--dest-registry-token", -1),
)
_TOOLS: Final = (
    Tool("skopeo", ("copy", "sync"), _COPIES),
    Tool("skopeo", ("inspect", "delete", "list-tags"), (*_CREDS, ("--password", 0), ("--registry-token", 0))),
    Tool("flux", ("push", "pull", "tag", "diff", "list"), _CREDS),
    Tool("podman", ("push", "pull", "build", "manifest", "run", "search"), _CREDS),
    Tool("buildah", ("push", "pull", "bud", "build", "from", "manifest"), _CREDS),
    Tool("oras", ("push", "pull", "attach", "discover", "tag", "manifest", "blob", "repo", "resolve", "backup", "restore"), _PASSWORD),
    Tool("oras", ("copy", "cp"), (("--from-password", 0), ("--to-password", -1))),
    Tool("helm", ("push", "pull", "install", "upgrade", "template", "show", "fetch"), (("--password", 0),)),
    Tool("timoni", ("mod", "artifact", "apply", "build"), _CREDS),
    Tool("cosign", ("sign", "attest", "verify", "attach", "copy", "upload", "download", "triangulate", "clean", "tree"), (("--registry-password", 0), ("--registry-token", 0))),
    Tool("imgpkg", ("push", "pull", "copy", "tag"), (("--registry-password", 0), ("--registry-token", 0))),
    Tool("notation", ("sign", "verify", "list", "inspect"), _PASSWORD),
    Tool("trivy", ("image", "i", "sbom"), (("--password", 0), ("--registry-token", 0))),
    Tool("singularity", ("push", "pull", "build", "run", "exec"), (("--docker-password", 0),)),
    Tool("apptainer", ("push", "pull", "build", "run", "exec"), (("--docker-password", 0),)),
    Tool("docker-compose", ("push", "pull"), ()),
    Tool("mvn", (), (("-Djib.to.auth.password", 0),), ("-Djib.to.image", "-Dimage")),
    Tool("mvnw", (), (("-Djib.to.auth.password", 0),), ("-Djib.to.image", "-Dimage")),
    Tool("gradle", (), (("-Djib.to.auth.password", 0),), ("-Djib.to.image", "--image")),
    Tool("gradlew", (), (("-Djib.to.auth.password", 0),), ("-Djib.to.image", "--image")),
    Tool("regctl", (), (("--pass", 0),)),
    Tool("wash", ("push", "pull", "reg"), _PASSWORD),
    Tool("orb", ("push",), _PASSWORD),
)  # fmt: skip
_USERS: Final = (
    "--username", "-u", "--src-username", "--dest-username", "--from-username", "--to-username",
    "--docker-username", "--registry-username", "--user",
)  # fmt: skip
_VALUED: Final = frozenset(
    option for tool in _TOOLS for option, _ in tool.options if option.startswith("--")
) | frozenset((*_USERS, "-p", "--authfile", "--src-authfile", "--dest-authfile", "--path", "--source",
               "--revision", "--version", "-f", "--file", "-t", "--tag", "--artifact-type", "-o",
               "--output", "--format", "--registry-config", "--predicate", "--type", "--key", "-d"))  # fmt: skip


def find(step: "StepContext") -> Found:
    """Yield a login for each credential that a command is handed."""
    before: Command | None = None
    for command in step.script.commands:
        if before is not None and command.texts()[:1] and command.texts()[0].startswith("--"):
            # Options on a line of their own: the line before lacks its backslash.
            yield from _logins(step, before, (*before.words, *command.words), command.line)
            before = None
            continue
        before = command
        yield from _logins(step, command, command.words, command.line)


def _logins(step: "StepContext", command: Command, words: tuple[Term, ...], line: int) -> Found:
    whole = Command(words, line)
    for tool in _TOOLS:
        if tool.name != command.name or (
            tool.verbs and not any(map(whole.starts, [tool.name] * len(tool.verbs), tool.verbs))
        ):
            continue
        arguments = whole.parse(_VALUED)
        given = list(_given(tool, arguments))
        images = [word for word in arguments.positionals if _may_be_image(word)]
        if not images and not tool.hosts:
            continue
        for credential, hosts in _by_credential(given, _hosts(tool, arguments, images)):
            host = hosts[0] if len(hosts) == 1 else Either(f"{tool.name}@{line}", tuple(hosts))
            yield step.login(
                f"run:{tool.name} --creds", host=host, credential=credential, line=line
            )


def _given(tool: Tool, arguments: Arguments) -> Iterator[tuple[Term, int]]:
    for option, place in tool.options:
        found = arguments.option(option)
        if found is not None and plain(found) != "":
            yield found, place


def _hosts(tool: Tool, arguments: Arguments, images: list[Term]) -> list[Term]:
    found = arguments.option(*tool.hosts) if tool.hosts else None
    return [found] if found is not None else images or [EMPTY]


def _by_credential(
    given: list[tuple[Term, int]], hosts: list[Term]
) -> Iterator[tuple[Term, list[Term]]]:
    """Put hosts together that the same credential is for: one command is one login there."""
    grouped: list[tuple[Term, list[Term]]] = []
    for credential, place in given:
        same = next((found for term, found in grouped if term == credential), None)
        if same is None:
            grouped.append((credential, [hosts[place]]))
        elif hosts[place] not in same:
            same.append(hosts[place])
    yield from grouped


def _may_be_image(word: Term) -> bool:
    text = plain(word)
    return text is None or ("/" in text and not text.startswith(("/", "./", "../")))


FORM = Form(
    name="registry-options",
    words=(
        "creds",
        "--password",
        "-password",
        " -p ",
        "registry-token",
        "auth.password",
        "--pass ",
    ),
    in_step=find,
)
