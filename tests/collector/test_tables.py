import duckdb
import pytest

from collector.sqlfiles import migrations
from collector.tables import COVERAGE, FACT_TABLES, FAMILIES, fact_table


@pytest.fixture(scope="module")
def columns() -> dict[str, set[str]]:
    with duckdb.connect() as con:
        for step in migrations():
            con.execute(step.text)
        found: dict[str, set[str]] = {}
        for table, column in con.execute(
            "select table_name, column_name from duckdb_columns() where not internal"
        ).fetchall():
            found.setdefault(table, set()).add(column)
    return found


def test_a_table_that_is_no_fact_is_refused() -> None:
    with pytest.raises(ValueError, match="'run' is no table of facts"):
        fact_table("run")


def test_every_table_with_coverage_is_in_the_catalogue_and_no_other(
    columns: dict[str, set[str]],
) -> None:
    with_coverage = {table for table, names in columns.items() if "coverage_family" in names}

    assert with_coverage == {table.name for table in FACT_TABLES}


def test_every_column_that_the_catalogue_names_exists(columns: dict[str, set[str]]) -> None:
    for table in (*FACT_TABLES, COVERAGE):
        assert {*table.key, *table.volatile} <= columns[table.name], table.name
        for parent in table.parents:
            assert {mine for mine, _ in parent.columns} <= columns[table.name], table.name
            assert {theirs for _, theirs in parent.columns} <= columns[parent.table], table.name


def test_a_parent_is_merged_before_its_children() -> None:
    order = [table.name for table in FACT_TABLES]

    for table in FACT_TABLES:
        for parent in table.parents:
            assert order.index(parent.table) < order.index(table.name)


def test_every_interval_is_within_one_organization() -> None:
    assert {"org"} == {table.key[0] for table in (*FACT_TABLES, COVERAGE)}


def test_the_parents_of_subjects_are_tables_of_facts() -> None:
    parents = {family.parent for family in FAMILIES.values() if family.parent}

    assert parents <= {table.name for table in FACT_TABLES}
