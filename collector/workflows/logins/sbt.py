"""sbt and Coursier: a credentials file with host and password, or the token that a plugin reads."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.meant import OTHERS, PACKAGES, meant, named_in_file, only_packages
from collector.workflows.logins.texts import written
from collector.workflows.logins.tools import (
    does,
    has_own,
    held,
    is_job_token,
    may_be_secret,
    spoken,
)

if TYPE_CHECKING:
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext

_HOST: Final = "maven.pkg.github.com"
_LINE: Final = re.compile(
    r"^[ \t]*(?:[\w-]{1,50}\.)?(host|password)[ \t]*[=:][ \t]*(\S+)", re.MULTILINE
)
_COURSIER: Final = "COURSIER_CREDENTIALS"
_PAIR: Final = re.compile(r"(\S+?)(?:\([^)]*\))?[ \t]+\S+?:(\S+)")
_SBT: Final = re.compile(r"(?:^|[\s/\\.\"'(&;|])sbt(?=[\s\"']|$)")
_PUBLISH: Final = re.compile(r"\bpublish\b|\+publish|release\b")


def find(job: "JobContext") -> Found:
    """Yield a login for each token that a job gives to sbt or Coursier."""
    for item in written(job, ("password",)):
        if not any(word in item.path for word in ("credentials", "sbt", "ivy", "coursier")):
            continue
        found = {match[1]: match for match in _LINE.finditer(item.text)}
        if "host" not in found or "password" not in found:
            continue
        line = item.line_of(found["password"].start(2))
        value = item.flat.term(found["password"][2], line=line)
        if may_be_secret(value):
            host = item.flat.term(found["host"][2], line=line)
            yield item.step.login("sbt credentials", host=host, credential=value, line=line)
    told = False
    for step in job.steps:
        if _COURSIER.lower() in step.file.lowered and not told:
            yield from _coursier(step)
            told = held(step, _COURSIER) is not None and not has_own(step, _COURSIER)
        if step.script_node is not None and _SBT.search(spoken(step)):
            yield from _plugin(step)


def _coursier(step: "StepContext") -> Found:
    value = held(step, _COURSIER)
    if value is None:
        return
    while not isinstance(value, tuple) and hasattr(value, "term"):
        value = value.term
    flat = Flat.of(value)
    for match in _PAIR.finditer(flat.text):
        credential = flat.term(match[2])
        if may_be_secret(credential):
            yield step.login(
                "env:COURSIER_CREDENTIALS", host=flat.term(match[1]), credential=credential
            )


def _plugin(step: "StepContext") -> Found:
    """sbt-github-packages reads GITHUB_TOKEN by itself."""
    text = spoken(step)
    value = held(step, "GITHUB_TOKEN")
    if not may_be_secret(value) or "ci-release" in text or OTHERS.search(f"{step.name} {text}"):
        return
    if (
        named_in_file(step.file, _HOST)
        or (is_job_token(value) and only_packages(step.job))
        or (
            _PUBLISH.search(text)
            and (PACKAGES.search(step.name) or (is_job_token(value) and meant(step, _HOST)))
        )
    ):
        yield step.login(
            "run:sbt", host=None, credential=value, default_host=_HOST, operation=does(step)
        )


FORM = Form(name="sbt", job_words=("sbt", "coursier"), in_job=find)
