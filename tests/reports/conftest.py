"""Made-up organizations for the report's tests."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.reports import synthetic
from tests.reports.synthetic import Shape


@pytest.fixture(scope="session")
def small() -> Iterator[duckdb.DuckDBPyConnection]:
    """An organization with findings, unknowns and a run before."""
    with synthetic.organization() as con:
        yield con


@pytest.fixture(scope="session")
def denied() -> Iterator[duckdb.DuckDBPyConnection]:
    """An organization whose private packages and secrets could not be listed."""
    with synthetic.organization(Shape(denied=True)) as con:
        yield con


@pytest.fixture(scope="session")
def hostile() -> Iterator[duckdb.DuckDBPyConnection]:
    """An organization with hostile names, and every third finding waived."""
    with synthetic.organization(Shape(hostile=True, waived_every=3)) as con:
        yield con
