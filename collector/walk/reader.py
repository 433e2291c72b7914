"""Who reads: lists hold what the reader may see, and only an owner is known to see everything."""

from typing import Final

from collector.github.models import Organization
from collector.github.payloads import text
from collector.walk.answers import was_read
from collector.walk.context import Walk

# GET /user/memberships/orgs/{org}: docs.github.com/rest/orgs/members
_MEMBERSHIP: Final = "/user/memberships/orgs/{org}"
NOT_AN_OWNER: Final = "reader_not_owner"


async def doubt_of(walk: Walk, organization: Organization | None) -> dict[str, str]:
    """Return what to say of the organization's coverage when its reader is known to be no owner.

    GitHub tells the number of private repositories to whoever sees them all; then nothing is asked.
    """
    if organization is None or organization.total_private_repos is not None:
        return {}
    answer = await walk.get(_MEMBERSHIP.format(org=organization.login), family="organization")
    role = text(answer.data, "role") if was_read(answer) else None
    if role is None or role == "admin":
        return {}
    detail = f"The credential's user is a {role} of the organization, not an owner."
    return {"status": "partial", "reason": NOT_AN_OWNER, "detail": detail}


def warn_of_hidden(walk: Walk) -> None:
    """Say on the first screen that lists may be short, as far as this run knows it."""
    known = walk.stage.rows("organization", "total_private_repos")
    if known and known[0][0] is not None:
        return
    if walk.stage.coverage_of("organization") == "partial":
        walk.warn(
            "The credential belongs to a member, not to an owner: packages and repositories that"
            " this person can't see are missing, and nothing tells how many."
        )
    elif known:
        walk.warn(
            "GitHub did not tell this credential how many private repositories there are: whether"
            " the lists are whole is sure for an organization owner's credential only."
        )


def hides_private(walk: Walk) -> bool:
    """Tell whether the token's scopes leave private repositories out of every list."""
    facts = walk.api.token_facts
    scopes = facts.scopes if facts is not None else None
    if scopes is None or "repo" in scopes:
        return False
    listed = {row[0] for row in walk.stage.rows("repository", "visibility")}
    return listed <= {"public"}
