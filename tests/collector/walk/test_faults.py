"""What goes wrong on the way: the run is complete and true, or says what is missing."""

from collections.abc import Callable

import pytest

from collector.errors import RateLimitError
from collector.walk.context import Options
from tests.collector.walk.conftest import Begin
from tests.collector.walk.tools import Nights, Seen
from tests.collector.walk.worlds import files_of_all_kinds
from tests.fake_github import FakeGitHub, truth_of
from tests.fake_github.http import Response
from tests.fake_github.worlds import demo, small

Fault = Callable[[FakeGitHub], object]
LISTS = ("organization", "packages", "repositories", "package_details", "workflow_trees")
# What several tries of the client get over.
PASSING: dict[str, Fault] = {
    "5 % of 502": lambda s: s.faults.status(502, share=0.05),
    "5 % of 503": lambda s: s.faults.status(503, share=0.05),
    "5 % cut bodies": lambda s: s.faults.broken_body("cut", share=0.05),
    "5 % truncated JSON of the right length": lambda s: s.faults.broken_body(
        "truncate", share=0.05
    ),
    "5 % resets in mid-body": lambda s: s.faults.broken_body("reset", share=0.05),
    "a secondary limit without retry-after": lambda s: s.faults.secondary(start=20),
    "a secondary limit with retry-after": lambda s: s.faults.secondary(
        start=20, retry_after=30, status=429
    ),
    "the primary limit in the middle": lambda s: s.faults.primary(start=30),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_passes_leaves_no_trace(begin: Begin, fault: Fault) -> None:
    """Everything is read, once, and truly."""
    world = demo()
    nights = begin(world)
    fault(nights.server)
    seen = nights.once(options=Options(settings_budget=0))

    assert _packages(seen) == truth_of(world, "acme").packages
    assert [_statuses(seen, family) for family in LISTS] == [{"complete"}] * len(LISTS)


def test_no_storm_under_a_secondary_limit(begin: Begin) -> None:
    """What was in flight may be refused; after that one probe a minute."""
    nights = begin(small())
    nights.server.faults.secondary(start=10, seconds=300)
    nights.once(options=Options(settings_budget=0))

    assert nights.server.limits.refused_while_blocked <= 8 + 5
    assert sum(nights.time.waits) >= 300


@pytest.mark.parametrize("status", [403, 404, 409, 422, 410, 451, 500])
def test_what_stays_becomes_coverage(begin: Begin, status: int) -> None:
    """Never a crash, never emptiness: each family in turn is refused for good."""
    world = small()
    nights = begin(world)
    for path in ("*/actions/permissions*", "*/secrets*", "*/environments*", "*/versions"):
        world.deny(path, status)
    seen = nights.once()

    for family in ("repo_actions_permissions", "repo_secrets", "org_secrets", "package_versions"):
        assert _statuses(seen, family)
        assert "complete" not in _statuses(seen, family)
    assert _statuses(seen, "packages") == {"complete"}
    assert seen.rows("secret", "name") == [] or status == 409


def test_a_limit_that_never_lifts_ends_the_run_and_keeps_its_stage(begin: Begin) -> None:
    """Going on would risk a ban; the next run goes on from there."""
    world = small()
    nights = begin(world)
    world.deny("*/actions/permissions*", 429)
    with nights.stage() as stage:
        with pytest.raises(RateLimitError):
            nights.crawl(stage)

        assert stage.coverage_of("workflow_trees", str(world["acme"].repository("shop").id))


def test_a_list_that_is_no_list_is_no_empty_list(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some proxy may answer 200 with a page of its own."""
    monkeypatch.setattr("tests.fake_github.rest.packages._page", lambda _ctx, _found: [])
    nights = begin(small())
    original = Response.json

    def strange(data: object, *rest: object, **named: object) -> object:
        return original({} if data == [] else data, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Response, "json", staticmethod(strange))
    seen = nights.once(options=Options(settings_budget=0))

    assert _statuses(seen, "packages") == {"failed"}


def test_git_that_fails_for_one_repository_is_about_that_one(begin: Begin) -> None:
    """The others are read."""
    nights = begin(files_of_all_kinds())
    nights.server.faults.status(500, path="/repos/acme/same/*")
    seen = nights.once(options=Options(graphql=False, settings_budget=0))
    statuses = sorted(status for status, _ in seen.coverage("workflow_trees").values())

    assert statuses == ["complete"] * 4 + ["failed"]


def test_hostile_names_and_texts_are_data(begin: Begin) -> None:
    """Markup, formulas, half a surrogate pair, NUL: nothing stumbles."""
    world = small()
    acme = world["acme"]
    names = ["<script>alert(1)</script>", "=1+1", "a/b/c", "..", "%2F", "x\u202ey", "é" * 50]
    for name in names:
        acme.package("container", name, visibility="private")
    acme.repo(
        "hostile",
        files={
            ".github/workflows/<img src=x>.yml": b"\x00\xff\xfe",
            ".github/workflows/=cmd|' C calc'!A0.yml": "a: &a [*a]",
            ".github/workflows/bomb.yml": "x: " + "[" * 5_000,
            ".github/workflows/large.yml": "# " + "x" * 2_000_000,
        },
    )
    nights = begin(world)
    nights.night()
    found = {name for (name,) in nights.rows("select name from package")}
    files = nights.rows(
        "select b.status from blob_facts b join workflow_file f using (blob_sha)"
        " join repository using (repository_id) where name = 'hostile'"
    )

    assert set(names) <= found
    assert len(files) == 4


def _packages(seen: Seen) -> dict[tuple[str, str], str]:
    rows = seen.rows("package", "package_type", "name", "visibility")
    return {(kind, name): visibility for kind, name, visibility in rows}


def _statuses(seen: Seen | Nights, family: str) -> set[str]:
    return {status for status, _ in seen.coverage(family).values()}
