"""Compute the lists that many views read once, for what a question is about: a fraction of all of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from reports.evaluation import drop_temporary

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb


@contextmanager
def narrowed(
    con: duckdb.DuckDBPyConnection, *, org: str, package_id: int | None = None
) -> Iterator[None]:
    """Put an organization's repositories and packages, or the one package, before the views of them."""
    only: dict[str, object] = {} if package_id is None else {"package": package_id}
    made = []
    try:
        for name, where in (
            ("repositories", ""),
            ("packages", " and package_id = $package" if only else ""),
        ):
            con.execute(
                f"create temp table {name} as select * from {name} where org = $org{where}",  # noqa: S608 - our own
                {"org": org} | (only if where else {}),
            )
            made.append(name)
        yield
    finally:
        for name in reversed(made):
            drop_temporary(con, name)
