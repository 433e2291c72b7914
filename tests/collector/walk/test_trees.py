"""Trees and texts: the same rows by whatever way, and nothing asked twice."""

import pytest

from collector.walk.context import Options
from collector.walk.scope import Scope
from tests.collector.walk.conftest import Begin
from tests.collector.walk.tools import FILES, Nights
from tests.collector.walk.worlds import CI, W, callers_and_callees, files_of_all_kinds
from tests.fake_github import World, truth_of
from tests.fake_github.worlds import big, demo, push_some

NO_SETTINGS = Options(settings_budget=0)
BY_REST = Options(settings_budget=0, graphql=False)


def graphql_requests(nights: Nights) -> int:
    """Count the queries."""
    return nights.server.count("/graphql")


def rest_trees(nights: Nights) -> int:
    """Count the trees asked for by REST."""
    return sum(1 for request in nights.server.requests if "/git/trees/" in request.path)


def test_what_every_place_holds(begin: Begin) -> None:
    """And what can't be read, with its reason."""
    nights = begin(files_of_all_kinds())
    seen = nights.once(options=NO_SETTINGS)
    ids = {name: identity for identity, name in seen.rows("repository", "repository_id", "name")}
    found = [
        (path, kind, status, reason)
        for identity, path, kind, _sha, _mode, _size, status, reason in seen.files()
        if identity == ids["everything"]
    ]

    assert sorted(found) == [
        (".github/CODEOWNERS", "codeowners", "read", None),
        (".github/actions/a/b/c/d/e/action.yml", "action", "read", None),
        (".github/actions/login/action.yml", "action", "read", None),
        (".github/actions/shared", "action", "skipped", "submodule"),
        (".github/dependabot.yml", "dependabot", "read", None),
        (".github/workflows/bom.yaml", "workflow", "read", None),
        (".github/workflows/broken.yml", "workflow", "read", None),
        (".github/workflows/ci.yml", "workflow", "read", None),
        (".github/workflows/latin.yml", "workflow", "read", None),
        (".github/workflows/link.yml", "workflow", "skipped", "symlink"),
        (".github/workflows/old", "workflow", "skipped", "directory"),
        (".mvn/settings.xml", "config", "read", None),
        (".npmrc", "config", "read", None),
        ("NuGet.config", "config", "read", None),
        ("action.yml", "action", "read", None),
        ("docs/CODEOWNERS", "codeowners", "read", None),
    ]
    assert {status for status, _ in seen.coverage("workflow_trees").values()} == {"complete"}


def test_a_file_that_cannot_be_parsed_is_a_fact(begin: Begin) -> None:
    """With the line."""
    nights = begin(files_of_all_kinds())
    nights.night(options=NO_SETTINGS)

    assert nights.rows(
        "select b.status, error_line is not null from blob_facts b join workflow_file"
        " using (blob_sha) where path like '%broken.yml'"
    ) == [("parse_error", True)]


@pytest.mark.parametrize("world", [files_of_all_kinds, callers_and_callees, demo])
def test_rest_gives_the_same_rows_as_graphql(begin: Begin, world: type[World]) -> None:
    """A server without GraphQL makes no difference but the number of requests."""
    one, other = begin(world()), begin(world())
    expected = one.once(options=NO_SETTINGS).files()

    assert other.once(options=BY_REST).files() == expected
    assert graphql_requests(other) == 0


@pytest.mark.parametrize("world", [files_of_all_kinds, callers_and_callees])
def test_so_does_listing_folders(begin: Begin, world: type[World]) -> None:
    """Where the git endpoints answer 404, for trees and for texts."""
    one, other = begin(world()), begin(world())
    other.server.world.deny("/repos/acme/*/git/*", 404)
    expected = one.once(options=NO_SETTINGS).files()

    assert other.once(options=BY_REST).files() == expected


def test_so_does_a_tree_that_is_too_large_to_be_listed_whole(begin: Begin) -> None:
    """It is then read level by level."""
    one, other = begin(files_of_all_kinds()), begin(files_of_all_kinds())
    other.server.world.switches.tree_limit = 16
    expected = one.once(options=NO_SETTINGS).files()

    assert other.once(options=BY_REST).files() == expected


def test_pages_of_25_and_one_text_once(begin: Begin) -> None:
    """Equal texts of many repositories are one."""
    world = big(repositories=60, packages=0, distinct_workflow_texts=10)
    nights = begin(world)
    seen = nights.once(options=NO_SETTINGS)
    texts = truth_of(world, "acme").blobs

    assert seen.summary.requests_by_family["workflow_trees"] == 3
    assert graphql_requests(nights) == 3 + 1
    assert all(seen.stage.has_blob(sha) for sha in texts)


def test_a_page_that_is_too_heavy_is_halved(begin: Begin) -> None:
    """Down to what GitHub can bear, without a request by REST."""
    world = big(repositories=60, packages=0, distinct_workflow_texts=10)
    world.switches.graphql_page = 7
    nights = begin(world)
    seen = nights.once(options=NO_SETTINGS)

    assert rest_trees(nights) == 0
    assert graphql_requests(nights) < 35
    assert len(seen.rows("repository_tree")) == 60


def test_one_repository_that_graphql_withholds_is_read_by_rest(begin: Begin) -> None:
    """Partial data is not believed; the others of the page are."""
    world = files_of_all_kinds()
    world.switches.graphql_partial = {"acme/same"}
    nights = begin(world)
    seen = nights.once(options=NO_SETTINGS)

    # The other one is of a folder deeper than the query goes.
    assert rest_trees(nights) == 1 + 1
    assert {status for status, _ in seen.coverage("workflow_trees").values()} == {"complete"}


@pytest.mark.parametrize("status", [404, 502, 403])
def test_without_graphql_everything_comes_by_rest(begin: Begin, status: int) -> None:
    """After a few tries, and the report says so."""
    nights = begin(files_of_all_kinds())
    nights.server.faults.status(status, path="/graphql")
    seen = nights.once(options=NO_SETTINGS)

    assert len(seen.rows("repository_tree")) == 5
    assert graphql_requests(nights) < 10
    assert any("one by one" in warning for warning in seen.summary.warnings)


def test_the_next_night_asks_only_what_was_pushed(begin: Begin) -> None:
    """And the files of the others still stand."""
    world = big(repositories=60, packages=0, distinct_workflow_texts=10)
    nights = begin(world)
    nights.night(options=NO_SETTINGS)
    before = nights.rows("select count(*) from workflow_file where valid_to_run is null")
    pushed = push_some(world, share=0.1)
    nights.server.forget()
    summary = nights.night(options=NO_SETTINGS)

    assert summary.requests_by_family["workflow_trees"] == 1
    assert {status for status, _ in nights.coverage("workflow_trees").values()} == {"complete"}
    [(after,)] = nights.rows("select count(*) from workflow_file where valid_to_run is null")
    assert after == before[0][0] + pushed


def test_a_quiet_night_asks_for_no_tree_and_full_for_all(begin: Begin) -> None:
    """`--full` reads everything again, and still no text twice."""
    nights = begin(files_of_all_kinds())
    nights.night(options=NO_SETTINGS)
    quiet = nights.night(options=NO_SETTINGS)
    full = nights.night(options=Options(full=True, settings_budget=0))

    assert "workflow_trees" not in quiet.requests_by_family
    assert full.requests_by_family["workflow_trees"] == 1 + 1
    assert "blobs" not in {*quiet.requests_by_family, *full.requests_by_family}


def test_a_switched_default_branch_is_read_without_a_push(begin: Begin) -> None:
    """GitHub need not move pushed_at for it."""
    world = World(seed=1)
    acme = world.org("acme")
    acme.repo("shop", files={f"{W}ci.yml": CI}, branches={"next": {f"{W}new.yml": CI}})
    nights = begin(world)
    nights.night(options=NO_SETTINGS)
    acme.repository("shop").default_branch = "next"
    nights.night(options=NO_SETTINGS)

    assert nights.rows("select path from workflow_file where valid_to_run is null") == [
        (f"{W}new.yml",)
    ]


def test_files_that_files_refer_to_are_read_at_their_ref(begin: Begin) -> None:
    """Also what those refer to; what is not there leaves no row."""
    nights = begin(callers_and_callees())
    seen = nights.once(options=NO_SETTINGS)

    assert sorted(path for (path,) in seen.rows("workflow_file", "path")) == [
        f"{W}build.yml",
        f"{W}build.yml@v1",
        f"{W}ci.yml",
        f"{W}inner.yml@v1",
        "action.yaml@v1",
        "login/action.yml",
        "tools/sign/action.yml",
    ]


def test_they_stay_when_only_the_callee_was_pushed(begin: Begin) -> None:
    """Its callers are not read again, and still need them."""
    world = callers_and_callees()
    nights = begin(world)
    nights.night(options=NO_SETTINGS)
    before = nights.rows(FILES)
    world["acme"].repository("ci").commit({"README.md": "news\n"}, at=1_900_000_000)
    nights.night(options=NO_SETTINGS)

    assert nights.rows(FILES) == before


def test_scope_restricts_files_and_settings_never_the_lists(begin: Begin) -> None:
    """What lies outside is said to be unread, not to be empty."""
    nights = begin(files_of_all_kinds())
    seen = nights.once(scope=Scope(include=("same",)))

    assert len(seen.rows("repository")) == 5
    assert sorted(seen.coverage("workflow_trees").values()) == [
        ("complete", None),
        *[("not_collected", "not_collected")] * 4,
    ]
    assert len(seen.coverage("repo_secrets")) == 1


def test_a_text_of_another_id_is_not_believed(begin: Begin) -> None:
    """It is asked for once more; then the file is said to have failed, and tried the next night."""
    nights = begin(files_of_all_kinds())
    nights.server.faults.broken_body("corrupt", path="/repos/acme/same/git/blobs/*")
    nights.server.faults.broken_body("corrupt", path="/repos/acme/archived/git/blobs/*")
    world = nights.server.world
    world["acme"].repository("same").commit({f"{W}own.yml": CI + "# own\n"}, at=1_800_000_000)
    nights.night(options=BY_REST)
    own = "select status, reason from workflow_file where path like '%own.yml'"

    assert nights.rows(f"{own} and valid_to_run is null") == [("failed", "truncated")]
    assert ("partial", "truncated") in nights.coverage("workflow_trees").values()

    nights.server.faults.clear()
    nights.night(options=NO_SETTINGS)

    assert nights.rows(f"{own} and valid_to_run is null") == [("read", None)]
    assert {status for status, _ in nights.coverage("workflow_trees").values()} == {"complete"}


def test_repositories_that_are_renamed_or_deleted_meanwhile(begin: Begin) -> None:
    """The id stays the key; what is gone is no crash."""
    world = files_of_all_kinds()
    nights = begin(world)

    def change(world: World) -> None:
        world["acme"].rename("same", "renamed")
        world["acme"].delete_repository("archived")

    nights.server.faults.change(change, path="/graphql", start=1)
    seen = nights.once(options=NO_SETTINGS)
    statuses = seen.coverage("workflow_trees")
    ids = dict(seen.rows("repository", "name", "repository_id"))

    assert statuses[str(ids["same"])] == ("complete", None)
    assert statuses[str(ids["archived"])] == ("denied", "not_found_404")


def test_a_repository_whose_contents_are_withheld_is_said_so(begin: Begin) -> None:
    """By GraphQL and by REST alike."""
    world = files_of_all_kinds()
    world.deny("/repos/acme/same/*", 403)
    world.switches.graphql_partial = {"acme/same"}
    nights = begin(world)
    seen = nights.once(options=NO_SETTINGS)

    assert ("denied", "forbidden_403") in seen.coverage("workflow_trees").values()
