"""Whether a step whose text names no host is meant for GitHub Packages: what names and rights say.

A build tool's registry often stands in its own build file. What the workflow says then is a name
("Publish to GitHub Packages"), a host somewhere else in the file, or that the job asks for the
permission `packages` and does nothing with container images.
"""

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from collector.workflows.heads import permissions
from collector.workflows.terms import Access, walk

if TYPE_CHECKING:
    from collector.workflows.file_context import FileContext
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext
    from collector.workflows.terms import Term

PACKAGES: Final = re.compile(
    r"git\s?hub[ _-]?packages?\b|git\s?hub[ _-]package[ _-]registry|\bgpr\b|\bgh[ _-]?packages?\b"
    r"|\bgh[ _-]package[ _-]registry",
    re.IGNORECASE,
)
OTHERS: Final = re.compile(
    r"central|ossrh|sonatype|nexus|artifactory|jfrog|bintray|jitpack|azure|gitlab|codeartifact"
    r"|npmjs|nuget\.?org|nuget gallery|myget|rubygems\.?org|plugin portal|reposilite|cloudsmith",
    re.IGNORECASE,
)
# An id or a name of a source that people give to GitHub's registry.
NAMED: Final = re.compile(
    r"^(?:.*[^a-z])?(?:git-?hub|gpr|ghp|gh)(?:[^a-z].*|packages?.*|registry.*|maven.*|nuget.*|s)?$",
    re.IGNORECASE,
)
_SECRET: Final = re.compile(
    r"(?:^|_)GPR(?:_|$)|(?:GITHUB|GH)_?(?:PKG|PACKAGES?)|^PACKAGES?_(?:READ_|WRITE_)?(?:TOKEN|PAT)$",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"(?m)(?:^|[ \t])#[^\n]*")
_CONTAINERS: Final = ("docker", "ghcr.io", "podman", "buildah", "helm ", "oras ", "buildpack")


def named_for_packages(name: str) -> bool:
    """Tell whether a server id or a source's name says GitHub, and no other registry."""
    name = name[:100]
    return bool(NAMED.match(name) or PACKAGES.search(name)) and not OTHERS.search(name)


def meant(step: "StepContext", host: str) -> bool:
    """Tell whether a step is meant for a registry host that its own text does not name."""
    if named_in_file(step.file, host):
        return True
    if PACKAGES.search(step.name):
        return True
    if OTHERS.search(step.name):
        return False
    node = step.job.node
    environment = node.mapping("environment")
    names = (
        node.text("name"),
        step.job.id,
        environment.text("name") if environment else node.text("environment"),
        step.file.root.text("name"),
    )
    if any(PACKAGES.search(name) and not OTHERS.search(name) for name in names):
        return True
    return only_packages(step.job)


def named_in_file(file: "FileContext", host: str) -> bool:
    """Tell whether a file names a registry host outside of comments."""
    return host in file.lowered and host in _COMMENT.sub("", file.lowered)


def only_packages(job: "JobContext") -> bool:
    """Tell whether a job asks for packages and has nothing to do with container images."""
    granted = permissions(job.node) or permissions(job.file.root)
    if granted is None or granted.scopes.get("packages") not in ("read", "write"):
        return False
    text = job_text(job)
    return not any(word in text for word in _CONTAINERS)


def secret_for_packages(term: "Term") -> bool:
    """Tell whether a value is a secret whose name says GitHub Packages, such as GPR_TOKEN."""
    return any(
        isinstance(inner, Access) and inner.context == "secrets" and _SECRET.search(inner.path[-1])
        for inner in walk(term)
    )


def job_text(job: "JobContext") -> str:
    """Return a job's text in lower case."""
    lines = _lines(job.file.lowered)
    jobs = job.file.jobs  # in the order in which they stand
    at = bisect_right(jobs, job.line, key=lambda other: other.line)
    end = jobs[at].line - 1 if at < len(jobs) else len(lines)
    return "\n".join(lines[job.line - 1 : end])


@lru_cache(maxsize=1)
def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))
