"""JUnit and Markdown: what a CI shows of a run."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from reports.exports import markdown
from reports.exports.formats import export_verdicts
from reports.exports.junit import ILLEGAL


def test_the_suites_heads_count_what_they_hold(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection
) -> None:
    """A reader that counts for itself comes to the same figures."""
    out = tmp_path / "x.xml"
    export_verdicts(hostile, org="acme", form="junit", out=out)
    said = JUnitXml.fromfile(str(out))
    figures = (said.tests, said.failures, said.errors, said.skipped)
    said.update_statistics()  # type: ignore[no-untyped-call]

    assert figures == (said.tests, said.failures, said.errors, said.skipped)
    assert said.failures > 0


def test_names_come_through_xml_whole(tmp_path: Path, hostile: duckdb.DuckDBPyConnection) -> None:
    """Every subject is read back as it is, but for characters that XML has no way to write."""
    out = tmp_path / "x.xml"
    export_verdicts(hostile, org="acme", form="junit", out=out)
    names = [case.name for suite in JUnitXml.fromfile(str(out)) for case in suite]
    rows = hostile.execute(
        "select subject from verdicts where org = 'acme' order by rule, subject, fingerprint"
    ).fetchall()

    assert names == [ILLEGAL.sub("\ufffd", subject) for (subject,) in rows]


def test_markdown_lists_every_open_finding(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection
) -> None:
    """As long as there is room, n of n are shown, the worst first."""
    out = tmp_path / "x.md"
    export_verdicts(hostile, org="acme", form="markdown", out=out)
    ((number,),) = hostile.execute(
        "select count(*) from verdicts where verdict = 'fail' and not waived"
    ).fetchall()
    text = out.read_text()

    assert f"## Open findings: {number} of {number}" in text
    assert text.index("| high | ") < text.index("| medium | ") < text.index("| low | ")


def test_markdown_is_cut_between_rows_and_says_so(
    tmp_path: Path, small: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A summary too large for GitHub would be dropped whole."""
    monkeypatch.setattr(markdown, "MOST_BYTES", 5_000)
    out = tmp_path / "x.md"
    export_verdicts(small, org="acme", form="markdown", out=out)
    text = out.read_text()
    shown, total = (
        int(word) for word in text.split("Open findings: ")[1].split("\n")[0].split(" of ")
    )

    assert out.stat().st_size <= 5_000
    assert 0 < shown < total
    assert (
        sum(
            line.startswith(("| high", "| medium", "| low", "| critical"))
            for line in text.split("\n")
        )
        == shown
    )


@given(st.text(max_size=60))
def test_no_text_is_markup(text: str) -> None:
    """Whatever a name holds, it becomes one paragraph without link, picture, code or mention."""
    tokens = MarkdownIt("commonmark").parse(f"x {markdown.plain(text)} x")
    inline = [child.type for token in tokens for child in token.children or ()]

    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert set(inline) <= {"text", "html_inline"}
    assert inline.count("html_inline") == text.count("@")
