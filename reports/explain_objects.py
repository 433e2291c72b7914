"""Explain a repository, a secret and a workflow: what reaches what through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from collector.errors import UsageError
from reports.asking import ask
from reports.explanations import Explanation, Hop, several
from reports.judged import judged_about
from reports.narrowing import narrowed
from reports.words import count

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]


def explain_repository(
    con: duckdb.DuckDBPyConnection, name: str, *, org: str, run: Row
) -> Explanation:
    """Answer which packages the workflows of a repository have evidence of access to.

    Raises:
        UsageError: no such repository was listed.
    """
    with narrowed(con, org=org):
        return _explained_repository(con, name, org=org, run=run)


def _explained_repository(
    con: duckdb.DuckDBPyConnection, name: str, *, org: str, run: Row
) -> Explanation:
    repository = _repository(con, org, name)
    number = repository["repository_id"]
    access = ask(
        con,
        "select access_evidence.*, packages.subject, packages.visibility from access_evidence"
        " join packages using (org, package_id)"
        " where access_evidence.org = $org and access_evidence.repository_id = $id"
        " order by subject, polarity desc, level, kind, source",
        {"org": org, "id": number},
    )
    logins = ask(
        con,
        "select place, registry_phrase, credential, credential_name, line, observed_at"
        " from registry_logins where org = $org and repository_id = $id"
        " order by path, job, line, credential_name",
        {"org": org, "id": number},
    )
    routes = ask(
        con,
        "select detail from fork_routes where org = $org and repository_id = $id",
        {"org": org, "id": number},
    )
    closed = sorted(
        {
            row["subject"]
            for row in access
            if row["polarity"] == "grants" and row["visibility"] != "public"
        }
    )
    stored = [row for row in logins if row["credential"] == "pat"]
    doubt = _unread(con, org=org, repository_id=number)
    what = f"evidence of access to {count(len(closed), 'private or internal package')}"
    return Explanation(
        org=org,
        subject=repository["repository"],
        kind="repository",
        answer=(
            f"{repository['visibility'].capitalize()} repository {repository['repository']}:"
            f" its workflows show {what}{f' ({several(closed)})' if closed else ''}, and"
            f" {count(len(stored), 'registry login')} with a stored long-lived credential{doubt}."
        ),
        hops=(
            _seen(f"{repository['repository']} is {repository['visibility']}.", repository),
            *(
                Hop(
                    text=f"{row['subject']}: {row['detail']}",
                    level=row["level"],
                    kind=row["kind"],
                    source=row["source"],
                    request_id=row.get("request_id"),
                    at=row["observed_at"],
                )
                for row in access
            ),
            *(Hop(text=row["detail"], level="proven", kind="fork_route") for row in routes),
            *(_login_hop(row) for row in logins),
        ),
        verdicts=judged_about(con, org=org, repository=repository["repository"]),
        remedies=tuple(_repository_remedies(repository, closed, stored)),
        run_id=run["run_id"],
        as_of=run["as_of"],
    )


def _unread(con: duckdb.DuckDBPyConnection, *, org: str, repository_id: int) -> str:
    """Say that there may be more, where a repository's workflow files were not read whole."""
    found = ask(
        con,
        "select readable, reason_code from coverage_now"
        " where org = $org and family = 'workflow_trees' and subject = $subject",
        {"org": org, "subject": str(repository_id)},
    )
    if found and found[0]["readable"]:
        return ""
    reason = found[0]["reason_code"] if found else "not_collected"
    return f"; its workflow files were not read whole ({reason}), so there may be more"


def _repository_remedies(repository: Row, closed: list[str], stored: list[Row]) -> list[str]:
    name, found = repository["repository"], []
    if repository["visibility"] == "public" and closed:
        found.append(f"Make it private, or split the build: try --what-if make-private:{name}.")
    if repository["visibility"] != "public" and closed:
        found.append(f"Before it becomes public: try --what-if make-public:{name}.")
    names = sorted({row["credential_name"] for row in stored})
    if names:
        first = (
            "Decide first: a public repository that is granted access to a private package exposes it to forks"
            f" (try --what-if grant:PACKAGE={name}:read)"
            if repository["visibility"] == "public"
            else "Give the repository Actions access"
        )
        found.append(f"{first}; then log in with GITHUB_TOKEN instead of {several(names)}.")
    return found


def explain_secret(con: duckdb.DuckDBPyConnection, name: str, *, org: str, run: Row) -> Explanation:
    """Answer from where a secret can be read and which registry logins use it.

    Raises:
        UsageError: nothing that was read knows the secret.
    """
    kept = ask(
        con,
        "select secrets.subject, secrets.scope, secrets.visibility, secrets.observed_at,"
        " count(reach.repository_id) as reached,"
        " count(*) filter (where reach.repository_visibility = 'public') as public_reached"
        " from secrets left join secret_reach as reach using (org, subject)"
        " where secrets.org = $org and upper(secrets.name) = upper($name)"
        " group by all order by secrets.subject",
        {"org": org, "name": name},
    )
    used = ask(
        con,
        "select place, registry_phrase, credential, credential_name, line, observed_at"
        " from registry_logins where org = $org and credential = 'pat'"
        " and upper(credential_name) = upper($name) order by place, line",
        {"org": org, "name": name},
    )
    if not kept and not used:
        raise UsageError(
            f"Nothing that was read of {org} knows a secret {name}.",
            hint="Secrets are listed where the credential may; `pkginventory doctor` tells.",
        )
    reached = sum(row["reached"] for row in kept)
    public = sum(row["public_reached"] for row in kept)
    if kept:
        where = (
            f"is stored in {count(len(kept), 'place')} and can be read by workflows of"
            f" {count(reached, 'repository', 'repositories')}, {public:,} of them public"
        )
    else:
        where = "was not found where secrets could be listed"
    return Explanation(
        org=org,
        subject=f"secret:{name}",
        kind="secret",
        answer=(
            f"Secret {name} {where}; {count(len(used), 'registry login')} in the workflows that were"
            f" examined {'uses' if len(used) == 1 else 'use'} it."
        ),
        hops=(
            *(
                Hop(
                    text=(
                        f"{row['subject']} reaches {count(row['reached'], 'repository', 'repositories')}"
                        f"{', visibility ' + row['visibility'] if row['visibility'] else ''}."
                    ),
                    level="proven",
                    kind="secret",
                    source="secret list",
                    at=row["observed_at"],
                )
                for row in kept
            ),
            *(_login_hop(row) for row in used),
        ),
        verdicts=judged_about(con, org=org, secret=name),
        remedies=(
            "Change these logins first; other branches and machines outside GitHub are not seen.",
            f"Then try --what-if revoke-secret:{name}.",
        )
        if used
        else (),
        run_id=run["run_id"],
        as_of=run["as_of"],
    )


def explain_workflow(
    con: duckdb.DuckDBPyConnection, repository: str, path: str, *, org: str, run: Row
) -> Explanation:
    """Answer what starts a workflow, where it logs in and which packages it names.

    Raises:
        UsageError: no such file was listed.
    """
    owner = _repository(con, org, repository)
    key = {"org": org, "id": owner["repository_id"], "path": path}
    where = "where org = $org and repository_id = $id and path = $path"
    files = ask(con, f"select * from workflow_files {where}", key)  # noqa: S608 - our own
    if not files:
        raise UsageError(f"{owner['repository']} has no file {path} that was listed.")
    file = files[0]
    logins = ask(con, f"select * from registry_logins {where} order by job, line", key)  # noqa: S608 - the same
    named = ask(
        con,
        "select package_references.*, packages.subject as package from package_references"  # noqa: S608 - the same
        f" join packages using (org, package_id) {_qualified(where)} order by job, line, package",
        key,
    )
    events = [
        row["event"]
        for row in ask(
            con,
            f"select distinct event from workflow_triggers {where} order by event",  # noqa: S608 - the same
            key,
        )
    ]
    if file["status"] == "read":
        packages = sorted({row["package"] for row in named})
        answer = (
            f"Workflow {owner['repository']}/{path} runs on {several(events, shown=6) or 'nothing known'},"
            f" logs in to a registry {count(len(logins), 'time')} and names"
            f" {count(len(packages), 'package')}{f' ({several(packages)})' if packages else ''}."
        )
    else:
        answer = f"Workflow {owner['repository']}/{path} was not read ({file['reason'] or file['status']}), so what it does is unknown."
    return Explanation(
        org=org,
        subject=f"{owner['repository']}/{path}",
        kind="workflow",
        answer=answer,
        hops=(
            *(_login_hop(row) for row in logins),
            *(
                Hop(
                    text=f"Job {row['job']} names {row['package']} to {row['operation']} it, line {row['line']}.",
                    level="suggested",
                    kind="workflow_reference",
                    source=f"{owner['repository']}/{path}:{row['line']}",
                    at=row["observed_at"],
                )
                for row in named
            ),
        ),
        verdicts=judged_about(con, org=org, repository=owner["repository"], path=path),
        run_id=run["run_id"],
        as_of=run["as_of"],
    )


def _qualified(where: str) -> str:
    return where.replace(" repository_id", " package_references.repository_id").replace(
        " org", " package_references.org"
    )


def _repository(con: duckdb.DuckDBPyConnection, org: str, name: str) -> Row:
    found = ask(
        con,
        "select * from repositories where org = $org and lower(repository) = lower($name)",
        {"org": org, "name": name},
    )
    if not found:
        raise UsageError(f"{org} has no repository {name} that was listed.")
    return found[0]


def _seen(text: str, row: Row) -> Hop:
    return Hop(
        text=text,
        level="proven",
        kind="repository",
        source="repository list",
        at=row["observed_at"],
    )


def _login_hop(row: Row) -> Hop:
    what = {
        "pat": f"the stored secret {row['credential_name']}",
        "github_token": "GITHUB_TOKEN",
        "app_token": "a GitHub App's token",
        "oidc": "an OIDC token",
        "literal": "a literal credential",
    }.get(row["credential"], "a credential that the text does not tell")
    return Hop(
        text=f"{row['place']}, logs in to {row['registry_phrase']} with {what}, line {row['line']}.",
        level="proven",
        kind="registry_login",
        source=row["place"],
        at=row["observed_at"],
    )
