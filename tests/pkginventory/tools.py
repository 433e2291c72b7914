"""A place to run the command line in: a folder of its own, a clean environment, what was printed."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from base64 import b64decode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from collector.store import open_inventory
from pkginventory.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.fake_github import FakeGitHub

_VARIABLES = [
    "PKGINVENTORY_TOKEN",
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "PKGINVENTORY_APP_ID",
    "PKGINVENTORY_APP_KEY_FILE",
    "PKGINVENTORY_DB",
    "PKGINVENTORY_ORG",
    "PKGINVENTORY_API_URL",
    "GITHUB_API_URL",
    "PKGINVENTORY_RULES_DIR",
    "SOURCE_DATE_EPOCH",
]

_ISLAND = re.compile(r'<script id="data"[^>]*>([^<]*)</script>')


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command left on the terminal."""

    code: int
    out: str
    err: str

    @property
    def printed(self) -> str:
        """Everything a person saw."""
        return self.out + self.err


@dataclass(slots=True)
class Desk:
    """A folder to work in, with a token and an address that every command is given."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    url: str = "http://127.0.0.1:1"
    printed: list[str] = field(default_factory=list)

    @property
    def db(self) -> Path:
        return self.folder / "pkginventory.duckdb"

    @property
    def out(self) -> Path:
        return self.folder / "pkginventory-report"

    def sit_down(self) -> None:
        """Begin in the folder, with nothing that the developer's own shell holds."""
        self.monkeypatch.chdir(self.folder)
        for name in _VARIABLES:
            self.monkeypatch.delenv(name, raising=False)
        # What is on the wire here is a loopback address: no proxy is to be asked.
        self.monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    def at(self, server: FakeGitHub, profile: str = "owner") -> Desk:
        """Work against a server, with the token of one of its profiles."""
        self.url = server.url
        self.monkeypatch.setenv("PKGINVENTORY_TOKEN", server.token(profile))
        return self

    def run(self, *words: str) -> Ran:
        """Run a command as it stands."""
        self.capsys.readouterr()
        code = main(list(words))
        seen = self.capsys.readouterr()
        self.printed.append(seen.out + seen.err)
        return Ran(code, seen.out, seen.err)

    def ask(self, command: str, *words: str, org: str = "acme") -> Ran:
        """Run a command that is about the organization and speaks to the server."""
        return self.run(command, "--org", org, "--api-url", self.url, *words)

    def report(self, *words: str) -> Ran:
        """Run `report` against the server."""
        return self.ask("report", *words)

    def verdicts(self, out: Path | None = None) -> list[dict[str, Any]]:
        """Read verdicts.jsonl."""
        return read_lines((out or self.out) / "verdicts.jsonl")

    def findings(self, out: Path | None = None) -> list[dict[str, Any]]:
        """Read findings.jsonl."""
        return read_lines((out or self.out) / "findings.jsonl")

    def coverage(self, out: Path | None = None) -> dict[str, Any]:
        """Read coverage.json."""
        loaded: dict[str, Any] = json.loads((out or self.out).joinpath("coverage.json").read_text())
        return loaded

    def page(self, out: Path | None = None) -> str:
        """Read report.html."""
        return (out or self.out).joinpath("report.html").read_text(encoding="utf-8")

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the inventory."""
        with open_inventory(self.db, read_only=True) as con:
            return con.execute(sql, list(values)).fetchall()

    def take(self, db: Path) -> None:
        """Go on with a copy of somebody's inventory."""
        shutil.copyfile(db, self.db)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def by_subject(verdicts: list[dict[str, Any]], rule: str) -> dict[str, str]:
    """Return the verdicts of one rule, with the reason code where there is one."""
    return {
        line["subject"]: f"{line['verdict']}: {line['reason_code']}"
        if line["reason_code"]
        else line["verdict"]
        for line in verdicts
        if line["rule"] == rule
    }


def island_of(page: str) -> str:
    """Unpack whatever data a report carries inside itself."""
    texts = []
    for packed in _ISLAND.findall(page):
        try:
            texts.append(gzip.decompress(b64decode(packed)).decode())
        except (ValueError, OSError):
            texts.append(packed)
    return "\n".join(texts)
