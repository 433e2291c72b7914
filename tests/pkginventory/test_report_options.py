"""What the options of `report`, `collect`, `export`, `rules` and `doctor` do, each on one served organization."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.fake_github.worlds import small
from tests.pkginventory.tools import by_subject, read_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_github import FakeGitHub, World
    from tests.pkginventory.tools import Desk

    Serve = Callable[[World], FakeGitHub]

ROOT = Path(__file__).parents[2]
FILES = ("report.html", "findings.jsonl", "verdicts.jsonl", "coverage.json")
OWN_RULE = """\
-- id: ACME001
-- name: every-package
-- title: A package, whichever
-- severity: low
-- subject: package
-- population: Every package.
-- description: Fails for every package.
-- why: To see a rule of one's own run.
-- fails_when: Always.
-- passes_when: Never.
-- unknown_when: Never.
-- not_applicable_when: Never.
-- remediation: None.
-- references: None
-- version: 1

select
    org,
    subject,
    'fail' as verdict,
    null::varchar as reason_code,
    'low' as severity,
    'proven' as evidence_level,
    concat(subject, ' is a package.') as reason,
    repository,
    subject as package,
    null::varchar as path,
    null::integer as line,
    null::varchar as registry,
    null::varchar as credential,
    null::varchar as secret,
    to_json([]) as hops,
    null::json as evidence
from packages
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the file that keeps the owner's inventory between the tests of this module."""
    return tmp_path_factory.mktemp("kept") / "kept.duckdb"


@pytest.fixture
def collected(desk: Desk, serve: Serve, kept: Path) -> Desk:
    """Sit where an owner has collected the small world."""
    if not kept.exists():
        assert desk.at(serve(small())).ask("collect").code == 0
        kept.write_bytes(desk.db.read_bytes())
    desk.take(kept)
    return desk


def again(desk: Desk, *words: str) -> int:
    """Report on what there is, without a word to GitHub."""
    return desk.run("report", "--org", "acme", "--no-collect", *words).code


def test_no_collect_asks_nobody(collected: Desk, serve: Serve) -> None:
    server = serve(small())
    collected.at(server)

    assert collected.report("--no-collect").code == 0
    assert server.requests == []


def test_a_young_run_is_not_collected_again_and_an_old_one_is(
    collected: Desk, serve: Serve
) -> None:
    server = serve(small())
    collected.at(server)

    assert collected.report("--max-age", "30d").code == 0
    assert server.requests == []
    collected.report("--max-age", "0s", "--max-requests", "3", "--min-coverage", "0")
    assert 0 < len(server.requests) <= 3


def test_fail_on_is_exit_code_1_at_the_severity_and_above(collected: Desk) -> None:
    severities = {line["severity"] for line in _findings(collected)}

    assert "critical" not in severities
    assert "high" in severities
    assert again(collected, "--fail-on", "critical") == 0
    assert again(collected, "--fail-on", "high") == 1
    assert again(collected, "--fail-on", "low") == 1
    # There was no run before this one, so nothing is new.
    assert again(collected, "--fail-on", "low,new") == 0


def _findings(desk: Desk) -> list[dict[str, object]]:
    assert again(desk) == 0
    return desk.findings()


def test_a_finding_of_tonight_is_new(desk: Desk, serve: Serve) -> None:
    server = serve(small())
    desk.at(server).ask("collect")
    server.world["acme"].package("container", "tools/new", visibility="private")

    assert desk.report("--max-age", "0s", "--fail-on", "low,new").code == 1
    assert desk.report("--max-age", "0s", "--fail-on", "high,new").code == 0


def test_min_coverage_is_exit_code_4_and_comes_before_fail_on(desk: Desk, serve: Serve) -> None:
    desk.at(serve(small()), "packages_only").report()

    assert again(desk, "--min-coverage", "0") == 0
    assert again(desk, "--min-coverage", "50", "--fail-on", "low") == 4
    assert again(desk, "--min-coverage", "0", "--fail-on", "low") == 1


SCOPES = {
    ("--include", "sh*"): {"acme/shop"},
    ("--exclude", "*shop"): {"acme/billing", "acme/ui"},
    ("--repos-from", "names.txt"): {"acme/shop", "acme/ui"},
}


@pytest.mark.parametrize("words", SCOPES, ids=" ".join)
def test_files_of_other_repositories_are_not_read_and_not_called_clean(
    desk: Desk, serve: Serve, words: tuple[str, str]
) -> None:
    (desk.folder / "names.txt").write_text("# two of them\nshop\nacme/ui\n")

    ran = desk.at(serve(small())).report(*words)

    read = {row[0] for row in desk.query("select distinct repository from workflow_files")}
    assert read == SCOPES[words]
    # What a person left out is no lack of coverage, and it is said.
    assert ran.code == 0
    assert "outside its scope" in ran.out
    assert "outside its scope" in desk.page()
    assert len(by_subject(desk.verdicts(), "PKG007")) == 8
    left = desk.query(
        "select count(*) from coverage_now where family = 'workflow_trees'"
        " and status = 'not_collected'"
    )
    assert left[0][0] >= 1


def test_a_rule_of_ones_own_runs_beside_the_others(collected: Desk) -> None:
    rules = collected.folder / "rules"
    rules.mkdir()
    (rules / "ACME001_every_package.sql").write_text(OWN_RULE)

    assert again(collected, "--rules-dir", str(rules)) == 0
    assert set(by_subject(collected.verdicts(), "ACME001").values()) == {"fail"}
    assert len(by_subject(collected.verdicts(), "PKG001")) == 8
    shown = collected.run("rules", "show", "ACME001", "--rules-dir", str(rules), "--json")
    assert json.loads(shown.out)["title"] == "A package, whichever"


def test_a_rule_that_writes_is_refused(collected: Desk) -> None:
    rules = collected.folder / "rules"
    rules.mkdir()
    head = OWN_RULE.partition("\nselect")[0]
    (rules / "ACME001_every_package.sql").write_text(head + "\ndelete from package\n")

    ran = collected.run("report", "--org", "acme", "--no-collect", "--rules-dir", str(rules))

    assert ran.code == 2
    assert "ACME001" in ran.err
    assert collected.query("select count(*) from packages") == [(8,)]


def test_the_file_says_what_the_options_would(collected: Desk) -> None:
    (collected.folder / "pkginventory.toml").write_text(
        'org = ["acme"]\nout = "elsewhere"\nfail_on = "high"\n'
        "[thresholds]\nstale_package_days = 1\n"
        '[severity]\n"PKG001.high" = "critical"\n"PKG002.high" = "low"\n'
    )

    ran = collected.run("report", "--no-collect")

    assert ran.code == 1
    out = collected.folder / "elsewhere"
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    stale = by_subject(collected.verdicts(out), "PKG012")
    assert "fail" in stale.values()
    severities = {(line["rule"], line["severity"]) for line in collected.findings(out)}
    assert ("PKG001", "critical") in severities
    assert ("PKG002", "low") in severities


def test_every_format_exports_the_same_verdicts(collected: Desk) -> None:
    again(collected)
    expected = [(line["rule"], line["subject"], line["verdict"]) for line in collected.verdicts()]

    for form in ("json", "jsonl", "csv", "parquet"):
        path = collected.folder / f"all.{form}"
        ran = collected.run("export", "--org", "acme", "--format", form, "--out", str(path))
        assert ran.code == 0
        assert _exported(form, path) == expected, form


def _exported(form: str, path: Path) -> list[tuple[str, ...]]:
    if form == "parquet":
        with duckdb.connect() as con:
            return con.execute(f"select rule, subject, verdict from '{path}'").fetchall()
    if form == "csv":
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = list(csv.DictReader(file))
        return [(line["rule"], line["subject"].lstrip("'"), line["verdict"]) for line in lines]
    found = json.loads(path.read_text()) if form == "json" else read_lines(path)
    return [(line["rule"], line["subject"], line["verdict"]) for line in found]


def test_rules_are_listed_shown_and_tested(desk: Desk) -> None:
    listed = json.loads(desk.run("rules", "list", "--json").out)
    shown = desk.run("rules", "show", "PKG001")

    assert {"PKG001", "PKG002", "PKG007", "PKG008", "PKG009", "PKG013", "PKG014"} <= {
        rule["id"] for rule in listed
    }
    assert "remediation" in shown.out
    assert "select" in shown.out


def test_doctor_says_what_is_closed_and_what_would_open_it(desk: Desk, serve: Serve) -> None:
    desk.at(serve(small()), "no_packages_scope")

    told = desk.ask("doctor")
    found = json.loads(desk.ask("doctor", "--json").out)

    assert told.code == 4
    assert "read:packages" in told.out
    packages = [check for check in found["checks"] if check["family"] == "packages"]
    assert {check["status"] for check in packages} == {"denied"}
    assert not desk.db.exists()


def test_doctor_is_content_with_an_owner(desk: Desk, serve: Serve) -> None:
    ran = desk.at(serve(small())).ask("doctor")

    assert ran.code == 0
    assert "A run asks about" in ran.out


def test_a_dry_run_stores_nothing(desk: Desk, serve: Serve) -> None:
    ran = desk.at(serve(small())).ask("collect", "--dry-run")

    assert ran.code == 0
    assert "requests" in ran.out
    assert not desk.db.exists()


PLACES = {
    "plain": {},
    "east": {"TZ": "Pacific/Kiritimati"},
    "odd": {"TZ": "Asia/Kathmandu", "LC_ALL": "C"},
}


def test_one_database_gives_the_same_bytes_wherever_and_however_it_is_read(collected: Desk) -> None:
    """Invariant 6: any time zone, hash seed and number of threads."""
    again(collected)
    made: dict[str, dict[str, bytes]] = {}
    for number, (place, variables) in enumerate(PLACES.items(), start=1):
        folder = collected.folder / place
        folder.mkdir()
        seed = {"PYTHONHASHSEED": str(number), "SOURCE_DATE_EPOCH": str(number * 10**9)}
        subprocess.run(
            [sys.executable, "-c", _WITH_THREADS, str(number), str(collected.db), str(folder)],
            env=os.environ | variables | seed | {"PYTHONPATH": str(ROOT)},
            check=True,
        )
        made[place] = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

    assert set(made["plain"]) == {*FILES, *(f"all.{form}" for form in ("json", "csv", "parquet"))}
    for place in PLACES:
        for name, data in made["plain"].items():
            assert made[place][name] == data, (place, name)


_WITH_THREADS = """
import sys
from pathlib import Path

import duckdb

threads, db, out = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
connect = duckdb.connect

def connect_with_threads(*words, **options):
    con = connect(*words, **options)
    con.execute(f"set threads = {threads}")
    return con

duckdb.connect = connect_with_threads
from pkginventory.cli import main

common = ["--org", "acme", "--db", db]
assert main(["report", *common, "--no-collect", "--out", str(out)]) == 0
for form in ("json", "csv", "parquet"):
    assert main(["export", *common, "--format", form, "--out", str(out / f"all.{form}")]) == 0
"""


def test_a_report_can_be_read_while_a_crawl_runs(collected: Desk, serve: Serve) -> None:
    server = serve(small())
    collected.at(server)
    server.latency = 0.05
    words = ["collect", "--org", "acme", "--api-url", server.url, "--db", str(collected.db)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "pkginventory", *words, "--full"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as crawl:
        assert crawl.stderr is not None
        # The first line of progress: the crawl is on its way.
        assert "organization" in crawl.stderr.readline()
        read = [
            again(collected, "--lock-timeout", "1"),
            collected.report("--lock-timeout", "1").code,
        ]
        assert crawl.poll() is None
        crawl.communicate()

    assert read == [0, 0]
    assert crawl.returncode == 0
    assert collected.query("select count(*) from run") == [(2,)]
