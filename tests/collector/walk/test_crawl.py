"""Whole nights: everything read, budgets that end, credentials that are refused."""

import asyncio

import pytest

from collector.errors import CredentialError, UsageError
from collector.run import utc_now
from collector.walk.context import Options
from tests.collector.walk.conftest import Begin
from tests.collector.walk.tools import Nights
from tests.fake_github import World, truth_of
from tests.fake_github.worlds import big, demo, small

NO_SETTINGS = Options(settings_budget=0)


def test_an_unknown_organization_is_a_usage_error(begin: Begin) -> None:
    """Not an empty inventory."""
    nights = begin(small())
    with nights.stage("nobody") as stage, pytest.raises(UsageError, match="knows no organization"):
        nights.crawl(stage, org="nobody")

    assert len(nights.server.requests) == 2


def test_the_first_401_stops_the_run_and_keeps_the_stage(begin: Begin) -> None:
    """Nothing is asked any more, and the run can go on with another credential."""
    nights = begin(small())
    nights.server.faults.revoke(start=12)
    with nights.stage() as stage:
        with pytest.raises(CredentialError):
            nights.crawl(stage)
        path = stage.path
    refused = len([r for r in nights.server.requests if r.status == 401])

    assert 1 <= refused <= 8
    nights.server.faults.clear()
    with nights.resume(path) as stage:
        summary = nights.crawl(stage)
        stage.finish(ended_at=utc_now(), warnings=summary.warnings)
    nights.publish(path)
    assert {status for status, _ in nights.coverage("packages").values()} == {"complete"}


@pytest.mark.parametrize("world", [small, demo])
def test_a_night_gives_the_truth(begin: Begin, world: type[World]) -> None:
    """Packages, connections, repositories, workflows and their texts."""
    made = world()
    nights = begin(made)
    nights.night()
    truth = truth_of(made, "acme")
    packages = "select package_type, name, visibility from package"
    workflows = (
        "select full_name, path, blob_sha from workflow_file join repository using (repository_id)"
        " where kind = 'workflow' and path not like '%@%' and status = 'read'"
    )
    found = {(name, path): sha for name, path, sha in nights.rows(workflows)}
    readable = {key: sha for key, sha in truth.workflows.items() if "linked" not in key[1]}

    assert {(t, n): v for t, n, v in nights.rows(packages)} == truth.packages
    assert dict(nights.rows("select full_name, visibility from repository")) == truth.repositories
    assert found == readable


def test_every_answer_stands_in_the_evidence(begin: Begin) -> None:
    """Each request once, with who asked and for what."""
    nights = begin(small())
    nights.night()
    asked = sorted(r.status for r in nights.server.requests)

    assert sorted(s for (s,) in nights.rows("select status from request")) == asked
    assert nights.rows("select count(*) from request where family is null") == [(0,)]


def test_a_second_night_without_changes_makes_no_history(begin: Begin) -> None:
    """And asks for no tree, no text and no version again."""
    nights = begin(demo())
    nights.night()
    before = nights.rows("select count(*) from workflow_file, package, repository")
    summary = nights.night()

    assert nights.rows("select count(*) from workflow_file, package, repository") == before
    families = summary.requests_by_family
    assert not {"workflow_trees", "blobs", "package_versions", "package_details"} & set(families)


def test_a_token_that_sees_fewer_repositories_is_said_to(begin: Begin) -> None:
    """The organization tells how many there are."""
    nights = begin(small())
    nights.server.world.deny("/orgs/acme/repos", 403)
    seen = nights.once(options=NO_SETTINGS)

    assert seen.coverage("repositories")[""] == ("denied", "forbidden_403")


def test_saml_leaves_out_what_it_does_not_cover(begin: Begin) -> None:
    """HTTP 200, and still not all."""
    nights = begin(small())
    nights.profile = "saml_partial"
    seen = nights.once(options=NO_SETTINGS)

    assert seen.coverage("repositories")[""][0] == "partial"


@pytest.mark.parametrize("limit", [1, 5, 20, 26, 30, 45, 80])
def test_a_budget_that_ends_is_no_crash_and_no_emptiness(begin: Begin, limit: int) -> None:
    """What was not read is said, subject by subject, and the rest is published."""
    world = demo()
    nights = begin(world)
    summary = nights.night(max_requests=limit)
    nothing = "select count(*) from coverage where status = 'complete' and seen is null"

    assert summary.exhausted
    assert len(nights.server.requests) <= limit
    assert any("requests" in warning for warning in summary.warnings)
    assert len(nights.coverage("packages")) == 16
    listed = nights.rows("select count(*) from repository")[0][0]
    assert len(nights.coverage("workflow_trees")) == listed
    unread = "select count(*) from workflow_file where status = 'read' and blob_sha not in (select blob_sha from blob)"
    assert nights.rows(unread) == [(0,)]
    assert nights.rows(nothing)[0][0] >= 0


def test_nights_of_a_small_budget_come_to_the_same_as_one_without(begin: Begin) -> None:
    """Each goes on where the one before ended, and nothing that was read is lost."""
    whole, parts = begin(small()), begin(small())
    whole.night()
    for _ in range(6):
        summary = parts.night(max_requests=75)
    tables = (
        "select package_id, visibility from package where valid_to_run is null order by all",
        "select repository_id, path, status from workflow_file where valid_to_run is null order by all",
        "select name, scope from secret where valid_to_run is null order by all",
        "select repository_id, approval_policy from fork_approval where valid_to_run is null order by all",
    )

    assert summary.exhausted
    for table in tables:
        assert parts.rows(table) == whole.rows(table)


def test_a_settings_budget_reaches_every_repository_in_some_nights(begin: Begin) -> None:
    """Never read first, then the longest ago; verdicts keep what earlier nights brought."""
    nights = begin(big(repositories=40, packages=6, distinct_workflow_texts=8))
    options = Options(settings_budget=120)
    numbers = []
    for _ in range(5):
        nights.night(options=options)
        statuses = [status for status, _ in nights.coverage("repo_secrets").values()]
        numbers.append(sum(status in {"complete", "carried"} for status in statuses))

    assert numbers == sorted(numbers)
    assert numbers[0] < 40
    assert numbers[-1] == 40


def test_a_cancelled_crawl_keeps_what_it_has(begin: Begin) -> None:
    """A service manager's SIGTERM ends it at the next checkpoint."""
    nights = begin(demo())
    nights.server.latency = 0.02

    async def cut() -> None:
        task = asyncio.ensure_future(asyncio.to_thread(_crawl_into_stage, nights))
        await task

    asyncio.run(cut())
    done = [r for r in nights.server.requests if r.status == 200]
    with nights.resume(nights.stages[0].path) as stage:
        assert stage.coverage_of("organization") == "complete"
    assert len(done) < 300


def _crawl_into_stage(nights: Nights) -> None:
    """Crawl and be cancelled after a moment."""
    with nights.stage() as stage:
        nights.stages.append(stage)
        with pytest.raises(asyncio.CancelledError):
            nights.crawl(stage, cancel_after=0.3)
