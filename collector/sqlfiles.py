"""The one place that knows where SQL lies: inside the installed package, or beside it in a checkout."""

import re
from dataclasses import dataclass
from pathlib import Path

_NUMBERED = re.compile(r"(\d+)_(\w+)\.sql")


@dataclass(frozen=True, slots=True)
class SqlFile:
    """One file of SQL whose name says when its turn comes: `0001_initial.sql`."""

    number: int
    name: str
    text: str


def sql_root() -> Path:
    """Return the folder that holds schema, views, rules, summaries and exports."""
    package = Path(__file__).parent
    installed = package / "sql"
    return installed if installed.is_dir() else package.parent / "sql"


def migrations(root: Path | None = None) -> list[SqlFile]:
    """Return the steps of the schema, the oldest first."""
    return _numbered((root or sql_root()) / "schema")


def views(root: Path | None = None) -> list[SqlFile]:
    """Return the views in the order in which they can be created."""
    return _numbered((root or sql_root()) / "views")


def rules_dir() -> Path:
    """Return the folder of the rules, one file a rule."""
    return sql_root() / "rules"


def summaries_dir() -> Path:
    """Return the folder of the report's sums."""
    return sql_root() / "summaries"


def exports_dir() -> Path:
    """Return the folder of the exports' queries."""
    return sql_root() / "exports"


def _numbered(folder: Path) -> list[SqlFile]:
    files = [
        SqlFile(number=int(match[1]), name=match[2], text=path.read_text(encoding="utf-8"))
        for path in folder.glob("*.sql")
        if (match := _NUMBERED.fullmatch(path.name))
    ]
    return sorted(files, key=lambda file: (file.number, file.name))
