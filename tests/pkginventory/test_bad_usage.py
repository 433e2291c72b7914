"""Bad usage gets one sentence that says what is wrong, one that says what to do, and its exit code."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import duckdb
import pytest

from pkginventory import connecting
from tests.fake_github.worlds import small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fake_github import FakeGitHub, World
    from tests.pkginventory.tools import Desk, Ran

    Serve = Callable[[World], FakeGitHub]

ROOT = Path(__file__).parents[2]


def assert_said(ran: Ran, code: int, *words: str) -> None:
    """Check the exit code, and that two plain sentences were printed and no traceback."""
    lines = [line for line in ran.err.splitlines() if not line.endswith(" read")]
    assert ran.code == code, ran.printed
    assert "Traceback" not in ran.printed
    assert [line.startswith("pkginventory: ") for line in lines] == [True, False], lines
    assert lines[1].startswith("  ")
    for word in words:
        assert word in ran.err


def test_an_organization_that_nobody_knows(desk: Desk, serve: Serve) -> None:
    ran = desk.at(serve(small())).ask("report", org="nosuch")

    assert_said(ran, 2, "'nosuch'", "--api-url")


def test_a_name_that_is_none(desk: Desk, serve: Serve) -> None:
    server = serve(small())

    assert_said(desk.at(server).ask("report", org="../acme"), 2, "'../acme'")
    assert server.requests == []


def test_no_token(desk: Desk, serve: Serve) -> None:
    desk.at(serve(small())).monkeypatch.delenv("PKGINVENTORY_TOKEN")

    assert_said(desk.report(), 2, "There is no token.", "PKGINVENTORY_TOKEN")


def test_no_organization(desk: Desk) -> None:
    assert_said(desk.run("report"), 2, "--org")


@contextmanager
def _website() -> Iterator[str]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<!doctype html><title>Sign in</title>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the terminal quiet."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait between tries."""
    options = connecting.client_options
    monkeypatch.setattr(
        connecting,
        "client_options",
        lambda settings: type(found := options(settings))(
            limits=found.limits, wire=found.wire, backoff=0.01
        ),
    )


@pytest.mark.usefixtures("impatient")
def test_an_address_of_a_website(desk: Desk) -> None:
    desk.monkeypatch.setenv("PKGINVENTORY_TOKEN", "ghp_" + "0" * 36)

    with _website() as desk.url:
        assert_said(desk.report(), 3, desk.url, "--api-url")


@pytest.mark.usefixtures("impatient")
def test_an_address_where_nobody_listens(desk: Desk) -> None:
    desk.monkeypatch.setenv("PKGINVENTORY_TOKEN", "ghp_" + "0" * 36)
    desk.url = "http://127.0.0.1:9"

    assert_said(desk.report(), 3, "can't be reached", "--api-url")


def test_an_address_that_is_none(desk: Desk) -> None:
    desk.url = "github"

    assert_said(desk.report(), 2, "https://HOST/api/v3")


def test_a_file_that_is_no_database(desk: Desk, serve: Serve) -> None:
    desk.db.write_text("not a database " * 1000)

    assert_said(desk.at(serve(small())).report(), 3, "is not a DuckDB database")
    assert desk.db.read_text().startswith("not a database")


def test_somebody_elses_database(desk: Desk, serve: Serve) -> None:
    with duckdb.connect(str(desk.db)) as con:
        con.execute("create table theirs as select 42 as answer")

    assert_said(desk.at(serve(small())).report(), 3, "not one of pkginventory's")
    with duckdb.connect(str(desk.db), read_only=True) as con:
        assert con.execute("show tables").fetchall() == [("theirs",)]


def test_a_database_of_a_newer_version(desk: Desk, serve: Serve) -> None:
    assert desk.at(serve(small())).ask("collect").code == 0
    with duckdb.connect(str(desk.db)) as con:
        con.execute(
            "insert into schema_version"
            " select * replace (version + 1000 as version) from schema_version limit 1"
        )

    assert_said(desk.run("report", "--org", "acme", "--no-collect"), 3, "Upgrade pkginventory")
    assert_said(desk.report(), 3, "Upgrade pkginventory")


def test_a_folder_that_is_not_there(desk: Desk, serve: Serve) -> None:
    ran = desk.at(serve(small())).report("--db", str(desk.folder / "none" / "i.duckdb"))

    assert_said(ran, 3, "i.duckdb does not exist")
    assert ".lock" not in ran.err


def test_a_folder_that_can_only_be_read(desk: Desk, serve: Serve) -> None:
    """Root may write anywhere but in /proc."""
    folder = Path("/proc/self") if os.geteuid() == 0 else desk.folder / "closed"
    if os.geteuid():
        folder.mkdir(mode=0o500)
    desk.at(serve(small()))

    assert_said(desk.report("--db", str(folder / "i.duckdb")), 3, "i.duckdb")
    assert_said(desk.report("--out", str(folder / "out")), 3, "--out")


def test_no_run_to_report_on(desk: Desk) -> None:
    assert_said(desk.run("report", "--org", "acme", "--no-collect"), 3, "collect --org acme")


@pytest.mark.parametrize("bytes_left", [20_000, 400_000])
def test_a_disk_that_is_full(desk: Desk, serve: Serve, bytes_left: int) -> None:
    """And when there is room again, the same command goes on."""
    server = serve(small())
    command = [sys.executable, "-m", "pkginventory", "report", "--org", "acme"]
    command += ["--api-url", server.url]
    environment = os.environ | {"PKGINVENTORY_TOKEN": server.token(), "PYTHONPATH": str(ROOT)}

    full = subprocess.run(
        command,
        cwd=desk.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, bytes_left)),
    )

    assert full.returncode == 3, full.stderr
    assert "no space left" in full.stderr
    assert "Traceback" not in full.stderr
    assert desk.at(server).report().code == 0


USAGE = {
    ("report", "--org", "acme", "--fail-on", "awful"): "critical, high, medium, low",
    ("report", "--org", "acme", "--max-age", "soon"): "30m, 24h or 7d",
    ("report", "--org", "acme", "--min-coverage", "101"): "between 0 and 100",
    ("report", "--org", "acme", "--config", "none.toml"): "none.toml can't be read",
    ("report", "--org", "acme", "--rules-dir", "none"): "none",
    ("report", "--org", "acme", "--repos-from", "none"): "none",
    ("report", "--org", "acme", "--replay", "none"): "--record",
    ("rules", "show", "PKG999"): "There is no rule PKG999.",
    ("rules", "test", "none"): "none",
    ("export", "--org", "acme", "--format", "xml", "--out", "x"): "xml",
    ("report", "--nonsense"): "--nonsense",
    ("nonsense",): "nonsense",
}


@pytest.mark.parametrize("words", USAGE, ids=" ".join)
def test_a_command_line_that_means_nothing(
    desk: Desk, serve: Serve, words: tuple[str, ...]
) -> None:
    if words[0] == "export":
        assert desk.at(serve(small())).ask("collect").code == 0
    desk.monkeypatch.setenv("PKGINVENTORY_API_URL", desk.at(serve(small())).url)
    ran = desk.run(*words)

    assert ran.code == 2, ran.printed
    assert "Traceback" not in ran.printed
    assert USAGE[words] in ran.err


def test_an_export_never_takes_the_place_of_a_device(desk: Desk, serve: Serve) -> None:
    assert desk.at(serve(small())).ask("collect").code == 0
    pipe = desk.folder / "pipe"
    os.mkfifo(pipe)

    ran = desk.run("export", "--org", "acme", "--format", "csv", "--out", str(pipe))

    assert_said(ran, 2, "is no file")
    assert pipe.is_fifo()
