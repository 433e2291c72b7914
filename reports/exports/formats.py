"""The export formats by name; the module of each is loaded when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from collector.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

    from reports.catalog import Rule


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        says: what it is for, in a few words.
        module: the file in this room that writes it.
        function: which of its functions does.
        is_folder: whether it is a set of files in a folder.
    """

    says: str
    module: str
    function: str = "write"
    is_folder: bool = False

    @property
    def writer(self) -> Any:
        """Return the function that writes it."""
        return getattr(import_module(f"reports.exports.{self.module}"), self.function)


FORMATS: Final = {
    "csv": Format("one table", "tables", "write_csv"),
    "csv-set": Format(
        "a folder: population, findings, waivers, coverage", "csv_set", is_folder=True
    ),
    "intoto": Format("statements to attest the run with", "intoto"),
    "json": Format("one list", "tables", "write_json"),
    "jsonl": Format("one object a line, with a published JSON Schema", "tables", "write_jsonl"),
    "junit": Format("JUnit XML for CI: a suite a rule, a case a subject", "junit"),
    "markdown": Format("a job's step summary", "markdown"),
    "ocsf": Format("OCSF 1.8 Compliance Findings, one a line", "ocsf"),
    "oscal": Format("OSCAL assessment results", "oscal"),
    "parquet": Format("for data lakes, with the run in its metadata", "tables", "write_parquet"),
    "sarif": Format("SARIF 2.1.0, every verdict", "sarif"),
    "sarif-github": Format(
        "a folder, one SARIF file a repository for code scanning", "sarif_github", is_folder=True
    ),
    "xlsx": Format("the auditor's workpaper, with a sample to test", "xlsx"),
}


def named(form: str) -> Format:
    """Return the format of this name.

    Raises:
        UsageError: nobody knows it.
    """
    if form not in FORMATS:
        raise UsageError(
            f"There is no export format {form!r}.",
            hint=f"Choose one of {', '.join(sorted(FORMATS))}.",
        )
    return FORMATS[form]


def formats_text() -> str:
    """List the formats for a command's help."""
    return "; ".join(f"{name} ({known.says})" for name, known in sorted(FORMATS.items()))


def export_verdicts(
    con: duckdb.DuckDBPyConnection,
    *,
    org: str,
    form: str,
    out: Path,
    rules: Sequence[Rule] | None = None,
    sample: int = 0,
    seed: str = "0",
) -> int:
    """Write every verdict of an organization's newest run; return how many there are.

    Args:
        con: the inventory.
        org: the organization's login.
        form: the format's name.
        out: the file, or for a set of files the folder.
        rules: the rules that judged, for their words; the shipped ones where none are given.
        sample: how many subjects the workpaper draws for a tester.
        seed: what makes the draw the same for everyone.

    Raises:
        UsageError: nobody knows the format.
        InventoryError: there is no published and judged run, or the file can't be written.
    """
    from reports import queries  # noqa: PLC0415 - the names alone are asked for by --help
    from reports.catalog import shipped_rules  # noqa: PLC0415 - the same
    from reports.exports.exported import Exported  # noqa: PLC0415 - the same
    from reports.output import output_folder  # noqa: PLC0415 - the same
    from reports.pages_run import read_run  # noqa: PLC0415 - the same

    known = named(form)
    exported = Exported(
        con,
        read_run(con, org=org),
        shipped_rules() if rules is None else rules,
        sample=sample,
        seed=seed,
    )
    check_out(out, is_folder=known.is_folder)
    if known.is_folder:
        with output_folder(out) as folder:
            known.writer(exported, folder)
    else:
        with output_folder(out.parent) as folder, folder.open(out.name) as file:
            known.writer(exported, file)
    ((number,),) = queries.stream(con, "select count(*) from verdicts where org = ?", [org])
    return int(number)


def check_out(out: Path, *, is_folder: bool) -> None:
    """Refuse to replace what is no file, or to fill what is no folder.

    Raises:
        UsageError: it is of the other kind.
    """
    if not out.exists():
        return
    if is_folder and not out.is_dir():
        raise UsageError(f"{out} is no folder.", hint="Name a folder with --out.")
    if not is_folder and not out.is_file():
        # The file is put in place whole: a device or a pipe would be replaced by it.
        raise UsageError(f"{out} is no file.", hint="Name a file with --out.")
