"""Trees, blobs and contents, with GitHub's odd corners."""

import base64
import re
from typing import Any

from tests.fake_github import shapes
from tests.fake_github.access import Access
from tests.fake_github.context import Context, Refusal, node_id, not_found
from tests.fake_github.gitdata import SUBMODULE, SYMLINK, Entry, File, Snapshot
from tests.fake_github.http import Response
from tests.fake_github.model import iso
from tests.fake_github.routing import Router

api = Router()
READ = Access(permission="contents")
MEGABYTE = 1_048_576
DIRECTORY_LIMIT = 1000
SHA = re.compile(r"[0-9a-f]{40}")


def _base64(content: bytes) -> str:
    text = base64.b64encode(content).decode()
    return "".join(f"{text[i : i + 60]}\n" for i in range(0, len(text), 60))


def _raw(ctx: Context) -> bool:
    return bool(re.search(r"application/vnd\.github(\.v3)?\.raw(\+json)?", ctx.accept))


def _resolve(ctx: Context, expression: str) -> tuple[Snapshot, str] | None:
    if SHA.fullmatch(expression):
        return ctx.repo.tree_path(expression)
    ref, _, path = expression.partition(":")
    snapshot = ctx.repo.snapshot(ref)
    if snapshot is None or snapshot.tree(path) is None:
        return None
    return snapshot, path.strip("/")


@api.get("/repos/{owner}/{repo}/git/trees/{sha}", READ)
def get_tree(ctx: Context) -> Response:
    """Give a tree; `recursive` counts as soon as it is there, whatever it says."""
    if ctx.repo.empty:
        raise Refusal(409, "Git Repository is empty.")
    found = _resolve(ctx, ctx.params["sha"])
    if found is None:
        raise not_found()
    snapshot, path = found
    tree = snapshot.trees[path]
    url = f"{ctx.base}/repos/{ctx.repo.full_name}/git"
    if "recursive" in ctx.request.params:
        prefix = f"{path}/" if path else ""
        lines = [(full.removeprefix(prefix), entry) for full, entry in snapshot.walk(path)]
    else:
        lines = [(entry.name, entry) for entry in tree.entries]
    limit = ctx.world.switches.tree_limit
    body = {
        "sha": tree.oid,
        "url": f"{url}/trees/{tree.oid}",
        "tree": [_tree_line(url, name, entry) for name, entry in lines[:limit]],
        "truncated": len(lines) > limit,
    }
    return Response.json(body)


def _tree_line(url: str, path: str, entry: Entry) -> dict[str, Any]:
    line: dict[str, Any] = {
        "path": path,
        "mode": entry.mode,
        "type": entry.type,
        "sha": entry.oid,
    }
    if entry.size is not None:
        line["size"] = entry.size
    if entry.type != "commit":
        line["url"] = f"{url}/{'trees' if entry.type == 'tree' else 'blobs'}/{entry.oid}"
    return line


@api.get("/repos/{owner}/{repo}/git/blobs/{sha}", READ)
def get_blob(ctx: Context) -> Response:
    """Give a blob as base64 or raw."""
    sha = ctx.params["sha"]
    if ctx.repo.empty:
        raise Refusal(409, "Git Repository is empty.")
    if not SHA.fullmatch(sha):
        raise Refusal(
            422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f]."
        )
    file = ctx.repo.blob(sha)
    if file is None:
        raise not_found()
    if _raw(ctx):
        return _raw_response(file.content)
    body = {
        "sha": sha,
        "node_id": node_id("B", ctx.repo.id),
        "size": len(file.content),
        "url": f"{ctx.base}/repos/{ctx.repo.full_name}/git/blobs/{sha}",
        "content": _base64(file.content),
        "encoding": "base64",
    }
    return Response.json(body)


def _raw_response(content: bytes) -> Response:
    return Response(
        200, content, {"content-type": "application/vnd.github.raw+json; charset=utf-8"}
    )


@api.get("/repos/{owner}/{repo}/contents/{path*}", READ)
def get_content(ctx: Context) -> Response:
    """Give a file or a directory; a link to a file gives the file."""
    return _content(ctx, ctx.params["path"])


def _content(ctx: Context, path: str) -> Response:
    if ctx.repo.empty:
        raise Refusal(404, "This repository is empty.")
    ref = ctx.query("ref") or ctx.repo.default_branch
    snapshot = ctx.repo.snapshot(ref)
    if snapshot is None:
        raise Refusal(404, f"No commit found for the ref {ref}")
    if snapshot.tree(path) is not None:
        return _directory(ctx, snapshot, path, ref)
    file = snapshot.files.get(path)
    if file is None:
        raise not_found()
    if file.mode == SYMLINK:
        target = _target(snapshot, path, file)
        if target is not None:
            file = target
    return _file(ctx, path, file, ref)


@api.get("/repos/{owner}/{repo}/contents", READ)
def get_root(ctx: Context) -> Response:
    """Give the root directory."""
    return _content(ctx, "")


def _target(snapshot: Snapshot, path: str, link: File) -> File | None:
    parts = path.split("/")[:-1]
    for part in link.content.decode(errors="replace").split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    found = snapshot.files.get("/".join(parts))
    return found if found is not None and found.mode not in (SYMLINK, SUBMODULE) else None


def _links(ctx: Context, path: str, ref: str, git: str | None) -> dict[str, Any]:
    name = ctx.repo.full_name
    url = f"{ctx.base}/repos/{name}/contents/{path}?ref={ref}"
    html = f"{ctx.site}/{name}/blob/{ref}/{path}"
    return {
        "url": url,
        "html_url": html,
        "git_url": git,
        "download_url": None,
        "_links": {"self": url, "git": git, "html": html},
    }


def _file(ctx: Context, path: str, file: File, ref: str) -> Response:
    size = len(file.content)
    git = f"{ctx.base}/repos/{ctx.repo.full_name}/git/blobs/{file.oid}"
    head: dict[str, Any] = {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": file.oid,
        "size": size,
    }
    if file.mode == SUBMODULE:
        body = {"type": "submodule", "submodule_git_url": f"{ctx.site}/acme/other.git", "size": 0}
        return Response.json(head | body | _links(ctx, path, ref, git))
    if file.mode == SYMLINK:
        body = {"type": "symlink", "target": file.content.decode(errors="replace")}
        return Response.json(head | body | _links(ctx, path, ref, git))
    if size > 100 * MEGABYTE:
        raise Refusal(403, "This API returns blobs up to 100 MB in size.")
    if _raw(ctx):
        return _raw_response(file.content)
    whole = size <= MEGABYTE
    body = {
        "type": "file",
        "content": _base64(file.content) if whole else "",
        "encoding": "base64" if whole else "none",
    }
    return Response.json(head | body | _links(ctx, path, ref, git))


def _directory(ctx: Context, snapshot: Snapshot, path: str, ref: str) -> Response:
    tree = snapshot.trees[path.strip("/")]
    items = [_item(ctx, path.strip("/"), e, ref) for e in tree.entries[:DIRECTORY_LIMIT]]
    if "application/vnd.github.object" in ctx.accept:
        head = {"type": "dir", "size": 0, "name": path.rpartition("/")[2], "path": path}
        links = _links(ctx, path, ref, None)
        return Response.json(head | {"sha": tree.oid, "entries": items} | links)
    return Response.json(items)


def _item(ctx: Context, parent: str, entry: Entry, ref: str) -> dict[str, Any]:
    path = f"{parent}/{entry.name}" if parent else entry.name
    kind = {"tree": "dir", "blob": "file", "commit": "submodule"}[entry.type]
    if entry.mode == SYMLINK:
        kind = "symlink"
    if kind == "submodule" and ctx.request.headers.get("x-github-api-version") != "2026-03-10":
        # 2022-11-28 calls a submodule a file in listings
        kind = "file"
    part = "blobs" if entry.type == "blob" else "trees"
    git = f"{ctx.base}/repos/{ctx.repo.full_name}/git/{part}/{entry.oid}"
    return {
        "name": entry.name,
        "path": path,
        "sha": entry.oid,
        "size": entry.size or 0,
        "type": kind,
    } | _links(ctx, path, ref, git)


@api.get("/repos/{owner}/{repo}/branches/{branch}", READ)
def get_branch(ctx: Context) -> Response:
    """Give a branch and the commit it points at."""
    snapshot = ctx.repo.refs.get(ctx.params["branch"])
    if snapshot is None:
        raise Refusal(404, "Branch not found")
    url = f"{ctx.base}/repos/{ctx.repo.full_name}"
    name = ctx.params["branch"]
    return Response.json(
        {
            "name": name,
            "commit": commit(ctx, snapshot),
            "_links": {
                "self": f"{url}/branches/{name}",
                "html": f"{ctx.site}/{ctx.repo.full_name}/tree/{name}",
            },
            "protected": False,
            "protection": {"enabled": False},
            "protection_url": f"{url}/branches/{name}/protection",
        }
    )


@api.get("/repos/{owner}/{repo}/commits/{ref}", READ)
def get_commit(ctx: Context) -> Response:
    """Give a commit by branch, tag or id."""
    if ctx.repo.empty:
        raise Refusal(409, "Git Repository is empty.")
    snapshot = ctx.repo.snapshot(ctx.params["ref"])
    if snapshot is None:
        raise Refusal(422, f"No commit found for SHA: {ctx.params['ref']}")
    return Response.json(commit(ctx, snapshot))


def commit(ctx: Context, snapshot: Snapshot) -> dict[str, Any]:
    """Write a commit."""
    url = f"{ctx.base}/repos/{ctx.repo.full_name}"
    sha, tree = snapshot.commit, snapshot.trees[""].oid
    when = iso(ctx.repo.pushed_at)
    person = {"name": "Olivia", "email": "olivia@acme.example", "date": when}
    return {
        "sha": sha,
        "node_id": node_id("C", ctx.repo.id),
        "url": f"{url}/commits/{sha}",
        "html_url": f"{ctx.site}/{ctx.repo.full_name}/commit/{sha}",
        "comments_url": f"{url}/commits/{sha}/comments",
        "commit": {
            "url": f"{url}/git/commits/{sha}",
            "author": person,
            "committer": person,
            "message": "Change",
            "comment_count": 0,
            "tree": {"sha": tree, "url": f"{url}/git/trees/{tree}"},
        },
        "author": shapes.user(ctx, "olivia"),
        "committer": shapes.user(ctx, "olivia"),
        "parents": [],
    }
