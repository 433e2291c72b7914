"""The file as forms see it: its jobs, its environment, and what a job's outputs are."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from collector.workflows.closing import MAX_DEPTH, Scope, bounded_term
from collector.workflows.document import Mapping, Scalar
from collector.workflows.expressions import scalar_term
from collector.workflows.facts import SymbolicLogin
from collector.workflows.terms import Access, InJob, Literal, Term, Via, term_line

if TYPE_CHECKING:
    from collector.workflows.job_context import JobContext


@dataclass(slots=True, eq=False)
class FileContext:
    """One file.

    Attributes:
        kind: workflow, action, dependabot or config.
        root: the document's mapping (empty for a config file that is no YAML).
        text: the whole text, for config files such as .npmrc.
        lowered: the text in lower case, for words.
    """

    path: str
    kind: str
    root: Mapping
    text: str
    lowered: str
    jobs: "list[JobContext]" = field(default_factory=list)
    depth: int = 0

    def job(self, job_id: str) -> "JobContext | None":
        """Return a job by its id."""
        return next((job for job in self.jobs if job.id == job_id), None)

    def env(self, name: str) -> Term | None:
        """Return a variable of the workflow's own `env:`."""
        return env_entry(self.root.mapping("env"), name, None)

    def env_names(self) -> Iterator[str]:
        """Yield the names of the workflow's own `env:`."""
        env = self.root.mapping("env")
        return iter(env.values if env else ())

    def job_output(self, job_id: str, name: str, line: int) -> Term | None:
        """Return what another job's output is, in any of that job's matrix rows."""
        job = self.job(job_id)
        if job is None or self.depth > MAX_DEPTH:
            return None
        self.depth += 1
        term = job.output(name)
        self.depth -= 1
        if term is None:
            return None
        return InJob(job_id, Via("output", f"needs.{job_id}.outputs.{name}", line, term))

    def login(
        self,
        form: str,
        *,
        host: Term,
        credential: Term,
        line: int,
        registry: str = "",
        operation: str = "",
        default_host: str = "",
    ) -> SymbolicLogin:
        """Make a login that stands in no job, as in a configuration file."""
        return SymbolicLogin(
            form,
            host,
            credential,
            "",
            -1,
            line,
            term_line(credential) or line,
            registry,
            operation=operation,
            default_host=default_host,
        )


def env_entry(node: Mapping | None, name: str, scope: Scope | None) -> Term | None:
    """Return one entry of an `env:` mapping, closed over what stands outside of it."""
    value = node.get(name) if node else None
    if not isinstance(value, Scalar):
        return None
    term = scalar_term(value)
    if scope is not None and not isinstance(term, Literal):
        term = bounded_term(scope.close(term))
    return Via("env", name, value.line, term)


def scalar_terms(node: Mapping | None, scope: Scope | None = None) -> dict[str, Term]:
    """Return the scalars of a mapping as terms."""
    made: dict[str, Term] = {}
    for key, value in node.values.items() if node else ():
        if isinstance(value, Scalar):
            term = scalar_term(value)
            made[key] = scope.close(term) if scope is not None else term
    return made


def needs_access(path: tuple[str, ...]) -> tuple[str, str] | None:
    """Return job and output name of `needs.JOB.outputs.NAME`."""
    return owned_output(Access(path), "needs")


def owned_output(access: Access, *contexts: str) -> tuple[str, str] | None:
    """Return owner and name of `steps.ID.outputs.NAME` and alike."""
    path = access.path
    if path[0] in contexts and len(path) == 4 and path[2].lower() == "outputs":  # noqa: PLR2004
        return path[1], path[3]
    return None
