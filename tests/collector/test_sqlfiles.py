from pathlib import Path

from collector import sqlfiles


def test_a_file_without_a_number_is_none_of_the_steps(tmp_path: Path) -> None:
    folder = tmp_path / "schema"
    folder.mkdir()
    (folder / "notes.sql").write_text("select 1")
    (folder / "0002_more.sql.bak").write_text("select 1")

    assert sqlfiles.migrations(tmp_path) == []


def test_steps_come_in_the_order_of_their_numbers_not_of_their_text(tmp_path: Path) -> None:
    folder = tmp_path / "views"
    folder.mkdir()
    for name in ("10_b", "9_a", "100_c"):
        (folder / f"{name}.sql").write_text(f"-- {name}")

    assert [file.name for file in sqlfiles.views(tmp_path)] == ["a", "b", "c"]


def test_the_schema_begins_with_version_1_and_skips_no_number() -> None:
    numbers = [step.number for step in sqlfiles.migrations()]

    assert list(range(1, len(numbers) + 1)) == numbers


def test_every_folder_of_sql_is_where_it_is_said_to_be() -> None:
    folders = (sqlfiles.rules_dir(), sqlfiles.summaries_dir(), sqlfiles.exports_dir())

    assert all(folder.parent == sqlfiles.sql_root() for folder in folders)
    assert sqlfiles.sql_root().is_dir()
