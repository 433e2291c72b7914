"""A frame: the contexts in which the terms of one file are evaluated, and who called it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from collector.workflows.terms import Term


@dataclass(frozen=True, slots=True)
class Bound:
    """A term together with the frame that it is to be read in."""

    term: Term
    frame: "Frame"


@dataclass(frozen=True, slots=True)
class Frame:
    """What the contexts of one file hold on one call path.

    Attributes:
        name: tells frames of one evaluation apart.
        kind: root (started by an event), called (by a workflow), action (composite),
            uncalled (a reusable workflow or action that nobody is known to call).
        inputs: what the caller passes or a default gives, keys in lower case.
        declared_inputs: inputs that the file declares, in lower case.
        open_inputs: a person can fill inputs in (workflow_dispatch), or the caller is unknown.
        secrets: what a caller maps, keys in lower case; None where all are inherited.
        declared_secrets: secrets that the file declares, in lower case.
        matrix: the row, keys in lower case; None where the rows are not known.
        rows_of: the matrix rows of another job of the same file.
        env: the environment of an action's caller.
        variables: the `vars` context in lower case, None where it was not collected.
        github: what is known of the `github` context, keys in lower case.
        exported: looks a variable up that an action wrote into GITHUB_ENV.
        depth: how many workflows were called to get here; action_depth: how many actions.
        output: looks an output of a step or a needed job up that the file leaves open.
    """

    name: str
    kind: str
    repository: str
    path: str
    parent: "Frame | None" = None
    inputs: Mapping[str, Bound] = field(default_factory=dict)
    declared_inputs: frozenset[str] = frozenset()
    open_inputs: bool = False
    secrets: Mapping[str, Bound] | None = None
    declared_secrets: frozenset[str] = frozenset()
    job: str = ""
    matrix: Mapping[str, Term] | None = field(default_factory=dict)
    rows_of: "Callable[[str], list[Mapping[str, Term]] | None] | None" = None
    env: Mapping[str, Bound] = field(default_factory=dict)
    variables: Mapping[str, str] | None = None
    github: Mapping[str, str] = field(default_factory=dict)
    output: "Callable[[Frame, str, str, str], Bound | None] | None" = None
    exported: "Callable[[Frame, str], Bound | None] | None" = None
    depth: int = 0
    action_depth: int = 0
