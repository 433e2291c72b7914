"""What a request to GitHub and its answer are made of: values in, values out, nothing is sent."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from importlib import metadata
from string import Formatter
from typing import Any
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit

# https://docs.github.com/en/rest/about-the-rest-api/api-versions: GHES before 3.21 knows no newer.
API_VERSION = "2022-11-28"
JSON = "application/vnd.github+json"
RAW = "application/vnd.github.raw+json"

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*\w+="[^"]*")*)')
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")

Params = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, complete; its representation shows no header, so no token."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer, read to its end. Header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A link of the evidence chain: what was asked, when, and the digest of what came back."""

    method: str
    path: str
    # Beneath the API's root, with its query; a token is never part of it.
    status: int | None
    # None when no complete answer came, however often it was asked.
    etag: str | None
    request_id: str | None
    body_sha256: str | None
    # Of the decoded body; of the body kept from before when the answer was 304.
    observed_at: datetime
    # UTC, without a zone, as the database keeps it.
    credential: str


@cache
def user_agent() -> str:
    """Name this program; GitHub refuses requests without it, and reformats bodies for "curl"."""
    try:
        return f"pkginventory/{metadata.version('pkginventory')}"
    except metadata.PackageNotFoundError:
        return "pkginventory/0"


def request_headers(*, accept: str, authorization: str) -> dict[str, str]:
    """Build the headers that every request carries."""
    return {
        "accept": accept,
        "accept-encoding": "gzip, deflate",
        "authorization": authorization,
        "user-agent": user_agent(),
        "x-github-api-version": API_VERSION,
    }


def segment(value: str) -> str:
    """Percent-encode one path segment exactly once.

    No name on GitHub holds a literal `%2F`, so a value that does was encoded already. `.` and `..`
    would be resolved away by any URL library, and so name another resource.
    """
    plain = unquote(value) if "%2f" in value.casefold() else value
    encoded = quote(plain, safe="", errors="replace")
    return encoded.replace(".", "%2E") if encoded in {".", ".."} else encoded


def path(template: str, **values: str | int) -> str:
    """Fill a path template: `{name}` is one segment, `{+path}` keeps its slashes."""
    filled = ""
    for literal, name, _spec, _conversion in Formatter().parse(template):
        filled += literal
        if name is None:
            continue
        if name.startswith("+"):
            filled += "/".join(segment(part) for part in str(values[name[1:]]).split("/"))
        else:
            filled += segment(str(values[name]))
    return filled


def with_query(url: str, params: Params | None) -> str:
    """Add query parameters, leaving out those that are None."""
    pairs = [(name, _query_value(value)) for name, value in (params or {}).items()]
    kept = [(name, value) for name, value in pairs if value is not None]
    if not kept:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(kept, errors='replace')}"


def origin(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port: what must not change while a token is sent."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    try:
        port = parts.port
    except ValueError:
        return scheme, "", None
    return scheme, (parts.hostname or "").lower(), port or _DEFAULT_PORTS.get(scheme)


def same_origin(url: str, *, as_url: str) -> bool:
    """Tell whether a token meant for one URL may be sent to another."""
    return origin(url) == origin(as_url)


def resolve(location: str, *, base: str) -> str:
    """Resolve a Location or Link target; what can't be parsed resolves to nothing."""
    try:
        return urljoin(base, location)
    except ValueError:
        return ""


def next_link(header: str | None) -> str | None:
    """Return the `rel="next"` target of a Link header."""
    for target, attributes in _LINK.findall(header or ""):
        if re.search(r'\brel="(?:[^"]* )?next(?: [^"]*)?"', attributes):
            return str(target)
    return None


def http_date(text: str | None) -> datetime | None:
    """Read an HTTP date, None when it isn't one."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_json(body: bytes) -> Any:
    """Read JSON strictly: no NaN, no bottomless nesting, no string that UTF-8 can't hold.

    Raises:
        ValueError: the body is not JSON that can be worked with.
    """
    try:
        data = json.loads(body, parse_constant=_refuse_constant)
        return _without_surrogates(data) if _LONE_SURROGATE.search(body) else data
    except RecursionError:
        raise ValueError("JSON is nested too deeply") from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value


def _query_value(value: str | float | None) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
