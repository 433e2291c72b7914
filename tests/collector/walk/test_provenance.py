"""The audit log and the credentials of single sign-on, where an organization has them."""

import pytest

from tests.collector.walk.conftest import Begin
from tests.fake_github import World
from tests.fake_github.model import DAY, EPOCH

LOG = "/orgs/acme/audit-log"
PUBLISHED = "packages.package_version_published"
WORKFLOW_TOKEN = "GitHub App server-to-server token"
FAMILIES = ("audit_log", "credential_authorizations")


def enterprise(*, events: int = 3) -> World:
    """Make an organization with Enterprise Cloud, whose log holds other events too."""
    world = World(edition="ghec", enterprise="acme-corp")
    acme = world.org("acme")
    acme.plan, acme.saml = "enterprise", True
    acme.repo("shop", visibility="public").package("container", "billing", repository="shop")
    for number in range(events):
        publish(world, at=EPOCH - number * DAY, package=f"image-{number}")
    acme.event("repo.create", repo="acme/shop")
    acme.authorize("mel", "12345678", scopes=["write:packages"])
    return world


def publish(world: World, *, at: int, package: str = "billing") -> None:
    world["acme"].event(
        PUBLISHED,
        actor="github-actions[bot]",
        at=at,
        package=package,
        ecosystem="container",
        version="1",
        repo="acme/shop",
        actor_is_bot=True,
        programmatic_access_type=WORKFLOW_TOKEN,
        hashed_token="aGFzaA==",
    )


def test_a_plan_without_a_log_is_not_asked_for_one(begin: Begin) -> None:
    world = World()
    world.org("acme").repo("shop").plan = "team"
    nights = begin(world)
    seen = nights.once()

    assert [seen.coverage(family) for family in FAMILIES] == [{"": ("unavailable", None)}] * 2
    assert nights.server.count(LOG) == 0


@pytest.mark.parametrize(("status", "reason"), [(403, "forbidden_403"), (404, "not_found_404")])
def test_a_log_that_is_hidden_from_the_reader_is_denied(
    begin: Begin, status: int, reason: str
) -> None:
    world = enterprise()
    world.deny(LOG, status)
    seen = begin(world).once()

    assert seen.coverage("audit_log") == {"": ("denied", reason)}
    assert seen.rows("audit_event", "package_name") == []


def test_without_saml_there_is_no_list_of_credentials(begin: Begin) -> None:
    world = enterprise()
    world["acme"].saml = False
    seen = begin(world).once()

    assert seen.coverage("credential_authorizations") == {"": ("unavailable", None)}


def test_every_page_of_the_log_is_read_and_only_packages_are_kept(begin: Begin) -> None:
    nights = begin(enterprise(events=250))
    seen = nights.once()

    assert len(seen.rows("audit_event", "package_name")) == 250
    assert seen.coverage("audit_log") == {"": ("complete", None)}
    # The links of further pages name the organization by its id.
    assert nights.server.count(LOG) + nights.server.count("/organizations/") == 3


def test_of_many_alike_the_newest_is_kept(begin: Begin) -> None:
    world = enterprise(events=0)
    for number in range(120):
        publish(world, at=EPOCH - number * DAY)
    seen = begin(world).once()

    ((package, repository, created),) = seen.rows(
        "audit_event", "package_name", "repository_full_name", "created_at"
    )
    assert (package, repository) == ("billing", "acme/shop")
    assert created.isoformat() == "2026-11-22T12:00:00"


def test_the_next_night_reads_what_is_new_and_forgets_nothing(begin: Begin) -> None:
    world = enterprise(events=250)
    nights = begin(world)
    nights.night()
    nights.server.forget()
    world["acme"].audit[:] = world["acme"].audit[:1]
    nights.night()

    assert nights.server.count(LOG) + nights.server.count("/organizations/") == 1
    assert nights.coverage("audit_log") == {"": ("complete", None)}
    assert nights.rows("select count(*) from audit_event where valid_to_run is null") == [(250,)]


def test_who_may_sign_on_with_what_is_kept_and_no_part_of_the_credential(begin: Begin) -> None:
    nights = begin(enterprise())
    nights.night()

    assert nights.rows("select login, scopes from credential_authorization") == [
        ("mel", ["write:packages"])
    ]
    assert b"12345678" not in nights.db.read_bytes()


def test_a_publish_by_a_workflow_is_evidence_of_its_access(begin: Begin) -> None:
    world = enterprise(events=0)
    publish(world, at=EPOCH)
    nights = begin(world)
    nights.night()

    assert nights.rows(
        "select role, level, detail from access_evidence where kind = 'audit_publish'"
    ) == [
        (
            "write",
            "implied",
            "The audit log has a workflow publish the package on 2026-11-22, naming acme/shop.",
        )
    ]
