"""An organization that has at least one of whatever the API can list."""

from tests.fake_github.credentials import APP_PERMISSIONS
from tests.fake_github.gitdata import File, submodule, symlink
from tests.fake_github.model import ActionsSettings, ForkPullRequests, Policy, Secret
from tests.fake_github.world import World
from tests.fake_github.worlds.texts import plain_ci


def everything() -> World:
    """Build an organization in which no list of any endpoint is empty, for its shapes' sake."""
    world = World(edition="ghec", enterprise="acme-corp")
    acme = world.org("acme")
    acme.saml = True
    files: dict[str, str | File] = {
        ".github/workflows/ci.yml": plain_ci(),
        "README.md": "# shop\n",
        "link": symlink("README.md"),
        "vendored": submodule(),
    }
    acme.repo(
        "shop",
        visibility="public",
        files=files,
        forks=2,
        secrets=["ONE"],
        variables={"V": "1"},
        dependabot_secrets=["BOT_ONE"],
        environments={"live/eu": ["DEPLOY"]},
        environment_variables={"live/eu": [Secret("URL", value="x")]},
        collaborators={"eve": "push"},
        properties={"owner": "core"},
        actions=ActionsSettings(allowed_actions="selected", patterns_allowed=["acme/*"]),
    )
    acme.repo("vault", actions=ActionsSettings(fork_pull_requests=ForkPullRequests()))
    acme.package("container", "a/b", repository="shop", versions=3)
    acme.package("container", "inner", visibility="internal")
    acme.package("docker", "old", repository="shop")
    acme.docker_conflicts.append(acme.find_package("docker", "old"))
    acme.secret("ALL").secret("PAT", visibility="selected", repositories=["shop"])
    acme.variable("REGISTRY", "ghcr.io").variable(
        "CHOSEN", "x", visibility="selected", repositories=["shop"]
    )
    acme.dependabot_secret("BOT", visibility="selected", repositories=["shop"])
    acme.private_registry("NPM", "npm_registry")
    acme.team("core", repositories={"shop": "push"}, members=["mel"])
    acme.property("owner").property("tier", "single_select", allowed=["a", "b"])
    path = ".github/workflows/ci.yml"
    acme.run("shop", path, artifacts={"answers": {"answers.json": b"{}"}})
    acme.attest("container", "a/b", repository="shop", workflow=path)
    acme.event("packages.package_version_published", package="a/b", repo="acme/shop")
    acme.authorize("mel", "ABCD1234", scopes=["read:packages"])
    acme.installation("pkginventory", permissions=APP_PERMISSIONS)
    acme.actions.enabled_repositories = "selected"
    acme.actions.selected_repositories = ["shop"]
    acme.actions.allowed_actions = "selected"
    acme.actions.policies.append(Policy("no targets", allowed_events=["push", "pull_request"]))
    return world
