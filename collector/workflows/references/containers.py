"""Images that the runner pulls by itself: `container:`, `services:` and `uses: docker://`."""

from typing import TYPE_CHECKING

from collector.workflows.document import Mapping, Node, Scalar
from collector.workflows.facts import SymbolicReference
from collector.workflows.logins.base import Form, Found
from collector.workflows.references.parts import named
from collector.workflows.terms import Literal

if TYPE_CHECKING:
    from collector.workflows.job_context import JobContext


def find(job: "JobContext") -> Found:
    """Yield the images of a job's containers, of its steps, and of a container action."""
    yield from _image(job, job.node.get("container"), "container_image")
    services = job.node.mapping("services")
    for service in services.values.values() if services else ():
        yield from _image(job, service, "service_image")
    for step in job.steps:
        if step.uses is not None and step.uses.kind == "docker":
            image = Literal(step.uses.path, step.uses_line)
            yield named(step, "docker_uses", image, "pull")
    using = job.node.scalar("image") if job.file.kind == "action" else None
    if using is not None and using.text.startswith("docker://"):
        image = Literal(using.text.removeprefix("docker://"), using.line)
        yield SymbolicReference("docker_uses", image, "pull", "", -1, using.line)


def _image(job: "JobContext", node: Node | None, kind: str) -> Found:
    image = node.get("image") if isinstance(node, Mapping) else node
    if isinstance(image, Scalar) and image.text.strip():
        name = job.value(image)
        yield SymbolicReference(
            kind, name, "pull", job.id, -1, image.line, conditions=job.conditions
        )


FORM = Form(
    name="containers",
    job_words=("container:", "services:", "docker://", '"container"'),
    in_job=find,
)
