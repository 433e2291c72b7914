"""`container.credentials` and `services.*.credentials`: the runner logs in to pull the image."""

from typing import TYPE_CHECKING

from collector.workflows.document import Mapping
from collector.workflows.logins.base import Form, Found

if TYPE_CHECKING:
    from collector.workflows.job_context import JobContext


def find(job: "JobContext") -> Found:
    """Yield a login for each container of a job that has credentials."""
    container = job.node.mapping("container")
    if container is not None:
        yield from _login(job, container, "job-container")
    services = job.node.mapping("services")
    for service in services.values.values() if services else ():
        if isinstance(service, Mapping):
            yield from _login(job, service, "service-container")


def _login(job: "JobContext", node: Mapping, form: str) -> Found:
    credentials = node.mapping("credentials")
    password = credentials.scalar("password") if credentials else None
    if credentials is None or password is None:
        return
    # The host is the image's own; Docker Hub where the image names none.
    yield job.login(
        form,
        host=job.value(node.get("image")),
        credential=job.value(password),
        line=credentials.keys["password"].line,
    )


FORM = Form(name="container-credentials", job_words=("credentials",), in_job=find)
