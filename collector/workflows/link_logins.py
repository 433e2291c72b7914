"""The rows of one login on one call path: host and credential paired, kind and path told."""

from collections.abc import Iterator
from dataclasses import replace

from collector.workflows.alternatives import Alternative, Guard, Hop, guarded
from collector.workflows.credentials import Credential, classify, sentence
from collector.workflows.evaluate import evaluate
from collector.workflows.facts import Call, SymbolicLogin
from collector.workflows.frames import Frame
from collector.workflows.linked import Linked, PackageReference, RegistryLogin
from collector.workflows.placing import Placed, place
from collector.workflows.readings import Reading, frames

_STRENGTH = ("delete", "restore", "push", "pull")


def login_rows(reading: Reading, login: SymbolicLogin) -> Iterator[RegistryLogin]:
    """Yield the rows of one login, one for each distinct pair of host and credential."""

    def concerns(frame: Frame) -> bool:
        hosts = evaluate(login.host, frame)
        return any(place(host, reading.hosts, default=login.default_host) for host in hosts)

    seen: set[RegistryLogin] = set()
    for frame, guards in frames(reading, login, concerns=None if login.registry else concerns):
        for made in _pairs(reading, login, frame, guards):
            if made not in seen:
                seen.add(made)
                yield made


def _pairs(
    reading: Reading, login: SymbolicLogin, frame: Frame, guards: tuple[Guard, ...] | None
) -> Iterator[RegistryLogin]:
    places = _places(reading, login, frame, guards or ())
    if not places:
        return
    credentials = evaluate(login.credential, frame)
    for placed, (host, assumed) in places.items():
        fitting: list[Alternative] = []
        for guard_set in assumed:
            fitting.extend(guarded(credentials, guard_set))
        credential = classify(dict.fromkeys(fitting))
        if credential is None:
            continue  # an empty password logs nobody in
        if not placed.resolved and login.guessed:
            continue
        row = _row(reading, login, placed, host, credential)
        yield replace(row, disabled=guards is None)


def _places(
    reading: Reading, login: SymbolicLogin, frame: Frame, guards: tuple[Guard, ...]
) -> dict[Placed, tuple[Alternative, list[tuple[Guard, ...]]]]:
    """Return GitHub's registries among the host's alternatives, and what each assumes."""
    if login.registry:
        host = login.default_host or login.registry
        placed = Placed(login.registry, host, resolved=True)
        return {placed: (Alternative((host,)), [guards])}
    made: dict[Placed, tuple[Alternative, list[tuple[Guard, ...]]]] = {}
    for alternative in guarded(evaluate(login.host, frame), guards):
        found = place(alternative, reading.hosts, default=login.default_host)
        if found is not None:
            made.setdefault(found, (alternative, []))[1].append(alternative.guards)
    if any(placed.resolved for placed in made):
        return {placed: value for placed, value in made.items() if placed.resolved}
    return made


def _row(
    reading: Reading,
    login: SymbolicLogin,
    placed: Placed,
    host: Alternative,
    credential: Credential,
) -> RegistryLogin:
    where = reading.place
    in_root = where.job is None
    frame = reading.frame
    code, reason = credential.reason_code, ""
    if code:
        reason = sentence(code, f"The credential {credential.name}")
    elif not placed.resolved:
        code = _host_reason(host)
        reason = sentence(code, "The registry's host")
    return RegistryLogin(
        repository=where.calls[0].repository if where.calls else frame.repository,
        path=where.calls[0].path if where.calls else frame.path,
        job=login.job if where.job is None else where.job,
        form=login.form,
        registry=placed.registry,
        host=placed.host,
        host_resolved=placed.resolved,
        credential=credential.kind,
        credential_name=credential.name,
        expression=credential.expression,
        via=_via(reading, login, credential),
        line=_line(reading, login, credential),
        use_line=login.use_line if in_root else where.line,
        login_repository=frame.repository,
        login_path=frame.path,
        login_line=login.use_line,
        step=login.step_name if in_root else where.step,
        operation=login.operation or "unknown",
        reason_code=code,
        reason=reason,
        hops=(*where.calls, *reversed(credential.chosen.hops)),
        sources=credential.sources,
        fallback=credential.fallback,
        implicit=login.implicit,
    )


def _host_reason(host: Alternative) -> str:
    return next((source.reason for source in host.sources if source.reason), "") or (
        "unresolved_expression"
    )


def _line(reading: Reading, login: SymbolicLogin, credential: Credential) -> int:
    """Return the root's line of the credential's expression, else the line that calls."""
    where = reading.place
    root = where.calls[0] if where.calls else None
    source = credential.source
    if source is not None and source.line:
        stands_in = (source.repository, source.path)
        if root is None or stands_in == (root.repository, root.path):
            return source.line
    if root is not None:
        return where.line
    if credential.kind == "literal" and credential.chosen.line:
        return credential.chosen.line
    return login.line if source is None or source.kind != "github_token" else login.use_line


def _via(reading: Reading, login: SymbolicLogin, credential: Credential) -> str:
    if reading.place.through:
        return "reusable workflow" if reading.place.through == "workflow" else "composite"
    if login.implicit:
        return "action default"
    kinds = {hop.kind for hop in credential.chosen.hops}
    for kind, via in _VIAS:
        if kind in kinds:
            return via
    if credential.reason_code == "no_caller":
        return "composite" if reading.facts.kind == "action" else "reusable workflow"
    return "direct"


_VIAS = (
    ("output", "step output"),
    ("matrix", "matrix"),
    ("input", "input"),
    ("default", "input"),
    ("env", "env"),
    ("variable", "env"),
)


def uncertain_call(
    reading: Reading, call: Call, frame: Frame, reason_code: str
) -> Iterator[RegistryLogin]:
    """Yield a row for a callee that is not read and may log in: it is given packages or secrets."""
    job = reading.facts.job(call.job)
    granted = job.permissions if job else None
    if granted is None or granted.scopes.get("packages", "none") == "none":
        return
    hop = Hop("call", call.uses, frame.repository, frame.path, call.line)
    name = call.uses.split("@")[0]
    row = _unread(reading, name, call.line, reason_code, f"What {call.uses} logs in to")
    in_root = reading.place.job is None
    yield replace(row, job=call.job if in_root else row.job, hops=(*row.hops, hop))


def cut_off(reading: Reading) -> RegistryLogin:
    """Return a row for everything that lies behind more calls than are followed."""
    return _unread(reading, "calls", 0, "truncated", "What lies behind so many calls")


def _unread(reading: Reading, name: str, line: int, reason_code: str, what: str) -> RegistryLogin:
    where, frame = reading.place, reading.frame
    at = line if where.job is None else where.line
    return RegistryLogin(
        repository=where.calls[0].repository if where.calls else frame.repository,
        path=where.calls[0].path if where.calls else frame.path,
        job=where.job or "",
        form=f"call:{name}",
        registry="",
        host="",
        host_resolved=False,
        credential="unknown",
        credential_name=name,
        expression="",
        via="reusable workflow",
        line=at,
        use_line=at,
        login_repository=frame.repository,
        login_path=frame.path,
        login_line=line,
        reason_code=reason_code,
        reason=sentence(reason_code, what),
        hops=where.calls,
    )


def finished(logins: list[RegistryLogin], references: list[PackageReference]) -> Linked:
    """Number equal logins, and tell each what its job does with its registry."""
    done: dict[tuple[str, str], set[str]] = {}
    for named in references:
        # What the API deletes, no login to the package's registry has served.
        registry = "api" if named.kind.startswith("api_") else named.registry
        done.setdefault((named.job, registry), set()).add(named.operation)
    counts: dict[tuple[str, ...], int] = {}
    made: list[RegistryLogin] = []
    for login in logins:
        key = (login.job, login.form, login.registry, login.credential_name)
        counts[key] = counts.get(key, -1) + 1
        operation = login.operation
        if operation == "unknown":
            seen = done.get((login.job, login.registry), set())
            if not seen and login.registry in ("container", "docker"):
                # An image of a name that is not known is pushed to where the job has logged in.
                seen = done.get((login.job, ""), set())
            operation = next((name for name in _STRENGTH if name in seen), "unknown")
        made.append(replace(login, ordinal=counts[key], operation=operation))
    return Linked(tuple(made), tuple(dict.fromkeys(references)))
