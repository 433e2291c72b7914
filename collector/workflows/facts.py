"""What one file says: triggers, jobs, calls, secrets, and logins as far as one file tells them."""

import json
from dataclasses import dataclass, field

from collector.workflows.records import from_data, to_data
from collector.workflows.terms import Term


@dataclass(frozen=True, slots=True)
class Trigger:
    """One event of `on:`."""

    name: str
    line: int
    types: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Permissions:
    """A `permissions:` block; `all` is read-all or write-all, `scopes` what is listed."""

    line: int
    all: str = ""
    scopes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Use:
    """One `uses:` reference.

    Attributes:
        job: the job's id, empty in an action.
        step: the step's index, -1 for a job that calls a workflow.
        kind: action, workflow, local, docker.
        pin: sha, ref (tag or branch), digest, tag, none, local, expression.
        receives_credential: it is handed a secret or the job's token, in `with:`, `env:` or
            `secrets:`; what an action takes by default is not meant.
    """

    job: str
    step: int
    text: str
    line: int
    kind: str
    pin: str
    receives_credential: bool = False


@dataclass(frozen=True, slots=True)
class OutsiderCode:
    """A place where a job takes code or text that an outsider may have written.

    Attributes:
        kind: checkout_head (it checks out the head of a pull request or of the run that started
            it), script_text (an expression puts an outsider's text into a script), artifact (it
            downloads what the run that started it has built).
        text: the expression or the command, shortened.
    """

    job: str
    step: int
    line: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Attestation:
    """A step, or a called workflow (step -1), that attests or signs what was built."""

    job: str
    step: int
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class SecretUse:
    """A secret that the file names, with the line and the job ("" outside of jobs)."""

    name: str
    line: int
    job: str


@dataclass(frozen=True, slots=True)
class Input:
    """An input that the file declares for its callers.

    Attributes:
        triggers: workflow_call, workflow_dispatch; action for an action.
    """

    name: str
    line: int
    triggers: tuple[str, ...]
    default: Term | None = None
    required: bool = False
    type: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredSecret:
    """A secret that a reusable workflow declares."""

    name: str
    line: int
    required: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a reusable workflow or of a local or remote action.

    Attributes:
        step: the step's index, -1 where the job itself calls a workflow.
        step_id: the step's id, for its outputs.
        uses: the reference as written.
        inputs: what `with:` passes.
        secrets: what `secrets:` maps, or None where it says `inherit`.
        env: the environment that an action's steps see.
        conditions: the `if:` of job and step.
    """

    job: str
    step: int
    step_id: str
    uses: str
    line: int
    inputs: dict[str, Term]
    secrets: dict[str, Term] | None
    env: dict[str, Term]
    conditions: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class SymbolicLogin:
    """A place that authenticates to some registry, as far as one file tells.

    Attributes:
        form: which form of login it is.
        host: registry host or URL; an empty literal where the tool's own default holds.
        credential: what it authenticates with.
        registry: set where the form decides it (api); else the host does.
        job: the job's id, empty in an action and in configuration files.
        step: the step's index, -1 for a job's container and services.
        step_name: the step's name or id, for people.
        use_line: where the login is done.
        line: where the credential stands, when no term in it has a line of its own.
        conditions: the `if:` of job and step.
        operation: delete or restore, where the form itself is one; else empty.
        default_host: what the action or tool logs in to when the host is empty.
        implicit: no expression names the credential (an action's default token).
        guessed: read off an unknown callee's inputs; dropped when the callee can be read.
        ordinal: tells equal logins of one job apart.
    """

    form: str
    host: Term
    credential: Term
    job: str
    step: int
    use_line: int
    line: int = 0
    registry: str = ""
    step_name: str = ""
    conditions: tuple[Term, ...] = ()
    operation: str = ""
    default_host: str = ""
    implicit: bool = False
    guessed: bool = False
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class SymbolicReference:
    """A package that a file names, as far as one file tells.

    Attributes:
        kind: container_image, service_image, docker_run, docker_push, metadata_action, …
        name: image with host and tag, npm package, Maven coordinates, …
        registry: set where the kind decides it; else the host in the name does.
        host: where it is not part of the name.
        operation: pull, push, delete, restore.
    """

    kind: str
    name: Term
    operation: str
    job: str
    step: int
    line: int
    registry: str = ""
    host: Term | None = None
    conditions: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One job.

    Attributes:
        rows: static matrix rows, keys in lower case; None where they are not known; one empty
            row without a matrix.
        uses: the reusable workflow that it calls, or empty.
        outputs: the job's outputs.
    """

    id: str
    line: int
    name: str = ""
    uses: str = ""
    needs: tuple[str, ...] = ()
    runs_on: str = ""
    environment: str = ""
    condition: Term | None = None
    permissions: Permissions | None = None
    container: str = ""
    services: tuple[str, ...] = ()
    steps: int = 0
    rows: tuple[dict[str, Term], ...] | None = ({},)
    outputs: dict[str, Term] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in the file that GitHub refuses or that could be read only in part."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Everything that one file says.

    Attributes:
        kind: workflow, action, dependabot or config.
        using: an action's `runs.using`.
        parse_error: set where the file could not be read; nothing else is then known.
        troubles: duplicate keys and the like; the rest of the facts still hold.
        outputs: a reusable workflow's or an action's outputs.
        exports: what an action's steps write into GITHUB_ENV, for its caller's later steps.
        outsider: where jobs take code or text of outsiders, whatever starts the workflow.
    """

    path: str
    kind: str
    parser_version: int
    parse_error: Trouble | None = None
    troubles: tuple[Trouble, ...] = ()
    name: str = ""
    using: str = ""
    triggers: tuple[Trigger, ...] = ()
    permissions: Permissions | None = None
    jobs: tuple[Job, ...] = ()
    uses: tuple[Use, ...] = ()
    calls: tuple[Call, ...] = ()
    inputs: tuple[Input, ...] = ()
    declared_secrets: tuple[DeclaredSecret, ...] = ()
    outputs: dict[str, Term] = field(default_factory=dict)
    exports: dict[str, Term] = field(default_factory=dict)
    secrets: tuple[SecretUse, ...] = ()
    logins: tuple[SymbolicLogin, ...] = ()
    references: tuple[SymbolicReference, ...] = ()
    outsider: tuple[OutsiderCode, ...] = ()
    attestations: tuple[Attestation, ...] = ()

    def job(self, job_id: str) -> Job | None:
        """Return a job by its id."""
        return next((job for job in self.jobs if job.id == job_id), None)

    def triggered_by(self, *names: str) -> bool:
        """Tell whether one of some events starts the workflow."""
        return any(trigger.name in names for trigger in self.triggers)

    @property
    def only_called(self) -> bool:
        """Tell whether nothing but a caller can start it: workflow_call alone, or an action."""
        if self.kind == "action":
            return True
        return bool(self.triggers) and all(t.name == "workflow_call" for t in self.triggers)

    def to_json(self) -> str:
        """Write the facts as JSON text."""
        return json.dumps(to_data(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "FileFacts":
        """Read facts back from JSON text."""
        return from_data(cls, json.loads(text))
