"""What a run will cost."""

from collector.known import Known, KnownCoverage, KnownPackage, KnownTree
from collector.walk.plan import Plan, Size, plan, size_of

BIG = Size(
    repositories=10_000,
    pushed=10_000,
    packages={"container/private": 4_000, "npm/private": 1_000},
    unnamed_packages=1_700,
    new_texts=600,
)


def requests(planned: Plan, *, on_demand: bool) -> dict[str, int]:
    """Return the requests by family."""
    return {s.family: s.requests for s in planned.steps if s.on_demand is on_demand}


def test_the_first_night_of_a_big_organization_fits_into_one_hour() -> None:
    """Settings and secrets take several nights."""
    planned = plan(BIG, sweeps=16)

    assert requests(planned, on_demand=False) == {
        "organization": 1,
        "packages": 66,
        "repositories": 100,
        "workflow_trees": 400,
        "blobs": 24,
        "org_settings": 9,
    }
    assert planned.requests == 600 + 2_000
    assert planned.hours == 0.0
    assert planned.later == 1_700 + 100 + 80_000 + 5_000 - 2_000


def test_without_graphql_every_repository_and_text_is_a_request() -> None:
    """The limit then makes the run wait."""
    planned = plan(BIG, sweeps=16, graphql=False)

    assert requests(planned, on_demand=False)["workflow_trees"] == 10_000
    assert requests(planned, on_demand=False)["blobs"] == 600
    assert planned.hours == 2.0


def test_a_server_without_limits_takes_no_hours() -> None:
    """As a GHES has none unless its administrator sets some."""
    assert plan(BIG, sweeps=13, graphql=False, requests_an_hour=None).hours == 0.0


def test_max_requests_bounds_the_plan() -> None:
    """What is asked for is never more than the run may send."""
    assert plan(BIG, sweeps=16, max_requests=50).requests == 50


def test_a_small_organization_is_read_whole() -> None:
    """Nothing is left for later nights, and unknown texts are guessed."""
    small = Size(repositories=6, pushed=6, packages={}, unnamed_packages=0)
    planned = plan(small, sweeps=16)

    assert planned.later == 0
    assert requests(planned, on_demand=False)["blobs"] == 1


def test_before_the_first_run_every_repository_is_unread() -> None:
    """And nothing is known of packages."""
    size = size_of(Known(), repositories=220)

    assert size == Size(repositories=220, pushed=220, packages={}, unnamed_packages=0)


def test_later_a_few_are_pushed_and_connections_are_known() -> None:
    """Unless everything is to be read again."""
    tree = KnownTree(None, "main", None, None)
    known = Known(
        trees=dict.fromkeys(range(100), tree),
        packages={
            1: KnownPackage("npm", "a", "private", None),
            2: KnownPackage("npm", "b", "private", None),
            3: KnownPackage("npm", "c", "public", 7),
        },
        coverage={("package_details", "1"): KnownCoverage("complete", None, None)},
    )
    size = size_of(known, repositories=110)

    assert (size.pushed, size.unnamed_packages) == (10 + 2, 1)
    assert size.packages == {"npm/private": 2, "npm/public": 1}
    assert size_of(known, repositories=None, full=True).pushed == 100
