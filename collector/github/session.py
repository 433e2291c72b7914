"""One request after the other, each under the limits, within the budget, and on the record."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from collector.errors import CredentialError, GitHubUnreachableError
from collector.github.answers import Answer, Reading, read_json
from collector.github.auth import Credential, TokenFacts
from collector.github.cache import CacheKey, Kept, ValidatorCache, expected_etag
from collector.github.editions import Edition
from collector.github.governor import Budget, Clock, Governor
from collector.github.limits import LimitPolicy, Waiting, resource_of
from collector.github.outcomes import Outcome
from collector.github.protocol import (
    JSON,
    Request,
    RequestRecord,
    Response,
    request_headers,
)
from collector.github.readonly import refuse_writes
from collector.github.wire import Fault
from collector.redact import scrub

if TYPE_CHECKING:
    from collector.github.cassette import Sender

_EXCHANGE_TRIES = 4
_EXCHANGE_BYTES = 1_000_000

Reader = Callable[[Response], Reading]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to find out, over as many requests as it takes."""

    method: str
    url: str
    accept: str
    read: Reader
    max_bytes: int
    tries: int
    body: bytes = field(default=b"", repr=False)
    cached: bool = False
    # Ask only for what has changed since it was kept.


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request brought."""

    answer: Answer
    fault: Fault | None = None


@dataclass(slots=True)
class Counts:
    """What a client did so far."""

    sent: int = 0
    retried: int = 0
    not_modified: int = 0


class Session:
    """Signs and sends for one credential."""

    def __init__(
        self,
        edition: Edition,
        credential: Credential,
        *,
        wire: "Sender",
        limits: LimitPolicy,
        budget: Budget,
        clock: Clock,
        cache: ValidatorCache | None,
        on_request: Callable[[RequestRecord], None] | None,
        on_wait: Callable[[Waiting], None] | None,
    ) -> None:
        self.edition = edition
        self.credential = credential
        self.counts = Counts()
        self.token_facts: TokenFacts | None = None
        # What the first accepted answer's headers tell about the token.
        self._wire = wire
        self._budget = budget
        self._clock = clock
        self._cache = cache
        self._on_request = on_request
        self._governor = Governor(credential.name, policy=limits, clock=clock, on_wait=on_wait)
        # An App signs its own requests: another identity with another budget, and no deadlock with
        # the workers that hold a leave while they wait for its token.
        self._app_governor = Governor(
            f"{credential.name} (App)", policy=limits, clock=clock, on_wait=on_wait
        )
        self._stopped: CredentialError | None = None

    @property
    def waited(self) -> float:
        """Return the seconds that limits have held this credential back."""
        return self._governor.gate.waited + self._app_governor.gate.waited

    async def ask(self, question: Question) -> Asked:
        """Send one request as soon as the limits leave it, and read what it says.

        Raises:
            CredentialError: the token was refused, by this answer or by one before.
            RateLimitError: the limits ask for more patience than the run has.
            BudgetExhaustedError: the run has no requests left.
        """
        response, fault = None, None
        async with self._governor.leave(resource_of(question.url)) as leave:
            # Only now: the wait may have been longer than an App's token lives.
            authorization = await self._authorization()
            kept = self._kept(question)
            request = _request(question, authorization, kept=kept, credential=self.credential)
            try:
                response = await self._send(request, max_bytes=question.max_bytes)
            except Fault as caught:
                fault = caught
            reading = _reading(question, response, kept=kept, fault=fault)
            if response is not None:
                leave.answered(reading.outcome, response.headers)
        record = self._record(request, response, kept=kept)
        answer = _answer(question, record, response, reading, kept=kept)
        self._learn(question, answer, response, kept=kept)
        return Asked(answer, fault)

    async def _exchange(self, method: str, path: str, *, authorization: str) -> Response:
        """Send what an App signs itself."""
        url = f"{self.edition.api_url}{path}"
        headers = request_headers(accept=JSON, authorization=authorization)
        request = Request(method, url, headers)
        for tried in range(_EXCHANGE_TRIES):
            await self._clock.sleep(2.0**tried - 1)
            response = await self._exchange_once(request)
            if response is not None and response.status < 500:  # noqa: PLR2004
                return response
        raise GitHubUnreachableError(
            f"{self.edition.api_url} gives the App no token: no answer, or server errors.",
            hint="Run it again later: it goes on where it stopped.",
        )

    async def _exchange_once(self, request: Request) -> Response | None:
        while True:
            async with self._app_governor.leave(resource_of(request.url)) as leave:
                try:
                    response = await self._send(request, max_bytes=_EXCHANGE_BYTES)
                except Fault:
                    return None
                outcome = read_json(response).outcome
                leave.answered(outcome, response.headers)
            self._record(replace(request, headers={}), response, kept=None)
            if outcome not in {Outcome.PRIMARY_LIMIT, Outcome.SECONDARY_LIMIT}:
                return response

    async def _authorization(self) -> str:
        """Sign, unless the credential was refused already: one refusal stops every worker."""
        if self._stopped is None:
            try:
                authorization = await self.credential.authorization(self._exchange)
            except CredentialError as error:
                self._stopped = error
        if self._stopped is not None:
            raise self._stopped
        return authorization

    async def _send(self, request: Request, *, max_bytes: int) -> Response:
        refuse_writes(request, api_url=self.edition.api_url, graphql_url=self.edition.graphql_url)
        self._budget.spend()
        self.counts.sent += 1
        return await self._wire.send(request, max_bytes=max_bytes)

    def _kept(self, question: Question) -> Kept | None:
        if self._cache is None or not question.cached:
            return None
        return self._cache.get(self._key(question))

    def _key(self, question: Question) -> CacheKey:
        return CacheKey(self.credential.name, question.url, question.accept)

    def _record(
        self, request: Request, response: Response | None, *, kept: Kept | None
    ) -> RequestRecord:
        headers = {} if response is None else response.headers
        body = None if response is None else response.body
        if response is not None and response.status == 304 and kept is not None:  # noqa: PLR2004
            body = kept.body
        record = RequestRecord(
            method=request.method,
            path=scrub(_relative(request.url, edition=self.edition)),
            status=None if response is None else response.status,
            etag=headers.get("etag"),
            request_id=headers.get("x-github-request-id"),
            body_sha256=None if body is None else hashlib.sha256(body).hexdigest(),
            observed_at=self._clock.wall().replace(tzinfo=None),
            credential=self.credential.name,
        )
        if self._on_request is not None and response is not None:
            self._on_request(record)
        return record

    def _learn(
        self, question: Question, answer: Answer, response: Response | None, *, kept: Kept | None
    ) -> None:
        """Keep what later requests need to know."""
        if answer.outcome is Outcome.UNAUTHORIZED:
            self._stopped = self._stopped or _refused(self.credential, answer)
            raise self._stopped
        if response is None:
            return
        if self.token_facts is None and answer.usable:
            self.token_facts = TokenFacts.from_headers(response.headers)
        if answer.outcome is Outcome.NOT_MODIFIED:
            self.counts.not_modified += 1
        etag = response.headers.get("etag")
        if self._cache is None or not question.cached or not etag:
            return
        if answer.outcome is Outcome.OK:
            kept = Kept(etag, response.body, response.headers.get("link"))
            self._cache.put(self._key(question), kept)
        elif answer.outcome is Outcome.NOT_MODIFIED and kept is not None:
            self._cache.put(self._key(question), replace(kept, etag=etag))


def _request(
    question: Question, authorization: str, *, kept: Kept | None, credential: Credential
) -> Request:
    headers = request_headers(accept=question.accept, authorization=authorization)
    if question.body:
        headers["content-type"] = "application/json"
    if kept is not None and credential.rotates:
        headers["if-none-match"] = expected_etag(
            kept.body, accept=question.accept, authorization=authorization
        )
    elif kept is not None:
        headers["if-none-match"] = kept.etag
    return Request(question.method, question.url, headers, question.body)


def _reading(
    question: Question, response: Response | None, *, kept: Kept | None, fault: Fault | None
) -> Reading:
    if fault is not None or response is None:
        outcome, detail = (fault.outcome, fault.detail) if fault else (Outcome.TIMEOUT, "")
        return Reading(outcome, message=detail)
    reading = question.read(response)
    if reading.outcome is not Outcome.NOT_MODIFIED:
        return reading
    if kept is None:
        return Reading(Outcome.BROKEN, message="not modified, but nothing was kept")
    old = question.read(Response(200, response.headers, kept.body))
    return replace(old, outcome=Outcome.NOT_MODIFIED) if old.outcome is Outcome.OK else old


def _answer(
    question: Question,
    record: RequestRecord,
    response: Response | None,
    reading: Reading,
    *,
    kept: Kept | None,
) -> Answer:
    headers = dict(response.headers) if response is not None else {}
    if reading.outcome is Outcome.NOT_MODIFIED and kept is not None and kept.link:
        headers.setdefault("link", kept.link)
    return Answer(
        outcome=reading.outcome,
        status=record.status,
        data=reading.data,
        headers=headers,
        request=record,
        errors=reading.errors,
        message=reading.message,
        url=question.url,
    )


def _relative(url: str, *, edition: Edition) -> str:
    """Return a URL's path and query beneath the API's root."""
    if url == edition.graphql_url:
        return "/graphql"
    relative = url.removeprefix(edition.api_url)
    return relative if relative.startswith("/") else f"/{relative}"


def _refused(credential: Credential, answer: Answer) -> CredentialError:
    said = f": {answer.message}" if answer.message else ""
    return CredentialError(
        f"GitHub refused the credential {credential.name} ({credential.kind}){said}",
        hint="It is expired, revoked or mistyped. Make a new one; what was read so far is kept.",
    )
