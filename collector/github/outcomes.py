"""What an answer of GitHub means: one outcome, and the reason code when something was not read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from collector.github.protocol import Response, parse_json

_MESSAGE_BOUND = 65_536
_SHOWN_BOUND = 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class Outcome(StrEnum):
    """What an answer means for whoever asked."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    SSO_PARTIAL = "sso_partial"
    # HTTP 200, but organizations whose SAML session the token lacks are left out.
    GRAPHQL_PARTIAL = "graphql_partial"
    # HTTP 200 with data *and* errors: some of it is missing.
    MOVED = "moved"
    BAD_REQUEST = "bad_request"
    PAGE_LIMIT = "page_limit"
    # HTTP 400 because per_page times page exceeds 10,000: there may be more, no one may ask for it.
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    SSO_REQUIRED = "sso_required"
    POLICY_FORBIDS_TOKEN = "policy_forbids_token"  # noqa: S105 -- a word, not a password
    IP_NOT_ALLOWED = "ip_not_allowed"
    PRIMARY_LIMIT = "primary_limit"
    SECONDARY_LIMIT = "secondary_limit"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    # HTTP 409: what the git endpoints say of an empty repository.
    GONE = "gone"
    UNPROCESSABLE = "unprocessable"
    LEGAL = "legal"
    GRAPHQL_ERROR = "graphql_error"
    SERVER_ERROR = "server_error"
    BROKEN = "broken"
    # A body that is cut, of the wrong length, not JSON or too large.
    TIMEOUT = "timeout"
    # No complete answer: timeouts and resets.


class Reason(StrEnum):
    """Why something was not read: the "could not read" codes of the rule catalogue, and two more."""

    FORBIDDEN = "forbidden_403"
    NOT_FOUND = "not_found_404"
    SSO_NOT_AUTHORIZED = "sso_not_authorized"
    POLICY_FORBIDS_TOKEN = "policy_forbids_token"  # noqa: S105 -- a word, not a password
    IP_NOT_ALLOWED = "ip_not_allowed"
    RATE_LIMITED = "rate_limited"
    TIMEOUT = "timeout"
    TRUNCATED = "truncated"
    PARSE_ERROR = "parse_error"
    SERVER_ERROR = "server_error"
    BAD_REQUEST = "bad_request"


# The judgement of this file, in one table; None: nothing is missing because of this answer.
REASONS: Final[Mapping[Outcome, Reason | None]] = {
    Outcome.OK: None,
    Outcome.NOT_MODIFIED: None,
    Outcome.SSO_PARTIAL: Reason.SSO_NOT_AUTHORIZED,
    Outcome.GRAPHQL_PARTIAL: Reason.TRUNCATED,
    # A redirect that was not followed leads away from the API's host, where no token may go.
    Outcome.MOVED: Reason.NOT_FOUND,
    Outcome.BAD_REQUEST: Reason.BAD_REQUEST,
    Outcome.PAGE_LIMIT: Reason.TRUNCATED,
    Outcome.UNAUTHORIZED: Reason.FORBIDDEN,
    Outcome.FORBIDDEN: Reason.FORBIDDEN,
    Outcome.SSO_REQUIRED: Reason.SSO_NOT_AUTHORIZED,
    Outcome.POLICY_FORBIDS_TOKEN: Reason.POLICY_FORBIDS_TOKEN,
    Outcome.IP_NOT_ALLOWED: Reason.IP_NOT_ALLOWED,
    Outcome.PRIMARY_LIMIT: Reason.RATE_LIMITED,
    Outcome.SECONDARY_LIMIT: Reason.RATE_LIMITED,
    Outcome.NOT_FOUND: Reason.NOT_FOUND,
    # An empty repository was read: there is nothing in it.
    Outcome.CONFLICT: None,
    Outcome.GONE: Reason.NOT_FOUND,
    Outcome.UNPROCESSABLE: Reason.BAD_REQUEST,
    Outcome.LEGAL: Reason.FORBIDDEN,
    Outcome.GRAPHQL_ERROR: Reason.SERVER_ERROR,
    Outcome.SERVER_ERROR: Reason.SERVER_ERROR,
    Outcome.BROKEN: Reason.TRUNCATED,
    Outcome.TIMEOUT: Reason.TIMEOUT,
}

_PLAIN: Final[Mapping[int, Outcome]] = {
    304: Outcome.NOT_MODIFIED,
    400: Outcome.BAD_REQUEST,
    401: Outcome.UNAUTHORIZED,
    404: Outcome.NOT_FOUND,
    409: Outcome.CONFLICT,
    410: Outcome.GONE,
    422: Outcome.UNPROCESSABLE,
    451: Outcome.LEGAL,
}
_REDIRECTS = frozenset({301, 302, 307, 308})
# Words of GitHub's messages, the first that is found decides. Compared in lower case.
_DENIALS: Final = (
    ("secondary rate limit", Outcome.SECONDARY_LIMIT),
    ("abuse detection", Outcome.SECONDARY_LIMIT),
    ("api rate limit exceeded", Outcome.PRIMARY_LIMIT),
    # What a user's credentials get after too many bad ones: going on would prolong it.
    ("maximum number of login attempts", Outcome.UNAUTHORIZED),
    ("saml enforcement", Outcome.SSO_REQUIRED),
    ("ip allow list", Outcome.IP_NOT_ALLOWED),
    ("forbids access via", Outcome.POLICY_FORBIDS_TOKEN),
    ("token's lifetime", Outcome.POLICY_FORBIDS_TOKEN),
    ("oauth app access restrictions", Outcome.POLICY_FORBIDS_TOKEN),
)
_GRAPHQL_TYPES: Final[Mapping[str, Reason]] = {
    "FORBIDDEN": Reason.FORBIDDEN,
    "INSUFFICIENT_SCOPES": Reason.FORBIDDEN,
    "NOT_FOUND": Reason.NOT_FOUND,
    "RATE_LIMITED": Reason.RATE_LIMITED,
    "RATE_LIMIT": Reason.RATE_LIMITED,
}


@dataclass(frozen=True, slots=True)
class GraphQLError:
    """One entry of a GraphQL answer's `errors`."""

    type: str
    # Empty where GitHub gives none, as for its own timeouts.
    message: str
    path: tuple[str | int, ...]
    # Where in `data` the null stands; empty: the whole query.

    @property
    def reason(self) -> Reason:
        """Return the reason code of what is missing."""
        denied = _denial(self.message)
        if denied is not None:
            return REASONS[denied] or Reason.SERVER_ERROR
        return _GRAPHQL_TYPES.get(self.type, Reason.SERVER_ERROR)


def classify(response: Response) -> Outcome:
    """Tell what a REST answer means."""
    status = response.status
    if status in {403, 429}:
        return _refusal(response)
    if status in _REDIRECTS:
        return Outcome.MOVED
    if status == 400 and "cannot be greater than 10000" in message(response):  # noqa: PLR2004
        return Outcome.PAGE_LIMIT
    if 200 <= status < 300:  # noqa: PLR2004
        return Outcome.SSO_PARTIAL if _sso(response, "partial-results") else Outcome.OK
    if status in _PLAIN:
        return _PLAIN[status]
    return Outcome.SERVER_ERROR if status >= 500 or status < 200 else Outcome.BAD_REQUEST  # noqa: PLR2004


def classify_graphql(data: Any, errors: tuple[GraphQLError, ...]) -> Outcome:
    """Tell what a GraphQL answer of HTTP 200 means; its errors arrive with status 200 too."""
    if any(error.reason is Reason.RATE_LIMITED for error in errors):
        secondary = any("secondary" in error.message.casefold() for error in errors)
        return Outcome.SECONDARY_LIMIT if secondary else Outcome.PRIMARY_LIMIT
    if not isinstance(data, dict):
        failed = not errors or any(_server_failed(error) for error in errors)
        return Outcome.SERVER_ERROR if failed else Outcome.GRAPHQL_ERROR
    return Outcome.GRAPHQL_PARTIAL if errors else Outcome.OK


def graphql_errors(payload: Any) -> tuple[GraphQLError, ...]:
    """Read `errors` of a GraphQL answer, whatever shape they have."""
    errors = payload.get("errors") if isinstance(payload, dict) else None
    if not isinstance(errors, list):
        return ()
    return tuple(_graphql_error(error) for error in errors)


def message(response: Response) -> str:
    """Return GitHub's own words on an answer, in one short line; empty when there are none."""
    try:
        payload = parse_json(response.body[:_MESSAGE_BOUND])
    except ValueError:
        return ""
    text = payload.get("message") if isinstance(payload, dict) else None
    return _CONTROL.sub(" ", text)[:_SHOWN_BOUND] if isinstance(text, str) else ""


def reason_of(outcome: Outcome) -> Reason | None:
    """Return the reason code of an outcome, None when nothing is missing."""
    return REASONS[outcome]


def _graphql_error(error: Any) -> GraphQLError:
    fields = error if isinstance(error, dict) else {}
    kind, text, path = fields.get("type"), fields.get("message"), fields.get("path")
    steps = path if isinstance(path, list) else []
    return GraphQLError(
        type=kind if isinstance(kind, str) else "",
        message=_CONTROL.sub(" ", text)[:_SHOWN_BOUND] if isinstance(text, str) else "",
        path=tuple(step for step in steps if isinstance(step, str | int)),
    )


def _server_failed(error: GraphQLError) -> bool:
    """Recognize GitHub's own timeout; a query it doesn't understand also has an untyped error."""
    text = error.message.casefold()
    return error.type in {"INTERNAL", "SERVICE_UNAVAILABLE"} or (
        not error.type and ("something went wrong" in text or "timeout" in text)
    )


def _refusal(response: Response) -> Outcome:
    """Tell apart the many meanings of 403 and 429, the strongest sign first."""
    if _sso(response, "required"):
        return Outcome.SSO_REQUIRED
    denied = _denial(message(response))
    if denied is not None:
        return denied
    if "retry-after" in response.headers:
        return Outcome.SECONDARY_LIMIT
    if response.headers.get("x-ratelimit-remaining") == "0":
        return Outcome.PRIMARY_LIMIT
    return Outcome.SECONDARY_LIMIT if response.status == 429 else Outcome.FORBIDDEN  # noqa: PLR2004


def _denial(text: str) -> Outcome | None:
    folded = text.casefold()
    return next((outcome for words, outcome in _DENIALS if words in folded), None)


def _sso(response: Response, form: str) -> bool:
    """Read X-GitHub-SSO: `required; url=...`, or `partial-results; organizations=...`."""
    return response.headers.get("x-github-sso", "").strip().startswith(form)
