"""The rows of one package reference on one call path: image and package names taken apart."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from collector.workflows.alternatives import Alternative, guarded
from collector.workflows.evaluate import evaluate
from collector.workflows.facts import SymbolicReference
from collector.workflows.frames import Frame
from collector.workflows.linked import PackageReference
from collector.workflows.placing import Placed, place
from collector.workflows.readings import Reading, frames

_IMAGE: Final = re.compile(
    r"(?:[a-z+-]+://)?(?P<host>[^/\s]+)/(?P<name>[^@:\s]*)(?P<reference>(?::[^@\s]*)?(?:@\S+)?)"
)


def reference_rows(reading: Reading, named: SymbolicReference) -> Iterator[PackageReference]:
    """Yield the rows of one reference."""

    def concerns(frame: Frame) -> bool:
        names = evaluate(named.name, frame)
        return any(_placed(reading, named, frame, name) for name in names)

    seen: set[PackageReference] = set()
    for frame, guards in frames(reading, named, concerns=concerns):
        for alternative in guarded(evaluate(named.name, frame), guards or ()):
            for row in _rows(reading, named, frame, alternative, disabled=guards is None):
                if row not in seen:
                    seen.add(row)
                    yield row


def _rows(
    reading: Reading,
    named: SymbolicReference,
    frame: Frame,
    alternative: Alternative,
    *,
    disabled: bool,
) -> Iterator[PackageReference]:
    placed = _placed(reading, named, frame, alternative)
    if placed is None:
        return
    text = "".join(p if isinstance(p, str) else "*" for p in alternative.pieces).strip()
    namespace, name, tag = _taken_apart(text, image=named.host is None and not named.registry)
    resolved = placed.resolved and "*" not in namespace + name and bool(name)
    where = reading.place
    in_root = where.job is None
    yield PackageReference(
        repository=where.calls[0].repository if where.calls else frame.repository,
        path=where.calls[0].path if where.calls else frame.path,
        job=named.job if where.job is None else where.job,
        line=named.line if in_root else where.line,
        kind=named.kind,
        registry=placed.registry,
        host=placed.host,
        namespace=namespace,
        name=name,
        reference=tag,
        operation=named.operation,
        resolved=resolved,
        text=text[:300],
        reason_code="" if resolved else "unresolved_expression",
        login_repository=frame.repository,
        login_path=frame.path,
        login_line=named.line,
        disabled=disabled,
    )


def _placed(
    reading: Reading, named: SymbolicReference, frame: Frame, alternative: Alternative
) -> Placed | None:
    if named.registry:
        return Placed(named.registry, "", resolved=True)
    if named.host is None:
        return place(alternative, reading.hosts)
    found = (place(host, reading.hosts) for host in evaluate(named.host, frame))
    return next((placed for placed in found if placed is not None), None)


def _taken_apart(text: str, *, image: bool) -> tuple[str, str, str]:
    """Return owner, name and tag or digest."""
    if not image:
        # A REST path spells the slash in a package's name out.
        owner, slash, name = text.removeprefix("@").partition("/")
        return (owner, unquote(name), "") if slash else ("", unquote(owner), "")
    match = _IMAGE.match(text)
    if match is None:
        return "", "", ""
    owner, _, name = match["name"].lower().strip("/").partition("/")
    return owner, name, match["reference"].lstrip(":@")
