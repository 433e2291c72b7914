"""`docker login`, podman, buildah, skopeo, helm registry, oras, crane, cosign … in a script."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from collector.workflows.commands import Arguments, Command
from collector.workflows.logins.base import Form, Found
from collector.workflows.terms import EMPTY, Term, Unknown, plain

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext

# The words behind the tool's name that log in. Source: each tool's command reference.
_LOGIN_WORDS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "docker": (("login",),),
    "podman": (("login",),),
    "buildah": (("login",),),
    "nerdctl": (("login",),),
    "skopeo": (("login",),),
    "helm": (("registry", "login"),),
    "oras": (("login",),),
    "crane": (("auth", "login"),),
    "gcrane": (("auth", "login"),),
    "krane": (("auth", "login"),),
    "ko": (("login",),),
    "cosign": (("login",),),
    "notation": (("login",),),
    "regctl": (("registry", "login"),),
    "singularity": (("remote", "login"), ("registry", "login")),
    "apptainer": (("remote", "login"), ("registry", "login")),
    "img": (("login",),),
    "werf": (("cr", "login"),),
    "trivy": (("registry", "login"),),
    "timoni": (("registry", "login"),),
    "hauler": (("login",),),
    "zarf": (("tools", "registry", "login"),),
    "finch": (("login",),),
    "modctl": (("login",),),
}
_VALUED: Final = frozenset(
    [
        "-u",
        "--username",
        "-p",
        "--password",
        "--config",
        "--registry-config",
        "--authfile",
        "--tlscacert",
        "--host",
        "-H",
        "--context",
        "--cert-dir",
        "--creds",
        "--registry",
        "--user",
        "--pass",
        "--identity-token",
        "--ca-file",
        "--cert-file",
        "--key-file",
        "--repository-config",
        "--hostname",
    ]
)
_PASSWORDS: Final = ("-p", "--password", "--pass", "--identity-token")


def find(step: "StepContext") -> Found:
    """Yield each login command of a step's script."""
    for command in step.script.commands:
        arguments = _arguments(command)
        if arguments is None:
            continue
        credential = _credential(command, arguments)
        host = arguments.option("--registry", "--hostname")
        if host is None:
            host = next(iter(arguments.positionals), EMPTY)
        yield step.login(
            f"run:{command.name} login", host=host, credential=credential, line=command.line
        )


def _arguments(command: Command) -> Arguments | None:
    """Return what follows the words that log in, None for any other command."""
    for wanted in _LOGIN_WORDS.get(command.name, ()):
        arguments = command.parse(_VALUED)
        texts = list(_leading(arguments.positionals, len(wanted)))
        if tuple(texts) == wanted:
            return Arguments(arguments.options, arguments.positionals[len(wanted) :])
    return None


def _leading(words: tuple[Term, ...], count: int) -> Iterator[str]:
    return (plain(word) or "" for word in words[:count])


def _credential(command: Command, arguments: Arguments) -> Term:
    password = arguments.option(*_PASSWORDS)
    if password is not None:
        return password
    if command.stdin is not None:
        return command.stdin
    if arguments.has("--password-stdin", "--pass-stdin", "--get-login"):
        return Unknown("unresolved_expression", "standard input", command.line)
    # A login without a password takes what the machine has stored or asks for it.
    return Unknown("unresolved_expression", "no password on the command line", command.line)


FORM = Form(name="command-login", words=("login",), in_step=find)
