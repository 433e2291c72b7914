"""The report's data as one JSON text for its script: columns that share one sorted pool of strings.

Every string stands once. As the pool is sorted, a column of places in it sorts like the strings do,
and a search looks at each string once, however many rows have it.
"""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reports.pages_actions import Action
    from reports.pages_objects import Objects
    from reports.pages_rows import Rows
    from reports.pages_rules import RulePage
    from reports.pages_run import Run

# Above this many bytes of JSON the island is packed; below, a person can read it in the file.
PACK_ABOVE = 2_000_000
NUMBERS = frozenset(
    {"line", "version_count", "forks", "workflows", "reach", "public_reach", "uses", "error_line"}
)
FLAGS = frozenset({"waived", "new", "fork", "archived", "contradicted", "privileged"})


@dataclass(slots=True)
class Advice:
    """What was tried before it is advised, beside one finding.

    Attributes:
        instead: the usual remedy would make another finding, so these lines stand in its place.
    """

    lines: list[str] = field(default_factory=list)
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Island:
    """The data as it stands in the file: JSON, or base64 of gzip where that is much smaller."""

    text: str
    packed: bool


class Pool:
    """Strings by their place in sorted order."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.strings = sorted(set(texts), key=lambda text: (text.lower(), text))
        self.places = {text: place for place, text in enumerate(self.strings)}

    def column(self, values: Iterable[Any]) -> list[int]:
        """Return the places of a column's strings; -1 stands for null and for nothing."""
        places = self.places
        return [places[value] if value else -1 for value in values]


def build_island(
    *,
    run: Run,
    rules: tuple[RulePage, ...],
    actions: tuple[Action, ...],
    action_of: list[int],
    rows: Rows,
    objects: Objects,
    advice: Mapping[int, Advice] | None = None,
) -> Island:
    """Put everything that the script shows into one text."""
    hop_lists, hops = number_hops(rows.columns["hops"])
    columns = {name: values for name, values in rows.columns.items() if name != "hops"}
    tables = {"finding": columns} | {name: t.columns for name, t in objects.tables.items()}
    pool = Pool(
        text
        for table in tables.values()
        for name, values in table.items()
        if name not in NUMBERS | FLAGS
        for text in values
        if text
    )
    frames, frame_of = number_frames(rows, objects)
    encoded = {name: encode(table, pool) for name, table in tables.items()}
    encoded["finding"] |= {"hops": hop_lists, "frame": frame_of, "action": action_of}
    data = {
        "run": {"org": run.org, "run_id": run.run_id, "web_url": run.web_url, "as_of": run.as_of},
        "baseline": bool(run.baseline_run_id),
        "rules": {rule.id: [rule.title, rule.remediation, rule.why] for rule in rules},
        "actions": [visible(action.text) for action in actions],
        "strings": [visible(text) for text in pool.strings],
        "tables": encoded,
        "hops": hops,
        "frames": frames,
        # JSON has no numbers for names.
        "advice": {
            str(row): [1 if said.instead else 0, [visible(line) for line in said.lines]]
            for row, said in (advice or {}).items()
        },
        "package_verdicts": objects.package_verdicts,
    }
    return pack(data)


def encode(table: dict[str, list[Any]], pool: Pool) -> dict[str, list[Any]]:
    """Turn a table's columns into numbers."""
    return {name: encode_column(name, values, pool) for name, values in table.items()}


def encode_column(name: str, values: list[Any], pool: Pool) -> list[Any]:
    """Turn one column into numbers: as they are, as flags, or as places in the pool."""
    if name in NUMBERS:
        return values
    if name in FLAGS:
        return [1 if value else 0 for value in values]
    return pool.column(values)


def number_hops(column: list[str | None]) -> tuple[list[Any], list[list[str]]]:
    """Give each different hop a number; return every row's numbers and the hops."""
    numbers: dict[tuple[str, ...], int] = {}
    lists = []
    for text in column:
        found = json.loads(text) if text else []
        keys = [hop_key(hop) for hop in found if isinstance(hop, dict)]
        lists.append([numbers.setdefault(key, len(numbers)) for key in keys] or 0)
    return lists, [[visible(part) for part in key] for key in numbers]


def hop_key(hop: dict[str, Any]) -> tuple[str, ...]:
    """Return what the report shows of a hop."""
    return tuple(str(hop.get(field) or "") for field in ("kind", "text", "level", "request_id"))


def number_frames(rows: Rows, objects: Objects) -> tuple[list[Any], list[int]]:
    """Give each different frame of source a number; return the frames and every row's number."""
    numbers: dict[Any, int] = {}
    of_row = []
    for where in rows.each("repository", "path", "line"):
        frame = objects.frames.get(where)
        of_row.append(numbers.setdefault(frame, len(numbers)) if frame else -1)
    frames = [[f.first_line, [visible(line) for line in f.lines], f.blob_sha] for f in numbers]
    return frames, of_row


def visible(text: str) -> str:
    r"""Write control and direction characters as escapes, so that no name can disguise itself."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):04x}}}" for c in text)


def pack(data: dict[str, Any]) -> Island:
    """Write the data as JSON that no HTML parser can leave, packed where it is large."""
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    if len(plain) <= PACK_ABOVE:
        return Island(for_script(plain), packed=False)
    # Level 6 and no time: the same data gives the same bytes.
    packed = gzip.compress(plain.encode(), compresslevel=6, mtime=0)
    return Island(base64.b64encode(packed).decode(), packed=True)


def for_script(plain: str) -> str:
    """Escape what could end a script element or a line of script."""
    for char in "<>&\u2028\u2029":
        plain = plain.replace(char, f"\\u{ord(char):04x}")
    return plain
