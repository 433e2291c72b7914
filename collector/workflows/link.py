"""Linking: a file and what it calls become flat rows, host and credential evaluated together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from collector.workflows.alternatives import Hop
from collector.workflows.facts import Call, FileFacts
from collector.workflows.frames import Bound, Frame
from collector.workflows.hosts import GITHUB_COM, RegistryHosts
from collector.workflows.link_logins import cut_off, finished, login_rows, uncertain_call
from collector.workflows.link_references import reference_rows
from collector.workflows.linked import Linked, PackageReference, RegistryLogin
from collector.workflows.readings import Place, Reading, frames
from collector.workflows.terms import Literal, Term
from collector.workflows.uses import Reference, reference

MAX_DEPTH: Final = 10  # on github.com; 4 on a GitHub Enterprise Server
MAX_PATHS: Final = 2_000


@dataclass(frozen=True, slots=True)
class External:
    """A callee outside of the organization: it is not read."""


EXTERNAL: Final = External()

Resolver = Callable[[str, str, str], FileFacts | External | None]


def unresolved(_repository: str, _path: str, _ref: str) -> None:
    """Resolve nothing, as where a single file is looked at."""


def link(
    root: FileFacts,
    *,
    repository: str,
    resolve: Resolver = unresolved,
    hosts: RegistryHosts = GITHUB_COM,
    variables: Mapping[str, str] | None = None,
    called: bool = False,
    max_depth: int = MAX_DEPTH,
    ref: str = "",
) -> Linked:
    """Return the registry logins and package references of one file with all that it calls.

    Args:
        root: the file's facts.
        repository: owner/name of the file's repository.
        resolve: returns the facts of a repository's path at a ref ("" for the revision that is
            examined), None where there is no such file, EXTERNAL outside of the organization.
        hosts: the registry hosts of the GitHub that the file is on.
        variables: the `vars` context, None where it was not collected.
        called: some examined file calls this one; if nothing else starts it, its logins are in
            that caller's rows, and it has none of its own.
        max_depth: how deep reusable workflows may be nested.
        ref: at which the file is examined, where that is not the default branch.
    """
    if root.parse_error is not None or (called and root.only_called):
        return Linked((), ())
    linker = _Linker(repository, root.path, resolve, hosts, max_depth)
    frame = linker.root_frame(root, variables)
    linker.follow(Reading(root, frame, Place(ref=ref), hosts))
    return finished(linker.logins, linker.references)


class _Linker:
    """Follows the calls of one root file."""

    def __init__(
        self, repository: str, path: str, resolve: Resolver, hosts: RegistryHosts, max_depth: int
    ) -> None:
        self._repository = repository
        self._path = path
        self._resolve = resolve
        self._hosts = hosts
        self._max_depth = max_depth
        self._paths = 0
        self.logins: list[RegistryLogin] = []
        self.references: list[PackageReference] = []

    def root_frame(self, facts: FileFacts, variables: Mapping[str, str] | None) -> Frame:
        """Return the frame of the file that is started."""
        owner, _, name = self._repository.partition("/")
        github = (
            {
                "repository": self._repository,
                "repository_owner": owner,
                "event.repository.name": name,
                "event.repository.full_name": self._repository,
                "event.repository.owner.login": owner,
            }
            if name
            else {}
        )
        waiting = facts.only_called
        frame = Frame(
            facts.path,
            "uncalled" if waiting else "root",
            self._repository,
            facts.path,
            declared_inputs=frozenset(i.name.lower() for i in facts.inputs),
            open_inputs=waiting or facts.triggered_by("workflow_dispatch"),
            declared_secrets=frozenset(s.name.lower() for s in facts.declared_secrets),
            variables=None if variables is None else {k.lower(): v for k, v in variables.items()},
            github=github,
        )
        frame = self._with_lookups(frame, facts, Place())
        triggers = ("workflow_call", "action") if waiting else ("workflow_dispatch",)
        # A default is read in the frame that it stands in.
        return _with_inputs(frame, _defaults(facts, frame, triggers))

    def follow(self, reading: Reading) -> None:
        """Add the rows of a file and of everything that it calls."""
        self._paths += 1
        if self._paths > MAX_PATHS:
            if self._paths == MAX_PATHS + 1:
                self.logins.append(cut_off(reading))
            return
        read: set[tuple[str, int]] = set()
        for call in reading.facts.calls:
            callee = self.callee(reading.place, reading.frame, reference(call.uses))
            if callee is not None and self._call(reading, call, callee):
                read.add((call.job, call.step))
        for login in reading.facts.logins:
            if not (login.guessed and (login.job, login.step) in read):
                self.logins.extend(login_rows(reading, login))
        for named in reading.facts.references:
            self.references.extend(reference_rows(reading, named))

    def _call(self, reading: Reading, call: Call, callee: FileFacts | External) -> bool:
        """Follow one call in each of its frames; tell whether its callee's text could be read."""
        uses = reference(call.uses)
        if not isinstance(callee, FileFacts):
            for frame, guards in frames(reading, call) if uses.is_workflow else ():
                if guards is not None:
                    self.logins.extend(uncertain_call(reading, call, frame, "external_reference"))
            return False
        if callee.kind == "action" and callee.using != "composite":
            return False
        place = self._place(reading, call, uses)
        for frame, guards in frames(reading, call):
            if guards is None:
                continue  # an `if:` that is never true stands before it
            if not self._may_nest(frame, uses):
                self.logins.extend(uncertain_call(reading, call, frame, "truncated"))
                continue
            inner = self.callee_frame(call, uses, callee, frame, place)
            self.follow(Reading(callee, inner, place, self._hosts))
        return True

    def _may_nest(self, frame: Frame, uses: Reference) -> bool:
        """Tell whether GitHub lets a file at this depth call another."""
        if uses.is_workflow:
            return frame.depth < self._max_depth - 1
        return frame.action_depth < MAX_DEPTH

    def callee(self, place: Place, frame: Frame, uses: Reference) -> FileFacts | External | None:
        """Return the facts of what a `uses:` points at."""
        if uses.kind == "local":
            # A local action of a called workflow lies in the caller's checkout.
            repository, ref = frame.repository, place.ref
        elif uses.repository:
            repository, ref = uses.repository, uses.ref
        else:
            return None
        if uses.is_workflow:
            return _usable(self._resolve(repository, uses.path, ref))
        for name in ("action.yml", "action.yaml"):
            path = f"{uses.path}/{name}" if uses.path else name
            found = _usable(self._resolve(repository, path, ref))
            if found is not None:
                return found
        return None

    def _place(self, reading: Reading, call: Call, uses: Reference) -> Place:
        before = reading.place
        frame = reading.frame
        hop = Hop("call", call.uses, frame.repository, frame.path, call.line)
        return Place(
            call.job if before.job is None else before.job,
            call.line if before.job is None else before.line,
            call.step_id if before.job is None else before.step,
            (*before.calls, hop),
            "workflow" if uses.is_workflow else "action",
            before.ref if uses.kind == "local" else uses.ref,
        )

    def callee_frame(
        self, call: Call, uses: Reference, callee: FileFacts, frame: Frame, place: Place
    ) -> Frame:
        """Return the frame that a callee is read in."""
        is_action = callee.kind == "action"
        inner = Frame(
            f"{frame.name}>{call.job}.{call.step}",
            "action" if is_action else "called",
            uses.repository or frame.repository,
            callee.path,
            parent=frame,
            declared_inputs=frozenset(i.name.lower() for i in callee.inputs),
            secrets=None
            if call.secrets is None
            else {name.lower(): Bound(term, frame) for name, term in call.secrets.items()},
            declared_secrets=frozenset(s.name.lower() for s in callee.declared_secrets),
            env={**frame.env, **{k: Bound(v, frame) for k, v in call.env.items()}}
            if is_action
            else {},
            variables=frame.variables,
            github=frame.github,
            depth=frame.depth + (not is_action),
            action_depth=frame.action_depth + is_action,
        )
        inner = self._with_lookups(inner, callee, place)
        given = {name.lower(): Bound(term, frame) for name, term in call.inputs.items()}
        triggers = ("workflow_call", "action")
        return _with_inputs(inner, {**_defaults(callee, inner, triggers), **given})

    def _with_lookups(self, frame: Frame, facts: FileFacts, place: Place) -> Frame:
        def rows_of(job_id: str) -> list[Mapping[str, Term]] | None:
            job = facts.job(job_id)
            return list(job.rows) if job is not None and job.rows is not None else None

        def output(asking: Frame, context: str, owner: str, name: str) -> Bound | None:
            return self._output(Reading(facts, asking, place, self._hosts), context, owner, name)

        def exported(asking: Frame, name: str) -> Bound | None:
            return self._exported(Reading(facts, asking, place, self._hosts), name)

        return replace(frame, rows_of=rows_of, output=output, exported=exported)

    def _exported(self, reading: Reading, name: str) -> Bound | None:
        """Look up a variable that an action of the same job wrote into GITHUB_ENV."""
        for call in reversed(reading.facts.calls):
            if call.step >= 0 and call.job == reading.frame.job:
                found = self._inside(reading, call)
                if found is not None and name in found[0].exports:
                    return Bound(found[0].exports[name], found[1])
        return None

    def _inside(self, reading: Reading, call: Call) -> tuple[FileFacts, Frame] | None:
        """Return a callee's facts and the frame that it is read in."""
        frame, place = reading.frame, reading.place
        uses = reference(call.uses)
        if not self._may_nest(frame, uses):
            return None
        callee = self.callee(place, frame, uses)
        if not isinstance(callee, FileFacts):
            return None
        inside = Place(ref=place.ref if uses.kind == "local" else uses.ref)
        return callee, self.callee_frame(call, uses, callee, frame, inside)

    def _output(self, reading: Reading, context: str, owner: str, name: str) -> Bound | None:
        """Look up an output that only a callee tells."""
        facts, frame = reading.facts, reading.frame
        if context == "jobs":
            job = facts.job(owner)
            if job is not None and name.lower() in job.outputs:
                return Bound(job.outputs[name.lower()], replace(frame, job=owner))
        call = _called(facts, frame.job, context, owner)
        found = self._inside(reading, call) if call is not None else None
        if found is None or name.lower() not in found[0].outputs:
            return None
        return Bound(found[0].outputs[name.lower()], found[1])


def _usable(found: FileFacts | External | None) -> FileFacts | External | None:
    if isinstance(found, FileFacts) and found.parse_error is not None:
        return None
    return found


def _called(facts: FileFacts, job: str, context: str, owner: str) -> Call | None:
    wanted = owner.casefold()
    for call in facts.calls:
        if context == "steps":
            fits = call.job == job and call.step_id.casefold() == wanted
        else:
            fits = call.step < 0 and call.job.casefold() == wanted
        if fits:
            return call
    return None


def _with_inputs(frame: Frame, inputs: Mapping[str, Bound]) -> Frame:
    """Return the frame with inputs, defaults bound to the frame itself."""
    made = replace(frame, inputs={})
    bound = {
        name: Bound(b.term, made) if b.frame.name == frame.name else b for name, b in inputs.items()
    }
    return replace(made, inputs=bound)


def _defaults(facts: FileFacts, frame: Frame, triggers: tuple[str, ...]) -> dict[str, Bound]:
    made = {}
    for declared in facts.inputs:
        if not set(declared.triggers) & set(triggers):
            continue
        default = declared.default
        if default is None and declared.type == "boolean":
            default = Literal("false")
        if default is not None:
            made[declared.name.lower()] = Bound(default, frame)
    return made
