"""What an answer means for coverage: which status, which reason, which sentence."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from collector.github.answers import Answer
from collector.github.outcomes import Outcome

_COMPLETE: Final = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})
_PARTIAL: Final = frozenset({Outcome.SSO_PARTIAL, Outcome.PAGE_LIMIT})
_READ: Final = frozenset({*_COMPLETE, Outcome.SSO_PARTIAL})
# What a token, a permission or a policy withholds. 404 is how GitHub hides what one may not see.
_DENIED: Final = frozenset(
    {
        Outcome.FORBIDDEN,
        Outcome.SSO_REQUIRED,
        Outcome.POLICY_FORBIDS_TOKEN,
        Outcome.IP_NOT_ALLOWED,
        Outcome.NOT_FOUND,
        Outcome.LEGAL,
        Outcome.UNAUTHORIZED,
    }
)
# How GitHub refuses a whole kind of token, or a parameter that it does not know.
REFUSED: Final = frozenset({Outcome.BAD_REQUEST, Outcome.UNPROCESSABLE})
_UNAVAILABLE: Final = frozenset({Outcome.GONE, Outcome.CONFLICT})
# Asking for less may help: GitHub's ten seconds, and an answer that came only in part.
_TOO_HEAVY: Final = frozenset(
    {Outcome.SERVER_ERROR, Outcome.BROKEN, Outcome.TIMEOUT, Outcome.GRAPHQL_PARTIAL}
)


def was_read(answer: Answer) -> bool:
    """Tell whether what was asked for has come, as far as the credential may see it."""
    return answer.outcome in _READ


def was_denied(answer: Answer) -> bool:
    """Tell whether the credential was refused."""
    return answer.outcome in _DENIED


def too_heavy(answer: Answer) -> bool:
    """Tell whether asking for less at once may help."""
    return answer.outcome in _TOO_HEAVY


def broken(answer: Answer, why: str) -> Answer:
    """Return the answer as one that came with HTTP 200 and can't be used."""
    return replace(answer, outcome=Outcome.BROKEN, data=None, message=why)


def coverage(answer: Answer, *, seen: int | None = None) -> dict[str, Any]:
    """Describe, for the coverage table, what one answer (the last of several) leaves unread."""
    reason = answer.reason
    return {
        "status": _status(answer),
        "http_status": answer.status,
        "reason": None if reason is None else reason.value,
        "detail": _detail(answer),
        "seen": seen,
        "credential": answer.request.credential,
        "request_id": answer.request.request_id,
    }


def not_collected(detail: str) -> Mapping[str, Any]:
    """Describe what this run did not ask for; an earlier night's answer may still hold."""
    return {"status": "not_collected", "reason": "not_collected", "detail": detail}


def _status(answer: Answer) -> str:
    if answer.outcome in _COMPLETE:
        return "complete"
    if answer.outcome in _PARTIAL:
        return "partial"
    if answer.outcome in _DENIED:
        return "denied"
    return "unavailable" if answer.outcome in _UNAVAILABLE else "failed"


def _detail(answer: Answer) -> str | None:
    if answer.outcome in _COMPLETE:
        return None
    if answer.outcome is Outcome.SSO_PARTIAL:
        return "GitHub left out what the credential's single sign-on does not cover."
    if answer.status is None:
        return f"No complete answer came: {answer.message or answer.outcome.value}."
    words = f": {answer.message}" if answer.message else ""
    needed = f" (needs {answer.needed})" if answer.needed and was_denied(answer) else ""
    return f"GitHub answered {answer.status}{words}{needed}"
