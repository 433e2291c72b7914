"""The little of a file's facts that decides what else to ask GitHub for."""

from dataclasses import dataclass
from typing import Any

from collector.github import payloads


@dataclass(frozen=True, slots=True)
class Digest:
    """What a walk has to remember of one file."""

    uses: tuple[str, ...] = ()
    # Calls of workflows and actions that may be the organization's own, as written.
    logs_in: bool = False
    # It logs in to some registry and names a stored secret.
    names_packages: bool = False
    # It logs in to some registry or refers to a package.


def digest(facts: Any) -> Digest:
    """Take from facts what a walk has to remember."""
    calls = (payloads.text(call, "uses") for call in payloads.sequence(facts, "calls"))
    secrets = (payloads.text(secret, "name") for secret in payloads.sequence(facts, "secrets"))
    stored = any(name is not None and name.upper() != "GITHUB_TOKEN" for name in secrets)
    logins = bool(payloads.sequence(facts, "logins"))
    return Digest(
        uses=tuple(sorted({uses for uses in calls if uses})),
        logs_in=logins and stored,
        names_packages=logins or bool(payloads.sequence(facts, "references")),
    )
