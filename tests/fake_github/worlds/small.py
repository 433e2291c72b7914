"""The smallest organization that has one of each thing; every line can be held in mind."""

from tests.fake_github.credentials import APP_PERMISSIONS
from tests.fake_github.model import ActionsSettings
from tests.fake_github.world import World
from tests.fake_github.worlds.texts import docker_login, npm_publish, plain_ci


def small(*, seed: int = 1) -> World:
    """Build six repositories and eight packages of the organization acme."""
    world = World(seed=seed, edition="ghec", enterprise="acme-corp")
    acme = world.org("acme")
    acme.repo(
        "shop",
        visibility="public",
        forks=3,
        files={
            ".github/workflows/image.yml": docker_login(
                "secrets.GHCR_PAT", image="ghcr.io/acme/billing"
            ),
            ".github/workflows/ci.yml": plain_ci(),
            "README.md": "# shop\n",
        },
        secrets=["SHOP_ONLY"],
    )
    acme.repo(
        "billing",
        files={".github/workflows/image.yml": docker_login(image="ghcr.io/acme/billing")},
        environments={"production": ["DEPLOY_KEY"]},
        actions=ActionsSettings(default_workflow_permissions="write"),
    )
    acme.repo(
        "ui",
        visibility="internal",
        files={".github/workflows/publish.yml": npm_publish("GITHUB_TOKEN")},
        dependabot_secrets=["NPM_PAT"],
    )
    acme.repo("library", visibility="public", files={"pom.xml": "<project/>\n"})
    acme.repo("attic", archived=True)
    acme.repo("nothing-yet", empty=True)
    acme.package("container", "billing", visibility="private", repository="shop", versions=2)
    acme.package("container", "tools/builder", visibility="private")
    acme.package("container", "shop", visibility="public", repository="shop")
    acme.package("container", "base", visibility="internal", repository="billing")
    acme.package("npm", "ui", visibility="internal", repository="ui", versions=3)
    acme.package("maven", "com.acme.library", repository="library")
    acme.package("nuget", "Acme.Client", visibility="public", repository="billing")
    acme.package("docker", "attic/old", repository="attic")
    acme.secret("GHCR_PAT", visibility="all")
    acme.secret("NPM_PAT", visibility="selected", repositories=["ui", "shop"])
    acme.variable("REGISTRY", "ghcr.io")
    acme.team("Payments", repositories={"billing": "admin", "shop": "push"}, members=["mel"])
    acme.property("owner").property("criticality", "single_select", allowed=["low", "high"])
    acme.repository("billing").properties = {"owner": "payments", "criticality": "high"}
    acme.installation("pkginventory", permissions=APP_PERMISSIONS)
    acme.run("billing", ".github/workflows/image.yml", event="push")
    world.has_pat_login("acme/shop", ".github/workflows/image.yml", "GHCR_PAT")
    return world
