"""The probe: make the workflow that asks, and take its answers in as dated evidence."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector.errors import UsageError
from collector.github.artifacts import WorkflowRun, blob_id, download, find_run
from collector.github.editions import EditionKind, RegistryKind, edition_of
from collector.store import open_inventory
from pkginventory.connecting import open_clients
from pkginventory.judging import judge_again_if_needed
from pkginventory.probe_answers import Answer, ProbeError, read_answers
from pkginventory.probe_packages import probed_repository, wanted_packages
from pkginventory.probe_plan import Asked, Plan, fitting, new_nonce, read_plan
from pkginventory.probe_workflow import ARTIFACT, FILE, FORK_FILE, git_blob_id, render
from pkginventory.version import VERSION
from reports.output import output_folder
from reports.whatif_changes import find_package

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from collector.walk.progress import Progress
    from pkginventory.settings import Settings

_FOLDER: Final = ".github/workflows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A probe, ready to be committed.

    Attributes:
        names: the file that becomes the secret; None for a fork, which gets no secrets.
        left_out: packages that did not fit, or whose names a registry can't be asked for.
    """

    workflow: Path
    plan: Path
    names: Path | None
    asked: int
    left_out: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an import stored."""

    run_id: int
    granted: int
    refused: int
    open: int
    judged_again: bool


def make_probe(
    settings: Settings,
    org: str,
    repository: str,
    *,
    out: Path | None = None,
    fork_canary: str | None = None,
    public_key: Path | None = None,
) -> Made:
    """Write the workflow, the list for its secret, and the plan that the import needs.

    Raises:
        UsageError: no such repository or package was listed, or the key is none.
        OutputError: a file can't be written.
    """
    key = _public_key(public_key)
    with open_inventory(settings.db, read_only=True, lock_timeout=settings.lock_timeout) as con:
        repository_id, full_name = probed_repository(con, org, repository)
        if fork_canary is not None:
            number, kind, name = find_package(con, org, fork_canary)
            wanted = [Asked(package_id=number, package_type=kind, name=name)]
        else:
            wanted = wanted_packages(con, org=org, repository_id=repository_id)
    packages = fitting([asked for asked in wanted if asked.can_be_asked])
    if not packages:
        raise UsageError(
            f"No private package of {org} is left that {full_name} could be asked about.",
            hint="Only private packages of registries with permissions of their own need a probe.",
        )
    plan = Plan(
        org=org,
        repository=full_name,
        repository_id=repository_id,
        file=FORK_FILE if fork_canary is not None else FILE,
        nonce=new_nonce(),
        packages=packages,
        from_fork=fork_canary is not None,
        encrypted=bool(key),
    )
    text = _workflow(plan, settings=settings, key=key)
    default = Path(f"pkginventory-probe-{full_name.partition('/')[2]}.yml")
    return _write(
        replace(plan, blob_sha=git_blob_id(text)),
        text,
        out=out or default,
        left_out=len(wanted) - len(packages),
    )


def import_probe(
    settings: Settings,
    org: str,
    plan_file: Path,
    *,
    repository: str | None = None,
    run_id: int | None = None,
    private_key: Path | None = None,
    progress: Progress,
) -> Taken:
    """Fetch a run's answers, check where they come from, store them and judge again.

    Raises:
        ProbeError: they come from another repository, run, commit or workflow text.
        InventoryError: GitHub does not give them.
    """
    plan = read_plan(plan_file)
    said = repository if repository is None or "/" in repository else f"{org}/{repository}"
    if plan.org.lower() != org.lower() or (
        said is not None and said.lower() != plan.repository.lower()
    ):
        raise UsageError(f"{plan_file} is the plan of a probe of {plan.repository}.")
    run, files = asyncio.run(_fetch(settings, plan, run_id=run_id, progress=progress))
    answers = read_answers(
        files, plan=plan, run_id=run.id, head_sha=run.head_sha, private_key=private_key
    )
    with open_inventory(settings.db, lock_timeout=settings.lock_timeout) as con:
        con.begin()
        try:
            store_answers(con, answers, plan=plan, run=run)
            con.commit()
        except BaseException:
            con.rollback()
            raise
    return Taken(
        run_id=run.id,
        granted=sum(answer.granted is True for answer in answers),
        refused=sum(answer.granted is False for answer in answers),
        open=sum(answer.granted is None for answer in answers),
        judged_again=judge_again_if_needed(settings, plan.org),
    )


def store_answers(
    con: duckdb.DuckDBPyConnection, answers: Sequence[Answer], *, plan: Plan, run: WorkflowRun
) -> None:
    """Store what was granted or refused; the same run's answers are stored once."""
    days = con.execute("select probe_max_age_days from setting").fetchone()
    expires = run.ended_at + timedelta(days=int(days[0]) if days else 30)
    source = (
        f"run {run.id} of {plan.repository}, commit {run.head_sha}, workflow blob {plan.blob_sha}"
    )
    con.execute("delete from probe_answer where org = ? and source = ?", [plan.org, source])
    for answer in answers:
        if answer.granted is None:
            continue
        con.execute(
            "insert into probe_answer (org, package_id, repository_id, right_asked, granted,"
            " from_fork, http_status, answered_at, expires_at, source)"
            " values (?, ?, ?, 'read', ?, ?, ?, ?, ?, ?)",
            [
                plan.org,
                answer.asked.package_id,
                plan.repository_id,
                answer.granted,
                plan.from_fork,
                answer.http_status,
                run.ended_at,
                expires,
                source,
            ],
        )


async def _fetch(
    settings: Settings, plan: Plan, *, run_id: int | None, progress: Progress
) -> tuple[WorkflowRun, Mapping[str, bytes]]:
    async with AsyncExitStack() as stack:
        clients = await open_clients(settings, plan.org, progress, stack)
        gh = clients.general
        event = "pull_request" if plan.from_fork else "workflow_dispatch"
        run = await find_run(gh, plan.repository, file=plan.file, event=event, run_id=run_id)
        _check_run(run, plan=plan, event=event)
        found = await blob_id(
            gh, run.head_repository, file=f"{_FOLDER}/{plan.file}", ref=run.head_sha
        )
        if found != plan.blob_sha:
            raise ProbeError(
                f"At commit {run.head_sha} the workflow is not the one that was generated"
                f" (blob {found or 'missing'}, not {plan.blob_sha}).",
                hint="Commit the generated file as it is, and start it again.",
            )
        return run, await download(gh, plan.repository, run=run, name=ARTIFACT)


def _check_run(run: WorkflowRun, *, plan: Plan, event: str) -> None:
    """Refuse a run that is not of this repository, workflow and event.

    Raises:
        ProbeError: it is another one.
    """
    own = run.head_repository.lower() == plan.repository.lower()
    reasons = {
        "belongs to another repository": run.repository_id != plan.repository_id,
        f"ran another workflow ({run.path})": run.path != f"{_FOLDER}/{plan.file}",
        f"was started by {run.event}, not {event}": run.event != event,
        f"ended with {run.conclusion or 'nothing yet'}": run.conclusion != "success",
        "ran a commit of another repository": not own and not plan.from_fork,
        "was not from a fork": plan.from_fork and (own or not run.head_is_fork),
    }
    wrong = next((reason for reason, holds in reasons.items() if holds), None)
    if wrong:
        raise ProbeError(f"Run {run.id} of {plan.repository} {wrong}; nothing was stored.")


def _public_key(path: Path | None) -> str:
    if path is None:
        return ""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_public_key,
    )

    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} is no public key in PEM.") from error
    if not isinstance(key, RSAPublicKey):
        raise UsageError(
            f"{path} is no RSA key.", hint="openssl genrsa -out team.key 4096 makes one."
        )
    # Written anew: nothing but the key gets into the workflow.
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def _workflow(plan: Plan, *, settings: Settings, key: str) -> str:
    edition = edition_of(settings.api_url)
    registry = edition.registry(RegistryKind.CONTAINER).hosts[0]
    return render(
        plan,
        api_url=edition.api_url,
        registry=registry,
        version=VERSION,
        public_key=key,
        server=edition.kind is EditionKind.GHES,
    )


def _write(plan: Plan, text: str, *, out: Path, left_out: int) -> Made:
    plan_file, names = out.with_suffix(".plan.json"), out.with_suffix(".names")
    with output_folder(out.parent) as folder:
        with folder.open(out.name) as file:
            file.write(text.encode())
        with folder.open(plan_file.name) as file:
            file.write(plan.to_json().encode())
        if not plan.from_fork:
            with folder.open(names.name) as file:
                file.write(plan.names().encode())
    return Made(
        workflow=out,
        plan=plan_file,
        names=None if plan.from_fork else names,
        asked=len(plan.packages),
        left_out=left_out,
        path=f"{_FOLDER}/{plan.file}",
    )
