"""An organization of our own: reusable workflows and actions at several refs, and who calls them."""

import textwrap
from functools import cache
from typing import Any

from collector.workflows.analyze import analyze
from collector.workflows.facts import FileFacts
from collector.workflows.link import EXTERNAL, External, link
from collector.workflows.linked import RegistryLogin

WORKFLOWS = ".github/workflows/"

# (repository, path, ref) -> text; the empty ref is the revision that is examined.
FILES: dict[tuple[str, str, str], str] = {}


def file(repository: str, path: str, text: str, *refs: str) -> None:
    """Put a file into the organization, at the examined revision or at some refs."""
    for ref in refs or ("",):
        FILES[repository, path, ref] = textwrap.dedent(text)


def resolve(repository: str, path: str, ref: str) -> FileFacts | External | None:
    """Return a file as `link` asks for it."""
    if not repository.startswith("acme/"):
        return EXTERNAL
    return facts_of(repository, path, ref)


@cache
def facts_of(repository: str, path: str, ref: str) -> FileFacts | None:
    """Return a file's facts."""
    text = FILES.get((repository, path, ref))
    return None if text is None else analyze(text.encode(), path=path)


def rows(text: str, *, repository: str = "acme/app", **options: Any) -> list[RegistryLogin]:
    """Return the logins of a workflow of the organization."""
    facts = analyze(textwrap.dedent(text).encode(), path=WORKFLOWS + "caller.yml")
    assert facts.parse_error is None, facts.parse_error
    found = link(facts, repository=repository, resolve=resolve, **options)
    return list(found.logins)


def pairs(text: str, **options: Any) -> set[tuple[str, str, str]]:
    """Return host, kind and name of each login; `?` for a host that is not known."""
    return {(r.host or "?", r.credential, r.credential_name) for r in rows(text, **options)}


# -- acme/shared: what everybody calls --------------------------------------------------------

PUSH = """\
    on:
      workflow_call:
        inputs:
          registry: {type: string, default: ghcr.io}
          user: {type: string}
        secrets:
          token: {required: true}
    jobs:
      push:
        runs-on: ubuntu-latest
        steps:
          - uses: docker/login-action@v3
            with:
              registry: ${{ inputs.registry }}
              username: ${{ inputs.user }}
              password: ${{ secrets.token }}
    """
file("acme/shared", WORKFLOWS + "push.yml", PUSH, "v1", "main")
# The second release needs no token any more.
file(
    "acme/shared",
    WORKFLOWS + "push.yml",
    PUSH.replace("${{ secrets.token }}", "${{ secrets.GITHUB_TOKEN }}"),
    "v2",
)
file(
    "acme/shared",
    WORKFLOWS + "inherits.yml",
    """\
    on: workflow_call
    jobs:
      push:
        runs-on: ubuntu-latest
        steps:
          - run: echo "${{ secrets.GHCR_PAT }}" | docker login ghcr.io -u x --password-stdin
          - run: echo "${{ github.token }}" | docker login docker.pkg.github.com -u x --password-stdin
    """,
    "v1",
)
# Two registries in a matrix; the name of the secret comes from it.
file(
    "acme/shared",
    WORKFLOWS + "matrix.yml",
    """\
    on:
      workflow_call:
        inputs:
          targets: {type: string, default: '["ghcr"]'}
        secrets: {GHCR: {}, HUB: {}}
    jobs:
      push:
        runs-on: ubuntu-latest
        strategy:
          matrix:
            include:
              - {registry: ghcr.io, secret: GHCR}
              - {registry: docker.io, secret: HUB}
        steps:
          - uses: docker/login-action@v3
            with:
              registry: ${{ matrix.registry }}
              password: ${{ secrets[matrix.secret] }}
    """,
    "v1",
)
# One level more.
file(
    "acme/shared",
    WORKFLOWS + "outer.yml",
    """\
    on:
      workflow_call:
        inputs:
          where: {type: string}
        secrets:
          outer: {}
    jobs:
      inner:
        uses: acme/shared/.github/workflows/push.yml@v1
        with:
          registry: ${{ inputs.where }}
        secrets:
          token: ${{ secrets.outer }}
    """,
    "v1",
)
file(
    "acme/shared",
    WORKFLOWS + "outer-inherits.yml",
    """\
    on: workflow_call
    jobs:
      inner:
        uses: ./.github/workflows/inherits.yml
        secrets: inherit
    """,
    "v1",
)
file(
    "acme/shared",
    WORKFLOWS + "outer-keeps.yml",
    """\
    on: workflow_call
    jobs:
      inner:
        uses: ./.github/workflows/inherits.yml
    """,
    "v1",
)
file(
    "acme/shared",
    WORKFLOWS + "outside.yml",
    """\
    on: {workflow_call: {secrets: {token: {}}}}
    jobs:
      inner:
        permissions: {packages: write}
        uses: elsewhere/tools/.github/workflows/push.yml@v1
        secrets: {token: "${{ secrets.token }}"}
    """,
    "v1",
)
file(
    "acme/shared",
    WORKFLOWS + "conditional.yml",
    """\
    on:
      workflow_call:
        inputs:
          kind: {type: string, default: release}
        secrets: {pat: {}}
    jobs:
      push:
        runs-on: ubuntu-latest
        steps:
          - if: inputs.kind == 'release'
            uses: docker/login-action@v3
            with: {registry: ghcr.io, password: "${{ secrets.pat }}"}
          - if: inputs.kind != 'release'
            uses: docker/login-action@v3
            with: {registry: ghcr.io, password: "${{ github.token }}"}
          - if: ${{ false }}
            uses: docker/login-action@v3
            with: {registry: ghcr.io, password: "${{ secrets.NEVER }}"}
    """,
    "v1",
)
file(
    "acme/shared",
    WORKFLOWS + "made.yml",
    """\
    on:
      workflow_call:
        outputs:
          host: {value: "${{ jobs.a.outputs.host }}"}
    jobs:
      a:
        runs-on: ubuntu-latest
        outputs: {host: "${{ steps.x.outputs.host }}"}
        steps:
          - id: x
            run: echo "host=ghcr.io" >> "$GITHUB_OUTPUT"
    """,
    "v1",
)

# -- actions --------------------------------------------------------------------------------

file(
    "acme/actions",
    "login/action.yml",
    """\
    inputs:
      registry: {default: ghcr.io}
      token: {required: true}
      fallback: {default: "${{ github.token }}"}
    runs:
      using: composite
      steps:
        - uses: docker/login-action@v3
          with:
            registry: ${{ inputs.registry }}
            password: ${{ inputs.token || inputs.fallback }}
    """,
    "v1",
)
file(
    "acme/actions",
    "env-login/action.yml",
    """\
    runs:
      using: composite
      steps:
        - shell: bash
          run: echo "$GITHUB_TOKEN" | docker login ghcr.io -u x --password-stdin
    """,
    "v1",
)
file(
    "acme/actions",
    "nested/action.yaml",
    """\
    inputs:
      pat: {}
    runs:
      using: composite
      steps:
        - uses: acme/actions/login@v1
          with:
            token: ${{ inputs.pat }}
    """,
    "v1",
)
file(
    "acme/app",
    ".github/actions/setup/action.yml",
    """\
    outputs:
      host: {value: "${{ steps.h.outputs.host }}"}
    runs:
      using: composite
      steps:
        - id: h
          shell: bash
          run: echo host=ghcr.io >> $GITHUB_OUTPUT
        - shell: bash
          run: |
            echo "REGISTRY=ghcr.io" >> $GITHUB_ENV
            echo "TOOL=docker" >> $GITHUB_ENV
    """,
)
file(
    "acme/app",
    ".github/actions/env/action.yml",
    """\
    runs:
      using: composite
      steps:
        - shell: bash
          run: docker login ghcr.io -u x -p "$TOKEN"
    """,
)
file("acme/app", ".github/actions/js/action.yml", "runs: {using: node20, main: index.js}\n")
file(
    "acme/app",
    WORKFLOWS + "local.yml",
    """\
    on: {workflow_call: {inputs: {image: {type: string}}, secrets: {pw: {}}}}
    jobs:
      a:
        runs-on: ubuntu-latest
        container:
          image: ${{ inputs.image }}
          credentials: {username: x, password: "${{ secrets.pw }}"}
        steps: [run: make]
    """,
)
file("acme/app", WORKFLOWS + "broken.yml", "on: [\njobs: {")
for number in range(1, 13):
    # A chain of twelve, of which GitHub runs ten.
    file(
        "acme/shared",
        WORKFLOWS + f"chain{number}.yml",
        f"""\
        on: {{workflow_call: {{secrets: {{token: {{}}}}}}}}
        jobs:
          next:
            permissions: {{packages: write}}
            uses: ./.github/workflows/chain{number + 1}.yml
            secrets: {{token: "${{{{ secrets.token }}}}"}}
        """,
        "v1",
    )
file("acme/shared", WORKFLOWS + "chain13.yml", PUSH, "v1")
file(
    "acme/shared",
    WORKFLOWS + "loop.yml",
    "on: workflow_call\njobs:\n  a: {uses: ./.github/workflows/loop.yml}\n",
    "v1",
)
