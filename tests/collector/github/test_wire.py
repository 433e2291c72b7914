import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from collector.errors import UsageError
from collector.github.outcomes import Outcome
from collector.github.protocol import Request
from collector.github.wire import Fault, Wire, WireOptions

Speak = Callable[[asyncio.StreamWriter], AsyncIterator[bytes]]


def whole(text: bytes) -> Speak:
    async def speak(_writer: asyncio.StreamWriter) -> AsyncIterator[bytes]:
        yield text

    return speak


@asynccontextmanager
async def server(speak: Speak, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serve raw bytes on a socket: what httpx makes of them is what is tested here."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            async for piece in speak(writer):
                writer.write(piece)
                await writer.drain()
        except ConnectionError:
            return
        finally:
            writer.close()

    listening = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{port}"
    finally:
        listening.close()
        await listening.wait_closed()


async def fetch(speak: Speak, *, max_bytes: int = 1_000_000, total: float = 5) -> bytes:
    options = WireOptions(total_timeout=total, read_timeout=total)
    async with server(speak) as url:
        wire = Wire(url, in_flight=1, options=options)
        try:
            return (await wire.send(Request("GET", f"{url}/x"), max_bytes=max_bytes)).body
        finally:
            await wire.close()


async def test_a_whole_answer_is_read() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-A: 1\r\nx-a: 2\r\n\r\n"
    async with server(whole(head + b"body")) as url:
        wire = Wire(url, in_flight=25, options=WireOptions())
        answer = await wire.send(Request("GET", f"{url}/x", {"accept": "x"}), max_bytes=4)
        await wire.close()

    assert (answer.status, answer.body) == (200, b"body")
    assert answer.headers["x-a"] == "1, 2"


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut", Outcome.BROKEN),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ncut", Outcome.BROKEN),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nbad",
            Outcome.BROKEN,
        ),
        (b"not http at all\r\n\r\n", Outcome.BROKEN),
        (b"", Outcome.BROKEN),
    ],
)
async def test_a_cut_or_garbled_answer_is_a_fault(sent: bytes, outcome: Outcome) -> None:
    with pytest.raises(Fault) as caught:
        await fetch(whole(sent))

    assert (caught.value.outcome, caught.value.final) == (outcome, False)


async def test_a_reset_is_a_fault() -> None:
    async def speak(writer: asyncio.StreamWriter) -> AsyncIterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
        writer.transport.abort()

    with pytest.raises(Fault) as caught:
        await fetch(speak)
    assert caught.value.outcome in {Outcome.TIMEOUT, Outcome.BROKEN}


async def test_a_server_that_drips_holds_no_worker() -> None:
    async def speak(_writer: asyncio.StreamWriter) -> AsyncIterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    with pytest.raises(Fault) as caught:
        await fetch(speak, total=0.2)
    assert (caught.value.outcome, caught.value.lost) == (Outcome.TIMEOUT, False)


async def test_a_body_is_bounded_after_it_is_unpacked() -> None:
    packed = gzip.compress(bytes(5_000_000))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)

    with pytest.raises(Fault, match="larger than 1000000") as caught:
        await fetch(whole(head + packed))
    assert caught.value.final


async def test_a_packed_body_has_the_length_it_announces() -> None:
    packed = gzip.compress(b"[1]" * 100)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)

    assert await fetch(whole(head + packed)) == b"[1]" * 100


async def test_an_address_where_nobody_listens_is_lost() -> None:
    async with server(whole(b"")) as url:
        pass
    wire = Wire(url, in_flight=1, options=WireOptions())
    with pytest.raises(Fault) as caught:
        await wire.send(Request("GET", url), max_bytes=1)
    await wire.close()

    assert (caught.value.outcome, caught.value.lost) == (Outcome.TIMEOUT, True)


async def test_a_url_that_is_none_is_asked_once() -> None:
    wire = Wire("http://127.0.0.1:1", in_flight=1, options=WireOptions())
    with pytest.raises(Fault) as caught:
        await wire.send(Request("GET", "http://127.0.0.1:1/\x00"), max_bytes=1)
    await wire.close()

    assert caught.value.final


async def test_no_client_has_more_than_ten_connections() -> None:
    wire = Wire("http://127.0.0.1:1", in_flight=31, options=WireOptions())

    assert len(wire._clients) == 4
    assert len(wire._lanes) == 40
    await wire.close()


async def test_this_machine_is_asked_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)

    assert await fetch(whole(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) == b"ok"


async def test_the_network_is_asked_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with server(whole(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy)
        monkeypatch.delenv("NO_PROXY", raising=False)
        wire = Wire("http://ghes.example/api/v3", in_flight=1, options=WireOptions())
        answer = await wire.send(Request("GET", "http://ghes.example/api/v3/x"), max_bytes=9)
        await wire.close()

    assert answer.body == b"proxy"


def certificate(folder: Path) -> Path:
    """Write a certificate for 127.0.0.1 that only its own file vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "ca.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file


async def test_a_private_ca_is_trusted_when_it_is_named_and_only_then(tmp_path: Path) -> None:
    file = certificate(tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(file)
    speak = whole(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntls")
    async with server(speak, tls=tls) as url:
        trusting = Wire(url, in_flight=1, options=WireOptions(ca_file=file))
        answer = await trusting.send(Request("GET", url), max_bytes=9)
        wary = Wire(url, in_flight=1, options=WireOptions())
        with pytest.raises(Fault, match="certificate is not trusted") as caught:
            await wary.send(Request("GET", url), max_bytes=9)
        await trusting.close()
        await wary.close()

    assert (answer.body, caught.value.lost) == (b"tls", True)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_certificate_file_that_is_none_is_a_usage_error(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)

    with pytest.raises(UsageError, match=r"ca\.pem"):
        Wire("https://ghes.example", in_flight=1, options=WireOptions(ca_file=file))
