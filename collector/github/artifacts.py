"""What a workflow run left behind: the run, the file it ran, and its artifact.

https://docs.github.com/en/rest/actions/artifacts: an archive is answered with a redirect to a blob store, whose
address is signed. That is another host, so the token stays here.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from collector.errors import InventoryError
from collector.github.editions import is_loopback
from collector.github.outcomes import Outcome
from collector.github.protocol import JSON, Request, path, resolve, user_agent
from collector.github.wire import Fault, Wire, WireOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector.github.answers import Answer
    from collector.github.client import GitHub

MAX_ARCHIVE: Final = 4 * 1024 * 1024
MAX_FILES: Final = 16
_OK: Final = 200


class ArtifactError(InventoryError):
    """A run or what it left behind can't be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRun:
    """One run of a workflow file.

    Attributes:
        repository_id: where it ran.
        head_repository: whose commit it ran: a fork's, for a fork's pull request.
    """

    id: int
    path: str
    event: str
    conclusion: str | None
    head_sha: str
    repository_id: int
    head_repository: str
    head_is_fork: bool
    ended_at: datetime


async def find_run(
    gh: GitHub, repository: str, *, file: str, event: str, run_id: int | None = None
) -> WorkflowRun:
    """Return a run by its id, or the newest successful one of a workflow file.

    Raises:
        ArtifactError: there is none, or it may not be read.
    """
    owner, _, repo = repository.partition("/")
    if run_id is not None:
        answer = await gh.get(
            path("/repos/{owner}/{repo}/actions/runs/{run}", owner=owner, repo=repo, run=run_id)
        )
        return _run(_read(answer, what=f"run {run_id} of {repository}"))
    answer = await gh.get(
        path(
            "/repos/{owner}/{repo}/actions/workflows/{file}/runs",
            owner=owner,
            repo=repo,
            file=file,
        ),
        params={"status": "success", "event": event, "per_page": 1},
    )
    runs = _read(answer, what=f"the runs of {file} in {repository}").get("workflow_runs")
    if not isinstance(runs, list) or not runs:
        raise ArtifactError(
            f"No run of {file} in {repository} has succeeded yet.",
            hint="Commit the workflow to the default branch, set the secret, and start it once.",
        )
    return _run(runs[0])


async def blob_id(gh: GitHub, repository: str, *, file: str, ref: str) -> str | None:
    """Return git's id of a file at a commit; None where there is no such file."""
    owner, _, repo = repository.partition("/")
    answer = await gh.get(
        path("/repos/{owner}/{repo}/contents/{+file}", owner=owner, repo=repo, file=file),
        params={"ref": ref},
    )
    found = answer.data if answer.ok and isinstance(answer.data, dict) else {}
    sha = found.get("sha")
    return sha if isinstance(sha, str) else None


async def download(
    gh: GitHub, repository: str, *, run: WorkflowRun, name: str
) -> Mapping[str, bytes]:
    """Return the files of a run's artifact.

    Raises:
        ArtifactError: there is none, it has expired, or it is no archive of a few small files.
    """
    owner, _, repo = repository.partition("/")
    listed = await gh.get(
        path(
            "/repos/{owner}/{repo}/actions/runs/{run}/artifacts",
            owner=owner,
            repo=repo,
            run=run.id,
        ),
        params={"name": name},
    )
    found = _read(listed, what=f"the artifacts of run {run.id}").get("artifacts")
    kept = [item for item in found or [] if _is_of(item, run=run, name=name)]
    if len(kept) != 1:
        raise ArtifactError(
            f"Run {run.id} of {repository} has {len(kept) or 'no'} artifact {name} that is left.",
            hint="Artifacts expire after a few days: start the workflow again.",
        )
    answer = await gh.get_bytes(
        path(
            "/repos/{owner}/{repo}/actions/artifacts/{artifact}/zip",
            owner=owner,
            repo=repo,
            artifact=int(kept[0]["id"]),
        ),
        accept=JSON,
        max_bytes=MAX_ARCHIVE,
    )
    if answer.outcome is Outcome.MOVED:
        archive = await _fetch_elsewhere(
            resolve(answer.headers.get("location", ""), base=answer.url),
            options=gh.options.wire,
        )
    elif answer.ok and isinstance(answer.data, bytes):
        archive = answer.data
    else:
        raise ArtifactError(f"Artifact {name} of run {run.id} can't be had: {_why(answer)}.")
    return unpack(archive)


def unpack(archive: bytes) -> Mapping[str, bytes]:
    """Return the files of a zip archive, few and small ones only.

    Raises:
        ArtifactError: it is no such archive.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            entries = opened.infolist()
            # What the directory of an archive says may be a lie, so reading is bounded too.
            if len(entries) > MAX_FILES or sum(item.file_size for item in entries) > MAX_ARCHIVE:
                raise ArtifactError("The artifact holds more than a probe's answers.")
            files = {}
            for item in entries:
                with opened.open(item) as file:
                    files[item.filename] = file.read(MAX_ARCHIVE + 1)[:MAX_ARCHIVE]
            return files
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ArtifactError("The artifact is no archive that can be read.") from error


async def _fetch_elsewhere(url: str, *, options: WireOptions) -> bytes:
    """Fetch a signed address without the token."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ArtifactError("The artifact lies at an address that is not https.")
    wire = Wire(url, in_flight=1, options=options)
    headers = {"accept": "*/*", "user-agent": user_agent()}
    try:
        answer = await wire.send(
            Request(method="GET", url=url, headers=headers, body=b""), max_bytes=MAX_ARCHIVE
        )
    except Fault as fault:
        raise ArtifactError(f"The artifact can't be had: {fault.detail}.") from fault
    finally:
        await wire.close()
    if answer.status != _OK:
        raise ArtifactError(f"The artifact can't be had: its store answers {answer.status}.")
    return answer.body


def _is_of(item: Any, *, run: WorkflowRun, name: str) -> bool:
    if not isinstance(item, dict) or item.get("name") != name or item.get("expired"):
        return False
    origin = item.get("workflow_run")
    return isinstance(origin, dict) and origin.get("id") == run.id


def _run(item: Any) -> WorkflowRun:
    try:
        head = item["head_repository"] or {}
        return WorkflowRun(
            id=int(item["id"]),
            path=str(item["path"]).partition("@")[0],
            event=str(item["event"]),
            conclusion=item["conclusion"],
            head_sha=str(item["head_sha"]),
            repository_id=int(item["repository"]["id"]),
            head_repository=str(head.get("full_name") or ""),
            head_is_fork=bool(head.get("fork")),
            ended_at=datetime.fromisoformat(str(item["updated_at"]))
            .astimezone(UTC)
            .replace(tzinfo=None),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ArtifactError("GitHub describes the run in another way than documented.") from error


def _read(answer: Answer, *, what: str) -> dict[str, Any]:
    if not answer.ok or not isinstance(answer.data, dict):
        raise ArtifactError(
            f"{what[0].upper()}{what[1:]} can't be read: {_why(answer)}.",
            hint="The token needs to read Actions of the repository (classic: repo).",
        )
    return answer.data


def _why(answer: Answer) -> str:
    said = answer.message or str(answer.outcome).replace("_", " ")
    return f"{answer.status or 'no answer'} {said}".rstrip(".")
