"""The step as forms see it: its action and inputs, its script's commands, its environment."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from collector.workflows.closing import MAX_DEPTH, Scope, bounded_term
from collector.workflows.commands import Script
from collector.workflows.document import Mapping, Scalar
from collector.workflows.expressions import condition, scalar_term
from collector.workflows.facts import SymbolicLogin
from collector.workflows.file_context import env_entry
from collector.workflows.job_context import step_scope
from collector.workflows.outputs import action_output, written, written_names
from collector.workflows.scripts import SCRIPT_INPUTS, closed, read_script, shell_of
from collector.workflows.terms import (
    EMPTY,
    Access,
    Either,
    Literal,
    Term,
    Unknown,
    Via,
    term_line,
)
from collector.workflows.uses import Reference

if TYPE_CHECKING:
    from collector.workflows.file_context import FileContext
    from collector.workflows.job_context import JobContext

# Files that the runner gives every step; the shell sees them as variables.
_RUNNER_FILES: Final = frozenset(
    {"GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"}
)
_TOKENISH: Final = re.compile(r"[A-Za-z_]\w*")
# Tools fall back on their own where these are not set, and their forms say so.
_LEFT_UNSET: Final = frozenset({"GITHUB_TOKEN", "NODE_AUTH_TOKEN", "NUGET_AUTH_TOKEN"})


@dataclass(slots=True, eq=False)
class StepContext:
    """One step.

    Attributes:
        index: its place in the job, from 0.
        line: where the step begins.
        uses: the action it uses, None for a `run:` step.
        script_node: what holds the script: `run:`, or the input of an action that runs one.
        lowered_script: the script in lower case.
        writes_env: the script names the file of GITHUB_ENV.
    """

    job: "JobContext"
    index: int
    node: Mapping
    line: int
    uses: Reference | None = None
    script_node: Scalar | None = field(init=False)
    lowered_script: str = field(init=False)
    writes_env: bool = field(init=False)
    _conditions: tuple[Term, ...] | None = None
    _script: Script | None = None
    _inputs: dict[str, Term] | None = None
    _env: dict[str, Term | None] = field(default_factory=dict)
    _outputs: dict[str, Term | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.script_node = _script_node(self.node, self.uses)
        text = self.script_node.text if self.script_node else ""
        self.lowered_script = text.lower()
        self.writes_env = "GITHUB_ENV" in text or "set-env" in text or "github.env" in text

    @property
    def file(self) -> "FileContext":
        """Return the file it stands in."""
        return self.job.file

    @property
    def id(self) -> str:
        """Return the step's id, or an empty string."""
        return self.node.text("id")

    @property
    def name(self) -> str:
        """Return the step's name as written, else its id."""
        return self.node.text("name") or self.id

    @property
    def conditions(self) -> tuple[Term, ...]:
        """Return the `if:` of the job and of the step, closed over env and outputs."""
        if self._conditions is None:
            self._conditions = self.job.conditions
            node = self.node.scalar("if")
            if node is not None and node.text.strip():
                own = self.scope.close(condition(node.text, node.line))
                self._conditions = (*self.job.conditions, own)
        return self._conditions

    @property
    def uses_line(self) -> int:
        """Return the line of `uses:`, or of the step."""
        key = self.node.keys.get("uses")
        return key.line if key else self.line

    @property
    def scope(self) -> Scope:
        """Return what terms of the step can see: its own env too."""
        return Scope(_InnerScope(self))

    @property
    def inputs(self) -> dict[str, Term]:
        """Return what `with:` passes, names in lower case, closed."""
        if self._inputs is None:
            self._inputs = {}
            scope = self.scope
            given = self.node.mapping("with")
            for name, value in given.values.items() if given else ():
                if isinstance(value, Scalar):
                    self._inputs[name.lower()] = bounded_term(scope.close(scalar_term(value)))
        return self._inputs

    def input(self, *names: str) -> Term | None:
        """Return the first of some inputs that is given."""
        given = self.inputs
        return next((given[name] for name in names if name in given), None)

    def input_line(self, name: str) -> int:
        """Return the line of an input's key, 0 where it is not given."""
        given = self.node.mapping("with")
        for key, scalar in given.keys.items() if given else ():
            if key.lower() == name:
                return scalar.line
        return 0

    @property
    def script(self) -> Script:
        """Return what the step's script does; empty for a step without one."""
        if self._script is None:
            node = self.script_node
            self._script = Script((), ())  # a script that asks for its own output finds nothing
            if node is not None:
                shell = shell_of(self.node, self.job.node, self.file.root)
                self._script = read_script(node, shell, self.variable)
                self._script = closed(self._script, self.scope)
        return self._script

    def env(self, name: str) -> Term | None:
        """Return a variable of the step's environment, None where the text sets none."""
        if name not in self._env:
            self._env[name] = None
            self._env[name] = self._env_now(name)
        return self._env[name]

    def _env_now(self, name: str) -> Term | None:
        file = self.file
        if file.depth > MAX_DEPTH:
            return Unknown("unresolved_expression", f"env.{name}")
        file.depth += 1
        found = env_entry(self.node.mapping("env"), name, step_scope(self.job, self.index))
        if found is None:
            found = self.job.written_env(name, before=self.index)
        if found is None:
            found = self.job.env(name)
        file.depth -= 1
        return found

    def env_names(self) -> set[str]:
        """Return the names that step, job and workflow set in `env:`."""
        layers = (self.node, self.job.node, self.file.root)
        return {name for layer in layers for name in (layer.mapping("env") or _NO_ENV).values}

    def variable(self, name: str) -> Term | None:
        """Return what a shell variable holds when the script begins."""
        found = self.env(name)
        if found is not None:
            return found
        if name in _RUNNER_FILES:
            return Literal(f"${name}")
        if name.startswith("GITHUB_") and name != "GITHUB_TOKEN":
            return Access(("github", name[7:].lower()))
        if _TOKENISH.fullmatch(name) and not name.islower() and self._sees_unread_env(name):
            return Access(("env", name))
        return None

    def _sees_unread_env(self, name: str) -> bool:
        """Tell whether a variable may be set in a file that is not this one."""
        if self.file.kind == "action":
            return True  # a composite action's script sees its caller's environment
        # An action before it may have written into GITHUB_ENV; it is read when files are linked.
        before = self.job.steps[: self.index]
        return name not in _LEFT_UNSET and any(s.uses and s.uses.kind == "local" for s in before)

    def exports(self) -> dict[str, Term]:
        """Return what the step's script writes into GITHUB_ENV."""
        if not self.writes_env:
            return {}
        made: dict[str, Term] = {}
        for name in dict.fromkeys(written_names(self.script, "$GITHUB_ENV")):
            made[name] = next(iter(self.written_env(name)))
        return made

    def written_env(self, name: str) -> Iterator[Term]:
        """Yield what the step's script writes into GITHUB_ENV under a name."""
        node = self.script_node
        if node is not None and self.writes_env and name in node.text:
            for value in written(self.script, "$GITHUB_ENV", name):
                yield Via("env", f"GITHUB_ENV {name}", value.line, value.term)

    def output(self, name: str, line: int) -> Term | None:
        """Return what one of the step's outputs is; None where only a callee tells."""
        if name not in self._outputs:
            self._outputs[name] = None
            if self.file.depth <= MAX_DEPTH:
                self.file.depth += 1
                self._outputs[name] = self._output_now(name, line)
                self.file.depth -= 1
        return self._outputs[name]

    def _output_now(self, name: str, line: int) -> Term | None:
        if self.uses is not None and self.uses.kind != "docker":
            return action_output(self, name, line)
        values = list(written(self.script, "$GITHUB_OUTPUT", name))
        text = f"steps.{self.id}.outputs.{name}"
        if not values:
            return Unknown("unresolved_expression", text, line)
        found: list[Term] = [Via("output", text, value.line, value.term) for value in values]
        if self.node.scalar("if") is not None or all(value.maybe for value in values):
            found.append(EMPTY)
        return found[0] if len(found) == 1 else Either(f"{self.id}/{name}", tuple(found))

    def login(
        self,
        form: str,
        *,
        host: Term | None,
        credential: Term | None,
        line: int = 0,
        registry: str = "",
        operation: str = "",
        default_host: str = "",
        implicit: bool = False,
        guessed: bool = False,
    ) -> SymbolicLogin:
        """Make a login of this step.

        `facts.SymbolicLogin` says what each argument means; a line that is left out is that of
        `uses:`, or of the step.
        """
        at = line or (self.uses_line if self.uses else self.line)
        value = credential if credential is not None else EMPTY
        return SymbolicLogin(
            form=form,
            host=host if host is not None else EMPTY,
            credential=value,
            job=self.job.id,
            step=self.index,
            use_line=at,
            line=term_line(value) or at,
            registry=registry,
            step_name=self.name,
            conditions=self.conditions,
            operation=operation,
            default_host=default_host,
            implicit=implicit,
            guessed=guessed,
        )


_NO_ENV: Final = Mapping(0, 0)


def _script_node(step: Mapping, uses: Reference | None) -> Scalar | None:
    if uses is None:
        return step.scalar("run")
    wanted = SCRIPT_INPUTS.get(uses.name) or ("command" if "retry" in uses.name else None)
    given = step.mapping("with") if wanted else None
    for key, value in given.values.items() if given else ():
        if key.lower() == wanted and isinstance(value, Scalar):
            return value
    return None


class _InnerScope:
    """What a step's `with:`, `run:` and `if:` see."""

    __slots__ = ("_step",)

    def __init__(self, step: StepContext) -> None:
        self._step = step

    def visible_env(self, name: str) -> Term | None:
        return self._step.env(name)

    def visible_output(self, context: str, owner: str, name: str, line: int) -> Term | None:
        step = self._step
        if context == "steps":
            return step.job.step_output(owner, name, before=step.index, line=line)
        return step.file.job_output(owner, name, line)
