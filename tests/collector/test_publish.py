import json
import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from collector.errors import StoreError, StoreLockedError
from collector.publish import StageSupersededError, publish
from collector.run import Run
from collector.stage_batch import Status
from collector.stage_files import create_stage, stages_dir
from collector.store import open_inventory
from tests.collector.nights import (
    Answer,
    fetch,
    intervals,
    make_stage,
    night,
    open_keys,
    package,
    packages,
    publish_night,
    repositories,
    repository,
    run_of,
)

_READ_OFTEN = """
import json, sys
from pathlib import Path
from collector.store import open_inventory
seen = set()
while True:
    with open_inventory(Path(sys.argv[1]), read_only=True) as con:
        seen.add(tuple(con.execute(
            "select (select count(*) from run), (select count(*) from repository),"
            " (select count(*) from coverage), (select count(*) from judgement)"
        ).fetchall()[0]))
    print(json.dumps(sorted(seen)), flush=True)
"""


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "acme.duckdb"


def _details(number: int, status: Status = "complete", **row: Any) -> Answer:
    rows = [{"package_id": number, **row}] if row else []
    return Answer("package_details", str(number), status, table="package_connection", rows=rows)


def _approval(number: int, policy: str | None, status: Status = "complete") -> Answer:
    rows = [] if policy is None else [{"repository_id": number, "approval_policy": policy}]
    return Answer("repo_fork_approval", str(number), status, table="fork_approval", rows=rows)


def test_a_list_that_was_not_read_to_its_end_closes_nothing(db: Path) -> None:
    publish_night(db, 0, [repositories(repository(1), repository(2))])
    statuses: tuple[Status, ...] = ("partial", "denied", "unavailable", "failed", "not_collected")
    for number, status in enumerate(statuses, start=1):
        publish_night(db, number, [repositories(repository(1), status=status)])

    assert open_keys(db, "repository", "repository_id") == [1, 2]


def test_a_subject_that_was_not_asked_closes_nothing(db: Path) -> None:
    publish_night(db, 0, [repositories(repository(1)), _approval(1, "all")])
    publish_night(db, 1, [repositories(repository(1))])

    assert intervals(db, "fork_approval") == [(0, None)]


def test_the_same_answer_every_night_is_one_interval_that_was_seen_last_night(db: Path) -> None:
    for number in range(3):
        publish_night(db, number, [repositories(repository(1, pushed_at=night(number)))])

    assert intervals(db, "repository") == [(0, None)]
    assert fetch(db, "select observed_at, pushed_at from repository") == [
        (night(2) + timedelta(minutes=1), night(2))
    ]


def test_another_organizations_facts_are_left_alone(db: Path) -> None:
    publish_night(db, 0, [repositories(repository(1))])
    publish(db, make_stage(db, 1, [repositories(repository(2))], org="umbrella"))

    assert open_keys(db, "repository", "repository_id") == [1, 2]


def test_a_complete_answer_closes_what_it_no_longer_holds(db: Path) -> None:
    publish_night(db, 0, [repositories(repository(1), repository(2))])
    publish_night(db, 1, [repositories(repository(2))])

    assert intervals(db, "repository", "repository_id = 1") == [(0, 1)]
    assert intervals(db, "repository", "repository_id = 2") == [(0, None)]


def test_a_fact_that_comes_back_opens_a_new_interval(db: Path) -> None:
    publish_night(db, 0, [repositories(repository(1))])
    publish_night(db, 1, [repositories()])
    publish_night(db, 2, [repositories(repository(1))])

    assert intervals(db, "repository") == [(0, 1), (2, None)]


def test_a_changed_fact_closes_one_interval_and_opens_the_next(db: Path) -> None:
    publish_night(db, 0, [repositories(repository(1))])
    publish_night(db, 1, [repositories(repository(1, visibility="public"))])

    assert intervals(db, "repository", "visibility = 'private'") == [(0, 1)]
    assert intervals(db, "repository", "visibility = 'public'") == [(1, None)]


def test_a_renamed_repository_stays_the_same_repository(db: Path) -> None:
    publish_night(db, 0, [repositories(repository(1, name="old")), _approval(1, "all")])
    publish_night(db, 1, [repositories(repository(1, name="new"))])

    assert open_keys(db, "repository", "name") == ["new"]
    assert intervals(db, "fork_approval") == [(0, None)]


def test_a_package_that_becomes_public_is_one_change(db: Path) -> None:
    publish_night(db, 0, [packages("private", package(1)), packages("public")])
    publish_night(db, 1, [packages("private"), packages("public", package(1, "public"))])

    assert intervals(db, "package") == [(0, 1), (1, None)]
    assert open_keys(db, "package", "coverage_subject") == ["container/public"]


def test_a_package_found_in_two_sweeps_of_one_night_is_one_package(db: Path) -> None:
    both = [packages("private", package(1)), packages("public", package(1, "public"))]
    publish_night(db, 0, both)

    assert fetch(db, "select package_id, visibility from package") == [(1, "public")]


def test_unchanged_says_that_the_facts_of_before_still_hold(db: Path) -> None:
    publish_night(db, 0, [repositories(repository(1)), _approval(1, "all")])
    publish_night(db, 1, [repositories(repository(1)), _approval(1, None, "unchanged")])

    assert intervals(db, "fork_approval") == [(0, None)]
    assert fetch(db, "select observed_at from fork_approval") == [
        (night(1) + timedelta(minutes=1),)
    ]
    assert fetch(db, "select status, observed_at from coverage where subject = '1'") == [
        ("complete", night(1) + timedelta(minutes=1))
    ]


def test_unchanged_without_anything_before_is_a_failure(db: Path) -> None:
    publish_night(db, 0, [_approval(1, None, "unchanged")])

    assert fetch(db, "select status, reason from coverage") == [("failed", "nothing_to_confirm")]


def test_what_belongs_to_a_repository_goes_with_it(db: Path) -> None:
    secret = {
        "store": "actions",
        "scope": "repository",
        "repository_id": 1,
        "environment": "",
        "name": "PAT",
    }
    publish_night(
        db,
        0,
        [
            repositories(repository(1), repository(2)),
            _approval(1, "all"),
            _approval(2, "all"),
            Answer("repo_secrets", "1", table="secret", rows=[secret]),
        ],
    )
    publish_night(db, 1, [repositories(repository(2))])

    assert open_keys(db, "fork_approval", "repository_id") == [2]
    assert intervals(db, "secret") == [(0, 1)]
    assert open_keys(db, "coverage", "family || '/' || subject") == [
        "repo_fork_approval/2",
        "repositories/",
    ]


def test_what_was_never_listed_is_nobodys_orphan(db: Path) -> None:
    # A repository that the list does not show, such as one made during the crawl.
    publish_night(db, 0, [repositories(repository(1)), _approval(9, "all")])
    publish_night(db, 1, [repositories(repository(1))])

    assert open_keys(db, "fork_approval", "repository_id") == [9]


def test_what_was_read_tonight_stays_although_its_repository_is_gone_from_the_list(
    db: Path,
) -> None:
    publish_night(db, 0, [repositories(repository(1)), _approval(1, "all")])
    publish_night(db, 1, [repositories(), _approval(1, "all")])

    assert intervals(db, "fork_approval") == [(0, None)]


def test_what_belongs_to_a_package_goes_with_it(db: Path) -> None:
    publish_night(db, 0, [packages("private", package(1)), _details(1, repository_id=7)])
    publish_night(db, 1, [packages("private")])

    assert intervals(db, "package_connection") == [(0, 1)]
    assert open_keys(db, "coverage", "family") == ["packages"]


def test_environments_secrets_and_teams_take_their_children_with_them(db: Path) -> None:
    environment = {"repository_id": 1, "name": "prod"}
    of_environment = {
        "store": "actions",
        "scope": "environment",
        "repository_id": 1,
        "environment": "prod",
        "name": "KEY",
    }
    of_organization = {
        "store": "actions",
        "scope": "organization",
        "repository_id": 0,
        "environment": "",
        "name": "PAT",
    }
    reach = {"store": "actions", "name": "PAT", "repository_id": 1}
    team = {"team_id": 3, "slug": "ops"}
    role = {"team_slug": "ops", "repository_id": 1, "role": "admin"}
    publish_night(
        db,
        0,
        [
            repositories(repository(1)),
            Answer("repo_environments", "1", table="environment", rows=[environment]),
            Answer("environment_secrets", "1/prod", table="secret", rows=[of_environment]),
            Answer("org_secrets", table="secret", rows=[of_organization]),
            Answer("org_secret_repositories", "PAT", table="secret_repository", rows=[reach]),
            Answer("teams", table="team", rows=[team]),
            Answer("team_repositories", "ops", table="team_repository", rows=[role]),
        ],
    )
    publish_night(
        db,
        1,
        [
            repositories(repository(1)),
            Answer("repo_environments", "1"),
            Answer("org_secrets"),
            Answer("teams"),
        ],
    )

    for table in ("environment", "secret", "secret_repository", "team", "team_repository"):
        assert {end for _, end in intervals(db, table)} == {1}, table
    assert open_keys(db, "coverage", "family") == [
        "org_secrets",
        "repo_environments",
        "repositories",
        "teams",
    ]


def test_texts_and_requests_of_every_night_are_kept_once(db: Path) -> None:
    for number in range(2):
        stage = create_stage(db, run_of(number))
        with stage.batch() as batch:
            batch.put_blob("aa", b"on: push")
            batch.put_facts("aa", kind="workflow", parser_version=1, facts={})
            batch.record_request(method="GET", path="/orgs/acme", status=200)
        stage.finish(ended_at=night(number))
        publish(db, stage.path)

    counts = [fetch(db, f"select count(*) from {table}") for table in ("blob", "blob_facts")]
    assert counts == [[(1,)], [(1,)]]
    assert fetch(db, "select count(*) from request") == [(2,)]


def test_old_requests_go_when_the_same_was_asked_again(db: Path) -> None:
    for number in (0, 1, 50):
        stage = create_stage(db, run_of(number))
        with stage.batch() as batch:
            batch.record_request(method="GET", path="/orgs/acme", status=200)
            if number == 0:
                batch.record_request(method="GET", path="/orgs/acme/teams", status=200)
        stage.finish(ended_at=night(number))
        publish(db, stage.path)

    assert fetch(db, "select run_id, path from request order by all") == [
        (run_of(0).run_id, "/orgs/acme/teams"),
        (run_of(50).run_id, "/orgs/acme"),
    ]


def test_an_unfinished_crawl_is_not_published(db: Path) -> None:
    with create_stage(db, run_of(0)) as stage:
        path = stage.path

    with pytest.raises(StoreError, match="has not finished"):
        publish(db, path)


def test_a_stage_that_is_not_there_is_said_so(db: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        publish(db, db.with_name("no.duckdb"))


def test_a_stage_that_is_being_written_is_waited_for_by_no_one(db: Path) -> None:
    path = make_stage(db, 0, [])
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        with pytest.raises(StoreLockedError, match="held by another process"):
            publish(db, path)
        child.kill()


def test_a_published_stage_is_removed(db: Path) -> None:
    outcome = publish_night(db, 0, [repositories(repository(1))])

    assert (outcome.run_id, outcome.outcome) == (run_of(0).run_id, "published")
    assert list(stages_dir(db).iterdir()) == []
    assert fetch(db, "select run_id, status, ended_at from run") == [
        (run_of(0).run_id, "published", night(0) + timedelta(hours=1))
    ]


def test_a_stage_published_before_is_only_removed(db: Path) -> None:
    path = make_stage(db, 0, [repositories(repository(1))])
    copy = path.read_bytes()
    publish(db, path)
    publish_night(db, 1, [repositories()])
    path.write_bytes(copy)

    assert publish(db, path).outcome == "already_published"
    assert not path.exists()
    assert intervals(db, "repository") == [(0, 1)]


def test_a_stage_older_than_what_was_published_is_refused_and_kept(db: Path) -> None:
    publish_night(db, 1, [repositories(repository(1))])
    path = make_stage(db, 0, [repositories()])

    with pytest.raises(StageSupersededError, match="is newer and already in the inventory"):
        publish(db, path)

    assert [kept.name for kept in stages_dir(db).iterdir()] == [path.name + ".superseded"]
    assert open_keys(db, "repository", "repository_id") == [1]


def test_a_judge_that_fails_leaves_everything_as_it_was(db: Path) -> None:
    publish_night(db, 0, [repositories(repository(1))])
    path = make_stage(db, 1, [repositories()])

    def fail(con: duckdb.DuckDBPyConnection, run: Run) -> None:
        raise KeyError(run.run_id)

    with pytest.raises(KeyError):
        publish(db, path, judge=fail)
    before = intervals(db, "repository")
    publish(db, path)

    assert before == [(0, None)]
    assert intervals(db, "repository") == [(0, 1)]


def test_the_judge_sees_the_night_and_reaches_no_other_file(db: Path, tmp_path: Path) -> None:
    seen: list[Any] = []

    def judge(con: duckdb.DuckDBPyConnection, run: Run) -> None:
        seen.append(con.execute("select repository_id from repository").fetchall())
        with pytest.raises(duckdb.PermissionException):
            con.execute(f"copy run to '{tmp_path}/out.csv'")

    publish_night(db, 0, [repositories(repository(7))], judge=judge)

    assert seen == [[(7,)]]
    assert not (tmp_path / "out.csv").exists()


def test_readers_see_whole_nights_only(db: Path) -> None:
    def judge(con: duckdb.DuckDBPyConnection, run: Run) -> None:
        con.execute(
            "insert into judgement values (?, ?, 'acme', ?, '', '', '', '', '', ?)",
            [run.run_id, run.run_id, run.ended_at, run.ended_at],
        )

    publish_night(db, 0, [repositories(*(repository(i) for i in range(100)))], judge=judge)
    lines: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", _READ_OFTEN, str(db)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        output = child.stdout
        lines.append(output.readline())
        reader = threading.Thread(target=lambda: lines.extend(output))
        reader.start()
        for number in range(1, 6):
            rows = [repository(i) for i in range(100 * (number + 1))]
            publish_night(db, number, [repositories(*rows)], judge=judge)
        child.kill()
        reader.join()

    whole = {(n, 100 * n, 1, n) for n in range(1, 7)}
    complete = [line for line in lines if line.endswith("]\n")]
    assert {tuple(row) for row in json.loads(complete[-1])} <= whole
    assert len(complete) > 1


def test_a_path_with_a_quote_in_it_is_a_path(tmp_path: Path) -> None:
    folder = tmp_path / "o'brien"
    folder.mkdir()

    publish_night(folder / "x.duckdb", 0, [repositories(repository(1))])

    assert open_keys(folder / "x.duckdb", "repository", "repository_id") == [1]


def test_publishing_leaves_the_processs_umask_as_it_was(db: Path) -> None:
    before = os.umask(0o027)
    try:
        publish_night(db, 0, [])
        with open_inventory(db, read_only=True):
            pass
        after = os.umask(0o027)
    finally:
        os.umask(before)

    assert after == 0o027


@pytest.mark.parametrize("raised", [duckdb.OutOfMemoryException, duckdb.FatalException])
def test_where_little_memory_is_too_little_it_is_published_with_more(
    db: Path, raised: type[Exception]
) -> None:
    limits: list[str] = []

    def judge(con: duckdb.DuckDBPyConnection, _run: Run) -> None:
        limits.extend(con.execute("select current_setting('memory_limit')").fetchone() or ())
        if len(limits) == 1:
            raise raised("Out of Memory Error")

    stage = make_stage(db, 0, [repositories(repository(1))])

    assert publish(db, stage, judge=judge).outcome == "published"
    assert open_keys(db, "repository", "repository_id") == [1]
    assert len(set(limits)) == len(limits) == 2
    assert not stage.exists()


def test_where_no_memory_is_enough_that_is_said_and_the_stage_is_kept(db: Path) -> None:
    def judge(_con: duckdb.DuckDBPyConnection, _run: Run) -> None:
        raise duckdb.OutOfMemoryException("Out of Memory Error: could not allocate")

    stage = make_stage(db, 0, [repositories(repository(1))])

    with pytest.raises(StoreError, match="memory"):
        publish(db, stage, judge=judge)
    assert stage.exists()
    assert open_keys(db, "repository", "repository_id") == []
