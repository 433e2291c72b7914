"""Options that several commands share, declared once and merged into a command's signature."""

from __future__ import annotations

import functools
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

Flags = dict[str, Any]
# what the command line said, by the name of the setting; None where it said nothing


# What stands for the value in --help; a switch has none.
_METAVARS = {
    "api_url": "URL",
    "ca_file": "FILE",
    "config": "FILE",
    "db": "FILE",
    "enterprise": "SLUG",
    "exclude": "GLOB",
    "fail_on": "SEVERITY[,new]",
    "include": "GLOB",
    "lock_timeout": "SECONDS",
    "log_format": "FORMAT",
    "log_level": "LEVEL",
    "max_age": "AGE",
    "max_requests": "N",
    "max_wait": "TIME",
    "min_coverage": "PCT",
    "org": "ORG",
    "out": "DIR",
    "record": "DIR",
    "replay": "DIR",
    "repos_from": "FILE",
    "rules_dir": "DIR",
    "settings_budget": "N",
}


def option(name: str, kind: Any, *declarations: str, text: str) -> inspect.Parameter:
    """Declare one option; it is None, or empty, where the command line said nothing."""
    default: Any = None
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[
            kind,
            typer.Option(*declarations, help=text, show_default=False, metavar=_METAVARS.get(name)),
        ],
    )


STORE = (
    option(
        "config",
        Path | None,
        "--config",
        text="Read settings from this file instead of ./pkginventory.toml.",
    ),
    option(
        "db", Path | None, "--db", text="The inventory file [pkginventory.duckdb; PKGINVENTORY_DB]."
    ),
    option(
        "lock_timeout",
        float | None,
        "--lock-timeout",
        text="Seconds to wait for another process that writes [60].",
    ),
)
LOGGING = (
    option(
        "log_format", str | None, "--log-format", text="Log lines on stderr as text or json [text]."
    ),
    option("log_level", str | None, "--log-level", text="debug, info, warning or error [info]."),
)
ORGS = (
    option(
        "org",
        list[str] | None,
        "--org",
        text="The organization's login; may be given several times [PKGINVENTORY_ORG].",
    ),
    option(
        "enterprise",
        str | None,
        "--enterprise",
        text="All organizations of this enterprise that the token is shown (read:enterprise).",
    ),
)
ORG = (option("org", str | None, "--org", text="The organization's login [PKGINVENTORY_ORG]."),)
CONNECTION = (
    option(
        "api_url",
        str | None,
        "--api-url",
        text="GitHub's API: https://HOST/api/v3 for GHES, https://api.SUB.ghe.com for GHE.com [https://api.github.com; GITHUB_API_URL].",
    ),
    option(
        "ca_file",
        Path | None,
        "--ca-file",
        text="Trust the certificates in this PEM file (a private CA).",
    ),
    option(
        "graphql",
        bool | None,
        "--graphql/--no-graphql",
        text="Read workflow trees by GraphQL (25 repositories a request) or one by one through REST [--graphql].",
    ),
)
SCOPE = (
    option(
        "include",
        list[str] | None,
        "--include",
        text="Read files and settings only of repositories whose name matches this glob; repeatable.",
    ),
    option(
        "exclude",
        list[str] | None,
        "--exclude",
        text="Leave repositories out whose name matches this glob; repeatable.",
    ),
    option(
        "repos_from",
        Path | None,
        "--repos-from",
        text="Read files and settings only of the repositories listed in this file, one a line.",
    ),
    option(
        "max_requests",
        int | None,
        "--max-requests",
        text="Stop after this many requests; what is left is read first next time.",
    ),
    option(
        "settings_budget",
        int | None,
        "--settings-budget",
        text="At most this many requests for settings and secrets of single repositories.",
    ),
    option(
        "max_wait",
        str | None,
        "--max-wait",
        text="Wait at most this long in all for rate limits [6h].",
    ),
)
CRAWL = (
    option(
        "full",
        bool | None,
        "--full",
        text="Read everything again, also what has not changed since the last run.",
    ),
    option(
        "resume",
        bool | None,
        "--resume/--no-resume",
        text="Go on with a run that was cut off, or start afresh [--resume].",
    ),
    option(
        "record",
        Path | None,
        "--record",
        text="Write what GitHub answers to this cassette folder, scrubbed of credentials.",
    ),
    option(
        "replay",
        Path | None,
        "--replay",
        text="Answer from this cassette folder instead of the network.",
    ),
)
RULES = (
    option(
        "rules_dir",
        Path | None,
        "--rules-dir",
        text="Run the rules in this folder too (one SELECT a file; see 'rules test').",
    ),
)
REPORT = (
    option(
        "out",
        Path | None,
        "--out",
        text="The folder the report is written to [pkginventory-report].",
    ),
    option(
        "fail_on",
        str | None,
        "--fail-on",
        text="Exit 1 when a finding is open at this severity or above: critical, high, medium or low; add ',new' for new ones only.",
    ),
    option(
        "min_coverage",
        float | None,
        "--min-coverage",
        text="Exit 4 when less than this percentage was read [95].",
    ),
)
COLLECT = STORE + CONNECTION + SCOPE + CRAWL + LOGGING


def takes(*options: inspect.Parameter) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command these options; it receives what was said as its `flags` argument."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command, eval_str=True)
        kept = [item for item in own.parameters.values() if item.name != "flags"]
        shared = [item for item in options if item.name not in own.parameters]

        @functools.wraps(command)
        def run(**said: Any) -> None:
            flags = {item.name: said.pop(item.name) for item in shared}
            command(flags=flags, **said)

        run.__signature__ = own.replace(parameters=[*kept, *shared])  # type: ignore[attr-defined]
        run.__annotations__ = {item.name: item.annotation for item in [*kept, *shared]}
        return run

    return decorate
