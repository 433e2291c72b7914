"""Where a job takes in code or text that an outsider may have written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.workflows.expressions import parse_or_unknown
from collector.workflows.facts import OutsiderCode
from collector.workflows.flat import Flat
from collector.workflows.heads import triggers
from collector.workflows.spans import spans
from collector.workflows.spelling import spell
from collector.workflows.terms import Access, Call, Term, plain, walk

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.document import Scalar
    from collector.workflows.file_context import FileContext
    from collector.workflows.step_context import StepContext

# A file without any of these words takes nothing of the kind in.
_HEAD_WORDS: Final = (
    "head",
    "merge_commit_sha",
    "pull_requests",
    "pull/",
    "pr checkout",
    "pr-",
    "pr_",
)
_TEXT_WORDS: Final = ("github.event", "head_ref", "tojson(")
# The commit that somebody wants merged, or that started the run before this one.
_HEAD: Final = re.compile(
    r"github\.(?:head_ref$|event\.(?:pull_request\.(?:head\.|merge_commit_sha|number)"
    r"|workflow_run\.(?:head_|pull_requests)|check_(?:suite|run)\.(?:head_|pull_requests)"
    r"|(?:issue\.|client_payload\.pull_request\.)?number|issue\.number))"
    # what actions call it that look it up for a comment
    r"|(?:steps|needs)\.[^.]+\.outputs\.(?:pr|pull)?[-_]?(?:head|pr)[-_]?(?:sha|ref|branch|repo)"
)
_PULL_REF: Final = re.compile(r"pull/[^\s:]*/(?:head|merge)")
# What a person writes into GitHub. Numbers, ids and commit hashes hold no text of his.
_TEXT: Final = re.compile(
    r"github\.(?:head_ref$|event\.(?:"
    r"(?:issue|pull_request|discussion)\.(?:title|body)$"
    r"|(?:comment|review|review_comment)\.body$|comments\."
    r"|pull_request\.head\.(?:ref|label)$|pull_request\.head\.repo\.(?:default_branch|description|homepage)$"
    r"|workflow_run\.(?:head_branch|display_title)$|workflow_run\.head_commit\.|workflow_run\.head_repository\."
    r"|(?:head_commit|commits)\.(?:.*\.)?(?:message|email|name)$"
    r"|pages\..*page_name$))"
)
_WHOLE: Final = re.compile(
    r"github(?:\.event(?:\.(?:issue|pull_request|discussion|comment|review|head_commit|commits"
    r"|workflow_run))?)?$"
)
_MAJOR: Final = re.compile(r"v?(\d+)")
_REFUSES_SINCE: Final = 7
_COMMIT: Final = 40
_SCRIPT_WORDS: Final = (
    "pr checkout",
    "git checkout",
    "git switch",
    "git fetch",
    "git pull",
    "git merge",
    "git reset",
    "git clone",
    "git worktree",
    "git -c",
)
_GIT_TAKES: Final = frozenset(
    {"checkout", "switch", "fetch", "pull", "merge", "reset", "clone", "worktree"}
)
_ARTIFACT_ACTIONS: Final = frozenset(
    {"actions/download-artifact", "dawidd6/action-download-artifact"}
)
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Takes:
    """What a file can take in at all, by its words and its triggers."""

    heads: bool
    texts: bool
    artifacts: bool

    @classmethod
    def of(cls, file: "FileContext") -> "Takes":
        """Look a file's words up."""
        lowered = file.lowered
        started = "artifact" in lowered or "gh run" in lowered
        return cls(
            heads=True in [word in lowered for word in _HEAD_WORDS],
            texts=True in [word in lowered for word in _TEXT_WORDS],
            artifacts=started and any(t.name == "workflow_run" for t in triggers(file.root)),
        )

    @property
    def anything(self) -> bool:
        """Tell whether it can take anything in."""
        return self.heads or self.texts or self.artifacts


def taken(step: "StepContext", takes: Takes) -> Iterator[OutsiderCode]:
    """Yield where one step takes code or text of outsiders."""
    if step.uses is not None:
        yield from _action(step, takes)
    node = step.script_node
    if node is not None:
        if takes.texts:
            yield from _texts(step, node)
        yield from _commands(step, takes)
    elif step.uses is not None and step.uses.name == "actions/github-script":
        given = step.node.mapping("with")
        script = given.scalar("script") if given else None
        if script is not None:
            yield from _texts(step, script)
            if takes.artifacts and "downloadArtifact" in script.text:
                yield _found(step, step.uses_line, "artifact", "downloadArtifact")


def _found(step: "StepContext", line: int, kind: str, text: str) -> OutsiderCode:
    shown = " ".join(text.split())[:_LONGEST]
    return OutsiderCode(step.job.id, step.index, line, kind, shown)


def _action(step: "StepContext", takes: Takes) -> Iterator[OutsiderCode]:
    name = step.uses.name if step.uses else ""
    if takes.heads and "checkout" in name.rsplit("/", 1)[-1] and not _refuses(step):
        for key in ("ref", "repository"):
            term = step.input(key)
            head = _head(term) if term is not None else ""
            if head:
                yield _found(step, step.input_line(key), "checkout_head", f"{key}: {head}")
                return
    elif takes.artifacts and name in _ARTIFACT_ACTIONS:
        own = name == "actions/download-artifact" and step.input("run-id") is None
        if not own:
            yield _found(step, step.uses_line, "artifact", name)


def _refuses(step: "StepContext") -> bool:
    """Tell whether the action itself refuses to check out a fork's head, as checkout v7 does."""
    uses = step.uses
    if uses is None or uses.name != "actions/checkout" or len(uses.ref) >= _COMMIT:
        return False
    major = _MAJOR.match(uses.ref)
    if major is None or int(major[1][:4]) < _REFUSES_SINCE:
        return False
    return (plain(step.input("allow-unsafe-pr-checkout")) or "").lower() != "true"


def _head(term: Term) -> str:
    """Return how a term names an outsider's commit, or an empty string."""
    for inner in walk(term):
        if isinstance(inner, Access) and _HEAD.match(inner.text.lower()):
            numbered = inner.text.lower().endswith(".number")
            if not numbered or _PULL_REF.search(spell(term)):
                return inner.text
    found = _PULL_REF.search(Flat.of(term).text)
    return found[0] if found else ""


def _texts(step: "StepContext", node: "Scalar") -> Iterator[OutsiderCode]:
    if "${{" not in node.text:
        return
    for span in spans(node.text):
        line = node.line_of(span.start)
        term = step.scope.close(parse_or_unknown(span.inner, line))
        if any(map(_is_text, walk(term))):
            yield _found(step, line, "script_text", span.inner)


def _is_text(term: Term) -> bool:
    if isinstance(term, Access):
        return bool(_TEXT.match(term.text.lower()))
    if isinstance(term, Call) and term.name == "tojson" and term.args:
        inner = term.args[0]
        return isinstance(inner, Access) and bool(_WHOLE.match(inner.text.lower()))
    return False


def _commands(step: "StepContext", takes: Takes) -> Iterator[OutsiderCode]:
    lowered = step.lowered_script
    heads = takes.heads and any(word in lowered for word in _SCRIPT_WORDS)
    downloads = takes.artifacts and "gh run" in lowered
    for command in step.script.commands if heads or downloads else ():
        found = _fetched(command)
        if found:
            yield _found(step, command.line, "checkout_head", found)
        elif downloads and command.starts("gh", "run", "download"):
            yield _found(step, command.line, "artifact", "gh run download")


def _fetched(command: "Command") -> str:
    """Return what a command checks out of a pull request, or an empty string."""
    if command.starts("gh", "pr", "checkout") or command.starts("hub", "pr", "checkout"):
        return f"{command.name} pr checkout"
    if command.name != "git" or not _GIT_TAKES.intersection(command.texts()[:6]):
        return ""
    heads = (_head(word) for word in command.words[1:])
    head = next((head for head in heads if head), "")
    return f"git: {head}" if head else ""
