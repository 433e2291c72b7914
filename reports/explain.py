"""Answer one question about one package, repository, secret, workflow or finding: the front of `explain`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from collector.errors import StoreError, UsageError
from reports.asking import ask
from reports.explain_objects import explain_repository, explain_secret, explain_workflow
from reports.explain_package import explain_package
from reports.explanations import Explanation, Hop
from reports.history import as_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import duckdb

    from reports.catalog import Rule

_FINGERPRINT: Final = re.compile(r"[0-9a-f]{32}")
_TYPES: Final = ("container", "npm", "maven", "nuget", "rubygems", "docker")
FORMS: Final = "container:acme/billing, acme/shop, secret:NAME, acme/shop/.github/workflows/x.yml"


def explain(
    con: duckdb.DuckDBPyConnection,
    subject: str,
    *,
    org: str,
    rules: Sequence[Rule] = (),
    day: date | None = None,
) -> Explanation:
    """Answer who can reach a subject, hop by hop, now or as it was on a day.

    Raises:
        UsageError: there is no such subject, or no run as old as the day.
        StoreError: there is no run at all.
    """
    with as_of(con, org=org, day=day):
        runs = ask(con, "select run_id, as_of from current_run where org = $org", {"org": org})
        if not runs:
            raise StoreError(
                f"The inventory holds no run of {org}.",
                hint=f"Collect first: pkginventory collect --org {org}",
            )
        return _explained(con, subject.strip(), org=org, run=runs[0], rules=rules)


def _explained(
    con: duckdb.DuckDBPyConnection,
    subject: str,
    *,
    org: str,
    run: dict[str, Any],
    rules: Sequence[Rule],
) -> Explanation:
    kind, _, rest = subject.partition(":")
    if _FINGERPRINT.fullmatch(subject):
        return _explain_finding(con, subject, org=org, run=run, rules=rules)
    if kind == "secret" and rest:
        return explain_secret(con, rest, org=org, run=run)
    if kind in _TYPES and "/" in rest:
        return explain_package(con, subject, org=org, run=run)
    parts = subject.split("/", 2)
    if len(parts) == 3 and all(parts):  # noqa: PLR2004 - owner, name, path
        return explain_workflow(con, f"{parts[0]}/{parts[1]}", parts[2], org=org, run=run)
    if len(parts) == 2 and all(parts):  # noqa: PLR2004 - owner, name
        return explain_repository(con, subject, org=org, run=run)
    raise UsageError(
        f"{subject} is no subject.", hint=f"Name one as {FORMS}, or a finding's fingerprint."
    )


def _explain_finding(
    con: duckdb.DuckDBPyConnection,
    fingerprint: str,
    *,
    org: str,
    run: dict[str, Any],
    rules: Sequence[Rule],
) -> Explanation:
    found = ask(
        con,
        "select * from verdicts where org = $org and fingerprint = $fingerprint",
        {"org": org, "fingerprint": fingerprint},
    )
    if not found:
        raise UsageError(
            f"{org} has no verdict with the fingerprint {fingerprint} in this run.",
            hint="Fingerprints stand in findings.jsonl and verdicts.jsonl.",
        )
    said = found[0]
    rule = next((rule for rule in rules if rule.id == said["rule"]), None)
    since = f" First seen on {said['first_seen']:%Y-%m-%d}." if said["first_seen"] else ""
    return Explanation(
        org=org,
        subject=said["subject"],
        kind="finding",
        answer=f"{said['rule']} {said['verdict']}: {said['reason']}{since}",
        hops=tuple(_hop(item) for item in json.loads(said["hops"] or "[]")),
        remedies=(rule.remediation,) if rule and said["verdict"] == "fail" else (),
        run_id=run["run_id"],
        as_of=run["as_of"],
    )


def _hop(item: dict[str, Any]) -> Hop:
    text = item.get("text") or ", ".join(
        f"{name}: {value}" for name, value in item.items() if value not in (None, "", "kind")
    )
    return Hop(
        text=str(text),
        level=item.get("level"),
        kind=str(item.get("kind") or ""),
        request_id=item.get("request_id"),
    )
