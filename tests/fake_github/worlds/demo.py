"""The demo organization: acme, a shop that grew, with every story that the reports can tell."""

from tests.fake_github.credentials import APP_PERMISSIONS
from tests.fake_github.model import DAY, EPOCH, Secret
from tests.fake_github.organization import Organization
from tests.fake_github.world import World
from tests.fake_github.worlds.demo_repositories import repositories

WORKFLOW = ".github/workflows/"
PAT_LOGINS = (
    ("acme/storefront", "release.yml", "GHCR_PAT"),
    ("acme/billing", "scan.yml", "REGISTRY_TOKEN"),
    ("acme/mobile-app", "publish.yml", "NPM_TOKEN"),
    ("acme/warehouse", "build.yml", "MAVEN_PAT"),
    ("acme/warehouse", "tests.yml", "GHCR_PAT"),
    ("acme/data-lake", "tests.yml", "GHCR_PAT"),
    ("acme/ledger", "release.yml", "GHCR_PAT"),
    ("acme/checkout", "scan.yml", "SCAN_PAT"),
    ("acme/payments-gateway", "integration.yml", "GHCR_PAT"),
    ("acme/ml-models", "models.yml", "GHCR_PAT"),
    ("acme/importer", "import.yml", "IMPORT_PAT"),
    ("acme/legacy-portal", "image.yml", "GHCR_PAT"),
)


def demo(*, seed: int = 1) -> World:
    """Build acme: 26 repositories, 42 packages."""
    world = World(seed=seed, edition="ghec", enterprise="acme-corp")
    acme = world.org("acme")
    acme.saml = True
    acme.plan = "enterprise"
    acme.members |= {"mel": "member", "priya": "member", "tomas": "member", "sam": "admin"}
    repositories(acme)
    _containers(acme)
    _other_packages(acme)
    _secrets(acme)
    _people(acme)
    _evidence(acme)
    for repository, file, secret in PAT_LOGINS:
        world.has_pat_login(repository, WORKFLOW + file, secret)
    world.has_pat_login("acme/mobile-app", ".github/dependabot.yml", "DEPENDABOT_PAT")
    world.deny("/repos/acme/infra-live/actions/permissions*", 403)
    world.deny("/repos/acme/infra-live/actions/secrets*", 403)
    world.deny("/repos/acme/ml-models/actions/permissions/fork-pr-contributor-approval", 403)
    world.deny("/orgs/acme/private-registries*", 403, "You must be an organization owner.")
    return world


def _containers(acme: Organization) -> None:
    add = acme.package
    add("container", "checkout-api", repository="storefront", versions=4)
    add("container", "chart-runner", repository="helm-charts")
    add("container", "legacy-demo", repository="demo-app", updated_at=EPOCH - 700 * DAY)
    add("container", "playground-data", repository="playground")
    add("container", "preview", repository="open-agent", versions=2)
    add("container", "storefront", visibility="public", repository="storefront", versions=6)
    add("container", "storefront-cache", repository="storefront", in_list_repository=False)
    add("container", "open-agent", visibility="public", repository="open-agent")
    add("container", "billing", repository="billing", versions=3)
    add("container", "ledger", repository="ledger", versions=2)
    add("container", "payments/gateway", repository="payments-gateway")
    add("container", "payments/gateway/sandbox", repository="payments-gateway")
    add("container", "warehouse-db", repository="warehouse")
    add("container", "ml-serving", repository="ml-models")
    add("container", "importer", repository="importer")
    add("container", "terraform-runner")
    add("container", "old-crawler", updated_at=EPOCH - 900 * DAY)
    add("container", "base-images/python", visibility="internal", repository="platform-ci")
    add("container", "base-images/node", visibility="internal", repository="platform-ci")
    add("container", "dev-tools", visibility="internal")
    add("container", "data-export", visibility="public", repository="data-lake")
    add("container", "portal", repository="legacy-portal", updated_at=EPOCH - 800 * DAY)


def _other_packages(acme: Organization) -> None:
    add = acme.package
    add("npm", "design-system", visibility="public", repository="design-system", versions=5)
    add("npm", "design-tokens", visibility="internal", repository="design-system")
    add("npm", "mobile-core", repository="mobile-app", versions=3)
    add("npm", "checkout-client", repository="checkout")
    add("npm", "eslint-config", visibility="internal", repository="platform-ci")
    add("npm", "sdk", visibility="public", repository="sdk-js", versions=4)
    add("npm", "sdk-internal", repository="sdk-js")
    add("maven", "com.acme.ledger", repository="ledger")
    add("maven", "com.acme.warehouse.api", repository="warehouse")
    add("maven", "com.acme.contracts", repository="data-contracts")
    add("maven", "com.acme.sdk", repository="sdk-java")
    add("nuget", "Acme.Billing.Client", repository="billing")
    add("nuget", "Acme.Gateway", visibility="public", repository="payments-gateway")
    add("nuget", "Acme.Tools", visibility="internal")
    add("rubygems", "acme-deploy", repository="infra-live")
    add("rubygems", "acme-style", visibility="public", repository="docs-site")
    add("docker", "legacy-portal/portal", repository="legacy-portal")
    add("docker", "legacy-portal/cron", repository="legacy-portal")
    add("docker", "storefront/storefront", repository="storefront")
    add("container", "portal-cron", repository="legacy-portal")
    acme.docker_conflicts.append(acme.find_package("docker", "legacy-portal/cron"))


def _secrets(acme: Organization) -> None:
    acme.secret("GHCR_PAT", visibility="all")
    acme.secret("REGISTRY_TOKEN", visibility="selected", repositories=["billing", "docs-site"])
    acme.secret("NPM_TOKEN", visibility="private")
    acme.secret("SCAN_PAT", visibility="selected", repositories=["checkout"])
    acme.secret("APP_KEY", visibility="private").secret("SENTRY_DSN", visibility="all")
    acme.dependabot_secret("DEPENDABOT_PAT", visibility="selected", repositories=["mobile-app"])
    acme.variable("REGISTRY", "ghcr.io").variable("APP_ID", "310001")
    acme.repository("warehouse").secrets = [Secret("MAVEN_PAT")]
    acme.repository("storefront").secrets = [Secret("CLEANUP_PAT")]
    acme.private_registry("NPM_PROXY", "npm_registry")


def _people(acme: Organization) -> None:
    acme.team("Platform", repositories={"platform-ci": "admin", "terraform": "admin"})
    acme.team("Security", repositories={"infra-live": "pull"}, members=["sam"])
    acme.team(
        "Payments",
        repositories={"billing": "admin", "ledger": "admin", "payments-gateway": "push"},
        members=["priya"],
    )
    acme.team("Web", repositories={"storefront": "push", "design-system": "push"}, members=["mel"])
    acme.property("owner")
    acme.property("criticality", "single_select", allowed=["low", "medium", "high"])
    owners = {
        "storefront": ("web", "high"),
        "billing": ("payments", "high"),
        "ledger": ("payments", "high"),
        "platform-ci": ("platform", "high"),
        "docs-site": ("web", "low"),
    }
    for name, (owner, criticality) in owners.items():
        acme.repository(name).properties = {"owner": owner, "criticality": criticality}
    acme.installation("pkginventory", permissions=APP_PERMISSIONS)
    acme.installation("renovate", permissions={"contents": "write", "packages": "read"})


def _evidence(acme: Organization) -> None:
    acme.run("storefront", f"{WORKFLOW}release.yml")
    acme.run("billing", f"{WORKFLOW}image.yml")
    acme.run("ledger", f"{WORKFLOW}release.yml", conclusion="failure")
    acme.run("docs-site", f"{WORKFLOW}preview.yml", event="pull_request")
    acme.attest(
        "container", "checkout-api", repository="storefront", workflow=f"{WORKFLOW}release.yml"
    )
    published = "packages.package_version_published"
    for at, (package, repository, bot) in enumerate(
        [
            ("checkout-api", "storefront", False),
            ("billing", "billing", True),
            ("ledger", "ledger", True),
        ]
    ):
        acme.event(
            published,
            actor="github-actions[bot]" if bot else "acme-bot",
            at=EPOCH - at * DAY,
            package=package,
            ecosystem="container",
            repo=f"acme/{repository}",
            actor_is_bot=bot,
            programmatic_access_type="GitHub App server-to-server token"
            if bot
            else "Personal access token (classic)",
        )
    acme.authorize(
        "acme-bot", "Zq81LmPx", scopes=["repo", "write:packages"], note="CI, do not delete"
    )
    acme.authorize("priya", "77aKd0Qe", scopes=["read:packages"], note="laptop")
