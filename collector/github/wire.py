"""Put one request on the wire and read its answer to the end: the only file that knows httpx."""

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from collector.errors import UsageError
from collector.github.editions import is_loopback
from collector.github.outcomes import Outcome
from collector.github.protocol import Request, Response

# httpcore's pool slows down quadratically with its connections (encode/httpcore#1035): ten a client
# are safe, and whoever wants more gets more clients.
_CONNECTIONS = 10


@dataclass(frozen=True, slots=True)
class WireOptions:
    """How to connect. Proxies come from HTTPS_PROXY, HTTP_PROXY and NO_PROXY."""

    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    # Between two pieces of an answer; GitHub itself gives up after ten seconds.
    total_timeout: float = 120.0
    # For a whole answer: a server that sends a byte now and then must not hold a worker.
    ca_file: Path | None = None
    # Certificates to trust beside the usual ones.


class Fault(Exception):  # noqa: N818 -- what happened, caught by the client and never shown
    """No usable answer came back."""

    def __init__(
        self, outcome: Outcome, detail: str, *, lost: bool = False, final: bool = False
    ) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
        self.lost = lost
        # Nothing was there to connect to.
        self.final = final
        # Asking again would give the same.


class Wire:
    """Connections to one host."""

    def __init__(
        self,
        base_url: str,
        *,
        in_flight: int,
        options: WireOptions,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._options = options
        tls = _tls(base_url, options.ca_file)
        count = -(-max(1, in_flight) // _CONNECTIONS)
        self._clients = [_client(base_url, options, tls, transport) for _ in range(count)]
        # A lane is one connection's worth of a client; the last one returned is the warmest.
        self._lanes = [client for client in self._clients for _ in range(_CONNECTIONS)]

    async def send(self, request: Request, *, max_bytes: int) -> Response:
        """Send one request and read its whole answer.

        Raises:
            Fault: no complete answer of at most `max_bytes` came.
        """
        client = self._lanes.pop() if self._lanes else self._clients[0]
        try:
            async with asyncio.timeout(self._options.total_timeout):
                return await _exchange(client, request, max_bytes=max_bytes)
        except (httpx.TimeoutException, TimeoutError) as error:
            lost = isinstance(error, httpx.ConnectTimeout)
            raise Fault(Outcome.TIMEOUT, "no answer in time", lost=lost) from None
        except httpx.ConnectError as error:
            raise Fault(Outcome.TIMEOUT, _connection_problem(error), lost=True) from None
        except (httpx.RemoteProtocolError, httpx.DecodingError):
            raise Fault(Outcome.BROKEN, "the answer was cut or garbled") from None
        except httpx.RequestError:
            raise Fault(Outcome.TIMEOUT, "the connection was reset") from None
        except httpx.InvalidURL:
            raise Fault(Outcome.BROKEN, "an address that is none", final=True) from None
        finally:
            self._lanes.append(client)

    async def close(self) -> None:
        """Close all connections."""
        for client in self._clients:
            await client.aclose()


async def _exchange(client: httpx.AsyncClient, request: Request, *, max_bytes: int) -> Response:
    async with client.stream(
        request.method, request.url, headers=dict(request.headers), content=request.body or None
    ) as answer:
        body = await _body(answer, max_bytes=max_bytes)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Response(answer.status_code, headers, body)


async def _body(answer: httpx.Response, *, max_bytes: int) -> bytes:
    pieces, size = [], 0
    async for piece in answer.aiter_bytes():
        size += len(piece)
        if size > max_bytes:
            raise Fault(Outcome.BROKEN, f"the body is larger than {max_bytes} bytes", final=True)
        pieces.append(piece)
    announced = answer.headers.get("content-length", "")
    if announced.isdigit() and 0 < answer.num_bytes_downloaded != int(announced):
        raise Fault(Outcome.BROKEN, "the body has another length than announced")
    return b"".join(pieces)


def _client(
    base_url: str,
    options: WireOptions,
    tls: ssl.SSLContext,
    transport: httpx.AsyncBaseTransport | None,
) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        verify=tls,
        transport=transport,
        # A server on this machine is asked directly, whatever proxy stands in the environment.
        trust_env=not is_loopback(urlsplit(base_url).hostname or ""),
        follow_redirects=False,
        timeout=httpx.Timeout(options.read_timeout, connect=options.connect_timeout, pool=None),
        limits=httpx.Limits(
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_CONNECTIONS,
            keepalive_expiry=30,
        ),
    )


def _tls(base_url: str, ca_file: Path | None) -> ssl.SSLContext:
    parts = urlsplit(base_url)
    if parts.scheme == "http" and is_loopback(parts.hostname or ""):
        # Never used, and made in no time.
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = httpx.create_ssl_context()
    if ca_file is None:
        return context
    try:
        context.load_verify_locations(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"The certificate file {ca_file} can't be used.",
            hint="It has to hold certificates in PEM format.",
        ) from error
    return context


def _connection_problem(error: httpx.ConnectError) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "its certificate is not trusted here"
    return "no connection"
