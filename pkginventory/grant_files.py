"""Read and write files of declared Actions access: CSV and YAML, each answer with the line it stands on."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from collector.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

# What the template fills in, and what a person does.
GIVEN: Final = ("package_type", "package", "visibility", "connected_repository", "settings_url")
ANSWERED: Final = (
    "inherits",
    "repository",
    "role",
    "complete",
    "declared_by",
    "declared_at",
    "expires_at",
    "note",
)
COLUMNS: Final = (*GIVEN, *ANSWERED)
FORMATS: Final = ("csv", "yaml")
MAX_BYTES: Final = 16 * 1024 * 1024

_HEAD: Final = (
    "Who may use these packages in GitHub Actions? No API tells, so a person reads it off each package's settings page.",
    "One row a repository; copy a package's row for each further one. A blank is not an answer: write none where",
    "a repository has no access, and complete: yes where the rows of a package are its whole list.",
    "inherits answers 'Inherit access from source repository'. Dates are YYYY-MM-DD, and hold for a year at most.",
    "A name with * or ? speaks of every package it matches.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRow:
    """One row of a file, as text.

    Attributes:
        line: where it stands, from 1.
        values: column by name; a column that was left out is an empty text.
    """

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a row can't be imported."""

    line: int
    reason: str


class GrantFileError(UsageError):
    """A file of declared access has mistakes; nothing of it was stored."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        lines = [f"{path}:{problem.line}: {problem.reason}" for problem in problems]
        count = "1 mistake" if len(problems) == 1 else f"{len(problems):,} mistakes"
        super().__init__(
            "\n".join(lines), hint=f"{count}; nothing was stored. Mend the file and import again."
        )
        self.problems = tuple(problems)


def write_template(rows: Iterable[Mapping[str, Any]], *, form: str) -> str:
    """Write a file to be filled in, one row a package.

    Raises:
        UsageError: there is no such format.
    """
    if form == "csv":
        return _csv(rows)
    if form == "yaml":
        return _yaml(rows)
    raise UsageError(f"There is no format {form}.", hint=f"Choose one of {', '.join(FORMATS)}.")


def read_rows(path: Path) -> list[GrantRow]:
    """Read a file by its name's ending; anything but .yaml and .yml is CSV.

    Raises:
        UsageError: the file can't be read.
        GrantFileError: it is no table of declared access.
    """
    text = _text(path)
    if path.suffix.lower() in {".yaml", ".yml"}:
        return _read_yaml(path, text)
    return _read_csv(path, text)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path} is larger than {MAX_BYTES // 2**20} MB.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8.", hint="Save it as CSV UTF-8.") from error


def _csv(rows: Iterable[Mapping[str, Any]]) -> str:
    from reports.exports.tables import cells

    # Spreadsheets take the text for another encoding unless the mark stands first.
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(cells(row.get(name) for name in COLUMNS))
    return buffer.getvalue()


def _yaml(rows: Iterable[Mapping[str, Any]]) -> str:
    import yaml

    head = "".join(f"# {line}\n" for line in _HEAD)
    entries = [{name: row.get(name) or "" for name in COLUMNS} for row in rows]
    return head + yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=1000)


def _read_csv(path: Path, text: str) -> list[GrantRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text))
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check_columns(path, names)
        return list(_csv_rows(path, reader, names))
    except csv.Error as error:
        raise GrantFileError(path, [Problem(line=reader.line_num, reason=f"{error}.")]) from error


def _delimiter(text: str) -> str:
    """Tell the delimiter by the first line: a spreadsheet in Europe saves semicolons."""
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def _csv_rows(path: Path, reader: Any, names: Sequence[str]) -> Iterator[GrantRow]:
    line = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            if len(cells) > len(names):
                reason = f"{len(cells)} cells under {len(names)} columns."
                raise GrantFileError(path, [Problem(line=line, reason=reason)])
            padded = [*cells, *[""] * (len(names) - len(cells))]
            values = {
                name: _unguarded(cell.strip())
                for name, cell in zip(names, padded, strict=True)
                if name
            }
            yield GrantRow(line=line, values=_whole(values))
        # A cell may hold line breaks: a row begins after the one before has ended.
        line = reader.line_num + 1


def _unguarded(cell: str) -> str:
    """Take the quote off again that stops a spreadsheet from running a cell."""
    from reports.exports.tables import FORMULA

    return cell[1:] if cell[:1] == "'" and FORMULA.match(cell[1:]) else cell


def _whole(values: Mapping[str, str]) -> Mapping[str, str]:
    return {name: values.get(name, "") for name in COLUMNS}


def _check_columns(path: Path, names: Sequence[str]) -> None:
    said = [name for name in names if name]
    unknown = [name for name in said if name not in COLUMNS]
    missing = [name for name in ("package_type", "package") if name not in said]
    twice = sorted({name for name in said if said.count(name) > 1})
    reasons = [
        *(f"There is no column {name}; the columns are {', '.join(COLUMNS)}." for name in unknown),
        *(f"The column {name} is missing." for name in missing),
        *(f"The column {name} stands there twice." for name in twice),
    ]
    if reasons:
        raise GrantFileError(path, [Problem(line=1, reason=reason) for reason in reasons])


def _read_yaml(path: Path, text: str) -> list[GrantRow]:
    import yaml

    try:
        # An alias can make a small text expand without end, and a table needs none.
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                reason = "An alias (*name) is not allowed here."
                raise GrantFileError(path, [_problem(event.start_mark, reason)])
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        reason = f"This is not YAML: {error.problem or 'it ends too early'}."
        raise GrantFileError(path, [_problem(error.problem_mark, reason)]) from error
    except yaml.YAMLError as error:
        raise GrantFileError(path, [Problem(line=1, reason="This is not YAML.")]) from error
    except RecursionError as error:
        raise GrantFileError(path, [Problem(line=1, reason="It is nested too deeply.")]) from error
    if root is None:
        return []
    if not isinstance(root, yaml.SequenceNode):
        raise GrantFileError(path, [_problem(root.start_mark, "This is not a list of rows.")])
    return [_yaml_row(path, node) for node in root.value]


def _yaml_row(path: Path, node: Any) -> GrantRow:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        raise GrantFileError(path, [_problem(node.start_mark, "A row has names and values.")])
    values: dict[str, str] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            reason = "A name has one value, not a list."
            raise GrantFileError(path, [_problem(key.start_mark, reason)])
        name = str(key.value).strip().lower()
        if name not in COLUMNS or name in values:
            reason = (
                f"{name} stands there twice."
                if name in values
                else f"There is no column {name}; the columns are {', '.join(COLUMNS)}."
            )
            raise GrantFileError(path, [_problem(key.start_mark, reason)])
        null = value.tag == "tag:yaml.org,2002:null"
        # The text as it stands: `yes` stays yes, a date stays a date.
        values[name] = "" if null else str(value.value).strip()
    return GrantRow(line=node.start_mark.line + 1, values=_whole(values))


def _problem(mark: Any, reason: str) -> Problem:
    return Problem(line=mark.line + 1 if mark is not None else 1, reason=reason)
