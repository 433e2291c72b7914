"""Which shell a step's script is for, and the reader that goes with it."""

from collections.abc import Callable
from typing import Final

from collector.workflows.bash import BashWalker
from collector.workflows.commands import Script
from collector.workflows.document import Mapping, Scalar
from collector.workflows.lines import read_lines
from collector.workflows.shell import Source
from collector.workflows.terms import Term

Lookup = Callable[[str], Term | None]

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
