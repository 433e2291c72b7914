"""Small helpers: a workflow's text in, its linked rows out."""

import textwrap
from collections.abc import Mapping
from typing import Any

from collector.workflows.analyze import analyze
from collector.workflows.facts import FileFacts
from collector.workflows.link import link
from collector.workflows.linked import Linked, PackageReference, RegistryLogin

PATH = ".github/workflows/build.yml"
HEAD = """\
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
"""


def facts(text: str, *, path: str = PATH) -> FileFacts:
    """Return the facts of a file's text; they survive being written as JSON."""
    made = analyze(textwrap.dedent(text).encode(), path=path)
    assert FileFacts.from_json(made.to_json()) == made
    return made


def linked(text: str, *, path: str = PATH, **options: Any) -> Linked:
    """Return all rows of a file that stands alone."""
    return link(facts(text, path=path), **{"repository": "acme/app", **options})


def logins(text: str, *, path: str = PATH, **options: Any) -> tuple[RegistryLogin, ...]:
    """Return the logins of a file that stands alone."""
    return linked(text, path=path, **options).logins


def references(text: str, *, path: str = PATH, **options: Any) -> tuple[PackageReference, ...]:
    """Return the package references of a file that stands alone."""
    return linked(text, path=path, **options).references


def steps(text: str, *, env: Mapping[str, str] | None = None) -> str:
    """Return a workflow of one job with these steps (line 6 is the first; 6 + env with env)."""
    head = HEAD
    if env:
        lines = "".join(f"  {name}: {value}\n" for name, value in env.items())
        head = head.replace("jobs:\n", f"env:\n{lines}jobs:\n")
    return head + textwrap.indent(textwrap.dedent(text), "      ")


def one(text: str, **options: Any) -> RegistryLogin:
    """Return the only login of a file."""
    found = logins(text, **options)
    assert len(found) == 1, found
    return found[0]


def pairs(text: str, **options: Any) -> set[tuple[str, str, str, int]]:
    """Return registry, credential, its name and line of each login."""
    return {(r.registry, r.credential, r.credential_name, r.line) for r in logins(text, **options)}
