"""The flat rows that linking gives: registry logins and package references."""

from dataclasses import dataclass

from collector.workflows.alternatives import Hop


@dataclass(frozen=True, slots=True)
class RegistryLogin:
    """One login to a GitHub Packages registry, on one call path, with one credential.

    Attributes:
        path: the workflow that GitHub starts; where nobody calls a file, that file.
        job: the job's id in that workflow, empty in an action or a configuration file.
        form: what logs in, such as docker/login-action or `run:docker login`.
        registry: container, docker, npm, maven, nuget, rubygems, api; empty while the host is
            not known.
        host: in lower case; empty while it is not known.
        host_resolved: False where the host could be GitHub's, and the text does not say.
        credential: pat, github_token, app_token, oidc, literal, unknown.
        credential_name: the secret's name, or a short stable name of another credential.
        expression: the credential as an expression, never a literal's text.
        via: direct, env, input, matrix, reusable workflow, composite, step output,
            action default.
        line: of the credential expression in `path`, or of the `uses:` of the calling job or
            step where it stands in the callee.
        use_line: where `path` does the login, or calls what does it.
        login_repository: where the login itself stands, with login_path and login_line.
        step: the step's name or id, where it has one.
        operation: push, pull, delete, restore or unknown: what the job does with the registry.
        reason_code: set where credential or host is unknown; reason is a sentence.
        hops: from the credential to the login.
        ordinal: tells equal logins of one job apart; line shifts do not change it.
        fallback: the expression has another branch; `sources` names them all.
        disabled: an `if:` that is never true stands before it.
        implicit: no expression names the credential.
    """

    repository: str
    path: str
    job: str
    form: str
    registry: str
    host: str
    host_resolved: bool
    credential: str
    credential_name: str
    expression: str
    via: str
    line: int
    use_line: int
    login_repository: str
    login_path: str
    login_line: int
    step: str = ""
    operation: str = "unknown"
    reason_code: str = ""
    reason: str = ""
    hops: tuple[Hop, ...] = ()
    sources: tuple[str, ...] = ()
    ordinal: int = 0
    fallback: bool = False
    disabled: bool = False
    implicit: bool = False


@dataclass(frozen=True, slots=True)
class PackageReference:
    """One package that a workflow names.

    Attributes:
        namespace: the owner; name: the package without owner and tag, in lower case for images.
        reference: tag or digest or version, as far as it is known.
        operation: pull, push, delete or restore.
        resolved: False where part of host or name is not known; reason_code says why.
        text: as far as it is known, each unknown part as `*`.
    """

    repository: str
    path: str
    job: str
    line: int
    kind: str
    registry: str
    host: str
    namespace: str
    name: str
    reference: str
    operation: str
    resolved: bool
    text: str
    reason_code: str = ""
    login_repository: str = ""
    login_path: str = ""
    login_line: int = 0
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """All rows of one file."""

    logins: tuple[RegistryLogin, ...]
    references: tuple[PackageReference, ...]
