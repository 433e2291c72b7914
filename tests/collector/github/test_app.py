import asyncio
import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from collector.errors import CredentialError, GitHubUnreachableError, UsageError
from collector.github.app import AppInstallation
from collector.github.cache import MemoryCache, expected_etag
from collector.github.protocol import JSON, RequestRecord
from collector.redact import scrub
from tests.collector.github.tools import JumpingClock, github, http_date


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem() -> str:
    return (
        key()
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        .decode()
    )


class FakeApp:
    """GitHub's side: one installation, a new token each time it is asked."""

    def __init__(self, time: JumpingClock, *, lifetime: float = 3600, skew: float = 0) -> None:
        self.time, self.lifetime, self.skew = time, lifetime, skew
        self.seen: list[tuple[str, str]] = []
        self.authorizations: list[str] = []
        self.answers: dict[str, list[httpx.Response]] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append((request.method, request.url.path))
        scripted = self.answers.get(request.url.path)
        if scripted:
            return scripted.pop(0)
        authorization = request.headers["authorization"]
        if request.url.path == "/orgs/acme/installation":
            self._check(authorization)
            return self._answer({"id": 42})
        if request.url.path == "/app/installations/42/access_tokens":
            self._check(authorization)
            expires = self._now() + timedelta(seconds=self.lifetime)
            token = f"ghs_{self.issued:036d}"
            return self._answer({"token": token, "expires_at": f"{expires:%Y-%m-%dT%H:%M:%SZ}"})
        self.authorizations.append(authorization)
        return self._answer({})

    @property
    def issued(self) -> int:
        return sum(method == "POST" for method, _path in self.seen)

    def _now(self) -> datetime:
        return self.time.wall() + timedelta(seconds=self.skew)

    def _answer(self, payload: Any) -> httpx.Response:
        return httpx.Response(200, json=payload, headers={"date": http_date(self._now())})

    @staticmethod
    def _check(authorization: str) -> None:
        token = authorization.removeprefix("Bearer ")
        claims = jwt.decode(token, key().public_key(), algorithms=["RS256"])
        assert claims["iss"] == "123456"
        assert claims["exp"] - claims["iat"] <= 600


def installation(time: JumpingClock, private_key: str = "") -> AppInstallation:
    return AppInstallation("123456", private_key or pem(), "acme", monotonic=lambda: time.now)


async def test_many_workers_share_one_token() -> None:
    time = JumpingClock()
    server = FakeApp(time)
    async with github(server, time=time, credential=installation(time)) as gh:
        await asyncio.gather(*(gh.get(f"/x/{number}") for number in range(30)))

    assert server.issued == 1
    assert set(server.authorizations) == {f"Bearer ghs_{1:036d}"}
    assert server.seen[:2] == [
        ("GET", "/orgs/acme/installation"),
        ("POST", "/app/installations/42/access_tokens"),
    ]


@pytest.mark.parametrize("skew", [0, -7200, 7200])
async def test_a_token_is_renewed_five_minutes_before_it_expires(skew: float) -> None:
    time = JumpingClock()
    server = FakeApp(time, skew=skew)
    async with github(server, time=time, credential=installation(time)) as gh:
        await gh.get("/x")
        time.now = 3299
        await gh.get("/x")
        assert server.issued == 1
        time.now = 3301
        await asyncio.gather(*(gh.get("/x") for _ in range(10)))

    assert server.issued == 2
    assert server.seen.count(("GET", "/orgs/acme/installation")) == 1
    assert server.authorizations[-1] == f"Bearer ghs_{2:036d}"


async def test_a_token_that_dies_at_once_is_no_storm() -> None:
    time = JumpingClock()
    server = FakeApp(time, lifetime=0)
    async with github(server, time=time, credential=installation(time)) as gh:
        for _ in range(20):
            await gh.get("/x")

    assert server.issued == 1


async def test_a_wait_longer_than_a_token_lives_ends_with_a_new_token() -> None:
    time = JumpingClock()
    server = FakeApp(time)
    limited = httpx.Response(403, json={"message": "x"}, headers={"retry-after": "7200"})
    server.answers["/x"] = [limited]
    async with github(server, time=time, credential=installation(time)) as gh:
        assert (await gh.get("/x")).ok

    assert server.authorizations == [f"Bearer ghs_{2:036d}"]


async def test_an_app_that_is_refused_stops_every_worker_at_once() -> None:
    time = JumpingClock()
    server = FakeApp(time)
    refusal = httpx.Response(401, json={"message": "A JSON web token could not be decoded"})
    server.answers["/orgs/acme/installation"] = [refusal] * 30
    async with github(server, time=time, credential=installation(time)) as gh:
        results = await asyncio.gather(
            *(gh.get(f"/x/{number}") for number in range(30)), return_exceptions=True
        )

    assert {type(result) for result in results} == {CredentialError}
    assert len(server.seen) == 1
    assert "could not be decoded" in str(results[0])


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/orgs/acme/installation", httpx.Response(404, json={"message": "Not Found"})),
        ("/orgs/acme/installation", httpx.Response(200, json={"id": "x"})),
        ("/orgs/acme/installation", httpx.Response(200, content=b"{")),
        ("/app/installations/42/access_tokens", httpx.Response(201, json={"token": "a b"})),
        ("/app/installations/42/access_tokens", httpx.Response(201, json={})),
    ],
)
async def test_an_app_that_is_not_installed_is_said_so(path: str, answer: httpx.Response) -> None:
    time = JumpingClock()
    server = FakeApp(time)
    server.answers[path] = [answer] * 9
    async with github(server, time=time, credential=installation(time)) as gh:
        with pytest.raises(CredentialError) as caught:
            await gh.get("/x")

    assert "installed in acme" in caught.value.hint


async def test_a_server_error_is_tried_again_before_the_app_gives_up() -> None:
    time = JumpingClock()
    server = FakeApp(time)
    server.answers["/orgs/acme/installation"] = [httpx.Response(502)] * 3
    async with github(server, time=time, credential=installation(time)) as gh:
        assert (await gh.get("/x")).ok
    server = FakeApp(time)
    server.answers["/orgs/acme/installation"] = [httpx.Response(502)] * 4
    async with github(server, time=time, credential=installation(time)) as gh:
        with pytest.raises(GitHubUnreachableError):
            await gh.get("/x")


async def test_token_and_key_are_shown_nowhere() -> None:
    time = JumpingClock()
    records: list[RequestRecord] = []
    server, app = FakeApp(time), installation(time)
    async with github(server, time=time, credential=app, on_request=records.append) as gh:
        await gh.get("/x")

    shown = f"{app!r} {records!r} {gh!r}"
    assert "ghs_" not in shown
    assert "PRIVATE" not in shown
    assert [record.path for record in records] == [
        "/orgs/acme/installation",
        "/app/installations/42/access_tokens",
        "/x",
    ]
    assert scrub(f"token {1:036d} ghs_{1:036d}") == f"token {1:036d} ***"


async def test_the_etag_is_computed_for_the_token_of_the_hour() -> None:
    time = JumpingClock()
    body = json.dumps([1]).encode()
    asked: list[str | None] = []

    class Listing(FakeApp):
        def __call__(self, request: httpx.Request) -> httpx.Response:
            if request.url.path != "/x":
                return super().__call__(request)
            etag = expected_etag(body, accept=JSON, authorization=request.headers["authorization"])
            asked.append(request.headers.get("if-none-match"))
            same = asked[-1] == etag
            content = b"" if same else body
            return httpx.Response(304 if same else 200, content=content, headers={"etag": etag})

    server = Listing(time)
    async with github(server, time=time, credential=installation(time), cache=MemoryCache()) as gh:
        await gh.get("/x")
        time.now = 4000
        again = await gh.get("/x")

    assert server.issued == 2
    assert (again.status, again.data) == (304, [1])
    assert asked[0] is None


def test_a_key_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "app.pem"
    file.write_text(pem())
    file.chmod(0o600)

    app = AppInstallation.from_key_file("Iv23li.abc", file, organization="acme")

    assert (app.app_id, app.organization, app.name) == ("Iv23li.abc", "acme", "app")


@pytest.mark.parametrize(("app_id", "content"), [("1 2", "x"), ("", "x"), ("12", "no key")])
def test_an_id_or_a_key_that_is_none_is_a_usage_error(
    tmp_path: Path, app_id: str, content: str
) -> None:
    file = tmp_path / "app.pem"
    file.write_text(content)

    with pytest.raises(UsageError):
        AppInstallation.from_key_file(app_id, file, organization="acme")


async def test_a_broken_key_is_a_usage_error_that_does_not_show_it() -> None:
    time = JumpingClock()
    broken = "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----\n"
    async with github(FakeApp(time), time=time, credential=installation(time, broken)) as gh:
        with pytest.raises(UsageError) as caught:
            await gh.get("/x")

    assert "c2VjcmV0" not in f"{caught.value} {caught.value.hint}"
