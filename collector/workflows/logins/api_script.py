"""Scripts that delete or restore packages through octokit, fetch or requests: github-script, node."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from collector.workflows.facts import SymbolicLogin
from collector.workflows.logins.api_calls import API_HOST, MUTATION, UNKNOWN, path_in
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.snippets import snippet_term
from collector.workflows.references.api_packages import by_script
from collector.workflows.terms import Access, Term, Unknown, Via, plain

if TYPE_CHECKING:
    from collector.workflows.document import Scalar
    from collector.workflows.step_context import StepContext

_TOKEN: Final = Access(("github", "token"))
_COMMENT: Final = re.compile(
    r"(?m)^[ \t]*(?://|#|\*)[^\n]*$|(?<=[\s;])//\s[^\n]*$|/\*(?s:.){0,4000}?\*/"
)
_MAX_SCRIPT: Final = 64 * 1024
_METHODS: Final = re.compile(
    r"(?:(?<!\w)(?P<client>\w{1,60})(?:\.rest)?\s{0,40}\.packages\s{0,40}\.)?(?P<verb>delete|restore)Package(?:Version)?(?:For\w+)?\s*\("
)
_ROUTE: Final = re.compile(
    r"(?:(?<!\w)(?P<client>\w{1,60})(?:\.\w+)?\s*\(\s*)?['\"`](?P<verb>DELETE|POST) (?P<path>/[^'\"`\s]+)"
)
_FETCHED: Final = re.compile(
    r"(?:requests|session|httpx|axios|client|http)\.delete\s*\(|method['\"]?\s*[:=]\s*['\"]DELETE['\"]",
    re.IGNORECASE,
)
_CLIENT: Final = re.compile(
    r"(?<!\w)(?P<name>\w{1,60})\s*=\s*[^=;\n]{0,120}?(?:getOctokit\s*\(\s*(?P<first>[^,\n)]{1,200})"
    r"|Octokit\s*\(\s*\{[^}]{0,200}?auth\s*:\s*(?P<auth>[^,\n]{1,200}))"
)
_HEADER: Final = re.compile(
    r"authorization['\"]?\s*(?:\]\s*)?[:=]\s*f?['\"`]?(?:(?:bearer|token|basic)\s+)?(?P<value>[^\n]{1,200})",
    re.IGNORECASE,
)
_INTERPRETED: Final = re.compile(
    r"\b(?:node|python3?|deno|bun|tsx|ruby|zx)\b|require\(|^import ", re.MULTILINE
)


def find(step: "StepContext") -> Found:
    """Yield one login an operation of a script, or of an octokit action."""
    if step.script_node is not None:
        yield from _run(step, step.script_node)
        return
    given = step.node.mapping("with")
    for name in ("script", "route", "query"):
        node = given.scalar(name) if given else None
        if node is None or "package" not in node.text.lower():
            continue
        for operation, client in _operations(node.text if name == "script" else f"'{node.text}'"):
            credential = _of_client(step, node, client) or _of_action(step)
            yield _login(step, step.uses.name if step.uses else "", operation, credential)
            yield from by_script(step, node, operation)


def _run(step: "StepContext", node: "Scalar") -> Found:
    """Yield the operations of a script in another language than bash."""
    if "package" not in node.text.lower() or not _other_language(step, node):
        return
    for operation, client in _operations(node.text):
        credential = _of_client(step, node, client) or _of_header(step, node) or _of_env(step, node)
        yield _login(step, "run:script", operation, credential)
        yield from by_script(step, node, operation)


def _login(step: "StepContext", form: str, operation: str, credential: Term) -> SymbolicLogin:
    return step.login(
        form,
        host=None,
        credential=credential,
        registry="api",
        operation=operation,
        default_host=API_HOST,
        implicit=isinstance(credential, Via) and credential.kind == "default",
    )


def _operations(script: str) -> list[tuple[str, str]]:
    """Return each operation once, with the name of the client object that first does it."""
    found: dict[str, str] = {}
    plainer = _EXPRESSION.sub(UNKNOWN, _COMMENT.sub("", script[:_MAX_SCRIPT]))
    for operation, client in _calls(plainer):
        found.setdefault(operation, client)
    return list(found.items())


def _calls(script: str) -> Iterator[tuple[str, str]]:
    for match in _METHODS.finditer(script):
        if match["client"] or "mutation" in script or "octokit" in script.lower():
            yield match["verb"].lower(), match["client"] or ""
    for match in _ROUTE.finditer(script):
        path = path_in(match["path"])
        if path is None:
            continue
        if match["verb"] == "DELETE":
            yield "delete", match["client"] or ""
        elif "/restore" in path["rest"]:
            yield "restore", match["client"] or ""
    if MUTATION.search(script) and "mutation" in script:
        yield "delete", ""
    if _FETCHED.search(script) and _API_URL.search(script):
        yield "delete", ""


def _of_client(step: "StepContext", node: "Scalar", name: str) -> Term | None:
    """Return the token of a client that the script makes for itself."""
    for match in _CLIENT.finditer(node.text):
        if match["name"] == name:
            group = "first" if match["first"] else "auth"
            return snippet_term(step, match[group], match.start(group))
    return None


def _of_action(step: "StepContext") -> Term:
    """Return the token of the action: its input, else the variable it reads, else the default."""
    found = step.input("github-token", "token")
    if found is not None and plain(found) != "":
        return found
    name = step.uses.name if step.uses else ""
    if name.startswith("octokit/"):
        return step.variable("GITHUB_TOKEN") or Unknown("unresolved_expression", "GITHUB_TOKEN")
    return Via("default", name, step.uses_line, _TOKEN)


def _of_header(step: "StepContext", node: "Scalar") -> Term | None:
    for match in _HEADER.finditer(node.text):
        found = snippet_term(step, _inside(match["value"]), match.start("value"))
        if found is not None:
            return found
    return None


def _inside(text: str) -> str:
    """Return the variable in a template such as `{token}` or `${token}`, else the text itself."""
    match = re.match(r"[^{\n]{0,20}\$?\{(?!\{)\s*([^{}\n]+)\}", text)
    return match[1] if match else text


def _of_env(step: "StepContext", node: "Scalar") -> Term:
    """Return the one variable of the step that a script reads and that is called a token."""
    for name in sorted(step.env_names()):
        if _TOKEN_NAME.search(name) and re.search(rf"\b{re.escape(name)}\b", node.text):
            found = step.env(name)
            if found is not None:
                return found
    return Unknown("unresolved_expression", "a token that the script reads", node.line)


def _other_language(step: "StepContext", node: "Scalar") -> bool:
    shell = step.node.text("shell")
    return bool(_INTERPRETED.search(node.text)) or shell.startswith(("python", "node"))


_API_URL: Final = re.compile(
    r"(?:orgs|users|user)/?[^\s'\"`]{0,200}/packages/|/packages/[^\s'\"`]{1,200}/versions"
)
_EXPRESSION: Final = re.compile(r"\$\{\{.{0,300}?\}\}")
_TOKEN_NAME: Final = re.compile(r"token|_pat$|^pat$|_pat_", re.IGNORECASE)

FORM = Form(
    name="api-script",
    actions=("actions/github-script", "octokit/request-action", "octokit/graphql-action"),
    words=("packages/", "deletepackage", "restorepackage"),
    in_step=find,
)
