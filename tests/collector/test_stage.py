import json
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.errors import StoreError
from collector.stage import PageDone, Stage, open_stage
from collector.stage_files import create_stage
from tests.collector.nights import night, package, repository, run_of


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "acme.duckdb"


def _put(stage: Stage, *rows: dict[str, Any], lazy: bool = False) -> None:
    with stage.batch(lazy=lazy) as batch:
        batch.put("repository", rows, family="repositories")


def test_a_block_that_fails_stores_nothing(db: Path) -> None:
    with create_stage(db, run_of(0)) as stage:
        with pytest.raises(KeyError), stage.batch() as batch:  # noqa: PT012  the block is the point
            batch.put("repository", [repository(1)], family="repositories")
            batch.page_done("repositories", "", 1)
            raise KeyError

        assert stage.rows("repository") == []
        assert stage.last_page("repositories") is None


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (repository(1) | {"colour": "red"}, "repository has no column colour"),
        (repository(1) | {"visibility": None}, r"repository\.visibility must not be null"),
        ({"repository_id": 1}, r"repository\.full_name must not be null"),
        (repository(1 << 64), "'18446744073709551616' is no whole number of 64 bits"),
        (repository(1, size="large"), "'large' is no whole number"),
        ("a row", "a row is a mapping or a dataclass, not str"),
    ],
)
def test_a_row_that_does_not_fit_its_table_is_refused(db: Path, row: Any, message: str) -> None:
    with (
        create_stage(db, run_of(0)) as stage,
        pytest.raises(ValueError, match=message),
        stage.batch() as batch,
    ):
        batch.put("repository", [row], family="repositories")


def test_a_family_outside_the_catalogue_is_refused(db: Path) -> None:
    no_family = "'repos' is no endpoint family"
    with create_stage(db, run_of(0)) as stage, stage.batch() as batch:
        with pytest.raises(ValueError, match=no_family):
            batch.put("repository", [], family="repos")
        with pytest.raises(ValueError, match=no_family):
            batch.record_coverage("repos", status="complete")
        with pytest.raises(ValueError, match=no_family):
            batch.subject_done("repos")


def test_what_publish_derives_can_not_be_put(db: Path) -> None:
    with (
        create_stage(db, run_of(0)) as stage,
        stage.batch() as batch,
        pytest.raises(ValueError, match="is derived when the stage is published"),
    ):
        batch.put("registry_login", [], family="links")


def test_pages_count_from_one(db: Path) -> None:
    with (
        create_stage(db, run_of(0)) as stage,
        stage.batch() as batch,
        pytest.raises(ValueError, match="pages count from 1"),
    ):
        batch.page_done("repositories", "", 0)


def test_columns_asked_for_must_exist(db: Path) -> None:
    with create_stage(db, run_of(0)) as stage, pytest.raises(ValueError, match="no column nope"):
        stage.rows("repository", "nope")


def test_a_page_that_comes_twice_doubles_nothing_and_the_newest_row_wins(db: Path) -> None:
    with create_stage(db, run_of(0)) as stage:
        _put(stage, repository(1, visibility="private"), repository(2))
        _put(stage, repository(1, visibility="public"), repository(2))

        assert stage.rows("repository", "repository_id", "visibility") == [
            (1, "public"),
            (2, "private"),
        ]


def test_rows_can_be_limited_to_what_one_family_vouches_for(db: Path) -> None:
    with create_stage(db, run_of(0)) as stage, stage.batch() as batch:
        batch.record_coverage("repositories", status="complete")
        batch.record_coverage("packages", "npm/public", status="denied")
    with open_stage(stage.path) as again:
        assert again.rows("coverage", "subject", "status", family="packages") == [
            ("npm/public", "denied")
        ]


def test_a_dataclass_is_a_row(db: Path) -> None:
    @dataclass(frozen=True, slots=True)
    class Setting:
        repository_id: int
        approval_policy: str

    with create_stage(db, run_of(0)) as stage:
        with stage.batch() as batch:
            batch.put(
                "fork_approval",
                [Setting(7, "all_external_contributors")],
                family="repo_fork_approval",
                subject="7",
            )

        assert stage.rows("fork_approval", "org", "repository_id", "coverage_subject") == [
            ("acme", 7, "7")
        ]


def test_times_are_stored_as_utc_without_a_zone(db: Path) -> None:
    east = datetime.fromisoformat("2026-11-23T05:17:00+02:00")
    with create_stage(db, run_of(0)) as stage:
        _put(stage, repository(1, pushed_at=east), repository(2, pushed_at="2026-11-23T03:17:00Z"))

        times = stage.rows("repository", "pushed_at")

    assert times == [(east.astimezone(UTC).replace(tzinfo=None),)] * 2


def test_json_and_hostile_text_come_back_as_they_can(db: Path) -> None:
    conditions = {"ref": ["a\ud800b", "\0", "'; drop table run; --"]}
    with create_stage(db, run_of(0)) as stage:
        with stage.batch() as batch:
            batch.put(
                "actions_policy",
                [
                    {"repository_id": 0, "name": "\udfff\0", "conditions": conditions},
                    {"repository_id": 0, "name": "ready", "conditions": '{"a": 1}'},
                ],
                family="org_actions_policies",
            )

        rows = dict(stage.rows("actions_policy", "name", "conditions"))

    assert json.loads(rows["?\0"]) == {"ref": ["a?b", "\0", "'; drop table run; --"]}
    assert json.loads(rows["ready"]) == {"a": 1}


def test_text_that_is_no_json_is_refused_where_json_belongs(db: Path) -> None:
    with (
        create_stage(db, run_of(0)) as stage,
        stage.batch() as batch,
        pytest.raises(json.JSONDecodeError),
    ):
        batch.put(
            "actions_policy",
            [{"repository_id": 0, "name": "x", "conditions": "{"}],
            family="org_actions_policies",
        )


def test_lists_of_tags_are_stored(db: Path) -> None:
    version = {"package_id": 1, "version_id": 2, "name": "sha256:00", "tags": ["latest", "v1"]}
    with create_stage(db, run_of(0)) as stage:
        with stage.batch() as batch:
            batch.put("package_version", [version], family="package_versions", subject="1")

        assert stage.rows("package_version", "tags") == [(["latest", "v1"],)]


def test_texts_and_what_the_parser_said_are_stored_once(db: Path) -> None:
    with create_stage(db, run_of(0)) as stage:
        for _ in range(2):
            with stage.batch(lazy=True) as batch:
                batch.put_blob("aa", b"on: push", masked=1)
                batch.put_facts("aa", kind="workflow", parser_version=1, facts={"jobs": []})
        stage.flush()
        with stage.batch() as batch:
            batch.put_blob("aa", b"on: push")
            batch.put_facts("aa", kind="workflow", parser_version=2, facts={})

        assert stage.has_blob("aa")
        assert not stage.has_blob("bb")
        assert stage.has_facts("aa", "workflow", 2)
        assert not stage.has_facts("aa", "action", 1)
        assert stage._fetch("select size, content, masked from blob") == [(8, b"on: push", 1)]
        assert len(stage._fetch("from blob_facts")) == 2


def test_requests_are_numbered_in_order_and_go_on_after_reopening(db: Path) -> None:
    def ask(stage: Stage, path: str, *, lazy: bool) -> None:
        with stage.batch(lazy=lazy) as batch:
            batch.record_request(method="GET", path=path, status=200)

    with create_stage(db, run_of(0)) as stage:
        ask(stage, "/a", lazy=True)
        ask(stage, "/b", lazy=False)
    with open_stage(stage.path) as again:
        ask(again, "/c", lazy=False)

        assert again._fetch("select seq, path, run_id from request order by seq") == [
            (0, "/a", run_of(0).run_id),
            (1, "/b", run_of(0).run_id),
            (2, "/c", run_of(0).run_id),
        ]


def test_a_reopened_stage_knows_its_pages_subjects_and_coverage(db: Path) -> None:
    with create_stage(db, run_of(0)) as stage, stage.batch() as batch:
        batch.page_done("repositories", "", 2, {"cursor": "x"})
        batch.page_done("repositories", "", 1)
        batch.subject_done("repo_secrets", "7")
        batch.record_coverage("repo_secrets", "7", status="denied")
        batch.put_blob("aa", b"")

    with open_stage(stage.path) as again:
        assert again.run == run_of(0)
        assert again.last_page("repositories") == PageDone(2, {"cursor": "x"})
        assert again.last_page("repo_secrets", "7") is None
        assert again.is_done("repo_secrets", "7")
        assert not again.is_done("repositories")
        assert again.coverage_of("repo_secrets", "7") == "denied"
        assert again.coverage_of("repo_secrets", "8") is None
        assert again.has_blob("aa")


def test_lazy_batches_are_stored_together_and_at_the_latest_when_the_stage_closes(
    db: Path,
) -> None:
    with create_stage(db, run_of(0)) as stage:
        for number in range(60):
            _put(stage, repository(number), lazy=True)
        stored = stage._fetch("select count(*) from repository")[0][0]
    with open_stage(stage.path) as again:
        assert (stored, len(again.rows("repository"))) == (50, 60)


def test_batches_that_overlap_are_kept_apart(db: Path) -> None:
    with create_stage(db, run_of(0)) as stage:
        with stage.batch() as outer:
            outer.put("repository", [repository(1)], family="repositories")
            with pytest.raises(KeyError), stage.batch() as inner:  # noqa: PT012  the same
                inner.put("package", [package(1)], family="packages", subject="npm/public")
                raise KeyError

        assert (len(stage.rows("repository")), len(stage.rows("package"))) == (1, 0)


def test_a_finished_stage_says_when_it_ended_and_what_to_warn_of(db: Path) -> None:
    stage = create_stage(db, run_of(0))
    stage.finish(ended_at=night(0) + timedelta(hours=1), warnings=["The token ends soon."])

    with open_stage(stage.path) as again:
        assert again.run.ended_at == night(0) + timedelta(hours=1)
        assert again.run.warnings == ("The token ends soon.",)


def test_stage_files_are_for_their_owner_alone(db: Path) -> None:
    with create_stage(db, run_of(0)) as stage:
        _put(stage, repository(1))
        folder = stage.path.parent
        modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}

    assert modes == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_that_is_no_stage_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    path.write_text("nonsense " * 100)

    with pytest.raises(StoreError, match="is not a DuckDB database"):
        open_stage(path)
