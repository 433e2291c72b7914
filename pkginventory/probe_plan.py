"""What a probe asks: the list of packages, the secret it travels in, and the note that its answers are read with."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from collector.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# https://docs.github.com/en/actions/reference/security/secrets#limits-for-secrets: 48 KB each.
MAX_SECRET: Final = 47_000
VERSION: Final = 1
_REFERENCE: Final = re.compile(r"sha256:[0-9a-f]{64}")
_IMAGE: Final = re.compile(r"[a-z0-9]+([._/-]+[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One package that is asked for.

    Attributes:
        reference: the digest of a version, `-` where none is known (container packages only).
    """

    package_id: int
    package_type: str
    name: str
    reference: str = "-"

    def line(self) -> str:
        """Write it as the script reads it: type, name as an address has it, reference."""
        if self.package_type == "container":
            return f"container {self.name.lower()} {self.reference}"
        return f"{self.package_type} {quote(self.name, safe='')} -"

    @property
    def can_be_asked(self) -> bool:
        """Tell whether the registry can be asked for such a name at all."""
        if self.package_type != "container":
            return True
        known = self.reference == "-" or _REFERENCE.fullmatch(self.reference)
        return bool(known and _IMAGE.fullmatch(self.name.lower()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A probe of one repository.

    Attributes:
        nonce: makes the list's digest, which is public, say nothing about the list.
        blob_sha: git's id of the generated workflow.
        from_fork: it is for a fork's pull request, with one throw-away package.
    """

    org: str
    repository: str
    repository_id: int
    file: str
    nonce: str
    packages: tuple[Asked, ...]
    from_fork: bool = False
    encrypted: bool = False
    blob_sha: str = ""
    version: int = VERSION

    def names(self) -> str:
        """Return the list as the secret holds it."""
        lines = [f"# {self.nonce}", *(asked.line() for asked in self.packages)]
        return "".join(f"{line}\n" for line in lines)

    @property
    def digest(self) -> str:
        """Return what the answers name the list by."""
        return hashlib.sha256(self.names().encode()).hexdigest()

    def to_json(self) -> str:
        """Write the plan for the import to read."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def new_nonce() -> str:
    """Return a number that nobody can guess."""
    return secrets.token_hex(16)


def fitting(packages: Sequence[Asked]) -> tuple[Asked, ...]:
    """Return the first packages that fit into one secret."""
    size, kept = 64, []
    for asked in packages:
        size += len(asked.line()) + 1
        if size > MAX_SECRET:
            break
        kept.append(asked)
    return tuple(kept)


def read_plan(path: Path) -> Plan:
    """Read the note that `probe workflow` wrote.

    Raises:
        UsageError: it can't be read or is none.
    """
    try:
        said: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"{path} can't be read: {error.strerror or error}.",
            hint="Name the .plan.json that `pkginventory probe workflow` wrote with --plan.",
        ) from error
    except ValueError as error:
        raise UsageError(f"{path} is no plan of a probe.") from error
    if not isinstance(said, dict) or said.get("version") != VERSION:
        raise UsageError(f"{path} is no plan of a probe that this release reads.")
    try:
        packages = tuple(Asked(**item) for item in said.pop("packages"))
        return Plan(packages=packages, **said)
    except (KeyError, TypeError) as error:
        raise UsageError(f"{path} is no plan of a probe.") from error
