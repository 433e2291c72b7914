"""Cassettes: what is kept, what is not, and that a replay answers as the recording did."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from collector.errors import UsageError
from collector.github.cassette import FILE_NAME, MASKED_HEADER, Player, Recorder
from collector.github.protocol import Request, Response

API = "http://127.0.0.1:9999"
TOKEN = "ghp_" + "a1B2" * 9


class Wire:
    """A wire with ready answers, by path."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)

    async def send(self, request: Request, *, max_bytes: int) -> Response:
        """Return the next answer."""
        return self.answers.pop(0)

    async def close(self) -> None:
        """Nothing is open."""


def asked(path: str, *, body: bytes = b"", method: str = "GET") -> Request:
    """Build a request with a token, as the client does."""
    headers = {"accept": "application/json", "authorization": f"Bearer {TOKEN}"}
    return Request(method, API + path, headers, body)


def answer(body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """Build an answer."""
    return Response(200, headers or {}, body)


def unmasked(body: bytes) -> tuple[bytes, int]:
    """Mask nothing."""
    return body, 0


async def record(folder: Path, *pairs: tuple[Request, Response]) -> str:
    """Record answers and return the file's text."""
    recorder = Recorder(
        Wire(*(response for _, response in pairs)), folder, api_url=API, mask=unmasked
    )
    for request, _ in pairs:
        await recorder.send(request, max_bytes=1000)
    await recorder.close()
    return (folder / FILE_NAME).read_text(encoding="utf-8")


async def test_no_credential_and_no_address_is_kept(tmp_path: Path) -> None:
    headers = {"link": f'<{API}/x?page=2>; rel="next"', "date": "Mon", "set-cookie": "s=1"}
    minted = Response(201, {}, json.dumps({"token": TOKEN}).encode())

    text = await record(
        tmp_path / "c",
        (asked("/x"), answer(b'{"url": "http://127.0.0.1:9999/x"}', headers)),
        (asked("/app/installations/1/access_tokens", method="POST"), minted),
    )

    assert TOKEN not in text
    assert API not in text
    assert "set-cookie" not in text
    assert "Mon" not in text


async def test_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    await record(tmp_path / "c", (asked("/x"), answer(b"{}")))

    assert (tmp_path / "c").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "c" / FILE_NAME).stat().st_mode & 0o777 == 0o600


async def test_a_masked_text_says_so_when_it_is_replayed(tmp_path: Path) -> None:
    wire = Wire(answer(b"password: hunter2"))
    recorder = Recorder(wire, tmp_path / "c", api_url=API, mask=lambda _: (b"password: *******", 1))
    seen = await recorder.send(asked("/blob"), max_bytes=1000)
    await recorder.close()

    replayed = await Player(tmp_path / "c", api_url=API).send(asked("/blob"), max_bytes=1000)

    assert seen.body == b"password: hunter2"
    assert replayed.body == b"password: *******"
    assert replayed.headers[MASKED_HEADER] == "1"


@pytest.mark.parametrize("body", [b"", b"{}", "ünï \u2028 {the-api".encode(), b"\xff\x00binary"])
async def test_a_replay_gives_the_bytes_that_were_recorded(tmp_path: Path, body: bytes) -> None:
    await record(tmp_path / "c", (asked("/x?page=1"), answer(body, {"content-type": "a/b"})))

    replayed = await Player(tmp_path / "c", api_url="https://elsewhere").send(
        Request("GET", "https://elsewhere/x?page=1", {"accept": "application/json"}),
        max_bytes=1000,
    )

    assert (replayed.status, replayed.body) == (200, body)
    assert replayed.headers == {"content-type": "a/b"}


async def test_a_question_asked_twice_gets_its_answers_in_order_and_then_the_last(
    tmp_path: Path,
) -> None:
    await record(tmp_path / "c", (asked("/x"), answer(b"1")), (asked("/x"), answer(b"2")))
    player = Player(tmp_path / "c", api_url=API)

    bodies = [(await player.send(asked("/x"), max_bytes=9)).body for _ in range(3)]

    assert bodies == [b"1", b"2", b"2"]


async def test_queries_are_told_apart_by_their_text(tmp_path: Path) -> None:
    first, second = (asked("/graphql", method="POST", body=body) for body in (b"{a}", b"{b}"))
    await record(tmp_path / "c", (first, answer(b"A")), (second, answer(b"B")))
    player = Player(tmp_path / "c", api_url=API)

    assert (await player.send(second, max_bytes=9)).body == b"B"
    assert (await player.send(first, max_bytes=9)).body == b"A"


async def test_what_was_never_asked_is_an_error_that_names_it(tmp_path: Path) -> None:
    await record(tmp_path / "c", (asked("/x"), answer(b"1")))

    with pytest.raises(UsageError, match=r"no answer to GET /y\."):
        await Player(tmp_path / "c", api_url=API).send(asked("/y"), max_bytes=9)


@pytest.mark.parametrize(("text", "message"), [(None, "can't be read"), ("{", "is damaged")])
def test_a_folder_that_is_no_cassette_is_refused(
    tmp_path: Path, text: str | None, message: str
) -> None:
    if text is not None:
        (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match=message):
        Player(tmp_path, api_url=API)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(UsageError, match="can't be written"):
        Recorder(Wire(), tmp_path / "file" / "c", api_url=API, mask=unmasked)
