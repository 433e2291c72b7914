from datetime import timedelta
from pathlib import Path

import pytest

from collector.known import (
    Known,
    KnownCoverage,
    KnownPackage,
    KnownTree,
    read_blobs,
    read_facts,
    read_known,
)
from collector.linking import Linked
from collector.publish import publish
from collector.stage_files import create_stage
from tests.collector.nights import (
    Answer,
    make_stage,
    night,
    package,
    packages,
    publish_night,
    repositories,
    repository,
    run_of,
)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "acme.duckdb"


def _tree(number: int) -> Answer:
    row = {"repository_id": number, "default_branch": "main", "github_tree_oid": f"t{number}"}
    return Answer("workflow_trees", str(number), table="repository_tree", rows=[row])


def test_without_an_inventory_nothing_is_known_and_no_file_is_made(db: Path) -> None:
    assert read_known(db, "acme") == Known()
    assert read_blobs(db, ["aa"]) == {}
    assert read_facts(db, ["aa"], parser_version=1) == {}
    assert not db.exists()


def test_what_is_asked_of_nothing_is_nothing(db: Path) -> None:
    publish_night(db, 0, [])

    assert read_blobs(db, []) == {}
    assert read_facts(db, [], parser_version=1) == {}


def test_another_organization_is_not_known(db: Path) -> None:
    publish(db, make_stage(db, 0, [packages("private", package(1))], org="umbrella"))

    assert read_known(db, "acme").packages == {}


def test_what_is_gone_is_not_known(db: Path) -> None:
    publish_night(db, 0, [repositories(repository(1)), _tree(1), packages("public", package(1))])
    publish_night(db, 1, [repositories(), packages("public")])

    known = read_known(db, "acme")

    assert (known.trees, known.packages) == ({}, {})
    assert ("workflow_trees", "1") not in known.coverage


def test_a_tree_whose_files_were_not_all_read_is_read_again(db: Path) -> None:
    failed = _tree(1)
    failed.status = "partial"
    publish_night(db, 0, [failed, _tree(2)])

    assert read_known(db, "acme").trees == {2: KnownTree(None, "main", "t2", None)}


def test_packages_and_the_age_of_answers_are_known(db: Path) -> None:
    publish_night(
        db,
        0,
        [
            packages("private", package(1, repository_id=7)),
            packages("public", status="denied"),
        ],
    )
    read = night(0) + timedelta(minutes=1)

    known = read_known(db, "acme")

    assert known.packages == {1: KnownPackage("container", "p1", "private", 7)}
    assert known.coverage["packages", "container/public"] == KnownCoverage("denied", read, None)
    assert known.age("packages", "container/private", now=night(1)) == night(1) - read
    assert known.age("packages", "container/public", now=night(1)) is None
    assert known.age("packages", "npm/public", now=night(1)) is None


def test_the_age_of_a_carried_answer_counts_from_when_it_was_read(db: Path) -> None:
    publish_night(db, 0, [_tree(1)])
    publish_night(db, 1, [])

    known = read_known(db, "acme")

    assert known.coverage["workflow_trees", "1"].status == "carried"
    assert known.age("workflow_trees", "1", now=night(1)) == timedelta(days=1, minutes=-1)


def test_texts_facts_and_etags_come_back(db: Path) -> None:
    for number, etag in ((0, "old"), (1, "new")):
        stage = create_stage(db, run_of(number))
        with stage.batch() as batch:
            batch.put_blob("aa", b"on: push")
            batch.put_facts("aa", kind="workflow", parser_version=2, facts={"jobs": [1]})
            batch.put_facts("bb", kind="workflow", parser_version=2, status="parse_error")
            batch.record_request(
                method="GET", path="/orgs/acme", status=200, etag=etag, credential="pat"
            )
            batch.record_request(
                method="GET", path="/orgs/acme", status=304, etag="none", credential="pat"
            )
        stage.finish(ended_at=night(number))
        publish(db, stage.path)

    known = read_known(db, "acme")

    assert known.blobs == {"aa"}
    assert known.facts == {("aa", "workflow", 2), ("bb", "workflow", 2)}
    assert known.etags == {("pat", "/orgs/acme"): "new"}
    assert read_blobs(db, ["aa", "zz"]) == {"aa": b"on: push"}
    assert read_facts(db, ["aa", "bb"], parser_version=2) == {("aa", "workflow"): {"jobs": [1]}}
    assert read_facts(db, ["aa"], parser_version=1) == {}


def test_repositories_that_log_in_with_a_stored_secret_are_known(db: Path) -> None:
    def login(number: int, credential: str) -> Linked:
        row = {
            "repository_id": number,
            "path": ".github/workflows/x.yml",
            "job": "build",
            "form": "docker/login-action",
            "registry": "container",
            "credential": credential,
            "credential_name": "X",
            "ordinal": 0,
        }
        return Linked(repository_id=number, registry_logins=[row])

    publish_night(db, 0, [], link=lambda _con, _run: [login(1, "pat"), login(2, "github_token")])

    assert read_known(db, "acme").login_repositories == {1}
