"""Packages that the API deletes or restores: named by a REST path, a script or an action's inputs."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.facts import SymbolicReference
from collector.workflows.flat import Flat
from collector.workflows.logins.api_calls import path_in
from collector.workflows.logins.base import Found
from collector.workflows.logins.snippets import snippet_term
from collector.workflows.references.parts import listed, named
from collector.workflows.terms import EMPTY, Access, Literal, Term, Unknown, concat, plain

if TYPE_CHECKING:
    from collector.workflows.document import Scalar
    from collector.workflows.step_context import StepContext

_TYPES: Final = frozenset({"container", "docker", "npm", "maven", "nuget", "rubygems"})
_OWNERS: Final = ("owner", "organization", "organization-name", "user", "account", "repository_owner", "repository-owner", "org-name")  # fmt: skip
_NAMES: Final = ("package-name", "package_name", "package-names", "package", "image-names", "container", "containers", "name", "names")  # fmt: skip
_ARGUMENT: Final = r"\b{name}\s*:\s*(?P<value>['\"`][^'\"`\n]{{1,200}}['\"`]|\$\{{\{{[^\n]{{1,200}}?\}}\}}|[\w.]{{1,100}})"
_ROUTE: Final = re.compile(
    r"['\"`](?:(?:DELETE|POST) |https?://[^'\"`\s/]{1,200})(?P<path>/[^'\"`\n]{1,400})"
)
_CONTEXT: Final = {
    "context.repo.owner": ("github", "repository_owner"),
    "context.repo.repo": ("github", "event", "repository", "name"),
}
_PLACEHOLDER: Final = re.compile(r"\$?\{[^{}]{1,100}\}")


def by_path(step: "StepContext", path: Flat, operation: str, *, line: int) -> Found:
    """Yield the package of a path such as `/orgs/acme/packages/npm/x/versions/1`."""
    match = path_in(path.text)
    if match is not None:
        owner = path.term(match["owner"]) if match["owner"] else _unknown("the token's own user")
        kind = plain(path.term(match["type"])) or ""
        yield _package(step, kind, _whole(owner, path.term(match["name"])), operation, line)


def by_script(step: "StepContext", node: "Scalar", operation: str) -> Found:
    """Yield the package of a script's route, or of the arguments of its call."""
    for match in _ROUTE.finditer(node.text):
        # What stands in braces, the script fills in when it runs.
        text = _PLACEHOLDER.sub("*", re.sub(r"\$\{\{.{0,200}?\}\}", "*", match["path"]))
        path = path_in(text.replace("*", "\ue000"))
        if path is not None and "\ue000" not in path["name"] and path["type"] in _TYPES:
            owner = Literal(path["owner"]) if path["owner"] else _unknown("the token's own user")
            whole = concat([owner, Literal(f"/{path['name']}")])
            line = node.line_of(match.start())
            yield _package(step, path["type"], whole, operation, line)
            return
    kind = _argument(step, node, "package_type")
    name = _argument(step, node, "package_name")
    org = _argument(step, node, "org") or _argument(step, node, "username")
    whole = _whole(
        org or _unknown("the owner that the script names"),
        name or _unknown("the package that the script names"),
    )
    yield _package(step, plain(kind) or "", whole, operation, node.line)


def _argument(step: "StepContext", node: "Scalar", name: str) -> Term | None:
    match = re.search(_ARGUMENT.format(name=name), node.text)
    if match is None:
        return None
    text = match["value"]
    if text[0] in "'\"`" and "{" not in text:
        return Literal(text[1:-1], node.line_of(match.start()))
    if text in _CONTEXT:
        return Access(_CONTEXT[text])
    return snippet_term(step, text, match.start("value"))


def by_inputs(step: "StepContext") -> Found:
    """Yield the packages that an action's inputs name."""
    if step.uses is None:
        return
    owner = step.input(*_OWNERS)
    if owner is None or plain(owner) in ("", "user"):
        owner = Access(("github", "repository_owner"))
    flat = Flat.of(owner)
    owner = flat.term(flat.text.removeprefix("orgs/"))
    given = step.input(*_NAMES)
    kind = plain(step.input("package-type") or EMPTY) or "container"
    names = list(listed(given)) if given is not None else [_default_name(step)]
    for name in names:
        yield _package(step, kind, _whole(owner, name), "delete", step.uses_line)


def _default_name(step: "StepContext") -> Term:
    if step.uses is not None and step.uses.name.startswith("dataaxiom/"):
        return Access(("github", "event", "repository", "name"))
    return _unknown("the packages that the action finds")


def _whole(owner: Term, name: Term) -> Term:
    text = plain(name) or ""
    if "*" in text or "!" in text:
        name = _unknown("a pattern of package names")
    return concat([owner, Literal("/"), name])


def _package(
    step: "StepContext", kind: str, whole: Term, operation: str, line: int
) -> SymbolicReference:
    registry = kind.lower() if kind.lower() in _TYPES else "api"
    return named(step, f"api_{operation}", whole, operation, line=line, registry=registry)


def _unknown(text: str) -> Unknown:
    return Unknown("unresolved_expression", text)
