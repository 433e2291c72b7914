"""Turn the report's data into one HTML file: the only place that knows Jinja2.

The file fetches nothing. Its policy allows exactly the one script and the one style that stand in
it, by hash; data stands in an island that no policy runs.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import words
from reports.island import visible
from reports.pages_coverage import PACKAGE_TYPES, VISIBILITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reports.pages import Report
    from reports.pages_rules import RulePage

BAR = 1000


@dataclass(frozen=True, slots=True)
class BesideFile:
    """A file that is written with the report, so that the report can name its hash."""

    name: str
    lines: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BarPart:
    """One verdict's part of a bar of a thousand units."""

    name: str
    x: int
    width: int


def render_report(report: Report, *, files: Iterable[BesideFile] = ()) -> str:
    """Return the report as one self-contained HTML file."""
    script, style = assets()
    return (
        environment()
        .get_template("base.html")
        .render(
            report=report,
            files=tuple(files),
            csp=policy(script=script, style=style),
            # Ours, and checked to hold nothing that ends their elements; the island is escaped JSON or base64.
            script=Markup(script),  # noqa: S704
            style=Markup(style),  # noqa: S704
            island=Markup(report.island.text),  # noqa: S704
        )
    )


@cache
def environment() -> Environment:
    """Return the template environment: everything is escaped, nothing may be undefined."""
    env = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    filters: dict[str, Callable[..., Any]] = {
        "n": words.number,
        "percent": lambda value: f"{value:g} %",
        "days": days,
        "spoken": words.spoken,
        "lower_first": lambda text: text[:1].lower() + text[1:],
        "fragment": lambda text: quote(text, safe="/:@"),
        "bar_parts": bar_parts,
        "source": source,
    }
    env.filters.update(filters)
    env.globals |= {
        "severities": words.SEVERITIES,
        "bars": {severity: 4 - place for place, severity in enumerate(words.SEVERITIES)},
        "marks": words.MARKS,
        "levels": words.EVIDENCE_LEVELS,
        "statuses": words.COVERAGE_STATUSES,
        "visibilities": VISIBILITIES,
        "package_types": PACKAGE_TYPES,
        "fork_warning": words.FORK_WARNING,
    }
    return env


def days(value: int) -> str:
    """Say how long ago something was."""
    return f"{words.count(value, 'day')} ago"


def shown(value: Any) -> Any:
    """Write control and direction characters of every printed text as escapes."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def source(text: str) -> Markup:
    """Escape a text of several lines and keep its lines."""
    return Markup("\n").join(visible(line.replace("\t", "    ")) for line in text.split("\n"))


@cache
def assets() -> tuple[str, str]:
    """Return the report's one script and its one style."""
    folder = resources.files("reports") / "assets"
    parts = sorted((folder / "js").iterdir(), key=lambda part: part.name)
    script = "".join(
        part.read_text(encoding="utf-8") for part in parts if part.name.endswith(".js")
    )
    style = (folder / "report.css").read_text(encoding="utf-8")
    return f'(() => {{\n"use strict";\n{script}}})();\n', style


def policy(*, script: str, style: str) -> str:
    """Return the content security policy that lets only these two texts act."""
    return (
        f"default-src 'none'; script-src '{digest(script)}'; style-src '{digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def digest(text: str) -> str:
    """Return a text's hash as a policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def bar_parts(rule: RulePage) -> list[BarPart]:
    """Divide a bar among the four verdicts; what there is at all is at least visible."""
    counts = (
        ("fail", rule.failed),
        ("unknown", rule.unknown),
        ("pass", rule.passed),
        ("not_applicable", rule.not_applicable),
    )
    parts, x = [], 0
    for name, number in counts:
        if number:
            width = max(8, BAR * number // rule.population)
            parts.append(BarPart(name, x, width))
            x += width
    return parts
