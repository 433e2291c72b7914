"""A `uses:` reference taken apart: local or remote, action or workflow, and how it is pinned."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_SHA: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.IGNORECASE)
_REMOTE: Final = re.compile(r"([\w.-]+)/([\w.-]+)((?:/[^@\s]+)?)@(\S+)")
_WORKFLOW: Final = re.compile(r"/?\.github/workflows/[^/]+\.ya?ml$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a `uses:` points at.

    Attributes:
        text: as written.
        kind: action, workflow, local (an action or workflow of this repository), docker.
        repository: owner/name of a remote one, as written.
        path: the path in its repository, without a leading ./ or /.
        ref: what stands behind the @.
        name: lower case `owner/name[/path]`, to look the action up by.
        pin: sha, ref, digest, tag, none, local, expression.
    """

    text: str
    kind: str
    repository: str
    path: str
    ref: str
    name: str
    pin: str

    @property
    def is_workflow(self) -> bool:
        """Tell whether it points at a reusable workflow."""
        return bool(_WORKFLOW.search(self.path))


@lru_cache(maxsize=4096)
def reference(text: str) -> Reference:
    """Take a `uses:` apart."""
    text = text.strip()
    if text.startswith("docker://"):
        pin = "digest" if "@sha256:" in text else "tag"
        return Reference(text, "docker", "", text[9:], "", "docker://", pin)
    if text.startswith(("./", "../", ".\\")) or text == ".":
        path = text.replace("\\", "/").removeprefix("./").strip("/")
        return Reference(text, "local", "", "" if path == "." else path, "", "./" + path, "local")
    match = _REMOTE.fullmatch(text)
    if match is None:
        return Reference(text, "action", "", "", "", text.lower(), _unpinned(text))
    owner, name, path, ref = match.groups()
    kind = "workflow" if _WORKFLOW.search(path) else "action"
    pin = "expression" if "${{" in ref else "sha" if _SHA.fullmatch(ref) else "ref"
    path = path.strip("/")
    full = f"{owner}/{name}/{path}" if path else f"{owner}/{name}"
    return Reference(text, kind, f"{owner}/{name}", path, ref, full.lower(), pin)


def _unpinned(text: str) -> str:
    return "expression" if "${{" in text else "none"
