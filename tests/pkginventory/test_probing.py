"""The probe: what it must not show, what it must not believe, and what its answers change."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from collector.errors import UsageError
from collector.github.artifacts import ArtifactError
from collector.store import open_inventory
from collector.walk.progress import Silent
from pkginventory.cli import main
from pkginventory.collecting import collect
from pkginventory.probe_answers import ProbeError, read_answers
from pkginventory.probe_plan import MAX_SECRET, Asked, Plan, fitting, read_plan
from pkginventory.probe_workflow import ARTIFACT, FILE, FORK_FILE, git_blob_id, render
from pkginventory.probing import Made, import_probe, make_probe
from pkginventory.settings import Settings
from tests.fake_github import FakeGitHub, World
from tests.fake_github.model import Artifact, Run
from tests.fake_github.registry import FakeRegistry, github_token

PATH = f".github/workflows/{FILE}"


def world() -> World:
    """Build a public repository that is connected to one of four private packages."""
    made = World(seed=1, edition="github.com")
    acme = made.org("acme")
    acme.repo("docs", visibility="public", files={"README.md": "docs\n"})
    acme.repo("shop", files={"README.md": "shop\n"})
    acme.package("container", "billing", visibility="private", repository="docs")
    acme.package("container", "team/ledger", visibility="private", repository="shop")
    acme.package("npm", "ui", visibility="private", repository="docs")
    acme.package("nuget", "Acme.Client", visibility="private", repository="shop")
    acme.package("container", "open", visibility="public", repository="docs")
    return made


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub(world()) as server:
        server.vault.add(github_token("docs"))
        server.vault.add(github_token("shop"))
        yield server
    assert server.violations == []


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Collect once: the same world gives the same ids each time it is built."""
    path = tmp_path_factory.mktemp("collected") / "acme.duckdb"
    with FakeGitHub(world()) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PKGINVENTORY_TOKEN", server.token("owner"))
        collect(Settings(db=path, org=("acme",), api_url=server.url), "acme", progress=Silent())
    return path


@pytest.fixture
def settings(
    github: FakeGitHub, collected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    monkeypatch.setenv("PKGINVENTORY_TOKEN", github.token("owner"))
    shutil.copy(collected, tmp_path / "acme.duckdb")
    return Settings(db=tmp_path / "acme.duckdb", org=("acme",), api_url=github.url)


def step(workflow: Path) -> Mapping[str, Any]:
    document = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    return dict(document["jobs"]["probe"]["steps"][0])


def ran(
    made: Made, github: FakeGitHub, registry: FakeRegistry, folder: Path, *, sha: str, run: int
) -> tuple[str, dict[str, bytes]]:
    """Run the generated script as a runner would; return its log and what it uploads."""
    asking = step(made.workflow)
    expanded = {
        "${{ github.token }}": github.vault.by_profile["actions-docs"].token,
        "${{ secrets.PKGINVENTORY_PROBE }}": (
            made.names.read_text(encoding="utf-8") if made.names else ""
        ),
        "${{ github.sha }}": sha,
        "${{ github.event.pull_request.head.sha }}": sha,
    }
    environment = {name: expanded.get(text, text) for name, text in asking["env"].items()}
    environment |= {
        "REGISTRY": registry.url,
        "RUNNER_TEMP": str(folder),
        "GITHUB_REPOSITORY": "acme/docs",
        "GITHUB_RUN_ID": str(run),
        "PATH": os.environ["PATH"],
        "no_proxy": "127.0.0.1",
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", asking["run"]],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    upload = folder / "pkginventory-probe" / "upload"
    return done.stdout, {path.name: path.read_bytes() for path in upload.iterdir()}


def committed(github: FakeGitHub, made: Made) -> tuple[str, int]:
    """Commit the workflow to docs and start it; return the commit and the run's id."""
    acme = github.world["acme"]
    docs = acme.repository("docs")
    docs.commit({made.path: made.workflow.read_text(encoding="utf-8")}, at=docs.pushed_at + 1)
    acme.run("docs", made.path, event="workflow_dispatch")
    return docs.runs[-1].head_sha, docs.runs[-1].id


def probed(
    settings: Settings, github: FakeGitHub, folder: Path, **options: Any
) -> tuple[Made, Run, str]:
    """Make, commit and run a probe, and leave its artifact with the run."""
    made = make_probe(settings, "acme", "docs", out=folder / "probe.yml", **options)
    sha, number = committed(github, made)
    with FakeRegistry(github) as registry:
        log, files = ran(made, github, registry, folder, sha=sha, run=number)
    run = github.world["acme"].repository("docs").runs[-1]
    run.artifacts.append(Artifact(github.world.next_id("artifact"), ARTIFACT, files))
    return made, run, log


def taken(settings: Settings, made: Made, **options: Any) -> Any:
    return import_probe(settings, "acme", made.plan, progress=Silent(), **options)


def answers(settings: Settings) -> list[tuple[str, bool, bool]]:
    with open_inventory(settings.db, read_only=True) as con:
        return con.execute(
            "select name, granted, from_fork from probe_answers"
            " join packages using (org, package_id) order by name"
        ).fetchall()


def plan_of(**changes: Any) -> Plan:
    packages = (
        Asked(package_id=1, package_type="container", name="a"),
        Asked(package_id=2, package_type="npm", name="b/c"),
    )
    made = Plan(
        org="acme",
        repository="acme/docs",
        repository_id=1,
        file=FILE,
        nonce="0" * 32,
        packages=packages,
    )
    return replace(made, **changes)


def text_of(plan: Plan, /, *lines: str, **changes: str) -> dict[str, bytes]:
    head = {
        "pkginventory-probe": "1",
        "plan": plan.digest,
        "repository": "acme/docs",
        "run": "7",
        "commit": "c" * 40,
    } | changes
    text = "".join(f"{name} {value}\n" for name, value in head.items())
    return {"answers.txt": (text + "".join(f"{line}\n" for line in lines)).encode()}


@pytest.mark.parametrize(
    ("lines", "changes"),
    [
        (("1 200", "2 403"), {"plan": "0" * 64}),
        (("1 200", "2 403"), {"run": "8"}),
        (("1 200", "2 403"), {"commit": "d" * 40}),
        (("1 200", "2 403"), {"repository": "acme/shop"}),
        (("1 200", "2 403"), {"pkginventory-probe": "2"}),
        (("1 200",), {}),
        (("1 200", "2 403", "3 200"), {}),
        (("1 200", "1 403"), {}),
        (("1 200", "2 ok"), {}),
        ((), {}),
    ],
)
def test_answers_to_another_question_are_refused(
    lines: tuple[str, ...], changes: dict[str, str]
) -> None:
    plan = plan_of()

    with pytest.raises(ProbeError):
        read_answers(text_of(plan, *lines, **changes), plan=plan, run_id=7, head_sha="c" * 40)


@pytest.mark.parametrize("status", ["404", "401", "000", "500", "429", "301"])
def test_only_a_refusal_is_a_refusal(status: str) -> None:
    plan = plan_of()
    files = text_of(plan, "1 403", f"2 {status}")

    found = read_answers(files, plan=plan, run_id=7, head_sha="c" * 40)

    assert [item.granted for item in found] == [False, None]


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ProbeError, match="no text"):
        read_answers({"answers.txt": b"\xff"}, plan=plan_of(), run_id=7, head_sha="c" * 40)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"version": 1}', '{"version": 1, "packages": [1]}']
)
def test_what_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match="no plan"):
        read_plan(path)


def test_a_list_that_is_too_long_for_a_secret_is_cut() -> None:
    many = [
        Asked(package_id=number, package_type="npm", name=f"{number:050d}")
        for number in range(2000)
    ]

    kept = fitting(many)

    assert 0 < len(kept) < 2000
    assert len(plan_of(packages=kept).names()) <= MAX_SECRET


@pytest.mark.parametrize("name", ["$(id)", "a b", "-x", "a\nb", "../x", "a;b"])
def test_a_container_name_that_is_none_is_not_asked_for(name: str) -> None:
    assert not Asked(package_id=1, package_type="container", name=name).can_be_asked


def test_a_name_of_another_registry_is_one_harmless_word() -> None:
    line = Asked(package_id=1, package_type="npm", name="$(id) `x`\n;\"'").line()

    assert re.fullmatch(r"npm [A-Za-z0-9%._~-]+ -", line)


@pytest.mark.parametrize("from_fork", [False, True])
def test_the_workflow_reads_only_and_is_pinned(from_fork: bool) -> None:
    text = render(
        plan_of(from_fork=from_fork), api_url="https://x", registry="ghcr.io", version="1"
    )

    document = yaml.safe_load(text)
    job = document["jobs"]["probe"]
    # YAML 1.1 reads the key `on` as true.
    assert document[True] == {"pull_request" if from_fork else "workflow_dispatch": None}
    assert (document["permissions"], job["permissions"]) == ({}, {"packages": "read"})
    assert re.fullmatch(r"actions/upload-artifact@[0-9a-f]{40}", job["steps"][1]["uses"])
    assert "${{" not in job["steps"][0]["run"]
    assert ("secrets." in text) is not from_fork
    assert not re.search(r"--request|-X |--data|--upload|POST|PUT|DELETE", text)


def test_an_enterprise_server_gets_the_action_that_it_can_run() -> None:
    text = render(
        plan_of(), api_url="https://x/api/v3", registry="containers.x", version="1", server=True
    )

    assert re.search(r"actions/upload-artifact@[0-9a-f]{40} # v3\.", text)
    assert 'REGISTRY: "https://containers.x"' in text


@pytest.mark.parametrize("from_fork", [False, True])
def test_a_scan_finds_no_login_in_the_workflow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], from_fork: bool
) -> None:
    path = tmp_path / PATH
    path.parent.mkdir(parents=True)
    text = render(
        plan_of(from_fork=from_fork),
        api_url="https://api.github.com",
        registry="ghcr.io",
        version="1",
    )
    path.write_text(text, encoding="utf-8")

    assert main(["scan", str(tmp_path), "--format", "jsonl"]) == 0
    assert capsys.readouterr().out == ""


def test_our_own_rules_find_nothing_in_the_workflow(
    settings: Settings, github: FakeGitHub, tmp_path: Path
) -> None:
    made = make_probe(settings, "acme", "docs", out=tmp_path / "probe.yml")
    committed(github, made)

    collect(settings, "acme", progress=Silent())

    with open_inventory(settings.db, read_only=True) as con:
        said = con.execute(
            "select rule, verdict, reason from verdicts where path = ? order by all", [PATH]
        ).fetchall()
        read = con.execute("select status from workflow_files where path = ?", [PATH]).fetchall()
    assert read == [("read",)]
    assert [row for row in said if row[1] in {"fail", "unknown"}] == []


def test_an_archived_or_unknown_repository_is_not_probed(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="no repository nowhere"):
        make_probe(settings, "acme", "nowhere", out=tmp_path / "p.yml")
    with pytest.raises(UsageError, match="no package container:acme/none"):
        make_probe(
            settings, "acme", "docs", out=tmp_path / "p.yml", fork_canary="container:acme/none"
        )
    assert not (tmp_path / "p.yml").exists()


def test_a_key_that_is_none_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("-----BEGIN NONSENSE-----", encoding="utf-8")

    with pytest.raises(UsageError, match="no public key"):
        make_probe(
            settings,
            "acme",
            "docs",
            out=tmp_path / "p.yml",
            public_key=tmp_path / "key.pem",
        )


def test_the_files_are_private_and_the_workflow_names_no_package(
    settings: Settings, tmp_path: Path
) -> None:
    made = make_probe(settings, "acme", "docs", out=tmp_path / "probe.yml")

    assert made.names is not None
    assert {path.stat().st_mode & 0o777 for path in (made.workflow, made.names, made.plan)} == {
        0o600
    }
    text = made.workflow.read_text(encoding="utf-8")
    plan = read_plan(made.plan)
    assert [asked.name for asked in plan.packages] == [
        "billing",
        "ui",
        "team/ledger",
        "Acme.Client",
    ]
    assert [asked.name for asked in plan.packages if asked.name in text] == []
    assert plan.digest not in text
    assert plan.blob_sha == git_blob_id(text)


def test_the_whole_way_from_the_question_to_the_verdict(
    settings: Settings, github: FakeGitHub, tmp_path: Path
) -> None:
    made, run, log = probed(settings, github, tmp_path)

    shown = "\n".join(line for line in log.splitlines() if not line.startswith("::add-mask::"))
    assert shown == "Asked for 4 packages: 2 could be read, 2 were refused, 0 are open."
    left = run.artifacts[0].files["answers.txt"].decode()
    assert not re.search(r"billing|ledger|Client|ghs_", left)
    github.forget()

    done = taken(settings, made)

    assert (done.run_id, done.granted, done.refused, done.open) == (run.id, 2, 2, 0)
    assert done.judged_again
    assert answers(settings) == [
        ("Acme.Client", False, False),
        ("billing", True, False),
        ("team/ledger", False, False),
        ("ui", True, False),
    ]
    with open_inventory(settings.db, read_only=True) as con:
        said = dict(
            con.execute(
                "select subject, concat(verdict, ' ', evidence_level) from verdicts"
                " where rule = 'PKG001'"
            ).fetchall()
        )
    assert said["container:acme/billing"] == "fail proven"
    # Each public repository was refused: that passes.
    assert said["container:acme/team/ledger"] == "pass proven"
    store = [request for request in github.requests if request.path.startswith("/_storage")]
    assert [(request.profile, request.status) for request in store] == [("anonymous", 200)]


def test_the_same_answers_are_stored_once(
    settings: Settings, github: FakeGitHub, tmp_path: Path
) -> None:
    made, run, _ = probed(settings, github, tmp_path)

    taken(settings, made)
    again = taken(settings, made, run_id=run.id)

    assert not again.judged_again
    assert len(answers(settings)) == 4


def test_answers_can_be_encrypted_to_the_team(
    settings: Settings, github: FakeGitHub, tmp_path: Path
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private, public = tmp_path / "team.key", tmp_path / "team.pem"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    other = tmp_path / "other.key"
    other.write_bytes(
        rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )

    made, run, _ = probed(settings, github, tmp_path, public_key=public)

    assert set(run.artifacts[0].files) == {"answers.enc", "key"}
    with pytest.raises(UsageError, match="encrypted"):
        taken(settings, made)
    with pytest.raises(ProbeError, match="can't be decrypted"):
        taken(settings, made, private_key=other)
    assert taken(settings, made, private_key=private).granted == 2


def _edited(github: FakeGitHub, run: Run) -> None:
    docs = github.world["acme"].repository("docs")
    docs.commit({PATH: "name: another\n"}, at=docs.pushed_at + 1)
    assert docs.head is not None
    run.head_sha = docs.head.commit


def _moved(github: FakeGitHub, run: Run) -> None:
    run.path = ".github/workflows/ci.yml"


def _pushed(github: FakeGitHub, run: Run) -> None:
    run.event = "push"


def _failed(github: FakeGitHub, run: Run) -> None:
    run.conclusion = "failure"


def _forked(github: FakeGitHub, run: Run) -> None:
    run.head_repository = github.world["acme"].repository("shop")


def _expired(github: FakeGitHub, run: Run) -> None:
    run.artifacts[0].expired = True


def _lost(github: FakeGitHub, run: Run) -> None:
    run.artifacts.clear()


@pytest.mark.parametrize(
    "spoil", [_edited, _moved, _pushed, _failed, _forked, _expired, _lost], ids=lambda f: f.__name__
)
def test_answers_of_another_origin_are_not_believed(
    settings: Settings, github: FakeGitHub, tmp_path: Path, spoil: Any
) -> None:
    made, run, _ = probed(settings, github, tmp_path)
    spoil(github, run)

    with pytest.raises((ProbeError, ArtifactError)):
        taken(settings, made, run_id=run.id)

    assert answers(settings) == []


def test_a_plan_of_another_repository_is_refused(settings: Settings, tmp_path: Path) -> None:
    made = make_probe(settings, "acme", "docs", out=tmp_path / "probe.yml")

    with pytest.raises(UsageError, match="probe of acme/docs"):
        taken(settings, made, repository="shop")


def test_a_fork_asks_for_its_canary_only(
    settings: Settings, github: FakeGitHub, tmp_path: Path
) -> None:
    made = make_probe(
        settings,
        "acme",
        "docs",
        out=tmp_path / "probe.yml",
        fork_canary="container:acme/billing",
    )
    assert made.names is None
    fork = github.world.org("stranger").repo("docs", visibility="public", files={"x": "y"})
    theirs = fork.repository("docs")
    theirs.fork = True
    theirs.commit(
        {f".github/workflows/{FORK_FILE}": made.workflow.read_text(encoding="utf-8")}, at=2
    )
    assert theirs.head is not None
    docs = github.world["acme"].repository("docs")
    github.world["acme"].run("docs", made.path, event="pull_request")
    run = docs.runs[-1]
    run.head_sha, run.head_repository = theirs.head.commit, theirs
    with FakeRegistry(github) as registry:
        environment = json.loads(json.dumps(step(made.workflow)["env"]))
        assert "billing" in environment["NAMES"]
        _, files = ran(made, github, registry, tmp_path, sha=run.head_sha, run=run.id)
    run.artifacts.append(Artifact(github.world.next_id("artifact"), ARTIFACT, files))

    done = taken(settings, made)

    assert (done.granted, done.refused) == (1, 0)
    assert answers(settings) == [("billing", True, True)]
