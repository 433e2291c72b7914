"""docker/build-push-action and bake, and the names that docker/metadata-action made for them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.references.parts import beneath, listed, named, possible
from collector.workflows.terms import EMPTY, Access, InJob, Literal, Term, plain, walk

if TYPE_CHECKING:
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext

_BUILDERS: Final = ("docker/build-push-action", "docker/bake-action", "depot/build-push-action")
_METADATA: Final = frozenset(
    {"docker/metadata-action", "crazy-max/ghaction-docker-meta", "depot/metadata-action"}
)
_NAME: Final = re.compile(r"(?:^|,)\"?name=(?P<name>[^,\"]+)")
_PUSHED: Final = re.compile(r"type=registry|push(?:-by-digest)?=true")
_CACHED: Final = re.compile(r"type=registry,(?:[^\n]{0,300},)?ref=(?P<ref>[^,\s]+)")


def find(job: "JobContext") -> Found:
    """Yield the images that the builds of a job push, and their caches in a registry."""
    for step in job.steps if possible(job.file) else ():
        if step.uses is not None and step.uses.name in _BUILDERS:
            yield from _built(step)


def _built(step: "StepContext") -> Found:
    if step.input("repository") is not None and step.input("tags", "registry") is not None:
        yield from _first_major(step)
        return
    pushes = _pushes(step)
    names = list(_names(step)) if pushes else []
    for kind, name in names:
        yield named(step, kind, name, "push", line=step.input_line("tags") or step.uses_line)
    for given, operation in (("cache-from", "pull"), ("cache-to", "push")):
        term = step.input(given)
        flat = Flat.of(term if term is not None else EMPTY)
        for match in _CACHED.finditer(flat.text):
            line = step.input_line(given)
            yield named(step, "build_cache", flat.term(match["ref"]), operation, line=line)


def _pushes(step: "StepContext") -> bool:
    """Tell whether a build may push: an expression may be true."""
    push = step.input("push")
    text = plain(push) if push is not None else "false"
    if text is None or text.strip().lower() == "true":
        return True
    return any(_PUSHED.search(Flat.of(term).text) for term in _outputs(step))


def _outputs(step: "StepContext") -> Iterator[Term]:
    for name in ("outputs", "set", "push-by-digest"):
        term = step.input(name)
        if term is not None:
            yield term


def _names(step: "StepContext") -> Iterator[tuple[str, Term]]:
    tags = step.input("tags")
    entries = list(listed(tags)) if tags is not None else []
    for entry in entries:
        made = list(_metadata(step.job, entry))
        if made:
            yield from (("metadata_action", name) for name in made)
        else:
            yield "build_push_action", entry
    for term in _outputs(step):
        flat = Flat.of(term)
        for match in _NAME.finditer(flat.text):
            yield "build_push_action", flat.term(match["name"])
    if step.uses is not None and step.uses.name == "docker/bake-action":
        files = step.input("files")
        for name in _metadata(step.job, files) if files is not None else ():
            yield "metadata_action", name


def _metadata(job: "JobContext", term: Term) -> Iterator[Term]:
    """Yield the images of the metadata step whose output a term is."""
    owner = job
    for inner in walk(term):
        if isinstance(inner, InJob):
            owner = job.file.job(inner.job) or job
        if isinstance(inner, Access) and inner.path[0] == "steps" and len(inner.path) > 1:
            made = owner.step(inner.path[1])
            if made is not None and made.uses is not None and made.uses.name in _METADATA:
                yield from images(made)
                return


def images(step: "StepContext") -> Iterator[Term]:
    """Yield the image names of a metadata step."""
    given = step.input("images")
    for line in _lines(given) if given is not None else ():
        flat = Flat.of(line)
        if re.search(r"(?:^|,)enable=false(?:,|$)", flat.text):
            continue
        match = _NAME.search(flat.text)
        text = match["name"] if match else flat.text.split(",")[0]
        if text.strip():
            yield flat.term(text.strip())


def _lines(term: Term) -> Iterator[Term]:
    """Yield the lines; commas within one separate its attributes, or images."""
    if "=" in Flat.of(term).text:
        flat = Flat.of(term)
        yield from (flat.term(line.strip()) for line in flat.text.split("\n") if line.strip())
    else:
        yield from listed(term)


def _first_major(step: "StepContext") -> Found:
    """Yield the image of the action's first major version: `registry` and `repository`."""
    name, host = step.input("repository"), step.input("registry")
    if name is None or plain(step.input("push") or Literal("true")) == "false":
        return
    full = beneath(host, name) if host is not None and plain(host) != "" else name
    yield named(step, "build_push_action", full, "push")


FORM = Form(name="build-action", job_actions=_BUILDERS, in_job=find)
