"""A step's script: which shell it is for, the reader that goes with it, its terms closed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from collector.workflows.bash import BashWalker
from collector.workflows.closing import Scope, bounded_term
from collector.workflows.commands import Command, Script
from collector.workflows.document import Mapping, Scalar
from collector.workflows.lines import read_lines
from collector.workflows.shell import Source
from collector.workflows.terms import Literal, Term, is_open

Lookup = Callable[[str], Term | None]

# Inputs of actions that run a script for their caller.
SCRIPT_INPUTS: Final = {
    "nick-fields/retry": "command",
    "nick-invision/retry": "command",
    "addnab/docker-run-action": "run",
    "azure/cli": "inlinescript",
    "appleboy/ssh-action": "script",
    "appleboy/ssh-remote-commands": "script",
    "google-github-actions/ssh-compute": "command",
    "uraimo/run-on-arch-action": "run",
    "vmactions/freebsd-vm": "run",
    "nix-community/nix-shell-action": "script",
}
_POSIX: Final = frozenset({"", "bash", "sh", "zsh", "dash", "ash"})


def shell_of(step: Mapping, job: Mapping, root: Mapping) -> str:
    """Return the shell's name: the step's, the job's or workflow's default, else the runner's."""
    own = step.text("shell")
    for layer in (job, root):
        defaults = layer.mapping("defaults")
        run = defaults.mapping("run") if defaults else None
        own = own or (run.text("shell") if run else "")
    if not own:
        return "pwsh" if job.text("runs-on").lower().startswith("windows") else "bash"
    return own.split(" ")[0].rsplit("/", 1)[-1].lower()


def read_script(node: Scalar, shell: str, lookup: Lookup) -> Script:
    """Read a script; whatever can't be parsed as a whole is read line by line."""
    source = Source.of(node.text, node.first_line, keeps_lines=node.style == "|")
    if shell in _POSIX or shell.startswith("bash"):
        script = BashWalker(source, lookup).run()
        if script is not None:
            return script
        return read_lines(source, "bash", lookup)
    return read_lines(source, shell, lookup)


def closed(script: Script, scope: Scope) -> Script:
    """Close the expressions that stand in a script's words."""

    def close(term: Term) -> Term:
        if type(term) is Literal or not is_open(term):
            return term
        return bounded_term(scope.close(term))

    def close_command(command: Command) -> Command:
        words = tuple(map(close, command.words))
        stdin = None if command.stdin is None else close(command.stdin)
        env = {name: close(term) for name, term in command.env.items()}
        if words == command.words and stdin is command.stdin and env == command.env:
            return command
        return Command(words, command.line, stdin, env)

    commands = tuple(map(close_command, script.commands))
    writes = tuple(
        replace(write, target=close(write.target), content=close(write.content))
        for write in script.writes
    )
    variables = {name: close(term) for name, term in script.variables.items()}
    return replace(script, commands=commands, writes=writes, variables=variables)
