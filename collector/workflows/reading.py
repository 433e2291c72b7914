"""A composed document becomes facts: jobs, uses, calls, secrets, and what the forms find."""

from dataclasses import replace

from collector.workflows.attesting import attestations, attests, may_attest
from collector.workflows.closing import bounded_term
from collector.workflows.composer import Document
from collector.workflows.document import Mapping, Scalar, WorkflowParseError
from collector.workflows.facts import (
    Attestation,
    Call,
    FileFacts,
    Job,
    OutsiderCode,
    SymbolicLogin,
    SymbolicReference,
    Trouble,
    Use,
)
from collector.workflows.file_context import FileContext
from collector.workflows.heads import (
    declared_secrets,
    exports,
    inputs,
    outputs,
    permissions,
    triggers,
)
from collector.workflows.job_context import JobContext
from collector.workflows.logins.registry import TextForms, forms
from collector.workflows.matrix import matrix_rows
from collector.workflows.outsiders import Takes, taken
from collector.workflows.step_context import StepContext
from collector.workflows.structure import is_handed, job_fact, jobs_of, secrets_of
from collector.workflows.terms import Term
from collector.workflows.uses import Reference, reference


def file_kind(path: str) -> str:
    """Tell what a file is by its path."""
    name = path.rsplit("/", 1)[-1].lower()
    if name in ("action.yml", "action.yaml"):
        return "action"
    if name in ("dependabot.yml", "dependabot.yaml"):
        return "dependabot"
    return "workflow" if name.endswith((".yml", ".yaml")) and name != ".yarnrc.yml" else "config"


def read_file(
    document: Document | None, text: str, *, path: str, kind: str, version: int
) -> FileFacts:
    """Read the facts of a composed document, or of a configuration file that is no YAML.

    Raises:
        WorkflowParseError: the document is no mapping, so nothing GitHub could run.
    """
    root = document.root if document is not None else None
    if document is not None and not isinstance(root, Mapping):
        raise WorkflowParseError(root.line if root else 1, "not a mapping")
    top = root if isinstance(root, Mapping) else Mapping(0, 0)
    if kind == "workflow" and "runs" in top.values and "jobs" not in top.values:
        kind = "action"
    file = FileContext(path, kind, top, text, text.lower())
    reader = _Reader(file)
    reader.jobs()
    troubles = tuple(Trouble(p.line, p.reason) for p in (document.problems if document else ()))
    return FileFacts(
        path,
        kind,
        version,
        troubles=troubles,
        name=top.text("name"),
        using=(top.mapping("runs") or top).text("using"),
        triggers=triggers(top) if kind == "workflow" else (),
        permissions=permissions(top),
        jobs=tuple(reader.job_facts),
        uses=tuple(reader.uses),
        calls=tuple(reader.calls),
        inputs=inputs(top, kind),
        declared_secrets=declared_secrets(top),
        outputs=outputs(file),
        exports=exports(file),
        secrets=secrets_of(file),
        logins=_numbered(reader.logins),
        references=tuple(reader.references),
        outsider=tuple(reader.outsider),
        attestations=tuple(reader.attestations),
    )


class _Reader:
    """Goes through a file's jobs and steps once."""

    def __init__(self, file: FileContext) -> None:
        self._file = file
        self.job_facts: list[Job] = []
        self.uses: list[Use] = []
        self.calls: list[Call] = []
        self.logins: list[SymbolicLogin] = []
        self.references: list[SymbolicReference] = []
        self.outsider: list[OutsiderCode] = []
        self.attestations: list[Attestation] = []
        self._takes = Takes.of(file)
        self._attests = may_attest(file)
        self._forms = TextForms((), ())

    def jobs(self) -> None:
        for job in jobs_of(self._file):
            self._file.jobs.append(job)
        steps = [step for job in self._file.jobs for step in job.steps]
        actions = frozenset(step.uses.name for step in steps if step.uses)
        self._forms = forms().for_text(self._file.lowered, actions)
        for job in self._file.jobs:
            if self._file.kind == "workflow":
                job.rows = matrix_rows(job.node, job.scope)
                self.job_facts.append(job_fact(job))
            self._job_call(job)
            for step in job.steps:
                self._step(step)
            self._job_forms(job)
        for form in self._forms.in_file:
            if form.in_file is not None and self._file.kind in form.kinds:
                self._keep(form.in_file(self._file))

    def _keep(self, found: object) -> None:
        for item in found:  # type: ignore[attr-defined]
            if isinstance(item, SymbolicLogin):
                self.logins.append(item)
            else:
                self.references.append(item)

    def _job_forms(self, job: JobContext) -> None:
        for form in self._forms.in_job:
            if form.in_job is not None:
                self._keep(form.in_job(job))

    def _step(self, step: StepContext) -> None:
        if self._takes.anything:
            self.outsider.extend(taken(step, self._takes))
        if self._attests:
            self.attestations.extend(attestations(step))
        if step.uses is not None:
            self._use(step.uses, step.job.id, step.index, step.uses_line, handed=is_handed(step))
            for form in forms().for_action(step.uses.name):
                if form.in_step is not None:
                    self._keep(form.in_step(step))
            if step.uses.kind != "docker":
                self._step_call(step, step.uses)
        if step.lowered_script:
            for form in forms().for_script(step.lowered_script):
                if form.in_step is not None:
                    self._keep(form.in_step(step))

    def _use(self, uses: Reference, job: str, step: int, line: int, *, handed: bool) -> None:
        self.uses.append(Use(job, step, uses.text, line, uses.kind, uses.pin, handed))

    def _step_call(self, step: StepContext, uses: Reference) -> None:
        if uses.kind == "action" and not may_be_own(uses):
            return
        env = {}
        # An action of another repository is most often none of ours: only what is meant for it.
        own = step.node.mapping("env")
        names = step.env_names() if uses.kind == "local" else own.values if own else ()
        for name in sorted(names):
            value = step.env(name)
            if value is not None:
                env[name] = value
        self.calls.append(
            Call(
                step.job.id,
                step.index,
                step.id,
                uses.text,
                step.uses_line,
                dict(step.inputs),
                {},
                env,
                step.conditions,
            )
        )

    def _job_call(self, job: JobContext) -> None:
        node = job.node.scalar("uses")
        if node is None:
            return
        line = job.node.keys["uses"].line
        uses = reference(node.text)
        secrets = job.node.get("secrets")
        self._use(uses, job.id, -1, line, handed=secrets is not None)
        if attests(uses.name):
            self.attestations.append(Attestation(job.id, -1, line, uses.text))
        mapped: dict[str, Term] | None = {}
        if isinstance(secrets, Mapping):
            mapped = _closed_scalars(secrets, job)
        elif isinstance(secrets, Scalar) and secrets.text == "inherit":
            mapped = None
        given = _closed_scalars(job.node.mapping("with"), job)
        call = Call(job.id, -1, "", uses.text, line, given, mapped, {}, job.conditions)
        self.calls.append(call)


def may_be_own(uses: Reference) -> bool:
    """Tell whether an action is worth asking the resolver for: not one of the well-known owners."""
    return uses.name.split("/", 1)[0] not in ("actions", "github", "docker")


def _closed_scalars(node: Mapping | None, job: JobContext) -> dict[str, Term]:
    made: dict[str, Term] = {}
    for name, value in node.values.items() if node else ():
        if isinstance(value, Scalar):
            made[name.lower()] = bounded_term(job.value(value))
    return made


def _numbered(logins: list[SymbolicLogin]) -> tuple[SymbolicLogin, ...]:
    """Number the logins of equal job and form in file order."""
    counts: dict[tuple[str, str], int] = {}
    made: list[SymbolicLogin] = []
    for login in sorted(logins, key=lambda item: (item.use_line, item.line)):
        key = (login.job, login.form)
        counts[key] = counts.get(key, -1) + 1
        made.append(replace(login, ordinal=counts[key]))
    return tuple(made)
