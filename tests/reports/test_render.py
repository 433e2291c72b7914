"""The one HTML file: escaped, strict, the same each time."""

import base64
import hashlib
import re

import duckdb
import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from reports.catalog import load_rules
from reports.pages import read_report
from reports.pages_rules import rule_page
from reports.render import assets, bar_parts, environment, render_report, shown, source
from tests.reports.synthetic import HOSTILE_NAMES


def test_names_are_escaped_in_the_static_part(hostile: duckdb.DuckDBPyConnection) -> None:
    """What is read without script is escaped too."""
    html = render_report(read_report(hostile, org="acme", rules=load_rules()))
    static = html[: html.index('<script id="data"')]

    assert "<img src=x" not in static
    assert "&lt;img src=x" in static
    assert "\u202e" not in html
    assert html.count("</script>") == 2
    assert not any(name in static for name in HOSTILE_NAMES if "<" in name)


def test_the_policy_names_the_hashes_of_what_stands_in_the_file(
    small: duckdb.DuckDBPyConnection,
) -> None:
    """Nothing but the one script and the one style may act."""
    html = render_report(read_report(small, org="acme"))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    script = html[html.rindex("<script>") + 8 : html.rindex("</script>")]
    style = html[html.index("<style>") + 7 : html.index("</style>")]

    assert policy is not None
    directives = policy[1].replace("&#39;", "'")
    assert directives == (
        f"default-src 'none'; script-src '{hash_of(script)}'; style-src '{hash_of(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def hash_of(text: str) -> str:
    """Return a hash as a policy writes it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_our_script_and_style_keep_inside_their_elements() -> None:
    """No text of ours ends its element, builds markup from text or runs text as code."""
    script, style = assets()

    assert "</" not in script
    assert "</" not in style
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", script
    )
    assert not re.search(r"url\((?!#)|@import", style)


def test_an_undefined_name_stops_the_report() -> None:
    """A template that asks for what is not there fails instead of showing nothing."""
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nothing }}").render()


def test_printed_text_shows_what_hides() -> None:
    """Direction marks are escaped wherever a template prints; ready markup is not touched."""
    assert shown("a\u202eb") == "a\\u{202e}b"
    assert shown(Markup("<b>")) == "<b>"
    assert shown(7) == 7


def test_source_keeps_its_lines() -> None:
    """A rule's SQL is shown line by line, escaped."""
    assert source("select '<'\n\tfrom t\u2066") == "select &#39;&lt;&#39;\n    from t\\u{2066}"


def test_what_there_is_at_all_is_visible_in_a_bar() -> None:
    """One fail in ten thousand is still a mark."""
    page = rule_page("PKG001", None, {"population": 10_000, "failed": 1, "passed": 9_999})
    parts = {part.name: part.width for part in bar_parts(page)}

    assert parts == {"fail": 8, "pass": 999}


def test_a_rule_of_a_users_own_is_marked(small: duckdb.DuckDBPyConnection) -> None:
    """A rule without a shipped head still has its row and its page."""
    html = render_report(read_report(small, org="acme"))

    assert 'id="/rule/PKG001"' in html
    assert "a rule of your own" not in html
