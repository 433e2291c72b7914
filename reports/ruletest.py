"""Test a rule as data: given.sql says what GitHub said, expected.csv what the rule must make of it."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from collector import sqlfiles
from collector.errors import RuleError
from collector.tables import FACT_TABLES
from reports.catalog import COLUMNS, Rule, load_rules
from reports.evaluation import evaluated
from reports.sandbox import lock, time_limit

GIVEN: Final = "given.sql"
EXPECTED: Final = "expected.csv"

# The night that given.sql speaks of, unless it says otherwise.
_RUN = (
    "insert into run (run_id, org, status, api_url, web_url, edition, started_at, ended_at, tool_version)"
    " values ('run-1', 'acme', 'published', 'https://api.github.com', 'https://github.com', 'github.com',"
    " '2026-11-23 02:00:00', '2026-11-23 03:00:00', 'test')"
)

# What a row of given.sql need not say: column -> its default, in every table that has the column.
_DEFAULTS: Final = {
    "org": "'acme'",
    "valid_from_run": "'run-1'",
    "observed_at": "timestamp '2026-11-23 02:30:00'",
    "status": "'published'",
    "edition": "'github.com'",
    "api_url": "'https://api.github.com'",
    "web_url": "'https://github.com'",
    "started_at": "timestamp '2026-11-23 02:00:00'",
    "ended_at": "timestamp '2026-11-23 03:00:00'",
    "tool_version": "'test'",
    "coverage_subject": "''",
}
_TABLE_DEFAULTS: Final = {
    ("coverage", "status"): "'complete'",
    ("coverage", "subject"): "''",
    ("workflow_file", "status"): "'read'",
    ("workflow_file", "kind"): "'workflow'",
    ("blob_facts", "status"): "'parsed'",
    ("blob_facts", "kind"): "'workflow'",
    ("blob_facts", "parser_version"): "1",
    ("repository", "fork"): "false",
    ("package", "listed_repository"): "'absent'",
    ("package", "visibility"): "'private'",
    ("secret", "store"): "'actions'",
    ("secret", "environment"): "''",
    ("secret", "repository_id"): "0",
    ("secret_repository", "store"): "'actions'",
    ("registry_login", "ordinal"): "0",
    ("package_reference", "ordinal"): "0",
    ("package_reference", "resolved"): "true",
    ("audit_event", "action"): "'packages.package_version_published'",
    ("audit_event", "ecosystem"): "''",
    ("audit_event", "repository_full_name"): "''",
    ("audit_event", "actor"): "'octocat'",
    ("audit_event", "credential_type"): "''",
    ("audit_event", "hashed_token"): "''",
    ("audit_event", "created_at"): "timestamp '2026-11-20 12:00:00'",
    ("attestation", "workflow_path"): "''",
    ("attestation", "workflow_ref"): "''",
    ("attestation", "predicate_type"): "'https://slsa.dev/provenance/v1'",
    ("workflow_run", "run_id"): "1",
    ("workflow_run", "created_at"): "timestamp '2026-11-20 12:00:00'",
    ("credential_authorization", "credential_type"): "'personal access token'",
    ("declared_grant", "repository"): "''",
    ("declared_grant", "complete"): "false",
    ("declared_grant", "declared_by"): "'octocat'",
    ("declared_grant", "declared_at"): "date '2026-11-01'",
    ("declared_grant", "expires_at"): "date '2027-05-01'",
    ("declared_grant", "imported_at"): "timestamp '2026-11-01 12:00:00'",
    ("declared_grant", "source"): "'grants.csv:2'",
    ("probe_answer", "right_asked"): "'read'",
    ("probe_answer", "from_fork"): "false",
    ("probe_answer", "answered_at"): "timestamp '2026-11-20 12:00:00'",
    ("probe_answer", "expires_at"): "timestamp '2026-12-20 12:00:00'",
    ("probe_answer", "source"): "'run 1'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTestResult:
    """What came of one folder of a rule's test."""

    rule: str
    folder: Path
    # Lines of a comparison: `- ` expected and not said, `+ ` said and not expected. Empty: as expected.
    differences: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Say whether the rule said exactly what was expected."""
        return not self.differences


def run_tests(directory: Path, *, rules: Sequence[Rule] | None = None) -> list[RuleTestResult]:
    """Run every test in a folder of rules: DIR/<ID>/given.sql or DIR/tests/<ID>/given.sql, or folders in these.

    A rule of the folder without a test is a result that did not pass.

    Raises:
        RuleError: a rule or a test can't be read.
    """
    has_rules = any(directory.glob("*.sql"))
    known = rules if rules is not None else load_rules([directory] if has_rules else [])
    results = [
        run_test(rule, folder) for rule in known for folder in _folders(directory, rule_id=rule.id)
    ]
    tested = {result.rule for result in results}
    untested = [rule for rule in known if rule.path.parent == directory and rule.id not in tested]
    results += [
        RuleTestResult(
            rule=rule.id,
            folder=directory / rule.id,
            differences=(f"There is no {GIVEN} and {EXPECTED} in {directory / rule.id}.",),
        )
        for rule in untested
    ]
    if not results:
        raise RuleError(
            f"{directory} holds no test of a rule.",
            hint=f"Put {GIVEN} and {EXPECTED} into a folder with the rule's id.",
        )
    return sorted(results, key=lambda result: (result.rule, str(result.folder)))


def run_test(rule: Rule, folder: Path) -> RuleTestResult:
    """Run one rule over one folder's given.sql and compare with its expected.csv.

    Raises:
        RuleError: the folder's files can't be read or run.
    """
    columns, expected = _expected(folder / EXPECTED)
    with given_database(_read(folder / GIVEN), name=str(folder / GIVEN)) as con:
        orgs = [
            row[0] for row in con.execute("select org from current_run order by org").fetchall()
        ]
        said = [row for org in orgs for row in _said(con, rule, org=org, columns=columns)]
    return RuleTestResult(rule=rule.id, folder=folder, differences=_compared(expected, said))


@contextmanager
def given_database(given: str, *, name: str = GIVEN) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty, locked-down inventory in memory and put into it what `given` says.

    Raises:
        RuleError: given.sql failed.
    """
    con = duckdb.connect(
        ":memory:",
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False},
    )
    try:
        con.execute("set TimeZone = 'UTC'")
        for migration in sqlfiles.migrations():
            con.execute(migration.text)
        _set_defaults(con)
        con.execute(_RUN)
        for view in sqlfiles.views():
            con.execute(view.text)
        lock(con)
        try:
            con.execute(given)
        except duckdb.Error as error:
            raise RuleError(f"{name} failed: {error}") from error
        yield con
    finally:
        con.close()


def _set_defaults(con: duckdb.DuckDBPyConnection) -> None:
    families = {table.name: table for table in FACT_TABLES}
    columns = con.execute(
        "select table_name, column_name from duckdb_columns()"
        " where schema_name = 'main' and not internal order by table_name, column_index"
    ).fetchall()
    for table, column in columns:
        default = _TABLE_DEFAULTS.get((table, column), _DEFAULTS.get(column))
        if column == "coverage_family" and table in families:
            default = f"'{_NATURAL_FAMILY.get(table, table)}'"
        if default is not None:
            con.execute(f'alter table {table} alter column "{column}" set default {default}')


# The family that vouches for a table's rows, where its name does not say it; given.sql may say another.
_NATURAL_FAMILY: Final = {
    "package": "packages",
    "package_connection": "package_details",
    "package_version": "package_versions",
    "repository": "repositories",
    "repository_property": "custom_properties",
    "repository_tree": "workflow_trees",
    "workflow_file": "workflow_trees",
    "registry_login": "links",
    "package_reference": "links",
    "secret": "org_secrets",
    "secret_repository": "org_secret_repositories",
    "audit_event": "audit_log",
    "credential_authorization": "credential_authorizations",
    "attestation": "attestations",
    "workflow_run": "workflow_runs",
}


def _folders(directory: Path, *, rule_id: str) -> list[Path]:
    places = [directory / rule_id, directory / "tests" / rule_id]
    return sorted(file.parent for place in places for file in place.rglob(GIVEN))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path} can't be read: {error}") from error


def _expected(path: Path) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the columns that a test speaks of and its rows."""
    reader = csv.reader(io.StringIO(_read(path)))
    columns = next(reader, [])
    known = {name for name, _ in COLUMNS}
    if not {"subject", "verdict"} <= set(columns) or not set(columns) <= known:
        raise RuleError(
            f"{path}: the first line names other columns than a rule has.",
            hint=f"It needs subject and verdict, and may have {', '.join(sorted(known))}.",
        )
    rows = []
    for row in reader:
        if len(row) != len(columns):
            raise RuleError(
                f"{path}, line {reader.line_num}: {len(row)} fields, not {len(columns)}."
            )
        rows.append(tuple(row))
    return columns, rows


def _said(
    con: duckdb.DuckDBPyConnection, rule: Rule, *, org: str, columns: Sequence[str]
) -> list[tuple[str, ...]]:
    names = ", ".join(f"coalesce({column}::varchar, '')" for column in columns)
    try:
        with time_limit(con), evaluated(con, org=org, rules=[rule], locked_down=True) as table:
            return con.execute(f"select {names} from temp.{table}").fetchall()  # noqa: S608 - columns of ours
    except duckdb.Error as error:
        raise RuleError(f"Rule {rule.id} failed: {str(error).strip()}") from error


def _compared(
    expected: Sequence[tuple[str, ...]], said: Sequence[tuple[str, ...]]
) -> tuple[str, ...]:
    missing = [f"- {_line(row)}" for row in sorted(set(expected) - set(said))]
    surplus = [f"+ {_line(row)}" for row in sorted(set(said) - set(expected))]
    return (*missing, *surplus)


def _line(row: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(row)
    return buffer.getvalue()
