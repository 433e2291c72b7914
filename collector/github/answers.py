"""An answer as the walk sees it: what came, what it means, and the record that proves it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from collector.github.outcomes import (
    GraphQLError,
    Outcome,
    Reason,
    classify,
    classify_graphql,
    graphql_errors,
    message,
    reason_of,
)
from collector.github.protocol import RequestRecord, Response, parse_json
from collector.redact import scrub

_USABLE = frozenset(
    {Outcome.OK, Outcome.NOT_MODIFIED, Outcome.SSO_PARTIAL, Outcome.GRAPHQL_PARTIAL}
)
_COMPLETE = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})


@dataclass(frozen=True, slots=True)
class Reading:
    """What one response says, before anyone decides whether to ask again."""

    outcome: Outcome
    data: Any = field(default=None, repr=False)
    errors: tuple[GraphQLError, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The final answer to one question; a denial is an answer, not an exception."""

    outcome: Outcome
    status: int | None
    # None: no complete answer came.
    data: Any = field(repr=False)
    # JSON, GraphQL's `data`, or bytes; None unless `usable`.
    headers: Mapping[str, str] = field(repr=False)
    # Names in lower case.
    request: RequestRecord
    errors: tuple[GraphQLError, ...] = ()
    message: str = ""
    # GitHub's own words, short and scrubbed.
    url: str = field(default="", repr=False)
    redirected: bool = False
    # The thing has another address now: a renamed or transferred repository.

    @property
    def ok(self) -> bool:
        """Tell whether everything that was asked for is here."""
        return self.outcome in _COMPLETE

    @property
    def usable(self) -> bool:
        """Tell whether there is data, though some of it may be missing."""
        return self.outcome in _USABLE

    @property
    def reason(self) -> Reason | None:
        """Return the reason code of what is missing, None when nothing is."""
        return reason_of(self.outcome)

    @property
    def needed(self) -> str:
        """Return which permission or scope would have been needed, where GitHub says so."""
        for name in ("x-accepted-github-permissions", "x-accepted-oauth-scopes"):
            if self.headers.get(name):
                return self.headers[name]
        return ""


def read_json(response: Response) -> Reading:
    """Read a REST answer as JSON."""
    outcome = classify(response)
    if outcome not in _USABLE:
        return Reading(outcome, message=scrub(message(response)))
    if not response.body:
        return Reading(outcome)
    try:
        return Reading(outcome, parse_json(response.body))
    except ValueError:
        return Reading(Outcome.BROKEN, message="the body is not JSON")


def read_bytes(response: Response) -> Reading:
    """Read a REST answer as the bytes it is."""
    outcome = classify(response)
    if outcome not in _USABLE:
        return Reading(outcome, message=scrub(message(response)))
    return Reading(outcome, response.body)


def read_graphql(response: Response) -> Reading:
    """Read a GraphQL answer; its errors come with HTTP 200 as well."""
    outcome = classify(response)
    if outcome not in _USABLE:
        return Reading(outcome, message=scrub(message(response)))
    try:
        payload = parse_json(response.body)
    except ValueError:
        return Reading(Outcome.BROKEN, message="the body is not JSON")
    errors = graphql_errors(payload)
    data = payload.get("data") if isinstance(payload, dict) else None
    said = scrub(errors[0].message) if errors else ""
    return Reading(classify_graphql(data, errors), data, errors, said)
