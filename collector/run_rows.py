"""The row of table `run`, in a stage and in the inventory."""

import json
from typing import Any

import duckdb

from collector.errors import StoreError
from collector.run import Run, as_utc, utc_now
from collector.stage_rows import json_text

_COLUMNS = (
    "run_id, org, api_url, web_url, edition, started_at, ended_at,"
    " tool_version, credentials, options, warnings"
)


def insert_run_row(con: duckdb.DuckDBPyConnection, run: Run, *, status: str) -> None:
    """Add the run; `status` is collecting, finished or published."""
    published_at = utc_now() if status == "published" else None
    con.execute(
        f"insert into run ({_COLUMNS}, status, published_at)"  # noqa: S608  a constant
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            run.run_id,
            run.org,
            run.api_url,
            run.web_url,
            run.edition,
            as_utc(run.started_at),
            None if run.ended_at is None else as_utc(run.ended_at),
            run.tool_version,
            json_text(list(run.credentials)),
            json_text(dict(run.options)),
            json_text(list(run.warnings)),
            status,
            published_at,
        ],
    )


def finish_run_row(con: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Mark the stage's run as finished."""
    con.execute(
        "update run set status = 'finished', ended_at = ?, warnings = ?, credentials = ?",
        [run.ended_at, json_text(list(run.warnings)), json_text(list(run.credentials))],
    )


def read_run(con: duckdb.DuckDBPyConnection, run_id: str | None = None) -> Run:
    """Return a run: the named one, or the only one of a stage.

    Raises:
        StoreError: there is no such run.
    """
    rows: list[Any] = con.execute(
        f"select {_COLUMNS} from run where $run is null or run_id = $run",  # noqa: S608  a constant
        {"run": run_id},
    ).fetchall()
    if len(rows) != 1:
        raise StoreError(
            "The staging file holds no run." if run_id is None else f"No run {run_id}."
        )
    *head, credentials, options, warnings = rows[0]
    run, org, api_url, web_url, edition, started_at, ended_at, version = head
    return Run(
        run_id=run,
        org=org,
        api_url=api_url,
        web_url=web_url,
        edition=edition,
        started_at=started_at,
        ended_at=ended_at,
        tool_version=version,
        credentials=tuple(json.loads(credentials or "[]")),
        options=json.loads(options or "{}"),
        warnings=tuple(json.loads(warnings or "[]")),
    )
