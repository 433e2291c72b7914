"""Which registry an evaluated host is: GitHub's, another's, or not to be told."""

import re
from dataclasses import dataclass
from typing import Final

from collector.workflows.alternatives import Alternative
from collector.workflows.hosts import RegistryHosts

_HEAD: Final = re.compile(r"(?:[a-z-]+://|//)?(?:[^/@\s\x00]*@)?([^/\s]*)")


@dataclass(frozen=True, slots=True)
class Placed:
    """A host that is one of GitHub's, or could be."""

    registry: str
    host: str
    resolved: bool


def place(alternative: Alternative, hosts: RegistryHosts, *, default: str = "") -> Placed | None:
    """Return where an evaluated host lies, None where it is not GitHub's."""
    pieces = alternative.pieces
    # Each unknown part is one NUL, which no host has.
    text = "".join(piece if isinstance(piece, str) else "\0" for piece in pieces).strip()
    if not text.strip("\"'"):
        text = default
    match = _HEAD.match(text.lower().lstrip("\"'"))
    head = match[1] if match else ""
    if "\0" not in head:
        found = hosts.classify(text.replace("\0", "x"))
        return Placed(found[0], found[1], resolved=True) if found else None
    if _possible(head, hosts):
        return Placed("", "", resolved=False)
    return None


def _possible(head: str, hosts: RegistryHosts) -> bool:
    """Tell whether a host with unknown parts can be one of GitHub's."""
    known = [re.escape(part) for part in head.split(":", maxsplit=1)[0].split("\0")]
    pattern = re.compile(".*".join(known))
    names = {name for name, _ in hosts.hosts} | {name for name, _, _ in hosts.paths}
    return any(pattern.fullmatch(name) for name in names)
