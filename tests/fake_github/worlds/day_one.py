"""What a security lead meets on the first day: 800 packages, 500 of them private, 60 public repositories."""

import random

from tests.fake_github.credentials import APP_PERMISSIONS
from tests.fake_github.model import ActionsSettings
from tests.fake_github.organization import Organization
from tests.fake_github.world import World
from tests.fake_github.worlds.texts import (
    docker_login,
    job_container,
    maven_deploy,
    npm_publish,
    plain_ci,
    run_login,
)

PUBLIC, INTERNAL, PRIVATE = 60, 30, 130
VISIBILITIES = ("private",) * 500 + ("public",) * 210 + ("internal",) * 90
W = ".github/workflows/"


def day_one(*, seed: int = 1) -> World:
    """Build 220 repositories and 800 packages, most of them connected, few of them explained."""
    world = World(seed=seed, edition="ghec", enterprise="acme-corp")
    acme = world.org("acme")
    draw = random.Random(seed)
    _repositories(acme, draw)
    _packages(acme, draw)
    acme.secret("GHCR_PAT", visibility="all").secret("NPM_PAT", visibility="private")
    acme.secret("DEPLOY_PAT", visibility="selected", repositories=["site-1", "service-1"])
    acme.variable("REGISTRY", "ghcr.io")
    acme.team("Everyone", repositories={"service-1": "push"}, members=["mel"])
    acme.installation("pkginventory", permissions=APP_PERMISSIONS)
    return world


def _repositories(acme: Organization, draw: random.Random) -> None:
    for kind, visibility, count in (
        ("site", "public", PUBLIC),
        ("shared", "internal", INTERNAL),
        ("service", "private", PRIVATE),
    ):
        for n in range(1, count + 1):
            approval = "all_external_contributors" if n % 5 == 0 else None
            acme.repo(
                f"{kind}-{n}",
                visibility=visibility,
                files=_files(acme, f"{kind}-{n}", draw),
                archived=n % 17 == 0,
                forks=draw.randrange(30) if visibility == "public" else 0,
                actions=ActionsSettings(approval_policy=approval),
            )


def _files(acme: Organization, name: str, draw: random.Random) -> dict[str, str]:
    files = {f"{W}ci.yml": plain_ci(number=draw.randrange(20))}
    image = f"ghcr.io/acme/{name}"
    form = draw.randrange(10)
    if form < 3:
        files[f"{W}image.yml"] = docker_login(image=image)
    elif form == 3:
        files[f"{W}image.yml"] = docker_login("secrets.GHCR_PAT", image=image)
        acme.world.has_pat_login(f"acme/{name}", f"{W}image.yml", "GHCR_PAT")
    elif form == 4:
        files[f"{W}scan.yml"] = run_login("GHCR_PAT", image=image)
        acme.world.has_pat_login(f"acme/{name}", f"{W}scan.yml", "GHCR_PAT")
    elif form == 5:
        files[f"{W}publish.yml"] = npm_publish("NPM_PAT")
        acme.world.has_pat_login(f"acme/{name}", f"{W}publish.yml", "NPM_PAT")
    elif form == 6:
        files[f"{W}publish.yml"] = npm_publish("GITHUB_TOKEN")
    elif form == 7:
        files[f"{W}tests.yml"] = job_container("GITHUB_TOKEN", image=image)
    elif form == 8:
        files[f"{W}deploy.yml"] = maven_deploy()
    return files


def _packages(acme: Organization, draw: random.Random) -> None:
    everywhere = list(acme.repositories)
    private = [n for n in everywhere if n.startswith("service")]
    public = [n for n in everywhere if n.startswith("site")]
    counted = {"private": 0, "public": 0, "internal": 0}
    for visibility in VISIBILITIES:
        n = counted[visibility]
        counted[visibility] += 1
        repository, kind = None, draw.choice(("container", "container", "npm", "nuget"))
        if visibility == "private" and n < 24:
            repository = public[n % 60]  # the headline: private, connected to a public repository
        elif visibility == "private" and n >= 330:
            repository = None
        elif visibility == "private":
            repository = draw.choice(private)
            kind = "maven" if n % 8 == 0 else kind
        else:
            repository = draw.choice(public if visibility == "public" else everywhere)
        acme.package(kind, f"{visibility}-{n + 1}", visibility=visibility, repository=repository)
