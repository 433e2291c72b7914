"""The repositories of the demo organization, each with the story it is there for."""

from tests.fake_github.gitdata import symlink
from tests.fake_github.model import DAY, EPOCH, ActionsSettings, ForkPullRequests, Policy, Secret
from tests.fake_github.organization import Organization
from tests.fake_github.worlds import demo_texts as demo
from tests.fake_github.worlds.texts import (
    docker_login,
    job_container,
    maven_deploy,
    npm_publish,
    plain_ci,
    run_login,
)

W = ".github/workflows/"


def repositories(acme: Organization) -> None:
    """Add all of them."""
    _public(acme)
    _exposed_less(acme)
    _internal(acme)
    _payments(acme)
    _private(acme)
    _odd(acme)


def _public(acme: Organization) -> None:
    acme.repo(
        "storefront",
        visibility="public",
        description="The shop window.",
        forks=14,
        files={
            f"{W}release.yml": docker_login("secrets.GHCR_PAT", image="ghcr.io/acme/checkout-api"),
            f"{W}ci.yml": plain_ci(language="node"),
            f"{W}cleanup.yml": demo.CLEANUP,
            "CODEOWNERS": demo.CODEOWNERS,
        },
    )
    acme.repo(
        "docs-site",
        visibility="public",
        forks=3,
        files={
            f"{W}preview.yml": docker_login(
                image="ghcr.io/acme/base-images/node",
                push=False,
                on="pull_request",
                permissions="packages: read",
            )
        },
    )
    acme.repo(
        "open-agent",
        visibility="public",
        forks=41,
        files={f"{W}preview.yml": demo.PULL_REQUEST_TARGET},
    )
    acme.repo(
        "design-system",
        visibility="public",
        files={f"{W}publish.yml": npm_publish("GITHUB_TOKEN")},
    )
    acme.repo("sdk-python", visibility="public", files={f"{W}ci.yml": plain_ci()})
    acme.repo("sdk-js", visibility="public", files={f"{W}publish.yml": npm_publish("GITHUB_TOKEN")})
    acme.repo("sdk-java", visibility="public", files={f"{W}deploy.yml": maven_deploy()})


def _exposed_less(acme: Organization) -> None:
    """Public repositories whose forks can do less: approval, archived, Actions disabled."""
    acme.repo(
        "helm-charts",
        visibility="public",
        forks=6,
        files={f"{W}charts.yml": demo.HELM_OCI},
        actions=ActionsSettings(approval_policy="all_external_contributors"),
    )
    acme.repo(
        "demo-app",
        visibility="public",
        archived=True,
        pushed_at=EPOCH - 700 * DAY,
        files={f"{W}image.yml": docker_login(image="ghcr.io/acme/legacy-demo")},
    )
    acme.repo("playground", visibility="public", actions=ActionsSettings(enabled=False))


def _internal(acme: Organization) -> None:
    files = {
        f"{W}publish.yml": demo.REUSABLE_PUBLISH,
        f"{W}scan.yml": demo.REUSABLE_SCAN,
        "login/action.yml": demo.COMPOSITE_LOGIN,
    }
    acme.repo(
        "platform-ci",
        visibility="internal",
        files=files,
        branches={"v1": files},
        actions=ActionsSettings(access_level="organization"),
    )
    acme.repo("handbook", visibility="internal", files={"index.md": "# Handbook\n"})
    acme.repo(
        "data-contracts",
        visibility="internal",
        files={f"{W}contracts.yml": demo.APP_TOKEN, f"{W}deploy.yml": maven_deploy()},
    )


def _payments(acme: Organization) -> None:
    acme.repo(
        "billing",
        files={
            f"{W}image.yml": docker_login(image="ghcr.io/acme/billing"),
            f"{W}scan.yml": run_login("REGISTRY_TOKEN", image="ghcr.io/acme/billing"),
        },
        environments={"production": ["BILLING_KEY"]},
    )
    acme.repo("ledger", files={f"{W}release.yml": demo.CALLS_PUBLISH_INHERIT})
    acme.repo("payments-gateway", files={f"{W}integration.yml": demo.USES_COMPOSITE})
    acme.repo(
        "checkout",
        files={f"{W}scan.yml": demo.CALLS_SCAN, f"{W}publish.yml": npm_publish("GITHUB_TOKEN")},
        actions=ActionsSettings(default_workflow_permissions="write"),
    )


def _private(acme: Organization) -> None:
    acme.repo(
        "warehouse",
        files={f"{W}build.yml": demo.MAVEN_SETTINGS, f"{W}tests.yml": demo.SERVICE_CREDENTIALS},
    )
    acme.repo(
        "mobile-app",
        files={
            f"{W}publish.yml": npm_publish("NPM_TOKEN"),
            ".github/dependabot.yml": demo.DEPENDABOT,
        },
    )
    acme.repo(
        "data-lake",
        files={f"{W}tests.yml": job_container("GHCR_PAT", image="ghcr.io/acme/warehouse-db")},
        actions=ActionsSettings(
            fork_pull_requests=ForkPullRequests(
                run_workflows_from_fork_pull_requests=True,
                send_secrets_and_variables=True,
                send_write_tokens_to_workflows=True,
            )
        ),
        allow_forking=True,
    )
    acme.repo("ml-models", files={f"{W}models.yml": demo.MATRIX_SECRET})
    acme.repo("terraform", files={f"{W}plan.yml": demo.LITERAL})
    acme.repo("infra-live", files={f"{W}apply.yml": plain_ci(language="terraform")})


def _odd(acme: Organization) -> None:
    """What makes collectors stumble: broken, empty, archived, linked, switched off."""
    acme.repo(
        "importer",
        files={
            f"{W}import.yml": demo.FALLBACK,
            f"{W}broken.yml": demo.BROKEN,
            f"{W}linked.yml": symlink("import.yml"),
            f"{W}notes.txt": "not a workflow\n",
            f"{W}old/nested.yml": plain_ci(number=9),
        },
        workflow_states={f"{W}gone.yml": "deleted"},
    )
    acme.repo("scratch", empty=True)
    acme.repo(
        "legacy-portal",
        archived=True,
        pushed_at=EPOCH - 900 * DAY,
        files={
            f"{W}image.yml": docker_login(
                "secrets.GHCR_PAT",
                registry="docker.pkg.github.com",
                image="docker.pkg.github.com/acme/legacy-portal/portal",
            )
        },
    )
    acme.repository("storefront").environments = {"live": [Secret("CDN_KEY")]}
    acme.actions.policies.append(
        Policy(
            "no pull_request_target in open-agent",
            enforcement="evaluate",
            allowed_events=("push", "pull_request"),
            repositories=("open-agent",),
        )
    )
