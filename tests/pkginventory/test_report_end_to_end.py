"""`report --org acme` against a served organization: the truth, the whole truth, and what is not known."""

from __future__ import annotations

import json
import stat
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.fake_github import truth_of
from tests.fake_github.worlds import small
from tests.pkginventory.tools import by_subject, island_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fake_github import FakeGitHub, World
    from tests.pkginventory.tools import Desk

    Serve = Callable[[World], FakeGitHub]

# What is wrong in worlds/small.py, and nothing else is.
WRONG_IN_SMALL = {
    ("PKG001", "container:acme/billing"),
    ("PKG007", "container:acme/tools/builder"),
    ("PKG008", "container:acme/base"),
    ("PKG008", "nuget:acme/Acme.Client"),
    ("PKG009", "organization/GHCR_PAT"),
    ("PKG014", "acme"),
}


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the folder that holds the owner's inventory of the small world."""
    return tmp_path_factory.mktemp("owner")


@pytest.fixture
def owner(desk: Desk, serve: Serve, reported: Path) -> Desk:
    """Sit where an owner has reported on the small world; collected once for this module."""
    kept = reported / "inventory.duckdb"
    if not kept.exists():
        desk.at(serve(small()))
        assert desk.report("--db", str(kept)).code == 0
        desk.out.rename(reported / "out")
    desk.take(kept)
    for name in ("report.html", "findings.jsonl", "verdicts.jsonl", "coverage.json"):
        desk.out.mkdir(exist_ok=True)
        (desk.out / name).write_bytes((reported / "out" / name).read_bytes())
    return desk


def test_packages_visibilities_and_connections_are_those_of_the_organization(owner: Desk) -> None:
    truth = truth_of(small())
    found = owner.query("select package_type, name, visibility, repository from packages")

    assert {(kind, name): visibility for kind, name, visibility, _ in found} == truth.packages
    assert {(kind, name): repository for kind, name, _, repository in found} == truth.connections


def test_repositories_and_workflow_texts_are_those_of_the_organization(owner: Desk) -> None:
    truth = truth_of(small())
    repositories = dict(owner.query("select repository, visibility from repositories"))
    workflows = owner.query(
        "select repository, path, blob_sha from workflow_files where kind = 'workflow'"
    )

    assert repositories == truth.repositories
    assert {(name, path): blob for name, path, blob in workflows} == truth.workflows


def test_the_findings_are_true_and_there_are_no_others(owner: Desk) -> None:
    findings = owner.findings()
    of_packages = {
        (line["rule"], line["subject"])
        for line in findings
        if line["rule"] in {"PKG001", "PKG007", "PKG008", "PKG009", "PKG013", "PKG014"}
    }
    logins = {
        (line["repository"], line["path"], line["secret"])
        for line in findings
        if line["rule"] == "PKG002"
    }

    assert of_packages == WRONG_IN_SMALL
    assert logins == truth_of(small()).pat_logins


def test_a_private_package_without_evidence_is_unknown_because_no_api_tells(owner: Desk) -> None:
    verdicts = by_subject(owner.verdicts(), "PKG001")

    assert verdicts["container:acme/tools/builder"] == "unknown: no_api"
    assert "container:acme/tools/builder" not in {
        line["subject"] for line in owner.findings() if line["rule"] == "PKG001"
    }


def test_the_equation_recomputed_from_the_verdicts_is_the_reports(owner: Desk) -> None:
    verdicts = owner.verdicts()
    counted = Counter(line["verdict"] for line in verdicts)
    told = owner.coverage()["equation"]

    assert told == {
        "population": len(verdicts),
        "waived": 0,
        **{word: counted[word] for word in ("pass", "fail", "unknown", "not_applicable")},
    }
    assert sum(counted.values()) == len(verdicts)
    assert len({line["fingerprint"] for line in verdicts}) == len(verdicts)


def test_each_rule_judges_its_whole_population_once(owner: Desk) -> None:
    verdicts = owner.verdicts()
    packages = {row[0] for row in owner.query("select subject from packages")}

    for rule in ("PKG001", "PKG007"):
        assert set(by_subject(verdicts, rule)) == packages
    assert len(Counter((line["rule"], line["subject"]) for line in verdicts)) == len(verdicts)


def test_findings_are_the_failed_verdicts_line_by_line(owner: Desk) -> None:
    assert owner.findings() == [line for line in owner.verdicts() if line["verdict"] == "fail"]


def test_the_report_carries_every_subject_it_judged(owner: Desk) -> None:
    island = island_of(owner.page())

    for line in owner.findings():
        assert json.dumps(line["reason"], ensure_ascii=False)[1:-1] in island


PROFILES: dict[str, tuple[int, bool]] = {
    # profile: exit code, whether every list is readable
    "owner": (0, True),
    "oauth": (0, True),
    "no_admin_scope": (0, True),
    "no_packages_scope": (4, False),
    "fine_grained": (4, False),
    "app": (4, False),
    "saml_required": (4, False),
    "saml_partial": (4, False),
    "classic_forbidden": (4, False),
    "ip_not_allowed": (4, False),
    # Reads packages, and public repositories only.
    "packages_only": (4, False),
}


@pytest.mark.parametrize("profile", PROFILES)
def test_each_kind_of_token_ends_in_its_exit_code(desk: Desk, serve: Serve, profile: str) -> None:
    code, lists_all = PROFILES[profile]

    ran = desk.at(serve(small()), profile).report()

    assert ran.code == code
    page, coverage = desk.page(), desk.coverage()
    assert coverage["complete"] is lists_all
    counted = Counter(line["verdict"] for line in desk.verdicts())
    assert coverage["equation"]["population"] == sum(counted.values())
    if not lists_all:
        assert "incomplete" in page.lower()
        assert "incomplete" in ran.printed.lower()
        for text in (page, ran.printed):
            assert "0 packages" not in text
            assert "no packages" not in text.lower()


@pytest.mark.parametrize("profile", ["revoked", "expired"])
def test_a_refused_token_is_used_once_and_nothing_is_published(
    desk: Desk, serve: Serve, profile: str
) -> None:
    server = serve(small())

    ran = desk.at(server, profile).report()

    assert ran.code == 3
    assert len(server.requests) == 1
    assert not desk.db.exists()
    assert not desk.out.exists()
    assert "refused" in ran.err
    assert "Traceback" not in ran.printed


@pytest.mark.parametrize("profile", ["member", "outsider", "packages_only"])
def test_a_reader_who_is_no_owner_is_told_that_the_lists_may_be_short(
    desk: Desk, serve: Serve, profile: str
) -> None:
    """A package whose repository is hidden from the reader is not 'connected to none'."""
    desk.at(serve(small()), profile).report()
    truth = truth_of(small()).connections
    failed = {
        (line["package"], line["subject"]) for line in desk.findings() if line["rule"] == "PKG007"
    }
    unconnected = {f"{kind}:acme/{name}" for (kind, name), where in truth.items() if where is None}

    if profile != "outsider":
        # Nothing that GitHub says tells an outsider's token from an owner's for sure.
        assert {subject for _, subject in failed} <= unconnected
    ((warnings,),) = desk.query("select warnings::varchar from run")
    assert "owner" in warnings


def test_everything_written_is_for_its_owner_alone(desk: Desk, serve: Serve) -> None:
    desk.at(serve(small())).report("--record", str(desk.folder / "cassette"))
    desk.run("export", "--org", "acme", "--format", "csv", "--out", str(desk.folder / "all.csv"))

    files = [path for path in desk.folder.rglob("*") if path.is_file()]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
    assert len(files) >= 7
    assert set(modes.values()) == {0o600}, modes


def test_a_recorded_run_is_replayed_to_the_same_verdicts(desk: Desk, serve: Serve) -> None:
    cassette = desk.folder / "cassette"
    desk.at(serve(small()))
    recorded = desk.report("--record", str(cassette), "--no-graphql")
    first = _without_run(desk.verdicts())
    desk.monkeypatch.delenv("PKGINVENTORY_TOKEN")

    replayed = desk.report(
        "--replay", str(cassette), "--no-graphql", "--db", str(desk.folder / "again.duckdb")
    )

    assert (recorded.code, replayed.code) == (0, 0)
    assert _without_run(desk.verdicts()) == first


def test_a_second_night_without_changes_gives_the_same_verdicts(desk: Desk, serve: Serve) -> None:
    server = serve(small())
    desk.at(server).report()
    first, asked = _without_run(desk.verdicts()), len(server.requests)
    server.forget()

    desk.report("--max-age", "0s")

    assert _without_run(desk.verdicts()) == first
    assert 0 < len(server.requests) < asked


def _without_run(verdicts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what names the run or its time."""
    own = {"run_id", "first_seen", "hops", "reason"}
    return [{key: value for key, value in line.items() if key not in own} for line in verdicts]
