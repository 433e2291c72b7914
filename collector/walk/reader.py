"""Who reads: lists hold what the reader may see, and only an owner is known to see everything."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from collector.github.answers import Answer
from collector.github.auth import TokenKind
from collector.github.client import GitHub
from collector.github.models import Organization
from collector.github.outcomes import Reason
from collector.github.payloads import text
from collector.github.protocol import path
from collector.walk.answers import was_read
from collector.walk.context import Walk

# GET /user/memberships/orgs/{org}: docs.github.com/rest/orgs/members
_MEMBERSHIP: Final = "/user/memberships/orgs/{org}"
_FAMILY: Final = "organization"
# The checkpoint that keeps the roles, so that a resumed run need not ask again.
READERS: Final = "readers"
NOT_AN_OWNER: Final = "reader_not_owner"
_OWNER: Final = "admin"
GENERAL: Final = "general"
PACKAGES: Final = "packages"
_PUBLIC_ONLY: Final = {
    "status": "partial",
    "reason": Reason.FORBIDDEN.value,
    "detail": "The token lacks the scope repo: private and internal repositories are not listed.",
}
_MEMBERS_VIEW: Final = {
    "status": "partial",
    "reason": NOT_AN_OWNER,
    "detail": "Only what this member may see is listed; the credential is no owner's.",
}

Roles = dict[str, str]
# `general` and `packages` -> admin or member; what is not known is not there


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads packages and who the rest, and the answers that told it."""

    roles: Roles
    answers: tuple[Answer, ...] = ()


async def ask_membership(github: GitHub, org: str) -> tuple[str | None, Answer]:
    """Ask which role a credential's user has; None where GitHub does not tell."""
    answer = await github.get(path(_MEMBERSHIP, org=org))
    return text(answer.data, "role") if was_read(answer) else None, answer


async def ask_readers(walk: Walk, organization: Organization | None) -> Readers:
    """Find out who reads, with as few questions as will do.

    GitHub tells the number of private repositories to owners alone; then nothing is asked.
    """
    if organization is None:
        return Readers({})
    known = {GENERAL: _OWNER} if organization.total_private_repos is not None else {}
    one = walk.packages_api is walk.api
    apis = {GENERAL: walk.api} if one else {GENERAL: walk.api, PACKAGES: walk.packages_api}
    answers = []
    for who, github in apis.items():
        # An App's installation is nobody's membership.
        if who in known or github.credential.kind is TokenKind.INSTALLATION:
            continue
        walk.asked[_FAMILY] += 1
        role, answer = await ask_membership(github, walk.org)
        answers.append(answer)
        if role is not None:
            known[who] = role
    if one and GENERAL in known:
        known[PACKAGES] = known[GENERAL]
    return Readers(known, tuple(answers))


def doubt_of(roles: Mapping[str, str]) -> dict[str, str]:
    """Return what to say of the organization's coverage when a reader is known to be no owner."""
    others = sorted({role for role in roles.values() if role != _OWNER})
    if not others:
        return {}
    detail = f"The credential's user is a {others[0]} of the organization, not an owner."
    return {"status": "partial", "reason": NOT_AN_OWNER, "detail": detail}


def roles_of(walk: Walk) -> Roles:
    """Return the roles that this run was told, also where an earlier process asked."""
    kept = walk.stage.last_page(_FAMILY, READERS)
    return dict(kept.state) if kept is not None and isinstance(kept.state, dict) else {}


def members_view(walk: Walk, who: str) -> dict[str, str]:
    """Return what to say of a list that held only what a member may see; nothing for an owner's."""
    return dict(_MEMBERS_VIEW) if roles_of(walk).get(who, _OWNER) != _OWNER else {}


def roles_by_credential(walk: Walk) -> Roles:
    """Return the roles by the names of the credentials."""
    names = {
        GENERAL: walk.api.credential.name,
        PACKAGES: walk.packages_api.credential.name,
    }
    return {names[who]: role for who, role in roles_of(walk).items()}


def warn_of_hidden(walk: Walk) -> None:
    """Say on the first screen that lists may be short, as far as this run knows it."""
    roles = roles_of(walk)
    if walk.stage.coverage_of(_FAMILY) == "partial" and doubt_of(roles):
        walk.warn(
            "The credential belongs to a member, not to an owner: packages and repositories that"
            " this person can't see are missing, and nothing tells how many."
        )
        return
    known = walk.stage.rows("organization", "total_private_repos")
    if known and (known[0][0] is None or PACKAGES not in roles):
        what = (
            "how many private repositories there are"
            if known[0][0] is None
            else "whether it is an owner's"
        )
        walk.warn(
            f"GitHub did not tell this credential {what}: whether"
            " the lists are whole is sure for an organization owner's credential only."
        )


def hidden_repositories(walk: Walk) -> dict[str, Any]:
    """Return what to say of a list of repositories whose length nothing tells."""
    if _hides_private(walk):
        return dict(_PUBLIC_ONLY)
    return members_view(walk, GENERAL)


def _hides_private(walk: Walk) -> bool:
    """Tell whether the token's scopes leave private repositories out of every list."""
    facts = walk.api.token_facts
    scopes = facts.scopes if facts is not None else None
    if scopes is None or "repo" in scopes:
        return False
    listed = {row[0] for row in walk.stage.rows("repository", "visibility")}
    return listed <= {"public"}
