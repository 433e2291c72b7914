"""What an organization with Enterprise Cloud, or a server, logs: who published, which credentials it let in."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from collector.github.editions import EditionKind
from collector.github.endpoints import AUDIT_LOG, CREDENTIAL_AUTHORIZATIONS, Endpoint
from collector.github.outcomes import Reason
from collector.github.paging import Page, pages_by_cursor
from collector.github.payloads import Malformed
from collector.github.protocol import path
from collector.github.provenance import AuditEvent, CredentialAuthorization
from collector.run import utc_now
from collector.walk import evidence_rows
from collector.walk.context import Walk, keep
from collector.walk.lists import Listing, keep_listing, listed, listing
from collector.walk.wanted import NEVER

_LOG: Final = AUDIT_LOG.family
_WITHOUT_ENTERPRISE: Final = frozenset({"free", "team"})
_ENTERPRISE: Final = "enterprise"
_NO_SUCH_LOG: Final[Mapping[str, Any]] = {
    "status": "unavailable",
    "detail": "The organization's plan has none; GitHub Enterprise does.",
}
_PHRASE: Final = {"phrase": "action:packages", "include": "web", "order": "desc"}
# An event can come late into the log.
_OVERLAP: Final = timedelta(days=1)
# GitHub lets 1,750 questions an hour through; the first night reads three months.
_MOST_PAGES: Final = 500
_TRUNCATED: Final = {
    "status": "partial",
    "reason": Reason.TRUNCATED.value,
    "detail": "The audit log holds more events about packages than one night reads.",
}


async def read_organization_evidence(walk: Walk) -> None:
    """Read what is logged about packages, and which credentials single sign-on lets in."""
    await _read_audit_log(walk)
    await _read_authorizations(walk)


async def _read_audit_log(walk: Walk) -> None:
    if walk.settled(_LOG) or _is_absent(walk, AUDIT_LOG):
        return
    walk.progress.started(_LOG, total=None)
    since = _known_until(walk)
    newest: dict[tuple[Any, ...], AuditEvent] = {}
    pages: list[Page] = []
    seen = malformed = 0
    async for page in pages_by_cursor(
        walk.api, path(AUDIT_LOG.path, org=walk.org), params=_PHRASE, per_page=AUDIT_LOG.per_page
    ):
        walk.asked[_LOG] += 1
        pages.append(page)
        read = [AuditEvent.from_payload(item) for item in page.items]
        events = [item for item in read if not isinstance(item, Malformed)]
        seen, malformed = seen + len(events), malformed + len(read) - len(events)
        _gather(newest, events)
        walk.progress.advanced(_LOG, done=seen, total=None)
        if _reached(events, since) or page.number == _MOST_PAGES:
            break
    told = listed(pages[-1], seen=seen, malformed=malformed)
    if told["status"] == "complete" and not pages[-1].last and pages[-1].number == _MOST_PAGES:
        told |= _TRUNCATED
    if told["status"] == "complete" and since is not None:
        # What stood in the log the night before still holds, and only what is newer was read.
        told |= {"status": "unchanged"}
    with walk.stage.batch() as batch:
        batch.put(
            "audit_event",
            [evidence_rows.audit_event(item) for item in newest.values()],
            family=_LOG,
        )
        for page in pages:
            keep(batch, page.answer, family=_LOG)
        told = _absent_or_denied(walk, told, pages[-1], AUDIT_LOG)
        batch.record_coverage(_LOG, **told)
    walk.progress.finished(_LOG, done=seen, detail="")


async def _read_authorizations(walk: Walk) -> None:
    endpoint = CREDENTIAL_AUTHORIZATIONS
    if walk.settled(endpoint.family) or _is_absent(walk, endpoint):
        return
    found = await listing(walk, endpoint, {"org": walk.org})
    read = [CredentialAuthorization.from_payload(item) for item in found.items]
    good = [evidence_rows.credential_authorization(i) for i in read if not isinstance(i, Malformed)]
    with walk.stage.batch() as batch:
        batch.put("credential_authorization", good, family=endpoint.family)
        if _says_absent(found):
            for page in found.pages:
                keep(batch, page.answer, family=endpoint.family)
            detail = "There is none without single sign-on by SAML."
            batch.record_coverage(
                endpoint.family, status="unavailable", http_status=404, detail=detail
            )
        else:
            keep_listing(batch, found, seen=len(good))


def _gather(newest: dict[tuple[Any, ...], AuditEvent], events: Iterable[AuditEvent]) -> None:
    """Keep the newest event of an action, a package, a repository and a credential."""
    for event in events:
        key = (
            event.action,
            event.ecosystem,
            event.package,
            event.repository,
            event.actor,
            event.credential_type,
            event.hashed_token,
        )
        before = newest.get(key)
        if before is None or _time(event) > _time(before):
            newest[key] = event


def _reached(events: Iterable[AuditEvent], since: datetime | None) -> bool:
    """Tell whether a page came to what an earlier night has read; the newest come first."""
    times = [event.created_at for event in events if event.created_at is not None]
    return since is not None and bool(times) and min(times) < since


def _known_until(walk: Walk) -> datetime | None:
    """Return from when on the log is to be read, None where no earlier night has read it whole."""
    age = walk.known.age(_LOG, now=utc_now())
    return None if age is None else utc_now() - age - _OVERLAP


def _time(event: AuditEvent) -> datetime:
    return event.created_at or NEVER


def _is_absent(walk: Walk, endpoint: Endpoint) -> bool:
    """Say of what this GitHub surely lacks that it does, without asking."""
    plans = {plan for (plan,) in walk.stage.rows("organization", "plan")}
    kind = walk.edition.kind
    lacking = kind is EditionKind.GITHUB_COM and bool(plans) and plans <= _WITHOUT_ENTERPRISE
    if kind is not EditionKind.GITHUB_COM:
        lacking = not endpoint.exists_on(kind)
    if lacking:
        with walk.stage.batch() as batch:
            batch.record_coverage(endpoint.family, **_NO_SUCH_LOG)
    return lacking


def _absent_or_denied(
    walk: Walk, told: dict[str, Any], page: Page, endpoint: Endpoint
) -> dict[str, Any]:
    """Tell a log that is not there from one that is hidden: both are a 404."""
    plans = {plan for (plan,) in walk.stage.rows("organization", "plan")}
    if page.answer.status != 404 or _ENTERPRISE in plans:  # noqa: PLR2004 - a status
        return told
    if walk.edition.kind in endpoint.missing_on:
        return told | {"status": "unavailable"}
    return told


def _says_absent(found: Listing) -> bool:
    """Tell whether GitHub knows no such list: it has one only where SAML is set up."""
    return found.last.answer.status == 404 and not found.items  # noqa: PLR2004 - a status
