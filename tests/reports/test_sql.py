"""All SQL that ships: it binds, it says what a row is, it reads no clock, its lists are ordered."""

import json
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from collector import sqlfiles
from reports.catalog import COLUMNS, Rule, shipped_rules

VIEWS = sqlfiles.views()
RULES = shipped_rules()
TEXTS = [
    path
    for folder in ("views", "rules", "summaries", "exports")
    for path in sorted((sqlfiles.sql_root() / folder).glob("*.sql"))
]
_CLOCKS = re.compile(
    r"\b(now|current_timestamp|current_date|current_time|today|localtimestamp|get_current_timestamp"
    r"|transaction_timestamp|random|uuid|gen_random_uuid|any_value|first|last|arbitrary)\s*\(|"
    r"\b(current_timestamp|current_date|localtimestamp)\b",
    re.IGNORECASE,
)
_LISTS = re.compile(r"\b(list|array_agg|string_agg|group_concat|listagg)\s*\(", re.IGNORECASE)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        for migration in sqlfiles.migrations():
            connection.execute(migration.text)
        for view in VIEWS:
            connection.execute(view.text)
        yield connection


def without_comments(sql: str) -> str:
    return re.sub(r"--[^\n]*", "", sql)


def arguments(sql: str, start: int) -> str:
    """Return what stands between the parenthesis at `start` and its partner."""
    depth = 0
    for position in range(start, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[position], 0)
        if depth == 0:
            return sql[start + 1 : position]
    return sql[start + 1 :]


def tables(node: Any) -> tuple[set[str], set[str]]:
    """Return the tables that a statement reads and the names of its own steps."""
    named: set[str] = set()
    steps: set[str] = set()
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                named.add(node["table_name"])
            steps |= {entry["key"] for entry in (node.get("cte_map") or {}).get("map", ())}
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return named, steps


def unordered_lists(sql: str) -> list[str]:
    text = without_comments(sql)
    found = [arguments(text, match.end() - 1) for match in _LISTS.finditer(text)]
    return [inner for inner in found if not re.search(r"\border\s+by\b", inner, re.IGNORECASE)]


@pytest.mark.parametrize(
    "sql",
    ["select list_sort(x)", "select list(x order by y)", "select string_agg(a, ',' order by a)"],
)
def test_an_ordered_list_and_a_list_function_are_no_fault(sql: str) -> None:
    assert unordered_lists(sql) == []


@pytest.mark.parametrize("sql", ["select list(x)", "select string_agg(distinct f(a), ',')"])
def test_an_unordered_list_aggregate_is_found(sql: str) -> None:
    assert len(unordered_lists(sql)) == 1


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_list_aggregate_has_an_order(path: Path) -> None:
    assert unordered_lists(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_no_sql_reads_a_clock_or_picks_a_row_by_chance(path: Path) -> None:
    text = without_comments(path.read_text(encoding="utf-8"))

    assert [match.group() for match in _CLOCKS.finditer(text)] == []


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_says_what_a_row_is_and_is_named_like_its_file(view: sqlfiles.SqlFile) -> None:
    first_line, rest = view.text.split("\n", 1)

    assert first_line.startswith(f"-- {view.name}: one row ")
    assert f"\ncreate or replace view {view.name} as\n" in f"\n{rest}"


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_binds_against_the_migrated_schema(
    con: duckdb.DuckDBPyConnection, view: sqlfiles.SqlFile
) -> None:
    columns = [row[0] for row in con.execute(f"describe {view.name}").fetchall()]

    assert len(set(columns)) == len(columns)
    assert con.execute(f"from {view.name} limit 0").fetchall() == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_binds_and_selects_the_fixed_columns_in_order(
    con: duckdb.DuckDBPyConnection, rule: Rule
) -> None:
    described = con.execute(f"describe {rule.sql}").fetchall()

    assert [(row[0], row[1].lower()) for row in described] == list(COLUMNS)
    assert con.execute(rule.sql).fetchall() == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_reads_views_and_no_base_table(con: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    row = con.execute("select json_serialize_sql($sql)", {"sql": rule.sql}).fetchone()
    named, steps = tables(json.loads(row[0]) if row else None)

    assert named - steps <= {view.name for view in VIEWS}


def test_the_layout_is_what_sqruff_wants() -> None:
    sqruff = shutil.which("sqruff", path=sysconfig.get_path("scripts")) or shutil.which("sqruff")
    if sqruff is None:
        pytest.skip("sqruff is not installed")
    root = Path(__file__).parents[2]

    done = subprocess.run(
        [sqruff, "lint", "sql/views", "sql/rules"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
