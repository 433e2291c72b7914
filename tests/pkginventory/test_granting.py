"""Declared access: what is refused and where, what is asked for, and what an answer changes."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from collector.errors import StoreError, UsageError
from collector.store import open_inventory
from pkginventory.cli import main
from pkginventory.grant_files import COLUMNS, GrantFileError, read_rows
from pkginventory.granting import import_grants, list_grants, make_template
from tests.pkginventory.inventories import inventory, verdict

TODAY = date(2026, 11, 23)
HEAD = "package_type,package,repository,role,complete,inherits,declared_by,declared_at,expires_at\n"
GOOD = "container,ledger,acme/shop,read,yes,no,Ada,2026-11-20,2027-05-01\n"


def write(folder: Path, text: str, name: str = "grants.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("container,nowhere,acme/shop,read,,,Ada,2026-11-20,2027-01-01", "no container package"),
        ("cargo,ledger,acme/shop,read,,,Ada,2026-11-20,2027-01-01", "package_type is one of"),
        ("container,,acme/shop,read,,,Ada,2026-11-20,2027-01-01", "package is missing"),
        ("container,z*,acme/shop,read,,,Ada,2026-11-20,2027-01-01", "no container package z*"),
        ("container,ledger,acme/gone,read,,,Ada,2026-11-20,2027-01-01", "no repository acme/gone"),
        ("container,ledger,evil/shop,read,,,Ada,2026-11-20,2027-01-01", "no repository evil/shop"),
        ("container,ledger,acme/shop,owner,,,Ada,2026-11-20,2027-01-01", "role is one of"),
        ("container,ledger,acme/shop,,,,Ada,2026-11-20,2027-01-01", "A blank is not none"),
        ("container,ledger,,read,,,Ada,2026-11-20,2027-01-01", "Which repository"),
        ("container,ledger,acme/shop,read,,,,2026-11-20,2027-01-01", "declared_by is missing"),
        ("container,ledger,acme/shop,read,,,Ada,,2027-01-01", "declared_at is missing"),
        ("container,ledger,acme/shop,read,,,Ada,2026-11-20,", "expires_at is missing"),
        ("container,ledger,acme/shop,read,,,Ada,20.11.2026,2027-01-01", "declared_at is a date"),
        ("container,ledger,acme/shop,read,,,Ada,2026-02-30,2027-01-01", "declared_at is a date"),
        ("container,ledger,acme/shop,read,,,Ada,2026-11-24,2027-01-01", "in the future"),
        ("container,ledger,acme/shop,read,,,Ada,2026-11-20,2026-11-19", "before it was declared"),
        ("container,ledger,acme/shop,read,,,Ada,2026-11-20,2027-11-25", "over one year"),
        ("container,ledger,acme/shop,read,maybe,,Ada,2026-11-20,2027-01-01", "complete is yes"),
        ("container,ledger,acme/shop,read,,1,Ada,2026-11-20,2027-01-01", "inherits is yes, no"),
        ("container,ledger,,,,,Ada,2026-11-20,2027-01-01", "answers nothing"),
        ("container,ledger,acme/shop,read,,,Ada,2026-11-20,2027-01-01,x", "10 cells"),
        ("container,LEDGER,shop,read,,,Ada,2026-11-20,2027-01-01", "stand in line 2 already"),
        ("container,ledger,acme/tools,read,no,,Ada,2026-11-20,2027-01-01", "answered otherwise"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_stored(tmp_path: Path, row: str, reason: str) -> None:
    settings = inventory(tmp_path)
    path = write(tmp_path, HEAD + GOOD + row + "\n")

    with pytest.raises(GrantFileError, match=r"grants\.csv:3: ") as caught:
        import_grants(settings, "acme", path, today=TODAY)

    assert reason in str(caught.value)
    assert caught.value.exit_code == 2
    assert list_grants(settings, "acme") == []


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    settings = inventory(tmp_path)
    rows = "container,nowhere,acme/gone,owner,,,,2026-11-20,2027-01-01\n"

    with pytest.raises(GrantFileError) as caught:
        import_grants(settings, "acme", write(tmp_path, HEAD + rows), today=TODAY)

    assert [problem.line for problem in caught.value.problems] == [2, 2, 2, 2]
    assert "4 mistakes" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.csv", "package,role\nx,y\n", "column package_type is missing"),
        ("a.csv", HEAD.replace("role", "rôle"), "There is no column rôle"),
        ("a.csv", "package_type,package,package\n", "stands there twice"),
        ("a.csv", 'package_type,package\n"x', "unexpected end"),
        ("a.yaml", "- &a {package: x}\n- *a\n", "alias"),
        ("a.yaml", "package: x\n", "not a list"),
        ("a.yaml", "- x\n", "names and values"),
        ("a.yaml", "- {package: [x]}\n", "one value"),
        ("a.yaml", "- {package: x, owner: y}\n", "no column owner"),
        ("a.yaml", "- {package: x\n", "not YAML"),
        ("a.yaml", "[" * 1200, "nested too deeply|not YAML"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, name: str, text: str, reason: str
) -> None:
    with pytest.raises(GrantFileError, match=reason):
        read_rows(write(tmp_path, text, name))


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes("Müller".encode("latin-1"))

    with pytest.raises(UsageError, match="not UTF-8"):
        read_rows(tmp_path / "latin.csv")
    with pytest.raises(UsageError, match="can't be read"):
        read_rows(tmp_path / "missing.csv")


def test_a_template_that_nobody_filled_in_answers_nothing(tmp_path: Path) -> None:
    settings = inventory(tmp_path)
    template = make_template(settings, "acme", form="csv")
    before = verdict(settings, "PKG001", "container:acme/ledger")

    done = import_grants(settings, "acme", write(tmp_path, template.text), today=TODAY)

    assert (done.answers, done.unanswered) == (0, template.count)
    assert verdict(settings, "PKG001", "container:acme/ledger") == before


def test_the_template_asks_the_most_exposed_first_and_no_public_package(tmp_path: Path) -> None:
    made = make_template(inventory(tmp_path), "acme", form="csv")

    rows = list(csv.DictReader(io.StringIO(made.text.removeprefix("\ufeff"))))
    assert list(rows[0]) == list(COLUMNS)
    assert [row["package"] for row in rows] == ["billing", "ledger", "ui", "'=cmd|x", "lonely"]
    assert rows[0]["settings_url"] == (
        "https://github.com/orgs/acme/packages/container/billing/settings"
    )
    assert (made.count, made.public) == (5, 1)


@pytest.mark.parametrize("form", ["csv", "yaml"])
def test_what_the_template_writes_the_import_reads(tmp_path: Path, form: str) -> None:
    settings = inventory(tmp_path)
    made = make_template(settings, "acme", form=form)

    rows = read_rows(write(tmp_path, made.text, f"t.{form}"))

    assert [row.values["package"] for row in rows] == [
        "billing",
        "ledger",
        "ui",
        "=cmd|x",
        "lonely",
    ]
    assert {row.values["role"] for row in rows} == {""}


def test_a_template_in_a_format_we_do_not_write_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no format xml"):
        make_template(inventory(tmp_path), "acme", form="xml")


def test_an_organization_without_a_run_is_told_to_collect(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no run of other"):
        make_template(inventory(tmp_path), "other", form="csv")


def test_a_complete_list_without_a_public_repository_passes(tmp_path: Path) -> None:
    settings = inventory(tmp_path)

    done = import_grants(settings, "acme", write(tmp_path, "\ufeff" + HEAD + GOOD), today=TODAY)

    assert (done.answers, done.packages, done.judged_again) == (1, 1, True)
    assert verdict(settings, "PKG001", "container:acme/ledger") == ("pass", None, "declared")
    assert verdict(settings, "PKG001", "npm:acme/ui") == ("unknown", "no_api", None)


def test_a_declared_public_repository_fails(tmp_path: Path) -> None:
    settings = inventory(tmp_path)
    row = "container;lonely;docs;Write;;;Ada;2026-11-20;2027-05-01\n"

    import_grants(settings, "acme", write(tmp_path, HEAD.replace(",", ";") + row), today=TODAY)

    assert verdict(settings, "PKG001", "container:acme/lonely") == ("fail", None, "declared")
    (stored,) = list_grants(settings, "acme")
    assert (stored["repository"], stored["role"], stored["source"]) == (
        "acme/docs",
        "write",
        "grants.csv:2",
    )


def test_a_glob_speaks_of_every_package_it_matches(tmp_path: Path) -> None:
    settings = inventory(tmp_path)
    row = "container,l*,,,yes,no,Ada,2026-11-20,2027-05-01\n"

    import_grants(settings, "acme", write(tmp_path, HEAD + row), today=TODAY)

    assert verdict(settings, "PKG001", "container:acme/ledger")[0] == "pass"
    assert verdict(settings, "PKG001", "container:acme/lonely")[0] == "pass"
    assert verdict(settings, "PKG001", "container:acme/billing")[0] == "fail"


def test_a_new_answer_replaces_the_earlier_ones_of_its_package_only(tmp_path: Path) -> None:
    settings = inventory(tmp_path)
    ui = "npm,ui,acme/shop,write,,,Ada,2026-11-20,2027-05-01\n"
    import_grants(settings, "acme", write(tmp_path, HEAD + GOOD + ui), today=TODAY)

    again = "container,Ledger,acme/tools,read,,,Ben,2026-11-21,2027-05-01\n"
    import_grants(settings, "acme", write(tmp_path, HEAD + again), today=TODAY)

    found = [(row["package"], row["repository"]) for row in list_grants(settings, "acme")]
    assert found == [("Ledger", "acme/tools"), ("ui", "acme/shop")]


def test_a_guarded_cell_is_taken_back(tmp_path: Path) -> None:
    settings = inventory(tmp_path)
    row = "container,'=cmd|x,acme/shop,read,yes,,'@ada,2026-11-20,2027-05-01\n"

    import_grants(settings, "acme", write(tmp_path, HEAD + row), today=TODAY)

    (stored,) = list_grants(settings, "acme")
    assert (stored["package"], stored["declared_by"]) == ("=cmd|x", "@ada")


def test_where_repositories_were_not_all_listed_an_unlisted_one_may_be_named(
    tmp_path: Path,
) -> None:
    settings = inventory(tmp_path)
    with open_inventory(settings.db) as con:
        con.execute("update coverage set status = 'denied' where family = 'repositories'")
    row = "container,ledger,hidden,read,yes,no,Ada,2026-11-20,2027-05-01\n"

    import_grants(settings, "acme", write(tmp_path, HEAD + row), today=TODAY)

    assert list_grants(settings, "acme")[0]["repository"] == "acme/hidden"
    assert verdict(settings, "PKG001", "container:acme/ledger")[0] == "unknown"


def test_the_commands_speak_in_lines_and_exit_codes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = inventory(tmp_path)
    told = ["--org", "acme", "--db", str(settings.db)]
    out = tmp_path / "t.csv"

    assert main(["grants", "template", *told, "--out", str(out)]) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    bad = write(tmp_path, HEAD + GOOD + "container,x,y,z,,,,,\n", "bad.csv")
    assert main(["grants", "import", str(bad), *told]) == 2
    assert "bad.csv:3: acme has no container package x." in capsys.readouterr().err
    assert main(["grants", "import", str(write(tmp_path, HEAD + GOOD)), *told]) == 0
    assert main(["grants", "list", *told]) == 0

    said = capsys.readouterr().out
    assert "1 answers about 1 packages of acme stored." in said
    assert "container:acme/ledger  acme/shop read, the whole list" in said
