"""One night: collect, judge and report each organization; the worst outcome is the night's."""

from __future__ import annotations

import html
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.errors import InventoryError, StoppedError
from collector.redact import scrub
from collector.run import utc_now
from pkginventory.reporting import Reported, report

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from collector.walk.progress import Progress
    from pkginventory.settings import Settings

# The strongest first: what is misconfigured or did not run hides what a policy would say.
_PRECEDENCE: Final = (2, 3, 4, 1, 0)
INDEX: Final = "index.json"
PAGE: Final = "index.html"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one organization's night ended.

    Attributes:
        reported: the report, None where the night ended before it.
        why: one sentence for an exit code that is not 0.
    """

    org: str
    exit_code: int
    why: str
    reported: Reported | None = None
    folder: str = ""


def audit(
    settings: Settings,
    orgs: Sequence[str],
    *,
    progress: Progress,
    after: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Audit organizations one after the other; one that fails does not stop the others.

    Args:
        settings: of the night.
        orgs: the organizations; each gets its folder below `--out` when there are several.
        progress: who listens.
        after: called with each outcome as soon as it is known.

    Raises:
        StoppedError: somebody asked the night to stop.
    """
    outcomes = []
    for org in orgs:
        folder = org if len(orgs) > 1 else ""
        outcome = _audit_one(settings, org, folder=folder, progress=progress)
        outcomes.append(outcome)
        after(outcome)
    if len(orgs) > 1:
        _write_index(settings.out, outcomes)
    return outcomes


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """Return the exit code of a night: the one of highest precedence."""
    codes = {outcome.exit_code for outcome in outcomes}
    return next((code for code in _PRECEDENCE if code in codes), 0)


def _audit_one(settings: Settings, org: str, *, folder: str, progress: Progress) -> Outcome:
    try:
        done = report(
            settings,
            org,
            out=settings.out / folder,
            may_collect=True,
            progress=progress,
            fresh=True,
        )
    except StoppedError:
        raise
    except InventoryError as error:
        return Outcome(org, error.exit_code, scrub(f"{error} {error.hint}".strip()), folder=folder)
    return Outcome(org, done.exit_code, done.why, done, folder)


def _write_index(out: Path, outcomes: Sequence[Outcome]) -> None:
    """Write one page and one JSON file across the organizations."""
    rows = [_row(outcome) for outcome in outcomes]
    _replace(out / INDEX, json.dumps({"schema_version": "1.0", "organizations": rows}, indent=2))
    cells = "".join(_table_row(row) for row in rows)
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
        "<title>Package access reports</title></head><body><h1>Package access reports</h1>"
        "<table><caption>One night, every organization</caption><thead><tr>"
        '<th scope="col">Organization</th><th scope="col">Outcome</th>'
        '<th scope="col">Coverage</th><th scope="col">Critical</th><th scope="col">High</th>'
        f"</tr></thead><tbody>{cells}</tbody></table></body></html>\n"
    )
    _replace(out / PAGE, page)


def _row(outcome: Outcome) -> dict[str, object]:
    result = outcome.reported.result if outcome.reported else None
    return {
        "org": outcome.org,
        "exit_code": outcome.exit_code,
        "why": outcome.why,
        "run_id": result.run_id if result else None,
        "coverage": result.coverage_percent if result else None,
        "open": result.open if result else None,
        "new": result.new if result else None,
        "report": f"{outcome.folder}/report.html" if result else None,
    }


def _table_row(row: dict[str, object]) -> str:
    name = html.escape(str(row["org"]))
    link = f'<a href="{html.escape(str(row["report"]))}">{name}</a>' if row["report"] else name
    opened = row["open"] if isinstance(row["open"], dict) else {}
    coverage = "not read" if row["coverage"] is None else f"{row['coverage']} %"
    figures = "".join(f"<td>{opened.get(word, 'unknown')}</td>" for word in ("critical", "high"))
    said = html.escape(str(row["why"] or "as it should be"))
    return f'<tr><th scope="row">{link}</th><td>{said}</td><td>{coverage}</td>{figures}</tr>'


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def summary_line(outcome: Outcome) -> str:
    """Say in one line how an organization's night ended."""
    moment = f"{utc_now():%Y-%m-%dT%H:%M:%SZ}"
    if outcome.reported is None:
        return f"{moment} {outcome.org}: {outcome.why}"
    return f"{moment} {outcome.org}: {outcome.reported.result.headline} {outcome.why}".rstrip()
