"""Who asked when, with which credential, under which rules: the head of the report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from collector.errors import InventoryError
from reports import queries

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential of the run by its name and kind, never its value."""

    name: str
    kind: str
    login: str
    scopes: tuple[str, ...]
    expires_at: str


@dataclass(frozen=True, slots=True)
class Run:
    """The run that the report speaks of, and the judgement of it."""

    org: str
    run_id: str
    edition: str
    web_url: str
    api_url: str
    started_at: str
    ended_at: str
    as_of: str
    tool_version: str
    credentials: tuple[Credential, ...]
    warnings: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    # The rows of the judgement: what was judged with, by digest.
    judgement_id: str
    rules_version: str
    digests: tuple[tuple[str, str], ...]
    # The run before, whose findings the change counts compare with; "" without one.
    baseline_run_id: str

    @property
    def who(self) -> str:
        """Say which credentials asked, for the first screen."""
        return "; ".join(describe(credential) for credential in self.credentials) or "not recorded"


def describe(credential: Credential) -> str:
    """Say whose credential of which kind it is and what it may."""
    kind = credential.kind.replace("_", " ")
    holder = f"{credential.login}, {kind}" if credential.login else f"{credential.name}, {kind}"
    return f"{holder} ({', '.join(credential.scopes)})" if credential.scopes else holder


def read_run(con: duckdb.DuckDBPyConnection, *, org: str) -> Run:
    """Read the newest published run of an organization and its judgement.

    Raises:
        InventoryError: there is no published run, or nobody judged it.
    """
    facts = queries.row(con, "summaries/run_facts", org=org)
    if facts is None:
        raise InventoryError(
            f"The database holds no published run of {org}.",
            hint=f"Run `pkginventory collect --org {org}` first.",
        )
    if facts["judgement_id"] is None:
        raise InventoryError(
            f"Run {facts['run_id']} of {org} was collected but never judged.",
            hint=f"Run `pkginventory report --org {org}`, which judges it first.",
        )
    before = queries.row(con, "summaries/previous_run", org=org)
    return run_of(org, facts, baseline_run_id=before["run_id"] if before else "")


def run_of(org: str, facts: dict[str, Any], *, baseline_run_id: str) -> Run:
    """Put a run together from its record and that of its judgement."""
    return Run(
        org=org,
        run_id=facts["run_id"],
        edition=facts["edition"],
        web_url=facts["web_url"].rstrip("/"),
        api_url=facts["api_url"],
        started_at=utc(facts["started_at"]),
        ended_at=utc(facts["ended_at"]),
        as_of=utc(facts["as_of"]),
        tool_version=facts["tool_version"],
        credentials=tuple(credential(item) for item in listed(facts["credentials"])),
        warnings=tuple(str(item) for item in listed(facts["warnings"])),
        options=tuple(
            (str(name), value if isinstance(value, str) else json.dumps(value))
            for name, value in sorted(mapped(facts["options"]).items())
        ),
        judgement_id=facts["judgement_id"],
        rules_version=facts["rules_version"],
        digests=tuple(
            (name, facts[f"{name}_digest"]) for name in ("rules", "waivers", "grants", "settings")
        ),
        baseline_run_id=baseline_run_id,
    )


def credential(item: Any) -> Credential:
    """Read one credential of the run's record; fields that are not there stay empty."""
    fields = item if isinstance(item, dict) else {}
    scopes = fields.get("scopes") or []
    return Credential(
        name=str(fields.get("name") or "credential"),
        kind=str(fields.get("kind") or "credential"),
        login=str(fields.get("login") or ""),
        scopes=tuple(str(scope) for scope in scopes)
        if isinstance(scopes, list)
        else (str(scopes),),
        expires_at=str(fields.get("expires_at") or ""),
    )


def listed(text: str | None) -> list[Any]:
    """Read a JSON list; anything else counts as an empty one."""
    value = json.loads(text) if text else []
    return value if isinstance(value, list) else []


def mapped(text: str | None) -> dict[str, Any]:
    """Read a JSON object; anything else counts as an empty one."""
    value = json.loads(text) if text else {}
    return value if isinstance(value, dict) else {}


def utc(moment: datetime | None) -> str:
    """Write a stored time, which is UTC without a zone, as ISO 8601."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
