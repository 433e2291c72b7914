"""`gh api`, `curl` and their like that delete or restore package versions through the API."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.api_calls import (
    API_HOST,
    MUTATION,
    known_text,
    operation_of,
    spread,
)
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.snippets import exported
from collector.workflows.logins.tools import after
from collector.workflows.references.api_packages import by_path
from collector.workflows.terms import Term, Unknown

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.step_context import StepContext

_TOOLS: Final = (
    "curl",
    "wget",
    "http",
    "https",
    "xh",
    "invoke-restmethod",
    "invoke-webrequest",
    "irm",
    "iwr",
)
_PRINTERS: Final = frozenset({"echo", "printf", "write-output", "write-host", "cat", "tee", "grep"})
_ASKED: Final = re.compile(r"delete|restore", re.IGNORECASE)
# `-X DELETE` stands alone, at the end of short flags, or glued to its value.
_METHOD: Final = re.compile(
    r"(?:-[a-zA-Z]*X|--request|--method|-Method)(?:=?([A-Za-z]+))?", re.IGNORECASE
)
_HEADER: Final = re.compile(
    r"authorization['\"]?\s*[:=]\s*['\"]?(?:(?:bearer|token|basic)\s+)?([^\s'\";}]+)", re.IGNORECASE
)
_USER_OPTIONS: Final = frozenset({"-u", "--user", "--oauth2-bearer", "-a", "--auth", "-token"})


def find(step: "StepContext") -> Found:
    """Yield each command that deletes or restores packages."""
    node = step.script_node
    if node is None or not _ASKED.search(node.text):
        return
    for command in step.script.commands:
        if command.name.lower() in _PRINTERS:
            continue
        tool, words = _tool(command)
        operation = _operation(tool, words)
        if not operation:
            continue
        yield step.login(
            "run:gh api" if tool == "gh" else f"run:{tool}",
            host=None,
            credential=_credential(step, command, tool, words),
            line=command.line,
            registry="api",
            operation=operation,
            default_host=API_HOST,
        )
        for word in words:
            yield from by_path(step, spread(word), operation, line=command.line)


def _tool(command: "Command") -> tuple[str, tuple[Term, ...]]:
    words = after(command, "gh", "api")
    if words is not None:
        return "gh", words
    for tool in _TOOLS:
        words = after(command, tool)
        if words is not None:
            return tool, words
    return "", ()


def _operation(tool: str, words: tuple[Term, ...]) -> str:
    if not tool:
        return ""
    texts = [known_text(word) for word in words]
    if any(MUTATION.search(text) for text in texts):
        graphql = any(text.rstrip("/").endswith("graphql") for text in texts)
        return "delete" if graphql else ""
    method = _method(tool, texts)
    # A loop over `/orgs/o` and `/repos/o/r` tries an address that is none, and one that is.
    for text in (*texts, *(known_text(word, option=0) for word in words)):
        operation = operation_of(method, text)
        if operation:
            return operation
    return ""


def _method(tool: str, texts: list[str]) -> str:
    for number, text in enumerate(texts):
        match = _METHOD.fullmatch(text)
        if match is not None:
            return match[1] or (texts[number + 1] if number + 1 < len(texts) else "")
    if tool in ("http", "https", "xh") and texts and texts[0].isalpha():
        return texts[0]
    return ""


def _credential(
    step: "StepContext", command: "Command", tool: str, words: tuple[Term, ...]
) -> Term:
    given = next(_given(words), None)
    if given is not None:
        return given
    if tool == "gh":
        for name in ("GH_TOKEN", "GITHUB_TOKEN"):
            found = command.env.get(name) or exported(step, name) or step.variable(name)
            if found is not None:
                return found
        logged_in = _logged_in(step)
        if logged_in is not None:
            return logged_in
    elsewhere = _elsewhere(step)
    if elsewhere is not None:
        return elsewhere
    return Unknown("unresolved_expression", f"no token beside {tool}", command.line)


def _given(words: tuple[Term, ...]) -> Iterator[Term]:
    """Yield the tokens that a command's own words hold."""
    for number, word in enumerate(words):
        flat = Flat.of(word)
        match = _HEADER.search(flat.text)
        if match is not None:
            yield flat.term(match[1])
        elif flat.text.lower() in _USER_OPTIONS and number + 1 < len(words):
            yield words[number + 1]
        else:
            inner = _HEADER.search(known_text(word))
            if inner is not None:
                yield word  # a variable that holds the whole header


def _logged_in(step: "StepContext") -> Term | None:
    """Return what `gh auth login --with-token` reads, in this step or the nearest before it."""
    for earlier in reversed(step.job.steps[: step.index + 1]):
        node = earlier.script_node
        if node is None or "auth login" not in node.text:
            continue
        for command in earlier.script.commands:
            if command.starts("gh", "auth", "login") and command.stdin is not None:
                return command.stdin
    return None


def _elsewhere(step: "StepContext") -> Term | None:
    """Return a token in a header that another line of the script makes, as in `$headers = @{…}`."""
    for command in step.script.commands:
        for word in command.words:
            flat = Flat.of(word)
            match = _HEADER.search(flat.text)
            if match is not None:
                return flat.term(match[1])
    return None


FORM = Form(name="api-command", words=("packages/", "deletepackageversion"), in_step=find)
