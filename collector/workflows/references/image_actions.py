"""Images that actions are handed: what they push, pull or scan, by a table of their inputs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.workflows.logins.base import Form, Found
from collector.workflows.references.parts import beneath, listed, named
from collector.workflows.terms import Access, Literal, plain

if TYPE_CHECKING:
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext

_REPOSITORY: Final = Access(("github", "repository"))


@dataclass(frozen=True, slots=True)
class ImageAction:
    """One action.

    Attributes:
        names: inputs that hold images, the first that is given counts.
        host: inputs that hold the host, when the name does not begin with it.
        default_host: the host when no such input is given.
        default_name: whether it takes `github.repository` when no name is given.
        needs: an input that must be true.
    """

    names: tuple[str, ...]
    operation: str
    host: tuple[str, ...] = ()
    default_host: str = ""
    default_name: bool = False
    needs: str = ""


# Each by its README.
_ACTIONS: Final[dict[str, ImageAction]] = {
    "redhat-actions/push-to-registry": ImageAction(("image", "tags"), "push", ("registry",)),
    "elgohr/publish-docker-github-action": ImageAction(("name",), "push", ("registry",)),
    "elgohr/publish-docker-action": ImageAction(("name",), "push", ("registry",)),
    "mr-smithers-excellent/docker-build-push": ImageAction(("image",), "push", ("registry",)),
    "macbre/push-to-ghcr": ImageAction(
        ("image_name",), "push", ("docker_io_registry",), "ghcr.io", default_name=True
    ),
    "whoan/docker-build-with-cache-action": ImageAction(("image_name",), "push", ("registry",)),
    "akhilerm/tag-push-action": ImageAction(("dst",), "push"),
    "shrink/actions-docker-registry-tag": ImageAction(
        ("repository",), "push", ("registry",), "ghcr.io", default_name=True
    ),
    "int128/docker-manifest-create-action": ImageAction(("tags",), "push"),
    "noelware/docker-manifest-action": ImageAction(("inputs", "tags"), "push"),
    "actions/attest-build-provenance": ImageAction(
        ("subject-name",), "push", needs="push-to-registry"
    ),
    "actions/attest-sbom": ImageAction(("subject-name",), "push", needs="push-to-registry"),
    "actions/attest": ImageAction(("subject-name",), "push", needs="push-to-registry"),
    "aquasecurity/trivy-action": ImageAction(("image-ref",), "pull"),
    "anchore/scan-action": ImageAction(("image",), "pull"),
    "anchore/sbom-action": ImageAction(("image",), "pull"),
    "docker/scout-action": ImageAction(("image",), "pull"),
    "addnab/docker-run-action": ImageAction(("image",), "pull"),
    "snyk/actions/docker": ImageAction(("image",), "pull"),
    "azure/container-scan": ImageAction(("image-name",), "pull"),
    "crazy-max/ghaction-container-scan": ImageAction(("image",), "pull"),
}


def find(job: "JobContext") -> Found:
    """Yield the images of a job's actions."""
    for step in job.steps:
        row = _ACTIONS.get(step.uses.name) if step.uses else None
        if row is not None:
            yield from _named(step, row)


def _named(step: "StepContext", row: ImageAction) -> Found:
    if row.needs and plain(step.input(row.needs)) in (None, "false", ""):
        return
    given = step.input(*row.names)
    names = list(listed(given)) if given is not None else []
    if not names and row.default_name:
        names = [_REPOSITORY]
    host = step.input(*row.host) if row.host else None
    if host is None and row.default_host:
        host = Literal(row.default_host)
    for name in names:
        full = beneath(host, name) if host is not None and plain(host) != "" else name
        yield named(step, "action_" + row.operation, full, row.operation)


FORM = Form(name="image-actions", job_actions=tuple(sorted(_ACTIONS)), in_job=find)
