"""Ask GitHub: faults retried, redirects followed, and a denial is an answer, not an exception."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from collector.errors import GitHubUnreachableError
from collector.github.answers import Answer, read_bytes, read_graphql, read_json
from collector.github.auth import Credential, TokenFacts
from collector.github.cache import ValidatorCache
from collector.github.editions import Edition
from collector.github.governor import Budget, Clock
from collector.github.limits import LimitPolicy, Waiting, wait_seconds
from collector.github.outcomes import Outcome
from collector.github.protocol import (
    JSON,
    RAW,
    Params,
    RequestRecord,
    resolve,
    same_origin,
    with_query,
)
from collector.github.session import Asked, Counts, Question, Session
from collector.github.wire import Wire, WireOptions

if TYPE_CHECKING:
    import httpx

    from collector.github.cassette import Sender

_REDIRECTS = 5
_LOST_IN_A_ROW = 5
_RETRIED = frozenset({Outcome.SERVER_ERROR, Outcome.BROKEN, Outcome.TIMEOUT})
_LIMITED = frozenset({Outcome.PRIMARY_LIMIT, Outcome.SECONDARY_LIMIT})


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """How patient and how large."""

    limits: LimitPolicy | None = None
    # None: the edition's own pace, ten at once.
    wire: WireOptions = field(default_factory=WireOptions)
    tries: int = 5
    # For one URL; the first counts.
    backoff: float = 1.0
    longest_backoff: float = 30.0
    max_json_bytes: int = 32 * 1024 * 1024
    max_blob_bytes: int = 8 * 1024 * 1024


class GitHub:
    """One credential's way to one GitHub. Use it as an async context manager."""

    def __init__(
        self,
        edition: Edition,
        credential: Credential,
        *,
        options: ClientOptions | None = None,
        budget: Budget | None = None,
        cache: ValidatorCache | None = None,
        on_request: Callable[[RequestRecord], None] | None = None,
        on_wait: Callable[[Waiting], None] | None = None,
        clock: Clock | None = None,
        jitter: Callable[[], float] = random.random,
        through: "Callable[[Sender], Sender] | None" = None,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self.edition = edition
        self.credential = credential
        self.options = options or ClientOptions()
        self.budget = budget or Budget()
        self._clock = clock or Clock()
        self._jitter = jitter
        limits = self.options.limits or LimitPolicy(requests_per_second=edition.requests_per_second)
        wire = Wire(
            edition.api_url,
            in_flight=limits.max_in_flight,
            options=self.options.wire,
            transport=transport,
        )
        # A cassette stands between: it records what passes, or answers in the wire's place.
        self._wire = wire if through is None else through(wire)
        self._session = Session(
            edition,
            credential,
            wire=self._wire,
            limits=limits,
            budget=self.budget,
            clock=self._clock,
            cache=cache,
            on_request=on_request,
            on_wait=on_wait,
        )
        self._reached = False
        self._lost = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._wire.close()

    @property
    def counts(self) -> Counts:
        """Return what was sent, retried and not modified so far."""
        return self._session.counts

    @property
    def token_facts(self) -> TokenFacts | None:
        """Return the token's scopes and expiry, once an answer has told them."""
        return self._session.token_facts

    @property
    def waited(self) -> float:
        """Return the seconds that limits have held this credential back."""
        return self._session.waited

    def url(self, path: str, params: Params | None = None) -> str:
        """Return the full URL of a path beneath the API's root."""
        return with_query(f"{self.edition.api_url}{path}", params)

    async def get(
        self,
        path: str,
        *,
        params: Params | None = None,
        accept: str = JSON,
        tries: int | None = None,
    ) -> Answer:
        """Get JSON from a path beneath the API's root.

        Raises:
            CredentialError: the token was refused, now or before.
            RateLimitError: a limit asks for more patience than the run has.
            BudgetExhaustedError: the run has no requests left.
            GitHubUnreachableError: nothing that speaks GitHub's API is at the API's address.
        """
        return await self.get_url(self.url(path, params), accept=accept, tries=tries)

    async def get_url(self, url: str, *, accept: str = JSON, tries: int | None = None) -> Answer:
        """Get JSON from a full URL on the API's host, as a Link header gives it."""
        if not same_origin(url, as_url=self.edition.api_url):
            raise ValueError("a token is sent to the API's own host only")
        question = Question(
            method="GET",
            url=url,
            accept=accept,
            read=read_json,
            max_bytes=self.options.max_json_bytes,
            tries=tries or self.options.tries,
            cached=True,
        )
        return await self._follow(question)

    async def get_bytes(
        self,
        path: str,
        *,
        params: Params | None = None,
        accept: str = RAW,
        max_bytes: int | None = None,
        tries: int | None = None,
    ) -> Answer:
        """Get raw bytes, for instance of a blob; a larger body is `truncated`, not read."""
        question = Question(
            method="GET",
            url=self.url(path, params),
            accept=accept,
            read=read_bytes,
            max_bytes=self.options.max_blob_bytes if max_bytes is None else max_bytes,
            tries=tries or self.options.tries,
        )
        return await self._follow(question)

    async def graphql(
        self, query: str, variables: Mapping[str, Any] | None = None, *, tries: int = 2
    ) -> Answer:
        """Ask a GraphQL query; `data` is its data, `errors` say what is missing from it.

        A query that is too heavy fails each time, so it is tried less often than a GET.
        """
        question = Question(
            method="POST",
            url=self.edition.graphql_url,
            accept=JSON,
            read=read_graphql,
            max_bytes=self.options.max_json_bytes,
            tries=tries,
            body=json.dumps({"query": query, "variables": dict(variables or {})}).encode(),
        )
        return await self._persist(question)

    async def _follow(self, question: Question) -> Answer:
        """Follow redirects, as long as they stay where the token may go."""
        answer = await self._persist(question)
        for _hop in range(_REDIRECTS):
            if answer.outcome is not Outcome.MOVED:
                break
            target = resolve(answer.headers.get("location", ""), base=question.url)
            if not same_origin(target, as_url=self.edition.api_url):
                break
            question = replace(question, url=target)
            answer = replace(await self._persist(question), redirected=True)
        return answer

    async def _persist(self, question: Question) -> Answer:
        """Ask until there is an answer, or there were too many faults."""
        tried = 0
        while True:
            asked = await self._session.ask(question)
            if asked.answer.outcome in _LIMITED:
                # The governor holds the next one back, and gives up when it takes too long.
                continue
            tried += 1
            if not _worth_another(asked) or tried >= question.tries:
                self._note_reach(asked)
                return asked.answer
            self.counts.retried += 1
            await self._clock.sleep(self._pause(tried, asked.answer))

    def _pause(self, tried: int, answer: Answer) -> float:
        """Back off exponentially with full jitter, or as long as the server says (a 503 may)."""
        bound = min(self.options.longest_backoff, self.options.backoff * 2.0 ** (tried - 1))
        said = wait_seconds(answer.headers, wall=self._clock.wall())
        return min(said, 10 * bound) if said is not None else bound * self._jitter()

    def _note_reach(self, asked: Asked) -> None:
        """Tell a bad page, which is coverage, from an address where no GitHub is."""
        answer = asked.answer
        if asked.fault is not None and asked.fault.lost:
            self._lost += 1
        elif answer.status is not None:
            self._lost = 0
        self._reached = self._reached or _speaks_github(answer)
        if not self._reached or self._lost >= _LOST_IN_A_ROW:
            what = answer.message or f"it answers {answer.status}, and not as GitHub's API does"
            raise GitHubUnreachableError(
                f"{self.edition.api_url} can't be reached: {what}.",
                hint="Check --api-url (https://api.github.com, https://HOST/api/v3), the network, "
                "HTTPS_PROXY, and a private CA's certificate.",
            )


def _worth_another(asked: Asked) -> bool:
    final = asked.fault is not None and asked.fault.final
    return asked.answer.outcome in _RETRIED and not final


def _speaks_github(answer: Answer) -> bool:
    """Tell whether this may be GitHub's API; a web page or a proxy's complaint is not."""
    if answer.usable or "x-github-request-id" in answer.headers:
        return True
    return "json" in answer.headers.get("content-type", "") or answer.outcome is Outcome.MOVED
