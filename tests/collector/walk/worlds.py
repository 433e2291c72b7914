"""Small organizations whose files show one thing each."""

from tests.fake_github import World
from tests.fake_github.gitdata import File, submodule, symlink

CI = "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"
CALLED = "on:\n  workflow_call:\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: 'true'\n"
ACTION = "runs:\n  using: composite\n  steps:\n    - run: 'true'\n      shell: bash\n"
W = ".github/workflows/"


def files_of_all_kinds() -> World:
    """Every place of interest, and every way in which a file can't be read."""
    world = World(seed=1)
    acme = world.org("acme")
    everything: dict[str, str | bytes | File] = {
        f"{W}ci.yml": CI,
        f"{W}bom.yaml": b"\xef\xbb\xbf" + CI.encode().replace(b"\n", b"\r\n"),
        f"{W}latin.yml": b"name: caf\xe9\n" + CI.encode(),
        f"{W}broken.yml": "on: [push\njobs: {",
        f"{W}link.yml": symlink("ci.yml"),
        f"{W}old/nested.yml": CI,
        f"{W}README.md": "no workflow",
        ".github/dependabot.yml": "version: 2\n",
        ".github/CODEOWNERS": "* @acme/all\n",
        ".github/actions/login/action.yml": ACTION,
        ".github/actions/a/b/c/d/e/action.yml": ACTION,
        ".github/actions/shared": submodule(),
        "action.yml": ACTION,
        "docs/CODEOWNERS": "* @acme/docs\n",
        ".npmrc": "registry=https://npm.pkg.github.com\n",
        "NuGet.config": "<configuration/>\n",
        ".mvn/settings.xml": "<settings/>\n",
        "src/action.yml": ACTION,
        "README.md": "# everything\n",
    }
    acme.repo("everything", visibility="public", files=everything)
    acme.repo("same", files={f"{W}ci.yml": CI})
    acme.repo("bare")
    acme.repo("empty", empty=True)
    acme.repo("archived", archived=True, files={f"{W}ci.yml": CI})
    return world


def callers_and_callees() -> World:
    """Reusable workflows and actions at other refs and in other folders, two levels deep."""
    world = World(seed=1)
    acme = world.org("acme")
    nested = CALLED.replace("jobs:\n", "jobs:\n  n:\n    uses: ./.github/workflows/inner.yml\n")
    acme.repo(
        "ci",
        files={f"{W}build.yml": CALLED, "login/action.yml": ACTION},
        branches={
            "v1": {f"{W}build.yml": nested, f"{W}inner.yml": CALLED, "action.yaml": ACTION},
        },
    )
    steps = (
        "      - uses: acme/ci@v1\n"
        "      - uses: acme/ci/login@main\n"
        "      - uses: ./tools/sign\n"
        "      - uses: ./not/there\n"
        "      - uses: acme/ci/login@no-such-ref\n"
    )
    caller = CI.replace("      - run: make\n", steps)
    caller += "  call:\n    uses: acme/ci/.github/workflows/build.yml@v1\n"
    acme.repo("shop", files={f"{W}ci.yml": caller, "tools/sign/action.yml": ACTION})
    return world
