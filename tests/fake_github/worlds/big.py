"""An organization of any size, cheap in memory: files are shared, trees are made when asked for."""

import random
from collections.abc import Sequence

from tests.fake_github.credentials import APP_PERMISSIONS
from tests.fake_github.gitdata import Snapshot
from tests.fake_github.model import DAY, EPOCH, Version
from tests.fake_github.world import World
from tests.fake_github.worlds.texts import docker_login, npm_publish, plain_ci, run_login

W = ".github/workflows/"
KINDS = ("container", "container", "container", "npm", "maven", "nuget")


def big(
    *,
    repositories: int = 10_000,
    packages: int = 5_000,
    distinct_workflow_texts: int = 600,
    seed: int = 1,
) -> World:
    """Build it: 5 % public, 15 % internal, 8 % without workflows, 2 % archived, 1 % empty.

    Args:
        repositories: how many.
        packages: how many; a third is connected to no repository.
        distinct_workflow_texts: so many different files are spread over all repositories.
        seed: what the spread follows from.
    """
    world = World(seed=seed, edition="ghec", enterprise="acme-corp")
    acme = world.org("acme")
    draw = random.Random(seed)
    texts = _texts(distinct_workflow_texts)
    snapshots = [_snapshot(world, texts, draw, n) for n in range(max(50, distinct_workflow_texts))]
    bare = world.snapshot({"README.md": "# nothing to build\n"})
    built = 0
    for n in range(repositories):
        nothing, empty = n % 25 in (7, 19), n % 100 == 57
        visibility = "public" if n % 20 == 0 else "internal" if n % 20 < 4 else "private"
        # snapshots are used in turn, so that every text is used somewhere
        chosen = bare if nothing else snapshots[built % len(snapshots)]
        built += not (nothing or empty)
        acme.repo(
            f"repo-{n:05}",
            visibility=visibility,
            files=chosen,
            empty=empty,
            archived=n % 50 == 31,
            pushed_at=EPOCH - (n * 7919) % (900 * DAY),
        )
    names = list(acme.repositories)
    for n in range(packages):
        visibility = ("private", "private", "private", "internal", "public")[n % 5]
        connected = None if n % 3 == 2 else names[draw.randrange(len(names))]
        acme.package(
            KINDS[n % len(KINDS)],
            f"package-{n:05}",
            visibility=visibility,
            repository=connected,
            versions=[Version(world.next_id("version"), world.digest(n), ("latest",))],
        )
    acme.secret("GHCR_PAT", visibility="all")
    acme.installation("pkginventory", permissions=APP_PERMISSIONS)
    return world


def push_some(world: World, *, share: float = 0.02, at: int = EPOCH + DAY, seed: int = 2) -> int:
    """Let a night pass: this share of the repositories gets a new workflow file; say how many."""
    draw = random.Random(seed)
    chosen = [r for r in world.repositories() if not r.empty and draw.random() < share]
    for n, repository in enumerate(chosen):
        repository.commit({f"{W}new.yml": plain_ci(language="go", number=n % 40)}, at=at)
    return len(chosen)


def _texts(count: int) -> list[str]:
    made = []
    for n in range(count):
        image = f"ghcr.io/acme/package-{n:05}"
        form = n % 8
        if form == 0:
            made.append(docker_login("secrets.GHCR_PAT", image=image))
        elif form == 1:
            made.append(run_login("GHCR_PAT", image=image))
        elif form == 2:
            made.append(docker_login(image=image))
        elif form == 3:
            made.append(npm_publish("GITHUB_TOKEN", scope=f"@acme-{n}"))
        else:
            made.append(plain_ci(number=n))
    return made


def _snapshot(world: World, texts: Sequence[str], draw: random.Random, n: int) -> Snapshot:
    chosen = [texts[n % len(texts)], *draw.sample(texts, k=min(len(texts), draw.randrange(1, 4)))]
    files = {f"{W}workflow-{at}.yml": text for at, text in enumerate(dict.fromkeys(chosen))}
    return world.snapshot(files | {"README.md": "# repo\n", "src/main.py": "print()\n"})
