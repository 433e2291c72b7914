"""Images that goreleaser, make and their like push: the names stand in files of their own.

Such a reference has no name. It tells what a job's login is for, and that something in the job is
not in the workflow's text.
"""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.meant import job_text
from collector.workflows.references.parts import named
from collector.workflows.terms import Unknown, plain

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext

_RUNNERS: Final = frozenset(
    {"make", "gmake", "just", "task", "mage", "rake", "earthly", "goreleaser"}
)
_PUSHES: Final = re.compile(r"(?:^|[-_.:/+])(?:push|publish|release|promote|deploy)(?:$|[-_.:=])")
_SCRIPT: Final = re.compile(r"[\w./-]*\b\w*push\w*(?:\.sh|\.py)?")
_DRY: Final = re.compile(r"dry[-_]?run|snapshot|skip(?:-publish|=[\w,]*publish)|notes|changelog")
_HOSTS: Final = ("ghcr.io", "docker.pkg.github.com")
_LOGS_IN: Final = re.compile(r"login|setup-ko|setup_ko")


def find(job: "JobContext") -> Found:
    """Yield what a job that logs in to GitHub's registry pushes in a way that is not shown."""
    text = job_text(job)
    if not any(host in text for host in _HOSTS) or not _LOGS_IN.search(text):
        return
    for step in job.steps:
        if step.uses is not None and step.uses.name == "goreleaser/goreleaser-action":
            said = plain(step.input("args")) if step.input("args") is not None else ""
            if "release" in (said or "release") and not _DRY.search(said or ""):
                yield named(step, "goreleaser_push", _UNKNOWN, "push")
        elif step.script_node is not None and _PUSHES_SOMEHOW.search(step.script_node.text):
            yield from _pushed(step)


def _pushed(step: "StepContext") -> Found:
    for command in step.script.commands:
        if _does_push(command):
            kind = "goreleaser_push" if command.name == "goreleaser" else "script_push"
            yield named(step, kind, _UNKNOWN, "push", line=command.line)


def _does_push(command: "Command") -> bool:
    texts = command.texts()
    if any(_DRY.search(text) for text in texts):
        return False
    if command.name in _RUNNERS:
        return any(_PUSHES.search(text) for text in texts[1:] if not text.startswith("-"))
    local = "/" in texts[0] and not texts[0].startswith("/")
    if local and _SCRIPT.fullmatch(texts[0].rsplit("/", 1)[-1]):
        return True
    return local and "push" in texts[1:]


_UNKNOWN: Final = Unknown("unresolved_expression", "a name in a file that the script reads")
_PUSHES_SOMEHOW: Final = re.compile(r"push|publish|release|promote|deploy")

FORM = Form(name="build-scripts", job_words=_HOSTS, in_job=find)
