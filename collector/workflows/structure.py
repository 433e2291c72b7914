"""The skeleton of a file: its jobs and steps, what each job says of itself, the secrets it names."""

import re
from typing import Final

from collector.workflows.document import Mapping, Node, Scalar, Sequence
from collector.workflows.expressions import condition
from collector.workflows.facts import Job, SecretUse
from collector.workflows.file_context import FileContext
from collector.workflows.heads import permissions
from collector.workflows.job_context import JobContext
from collector.workflows.retried import retried
from collector.workflows.step_context import StepContext
from collector.workflows.terms import Access, Term, walk
from collector.workflows.uses import reference

_SECRET: Final = re.compile(
    r"""\bsecrets\s*(?:\.\s*([A-Za-z_][\w-]*)|\[\s*'([\w-]+)'\s*\])""", re.IGNORECASE
)
_INDIRECT: Final = ("env.", "steps.", "needs.")


def jobs_of(file: FileContext) -> list[JobContext]:
    """Return a workflow's jobs with their steps; an action's steps are those of one job."""
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
            step = retried(item)
            text = step.text("uses")
            uses = reference(text) if text else None
            made.append(StepContext(job, len(made), step, item.line, uses))
    return made


def job_fact(job: JobContext) -> Job:
    """Return what a job says of itself."""
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


def secrets_of(file: FileContext) -> tuple[SecretUse, ...]:
    """Return the secrets that the text names, comments left out."""
    if "secrets" not in file.lowered:
        return ()
    starts = [(job.line, job.id) for job in file.jobs]
    found: dict[tuple[str, int], SecretUse] = {}
    text = file.text
    number, counted = 1, 0
    # Some letters are two in lower case; offsets are those of the text.
    lowered = file.lowered if len(file.lowered) == len(text) else text
    at = lowered.find("secrets")
    while at >= 0:
        match = _SECRET.match(text, at)
        begin = text.rfind("\n", 0, at) + 1
        before = text[begin:at]
        if match is not None and " #" not in before and not before.lstrip().startswith("#"):
            number += text.count("\n", counted, at)
            counted = at
            name = match[1] or match[2]
            job = next((j for at_line, j in reversed(starts) if at_line <= number), "")
            found.setdefault((name, number), SecretUse(name, number, job))
        at = lowered.find("secrets", at + 1)
    return tuple(found.values())


def is_handed(step: StepContext) -> bool:
    """Tell whether a step hands its action a secret or the job's token."""
    indirect = False
    for key in ("with", "env"):
        given = step.node.mapping(key)
        for value in given.values.values() if given else ():
            text = value.text.lower() if isinstance(value, Scalar) else ""
            if "${{" not in text:
                continue
            if "secrets." in text or "secrets[" in text or "github.token" in text:
                return True
            indirect = indirect or any(context in text for context in _INDIRECT)
    return indirect and any(map(_is_credential, step.inputs.values()))


def _is_credential(term: Term) -> bool:
    return any(
        isinstance(inner, Access)
        and (inner.context in ("secrets", "app_token") or inner.path == ("github", "token"))
        for inner in walk(term)
    )
