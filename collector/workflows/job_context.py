"""The job as forms see it: environment, matrix rows, steps, outputs, container and services."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from collector.workflows.closing import Scope, bounded_term
from collector.workflows.document import Mapping, Scalar
from collector.workflows.expressions import condition, scalar_term
from collector.workflows.facts import SymbolicLogin
from collector.workflows.file_context import FileContext, env_entry
from collector.workflows.terms import EMPTY, Either, Term, term_line

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext


@dataclass(slots=True, eq=False)
class JobContext:
    """One job, or the steps of a composite action (whose id is empty).

    Attributes:
        node: the job's mapping.
        rows: the matrix rows, None where they are not known.
    """

    file: FileContext
    id: str
    node: Mapping
    line: int
    rows: "tuple[dict[str, Term], ...] | None" = ({},)
    steps: "list[StepContext]" = field(default_factory=list)
    _env: dict[str, Term | None] = field(default_factory=dict)
    _outputs: dict[str, Term | None] = field(default_factory=dict)
    _writers: "list[StepContext] | None" = None

    @property
    def conditions(self) -> tuple[Term, ...]:
        """Return the job's own `if:`."""
        node = self.node.scalar("if")
        return (condition(node.text, node.line),) if node and node.text.strip() else ()

    @property
    def scope(self) -> Scope:
        """Return what terms directly in the job can see."""
        return Scope(_JobScope(self))

    def env(self, name: str) -> Term | None:
        """Return a variable of the job's env or, behind it, the workflow's."""
        if name not in self._env:
            self._env[name] = None  # an env that names itself finds nothing
            outer = Scope(_WorkflowScope(self))
            found = env_entry(self.node.mapping("env"), name, outer)
            self._env[name] = found if found is not None else self.file.env(name)
        return self._env[name]

    def output(self, name: str) -> Term | None:
        """Return what the job's own `outputs:` say of one."""
        if name not in self._outputs:
            self._outputs[name] = None
            outputs = self.node.mapping("outputs")
            node = outputs.scalar(name) if outputs else None
            if node is not None:
                closed = Scope(_StepScope(self, len(self.steps))).close(scalar_term(node))
                self._outputs[name] = bounded_term(closed)
        return self._outputs[name]

    def step(self, step_id: str) -> "StepContext | None":
        """Return a step by its id."""
        wanted = step_id.casefold()
        return next((s for s in self.steps if s.id and s.id.casefold() == wanted), None)

    def step_output(self, step_id: str, name: str, *, before: int, line: int) -> Term | None:
        """Return what an earlier step's output is; None where the text does not tell."""
        step = self.step(step_id)
        if step is None or step.index >= before:
            return None
        return step.output(name, line)

    def written_env(self, name: str, *, before: int) -> Term | None:
        """Return what earlier steps write into GITHUB_ENV under a name."""
        if self._writers is None:
            self._writers = [step for step in self.steps if step.writes_env]
        found: list[Term] = []
        for step in self._writers:
            if step.index < before:
                found.extend(step.written_env(name))
        if not found:
            return None
        return found[0] if len(found) == 1 else Either(f"GITHUB_ENV/{name}", tuple(found))

    def value(self, node: object) -> Term:
        """Return a scalar of the job as a closed term; an empty one for anything else."""
        return self.scope.close(scalar_term(node)) if isinstance(node, Scalar) else EMPTY

    def login(
        self,
        form: str,
        *,
        host: Term,
        credential: Term,
        line: int,
        registry: str = "",
        default_host: str = "",
    ) -> SymbolicLogin:
        """Make a login of the job itself, such as a container's credentials."""
        return SymbolicLogin(
            form,
            host,
            credential,
            self.id,
            -1,
            line,
            term_line(credential) or line,
            registry,
            conditions=self.conditions,
            default_host=default_host,
        )


class _WorkflowScope:
    """What a job's `env:` sees: the workflow's env and the needed jobs."""

    __slots__ = ("_job",)

    def __init__(self, job: JobContext) -> None:
        self._job = job

    def visible_env(self, name: str) -> Term | None:
        return self._job.file.env(name)

    def visible_output(self, context: str, owner: str, name: str, line: int) -> Term | None:
        if context == "needs":
            return self._job.file.job_output(owner, name, line)
        return None


class _JobScope(_WorkflowScope):
    """What the job's own values see: its env too."""

    __slots__ = ()

    def visible_env(self, name: str) -> Term | None:
        return self._job.env(name)


class _StepScope(_JobScope):
    """What a step's `env:` and the job's outputs see: the steps before, too."""

    __slots__ = ("_before",)

    def __init__(self, job: JobContext, before: int) -> None:
        super().__init__(job)
        self._before = before

    def visible_env(self, name: str) -> Term | None:
        written = self._job.written_env(name, before=self._before)
        return written if written is not None else self._job.env(name)

    def visible_output(self, context: str, owner: str, name: str, line: int) -> Term | None:
        if context == "steps":
            return self._job.step_output(owner, name, before=self._before, line=line)
        return super().visible_output(context, owner, name, line)


def step_scope(job: JobContext, before: int) -> Scope:
    """Return what the `env:` of a step sees."""
    return Scope(_StepScope(job, before))
