"""Explain a package: whose workflows can reach it, how well that is known, and what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reports.asking import ask
from reports.explanations import ACCESS, LEVELS, Explanation, Hop, Right, several
from reports.history import spans
from reports.judged import judged_about
from reports.narrowing import narrowed
from reports.whatif_changes import find_package

if TYPE_CHECKING:
    import duckdb

    from reports.history import Span

Row = dict[str, Any]

_RIGHTS: Final = {
    # GitHub's table of "Publishing and installing a package with GitHub Actions": right -> the role it needs.
    "download": "read",
    "upload": "write",
    "delete": "admin",
}
_WIDE: Final = {
    "public": "Workflows of every repository may.",
    "internal": "Workflows of every repository of the enterprise may.",
}
_RANK: Final = {"none": 0, "read": 1, "write": 2, "admin": 3}


def explain_package(
    con: duckdb.DuckDBPyConnection, subject: str, *, org: str, run: Row
) -> Explanation:
    """Answer for one package.

    Raises:
        UsageError: no such package was listed.
    """
    package_id, _, _ = find_package(con, org, subject)
    with narrowed(con, org=org, package_id=package_id):
        return _explained(con, package_id, org=org, run=run)


def _explained(
    con: duckdb.DuckDBPyConnection, package_id: int, *, org: str, run: Row
) -> Explanation:
    package = ask(con, "select * from temp.packages")[0]
    access = ask(
        con,
        "select package_access.*, repositories.repository, repositories.visibility"
        " from package_access left join repositories using (org, repository_id)"
        " where package_access.package_id = $package order by repository",
        {"package": package_id},
    )
    evidence = ask(
        con,
        "select * from access_evidence where package_id = $package"
        " order by polarity desc, level, kind, source, detail",
        {"package": package_id},
    )
    complete = bool(
        ask(
            con,
            "select 1 from package_declarations"
            " where package_id = $package and complete and not expired",
            {"package": package_id},
        )
    )
    return Explanation(
        org=org,
        subject=package["subject"],
        kind="package",
        answer=_answer(package, access, complete=complete),
        hops=(
            _first_hop(package),
            *_evidence_hops(package, evidence, access),
            *(_span_hop(span) for span in spans(con, org=org, package_id=package_id)),
            *_route_hops(con, org=org, access=access),
        ),
        rights=_rights(package, access, complete=complete),
        verdicts=judged_about(con, org=org, package=package["subject"]),
        remedies=tuple(_remedies(package, access, complete=complete)),
        run_id=run["run_id"],
        as_of=run["as_of"],
    )


def _answer(package: Row, access: list[Row], *, complete: bool) -> str:
    visibility, subject = package["visibility"], package["subject"]
    thing = f"{visibility.capitalize()} package {subject}"
    if package["registry_kind"] == "repository_scoped":
        owner = package["repository"] or "its repository, which was not read"
        return f"{thing} is in a repository-scoped registry: its access is that of {owner}."
    if visibility == "public":
        return f"{thing} can be downloaded by everyone, and so by every workflow."
    clauses = [
        f"workflows of {several(names)} {ACCESS[level]}"
        for level in LEVELS
        if (names := [row["repository"] for row in access if _stands(row, level)])
    ]
    if visibility == "internal":
        clauses.insert(0, "workflows of every repository of the enterprise can download it")
    disputed = [row["repository"] for row in access if row["contradicted"] and row["repository"]]
    if disputed:
        clauses.append(f"what is declared of {several(disputed)} contradicts an observed use")
    if not clauses:
        clauses.append("no evidence speaks of any repository")
    rest = "the declared list is complete" if complete else "no API lists who else may use it"
    return f"{thing}: {'; '.join(clauses)}; {rest}."


def _stands(row: Row, level: str) -> bool:
    return (
        row["role"] != "none"
        and row["level"] == level
        and not row["contradicted"]
        and row["repository"] is not None
    )


def _first_hop(package: Row) -> Hop:
    return Hop(
        text=f"{package['subject']} is {package['visibility']}.",
        level="proven",
        kind="package",
        source="package list",
        request_id=package["request_id"],
        at=package["observed_at"],
    )


def _evidence_hops(package: Row, evidence: list[Row], access: list[Row]) -> list[Hop]:
    overruled = {(row["repository_id"], kind) for row in access for kind in row["overruled_kinds"]}
    hops = []
    for row in evidence:
        text = row["detail"]
        if (row["repository_id"], row["kind"]) in overruled:
            text = f"{text} A declaration or a probe overrules this."
        request = row.get("request_id")
        if request is None and row["source"] == "package connection":
            request = package["connection_request_id"]
        if request is None and row["source"] == "package list":
            request = package["request_id"]
        hops.append(
            Hop(
                text=text,
                level=row["level"],
                kind=row["kind"],
                source=row["source"],
                request_id=request,
                at=row["observed_at"],
            )
        )
    return sorted(hops, key=lambda hop: LEVELS.index(hop.level or LEVELS[-1]))


def _span_hop(span: Span) -> Hop:
    what = {
        "connected_repository": f"The connection to {span.repository}",
        "public_visibility": "Its public visibility",
        "internal_visibility": "Its internal visibility",
    }.get(span.kind, f"The answer about {span.repository or 'it'} ({span.kind.replace('_', ' ')})")
    until = f" until {span.until:%Y-%m-%d}" if span.until else ""
    return Hop(
        text=f"{what} was first seen on {span.since:%Y-%m-%d} and holds{until}.",
        level=span.level,
        kind="history",
        source="nights that were collected",
        at=span.since,
    )


def _route_hops(con: duckdb.DuckDBPyConnection, *, org: str, access: list[Row]) -> list[Hop]:
    public = [
        row["repository_id"]
        for row in access
        if row["visibility"] == "public" and row["role"] != "none"
    ]
    if not public:
        return []
    routes = ask(
        con,
        "select detail from fork_routes where org = $org and repository_id in"
        " (select unnest($ids::bigint[])) order by severity_rank desc, repository",
        {"org": org, "ids": public},
    )
    return [
        Hop(text=row["detail"], level="proven", kind="fork_route", source="settings")
        for row in routes
    ]


def _rights(package: Row, access: list[Row], *, complete: bool) -> tuple[Right, ...]:
    scoped = package["registry_kind"] == "repository_scoped"
    found = []
    for right, role in _RIGHTS.items():
        if package["registry_kind"] == "unavailable":
            rule = "Nobody: this edition of GitHub has no such registry."
        elif scoped:
            rule = f"Who has {role} on {package['repository'] or 'its repository'} may."
        elif right == "download" and package["visibility"] in _WIDE:
            rule = _WIDE[package["visibility"]]
        else:
            rule = f"Workflows of repositories with the role {role} may" + (
                "; the declared list is complete." if complete else "; no API lists them."
            )
        found.append(Right(right=right, rule=rule, known=_known(access, role)))
    return tuple(found)


def _known(access: list[Row], role: str) -> tuple[str, ...]:
    return tuple(
        f"{row['repository']} ({row['role_level'] if role != 'read' else row['level']})"
        for row in access
        if row["repository"] and not row["contradicted"] and _RANK[row["role"]] >= _RANK[role]
    )


def _remedies(package: Row, access: list[Row], *, complete: bool) -> list[str]:
    if package["visibility"] == "public" or package["registry_kind"] == "repository_scoped":
        return []
    public = [
        row["repository"]
        for row in access
        if row["visibility"] == "public" and row["role"] != "none" and not row["contradicted"]
    ]
    found = [
        f'Remove {name} from "Manage Actions access" ({package["settings_url"]}), or make it private:'
        f" try --what-if make-private:{name}."
        for name in public
    ]
    if any(row["contradicted"] for row in access):
        found.append(f"One of two answers is wrong: look at {package['settings_url']}.")
    if not complete:
        found.append(
            f"A complete list would settle it: read {package['settings_url']} and import it"
            " (pkginventory grants template), or run the probe (pkginventory probe workflow)."
        )
    return found
