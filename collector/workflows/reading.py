"""A composed document becomes facts: jobs, uses, calls, secrets, and what the forms find."""

import re
from dataclasses import replace
from typing import Final

from collector.workflows.closing import bounded_term
from collector.workflows.composer import Document
from collector.workflows.document import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    WorkflowParseError,
)
from collector.workflows.expressions import condition
from collector.workflows.facts import (
    Call,
    FileFacts,
    Job,
    SecretUse,
    SymbolicLogin,
    SymbolicReference,
    Trouble,
    Use,
)
from collector.workflows.file_context import FileContext
from collector.workflows.heads import declared_secrets, inputs, outputs, permissions, triggers
from collector.workflows.job_context import JobContext
from collector.workflows.logins.registry import forms
from collector.workflows.matrix import matrix_rows
from collector.workflows.step_context import StepContext
from collector.workflows.terms import Term
from collector.workflows.uses import Reference, reference

_SECRET: Final = re.compile(
    r"""\bsecrets\s*(?:\.\s*([A-Za-z_][\w-]*)|\[\s*'([\w-]+)'\s*\])""", re.IGNORECASE
)


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
        secrets=_secrets(file),
        logins=_numbered(reader.logins),
        references=tuple(reader.references),
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

    def jobs(self) -> None:
        for job in _jobs(self._file):
            self._file.jobs.append(job)
        for job in self._file.jobs:
            if self._file.kind == "workflow":
                job.rows = matrix_rows(job.node, job.scope)
                self.job_facts.append(_job_fact(job))
            self._job_call(job)
            for step in job.steps:
                self._step(step)
            self._job_forms(job)
        for form in forms().in_file:
            fits = self._file.kind in form.kinds and _has_word(self._file, form.job_words)
            if form.in_file is not None and fits:
                self._keep(form.in_file(self._file))

    def _keep(self, found: object) -> None:
        for item in found:  # type: ignore[attr-defined]
            if isinstance(item, SymbolicLogin):
                self.logins.append(item)
            else:
                self.references.append(item)

    def _job_forms(self, job: JobContext) -> None:
        for form in forms().in_job:
            if form.in_job is not None and _has_word(self._file, form.job_words):
                self._keep(form.in_job(job))

    def _step(self, step: StepContext) -> None:
        if step.uses is not None:
            self._use(step.uses, step.job.id, step.index, step.uses_line)
            for form in forms().for_action(step.uses.name):
                if form.in_step is not None:
                    self._keep(form.in_step(step))
            if step.uses.kind != "docker":
                self._step_call(step, step.uses)
        node = step.script_node
        if node is not None:
            for form in forms().for_script(node.text.lower()):
                if form.in_step is not None:
                    self._keep(form.in_step(step))

    def _use(self, uses: Reference, job: str, step: int, line: int) -> None:
        self.uses.append(Use(job, step, uses.text, line, uses.kind, uses.pin))

    def _step_call(self, step: StepContext, uses: Reference) -> None:
        if uses.kind == "action" and not may_be_own(uses):
            return
        env = {}
        for name in sorted(step.env_names()) if uses.kind == "local" else ():
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
        self._use(uses, job.id, -1, line)
        secrets = job.node.get("secrets")
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


def _jobs(file: FileContext) -> list[JobContext]:
    if file.kind == "action":
        runs = file.root.mapping("runs")
        job = JobContext(file, "", runs or Mapping(0, 0), runs.line if runs else 1)
        job.steps.extend(_steps(job, runs.get("steps") if runs else None))
        return [job]
    made: list[JobContext] = []
    jobs = file.root.mapping("jobs") if file.kind == "workflow" else None
    for key, node in jobs.items() if jobs else ():
        if isinstance(node, Mapping):
            job = JobContext(file, key.text, node, key.line)
            job.steps.extend(_steps(job, node.get("steps")))
            made.append(job)
    return made


def _steps(job: JobContext, node: Node | None) -> list[StepContext]:
    made: list[StepContext] = []
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Mapping):
            text = item.text("uses")
            uses = reference(text) if text else None
            made.append(StepContext(job, len(made), item, item.line, uses))
    return made


def _job_fact(job: JobContext) -> Job:
    node = job.node
    when = node.scalar("if")
    services = node.mapping("services")
    declared = node.mapping("outputs")
    made = {}
    for name in declared.values if declared else ():
        term = job.output(name)
        if term is not None:
            made[name.lower()] = term
    return Job(
        job.id,
        job.line,
        name=node.text("name"),
        uses=node.text("uses"),
        needs=_texts(node.get("needs")),
        runs_on=", ".join(_texts(node.get("runs-on"))),
        environment=_named(node.get("environment"), "name"),
        condition=condition(when.text, when.line) if when and when.text.strip() else None,
        permissions=permissions(node),
        container=_named(node.get("container"), "image"),
        services=tuple(services.values) if services else (),
        steps=len(job.steps),
        rows=job.rows,
        outputs=made,
    )


def _texts(node: Node | None) -> tuple[str, ...]:
    if isinstance(node, Scalar):
        return (node.text,)
    if isinstance(node, Sequence):
        return tuple(item.text for item in node.items if isinstance(item, Scalar))
    if isinstance(node, Mapping):
        return _texts(node.get("labels") or node.get("group"))
    return ()


def _named(node: Node | None, key: str) -> str:
    if isinstance(node, Mapping):
        return node.text(key)
    return node.text if isinstance(node, Scalar) else ""


def _secrets(file: FileContext) -> tuple[SecretUse, ...]:
    """Return the secrets that the text names, comments left out."""
    if "secrets" not in file.lowered:
        return ()
    starts = [(job.line, job.id) for job in file.jobs]
    found: dict[tuple[str, int], SecretUse] = {}
    for number, line in enumerate(file.text.split("\n"), 1):
        if "ecrets" not in line.lower():
            continue
        for match in _SECRET.finditer(line.split(" #", 1)[0]):
            if line.lstrip().startswith("#"):
                continue
            name = match[1] or match[2]
            job = next((j for at, j in reversed(starts) if at <= number), "")
            found.setdefault((name, number), SecretUse(name, number, job))
    return tuple(found.values())


def _has_word(file: FileContext, words: tuple[str, ...]) -> bool:
    return not words or any(word in file.lowered for word in words)


def _numbered(logins: list[SymbolicLogin]) -> tuple[SymbolicLogin, ...]:
    """Number the logins of equal job and form in file order."""
    counts: dict[tuple[str, str], int] = {}
    made: list[SymbolicLogin] = []
    for login in sorted(logins, key=lambda item: (item.use_line, item.line)):
        key = (login.job, login.form)
        counts[key] = counts.get(key, -1) + 1
        made.append(replace(login, ordinal=counts[key]))
    return tuple(made)
