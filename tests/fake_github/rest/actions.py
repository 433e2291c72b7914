"""Workflows, their runs, and the artifacts that runs leave behind."""

import hashlib
import io
import zipfile
from typing import Any

from tests.fake_github import shapes
from tests.fake_github.access import Access
from tests.fake_github.context import Context, Refusal, node_id, not_found
from tests.fake_github.gitdata import object_id
from tests.fake_github.http import Response
from tests.fake_github.model import DAY, Artifact, Run, iso
from tests.fake_github.paging import counted
from tests.fake_github.routing import Router

api = Router()
READ = Access(permission="actions")
# Downloading asks for a token even where the repository is public.
DOWNLOAD = Access(scopes=("repo", "public_repo"), permission="actions")
WORKFLOWS = ".github/workflows/"


def workflow_id(repository_id: int, path: str) -> int:
    """Number a workflow file; the number follows from repository and path."""
    return int(object_id("workflow", f"{repository_id}:{path}".encode())[:7], 16)


@api.get("/repos/{owner}/{repo}/actions/workflows", READ)
def list_workflows(ctx: Context) -> Response:
    """List workflows, those too whose file has gone from the default branch."""
    files = ctx.repo.head.files if ctx.repo.head else {}
    paths = [
        path
        for path in files
        if path.startswith(WORKFLOWS) and path.endswith((".yml", ".yaml")) and path.count("/") == 2
    ]
    states = dict.fromkeys(paths, "active") | ctx.repo.workflow_states
    url = f"{ctx.base}/repos/{ctx.repo.full_name}/actions/workflows"
    site = f"{ctx.site}/{ctx.repo.full_name}"

    def render(item: tuple[str, str]) -> dict[str, Any]:
        path, state = item
        number = workflow_id(ctx.repo.id, path)
        name = path.rpartition("/")[2]
        return {
            "id": number,
            "node_id": node_id("W", number),
            "name": path,
            "path": path,
            "state": state,
            "created_at": iso(ctx.repo.created_at),
            "updated_at": iso(ctx.repo.pushed_at),
            "url": f"{url}/{number}",
            "html_url": f"{site}/blob/{ctx.repo.default_branch}/{path}",
            "badge_url": f"{site}/workflows/{shapes.quoted(name)}/badge.svg",
        }

    return counted(ctx, "workflows", list(states.items()), render)


def run(ctx: Context, one: Run) -> dict[str, Any]:
    """Write a workflow run."""
    url = f"{ctx.base}/repos/{ctx.repo.full_name}"
    number = workflow_id(ctx.repo.id, one.path)
    here = f"{url}/actions/runs/{one.id}"
    repository = shapes.repository_head(ctx, ctx.repo)
    person = {"name": "Olivia", "email": "olivia@acme.example"}
    tree = ctx.repo.head.trees[""].oid if ctx.repo.head else "0" * 40
    return {
        "id": one.id,
        "name": one.path,
        "node_id": node_id("WFR", one.id),
        "head_branch": one.head_branch,
        "head_sha": one.head_sha,
        "path": one.path,
        "display_title": "Change",
        "run_number": 1,
        "run_attempt": 1,
        "event": one.event,
        "status": "completed" if one.conclusion else "in_progress",
        "conclusion": one.conclusion,
        "workflow_id": number,
        "check_suite_id": one.id + 1,
        "check_suite_node_id": node_id("CS", one.id + 1),
        "url": here,
        "html_url": f"{ctx.site}/{ctx.repo.full_name}/actions/runs/{one.id}",
        "pull_requests": [],
        "created_at": iso(one.created_at),
        "updated_at": iso(one.created_at + 90),
        "run_started_at": iso(one.created_at),
        "actor": shapes.user(ctx, "olivia"),
        "triggering_actor": shapes.user(ctx, "olivia"),
        "jobs_url": f"{here}/jobs",
        "logs_url": f"{here}/logs",
        "check_suite_url": f"{url}/check-suites/{one.id + 1}",
        "artifacts_url": f"{here}/artifacts",
        "cancel_url": f"{here}/cancel",
        "rerun_url": f"{here}/rerun",
        "previous_attempt_url": None,
        "workflow_url": f"{url}/actions/workflows/{number}",
        "head_commit": {
            "id": one.head_sha,
            "tree_id": tree,
            "message": "Change",
            "timestamp": iso(one.created_at),
            "author": person,
            "committer": person,
        },
        "repository": repository,
        "head_repository": shapes.repository_head(ctx, one.head_repository or ctx.repo),
    }


@api.get("/repos/{owner}/{repo}/actions/runs", READ)
def list_runs(ctx: Context) -> Response:
    """List runs, the newest first."""
    found = [r for r in ctx.repo.runs if _wanted(ctx, r)]
    found.sort(key=lambda r: (r.created_at, r.id), reverse=True)
    return counted(ctx, "workflow_runs", found, lambda r: run(ctx, r))


@api.get("/repos/{owner}/{repo}/actions/workflows/{workflow}/runs", READ)
def list_runs_of_workflow(ctx: Context) -> Response:
    """List the runs of one workflow, named by id or by file."""
    asked = ctx.params["workflow"]
    found = [
        r
        for r in ctx.repo.runs
        if asked in (str(workflow_id(ctx.repo.id, r.path)), r.path.rpartition("/")[2])
        and _wanted(ctx, r)
    ]
    found.sort(key=lambda r: (r.created_at, r.id), reverse=True)
    return counted(ctx, "workflow_runs", found, lambda r: run(ctx, r))


def _wanted(ctx: Context, one: Run) -> bool:
    status = ctx.query("status")
    return (
        ctx.query("event", one.event) == one.event
        and ctx.query("branch", one.head_branch) == one.head_branch
        and ctx.query("head_sha", one.head_sha) == one.head_sha
        and status in ("", one.conclusion, "completed" if one.conclusion else "in_progress")
    )


def _find_run(ctx: Context) -> Run:
    for one in ctx.repo.runs:
        if str(one.id) == ctx.params["run"]:
            return one
    raise not_found()


@api.get("/repos/{owner}/{repo}/actions/runs/{run}", READ)
def get_run(ctx: Context) -> Response:
    """Give one run."""
    return Response.json(run(ctx, _find_run(ctx)))


@api.get("/repos/{owner}/{repo}/actions/runs/{run}/artifacts", READ)
def list_run_artifacts(ctx: Context) -> Response:
    """List what one run left behind."""
    one = _find_run(ctx)
    found = [(one, a) for a in one.artifacts if ctx.query("name", a.name) == a.name]
    return counted(ctx, "artifacts", found, lambda item: _artifact(ctx, *item))


@api.get("/repos/{owner}/{repo}/actions/artifacts", READ)
def list_artifacts(ctx: Context) -> Response:
    """List what all runs left behind, the newest first."""
    found = [
        (one, a)
        for one in sorted(ctx.repo.runs, key=lambda r: -r.created_at)
        for a in one.artifacts
        if ctx.query("name", a.name) == a.name
    ]
    return counted(ctx, "artifacts", found, lambda item: _artifact(ctx, *item))


def _artifact(ctx: Context, one: Run, found: Artifact) -> dict[str, Any]:
    url = f"{ctx.base}/repos/{ctx.repo.full_name}/actions/artifacts/{found.id}"
    content = zipped(found)
    return {
        "id": found.id,
        "node_id": node_id("A", found.id),
        "name": found.name,
        "size_in_bytes": len(content),
        "url": url,
        "archive_download_url": f"{url}/zip",
        "expired": found.expired,
        "created_at": iso(one.created_at),
        "updated_at": iso(one.created_at),
        "expires_at": iso(one.created_at + 90 * DAY),
        "digest": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "workflow_run": {
            "id": one.id,
            "repository_id": ctx.repo.id,
            "head_repository_id": ctx.repo.id,
            "head_branch": one.head_branch,
            "head_sha": one.head_sha,
        },
    }


def zipped(found: Artifact) -> bytes:
    """Pack an artifact; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


@api.get("/repos/{owner}/{repo}/actions/artifacts/{id}/zip", DOWNLOAD)
def download_artifact(ctx: Context) -> Response:
    """Redirect to the archive, which lies elsewhere and asks for no token."""
    for one in ctx.repo.runs:
        for found in one.artifacts:
            if str(found.id) == ctx.params["id"]:
                if found.expired:
                    raise Refusal(410, "Artifact has expired")
                ctx.vault.downloads[found.id] = zipped(found)
                # another host than the API's, so that a token sent there is noticed
                store = ctx.link_base.replace("//127.0.0.1", "//localhost")
                where = f"{store}/_storage/{found.id}?sig=made-up"
                return Response(302, b"", {"location": where})
    raise not_found()


@api.get("/_storage/{id}")
def storage(ctx: Context) -> Response:
    """Play the blob store that artifacts are downloaded from; a signed address takes no token."""
    if ctx.credential.kind != "anonymous":
        raise Refusal(400, "An address that is signed is asked without a token.")
    content = ctx.vault.downloads.get(int(ctx.params["id"]))
    if content is None:
        raise not_found()
    return Response(200, content, {"content-type": "application/zip"})
