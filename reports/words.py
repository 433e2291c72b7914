"""The words of the report: severities, verdicts, evidence levels, kinds of unknown, and numbers.

Every format takes its words from here, so that one thing has one name. RULES.md defines them.
"""

from __future__ import annotations

import re
from typing import Final

SEVERITIES: Final = ("critical", "high", "medium", "low")
# A shape beside each verdict's word: nothing is said by colour alone.
MARKS: Final = {"fail": "\u2715", "pass": "\u2713", "unknown": "?", "not_applicable": "\u2013"}

EVIDENCE_LEVELS: Final = {
    "proven": "follows from a documented rule and an observed fact, with no hidden setting between",
    "declared": "a person read it off the settings page, with name, date and expiry",
    "implied": "a documented default that an admin can have changed, or an observed use",
    "suggested": "intent or self-declaration, such as a workflow file that names the package",
}

COULD_NOT_READ: Final = "could_not_read"
NO_API_TELLS: Final = "no_api_tells"
TEXT_DOES_NOT_SAY: Final = "text_does_not_say"

# Kind of unknown: its name on the page, and what a person can do about it.
UNKNOWN_KINDS: Final = {
    COULD_NOT_READ: ("Could not read", "Mend the credential or run again: the answer exists."),
    NO_API_TELLS: (
        "No API tells",
        "Ask a person who can open the settings page, or run the generated probe.",
    ),
    TEXT_DOES_NOT_SAY: (
        "The text does not say",
        "Read the workflow: its text depends on values that are not in it.",
    ),
}

# Reason code: the kind of unknown it is, what it means, and the next step.
UNKNOWN_REASONS: Final = {
    "forbidden_403": (
        COULD_NOT_READ,
        "GitHub refused the request (403).",
        "Give the credential the scope or role that the endpoint asks for.",
    ),
    "not_found_404": (
        COULD_NOT_READ,
        "GitHub answered 404, which it also says to who may not see.",
        "Check that the credential's owner has access.",
    ),
    "sso_not_authorized": (
        COULD_NOT_READ,
        "The credential is not authorized for the organization's single sign-on.",
        "Authorize it for SSO on the token's settings page.",
    ),
    "policy_forbids_token": (
        COULD_NOT_READ,
        "The organization's policy refuses this kind of token.",
        "Use a credential that the policy allows.",
    ),
    "ip_not_allowed": (
        COULD_NOT_READ,
        "The organization's IP allow list refused the request.",
        "Run from an address on the allow list.",
    ),
    "rate_limited": (
        COULD_NOT_READ,
        "A rate limit did not lift in time.",
        "Run again, or use an App, which has a larger budget.",
    ),
    "timeout": (COULD_NOT_READ, "No answer came in time.", "Run again."),
    "truncated": (
        COULD_NOT_READ,
        "The answer was cut off before its end.",
        "Run again; if it stays, split the scope.",
    ),
    "parse_error": (
        COULD_NOT_READ,
        "The file could not be parsed.",
        "Mend the file at the line that is named.",
    ),
    "reader_not_owner": (
        COULD_NOT_READ,
        "The credential belongs to somebody who is no owner and may not be shown it.",
        "Use a credential of an organization owner.",
    ),
    "not_collected": (
        COULD_NOT_READ,
        "It was not asked for in this run.",
        "Raise the budget or widen the scope, then run again.",
    ),
    "stale": (
        COULD_NOT_READ,
        "The last answer is older than facts may be.",
        "Run again without a budget that cuts this off.",
    ),
    "no_api": (
        NO_API_TELLS,
        "No API of GitHub lists who may use the package.",
        "Ask who administers it, import the list, or run the probe.",
    ),
    "declaration_expired": (
        NO_API_TELLS,
        "A person declared it, but the declaration has expired.",
        "Look again and import a new declaration.",
    ),
    "contradicted": (
        NO_API_TELLS,
        "A declaration and an observed use contradict each other.",
        "Look at the settings page: one of the two is wrong.",
    ),
    "unresolved_expression": (
        TEXT_DOES_NOT_SAY,
        "An expression in the workflow has no value in its text.",
        "Read the workflow and the caller's inputs.",
    ),
    "external_reference": (
        TEXT_DOES_NOT_SAY,
        "The workflow calls a text outside the organization.",
        "Read the called workflow or action.",
    ),
    "no_caller": (
        TEXT_DOES_NOT_SAY,
        "No workflow that was read calls it.",
        "Find out who calls it, or delete it.",
    ),
}

# What mends a reading that failed, in the few words of the first screen; otherwise the credential.
REMEDIES: Final = {
    "not_collected": "run again with a larger budget",
    "rate_limited": "run again with a larger budget",
    "stale": "run again with a larger budget",
    "timeout": "run again",
    "truncated": "run again",
    "parse_error": "mend the files",
}
MEND_CREDENTIAL: Final = "mend the credential"

# What is known of a package whose access no API tells, in the order in which to ask.
SIGNS: Final = (
    "connected to a public repository",
    "connected to a private or internal repository",
    "its connection was not read",
    "connected to no repository",
)

COVERAGE_STATUSES: Final = {
    "complete": "read whole",
    "partial": "read in part",
    "denied": "denied",
    "unavailable": "not offered",
    "failed": "failed",
    "not_collected": "not asked for",
    "carried": "carried from an earlier night",
}

FAMILIES: Final = {
    "packages": "Packages, by type and visibility",
    "package_details": "Packages, asked one by one",
    "package_versions": "Package versions",
    "organization": "The organization",
    "repositories": "Repositories",
    "workflow_trees": "Workflow files, by repository",
    "org_actions_permissions": "Actions settings of the organization",
    "org_workflow_permissions": "Workflow permissions of the organization",
    "org_fork_approval": "Approval of fork pull requests, organization",
    "org_fork_private": "Fork pull requests in private repositories, organization",
    "org_actions_policies": "Actions policies of the organization",
    "org_actions_enabled_repositories": "Repositories with Actions enabled",
    "repo_actions_permissions": "Actions settings of repositories",
    "repo_workflow_permissions": "Workflow permissions of repositories",
    "repo_fork_approval": "Approval of fork pull requests, repositories",
    "repo_fork_private": "Fork pull requests in private repositories",
    "repo_actions_policies": "Actions policies of repositories",
    "org_secrets": "Secrets of the organization",
    "org_secret_repositories": "Repositories that get an organization secret",
    "org_dependabot_secrets": "Dependabot secrets of the organization",
    "org_dependabot_secret_repositories": "Repositories that get a Dependabot secret",
    "org_variables": "Variables of the organization",
    "repo_secrets": "Secrets of repositories",
    "repo_variables": "Variables of repositories",
    "repo_environments": "Environments of repositories",
    "repo_dependabot_secrets": "Dependabot secrets of repositories",
    "environment_secrets": "Secrets of environments",
    "environment_variables": "Variables of environments",
    "custom_properties": "Custom properties",
    "teams": "Teams",
    "team_repositories": "Repositories of teams",
    "audit_log": "Audit log: packages published and deleted",
    "credential_authorizations": "Credentials authorized for single sign-on",
    "attestations": "Attestations of newest versions",
    "workflow_runs": "Successful runs of workflows that use packages",
    "links": "Logins and references found in workflow text",
}

# GitHub documents one sentence on forks of public repositories; no finding says more than it.
FORK_WARNING: Final = "exposed according to GitHub's warning, not confirmed"


def spoken(code: str) -> str:
    """Write a code as people say it: not_found_404 is not found 404, no_api is no API."""
    return re.sub(r"\bapi\b", "API", code.replace("_", " "))


def number(value: int) -> str:
    """Write a number for a person: 1,482."""
    return f"{value:,}"


def count(value: int, singular: str, plural: str = "") -> str:
    """Write a number with its noun: 1 package, 2 packages."""
    return f"{value:,} {singular if value == 1 else plural or singular + 's'}"


def join(parts: list[str]) -> str:
    """Write a list as a sentence has it: a, b and c."""
    if len(parts) < 2:  # noqa: PLR2004 - one thing needs no "and"
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def percent(part: int, whole: int) -> float:
    """Return a share in percent with one decimal, never rounded up to a hundred."""
    if whole <= 0:
        return 100.0
    return int(1000 * part / whole) / 10


def unknown_kind(reason_code: str | None) -> str:
    """Return the kind of unknown; a code of a user's own rule counts as could-not-read."""
    return UNKNOWN_REASONS.get(reason_code or "", (COULD_NOT_READ,))[0]
