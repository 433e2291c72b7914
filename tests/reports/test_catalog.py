"""Rules are found by being there, and a malformed one is refused by name, line and reason."""

from pathlib import Path
from typing import Any

import pytest

from collector.errors import RuleError
from reports.catalog import find_rule, load_rules, rules_digest, shipped_rules, users_rules

HEAD = {
    "id": "ACME001",
    "name": "my-rule",
    "title": "A rule",
    "severity": "low",
    "subject": "package",
    "population": "Every package.",
    "description": "What it is.",
    "why": "Why it matters.",
    "fails_when": "It holds.",
    "passes_when": "It does not.",
    "unknown_when": "It can't be told.",
    "not_applicable_when": "Never.",
    "remediation": "Mend it.",
    "references": "About permissions for GitHub Packages; Another page",
    "version": "1",
}
SELECT = "select 1 as org"


def write(folder: Path, *, file: str = "", select: str = SELECT, **changes: str | None) -> Path:
    head = {key: value for key, value in (HEAD | changes).items() if value is not None}
    path = folder / (file or f"{head.get('id', 'X')}_{head.get('name', 'x').replace('-', '_')}.sql")
    lines = [f"-- {key}: {value}" for key, value in head.items()]
    path.write_text("\n".join([*lines, "", select, ""]), encoding="utf-8")
    return path


def test_shipped_rules_are_sorted_and_none_is_a_users() -> None:
    rules = shipped_rules()

    assert [rule.id for rule in rules] == sorted(rule.id for rule in rules)
    assert {"PKG001", "PKG002", "PKG007", "PKG008", "PKG009", "PKG013", "PKG014"} <= {
        rule.id for rule in rules
    }
    assert not any(rule.is_users for rule in rules)


def test_a_users_rule_is_found_beside_the_shipped_ones_and_marked(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "README.md").write_text("no rule")

    rules = load_rules([tmp_path])

    mine = find_rule(rules, "acme001")
    assert mine.is_users
    assert mine.references == ("About permissions for GitHub Packages", "Another page")
    assert find_rule(rules, "my-rule") is mine
    assert len(rules) == len(shipped_rules()) + 1


def test_a_head_may_go_on_in_the_next_line(tmp_path: Path) -> None:
    path = write(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("-- why: Why it matters.", "-- why: Why it\n--   matters."))

    assert users_rules([tmp_path])[0].why == "Why it matters."


def test_the_digest_hangs_on_the_texts_and_not_on_their_order(tmp_path: Path) -> None:
    rules = shipped_rules()
    write(tmp_path)

    assert rules_digest(reversed(rules)) == rules_digest(rules)
    assert rules_digest(load_rules([tmp_path])) != rules_digest(rules)


def test_an_unknown_rule_is_a_usage_error_with_a_hint() -> None:
    with pytest.raises(RuleError, match="There is no rule PKG999") as raised:
        find_rule(shipped_rules(), "PKG999")

    assert raised.value.exit_code == 2
    assert "rules list" in raised.value.hint


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"why": None}, "lacks why"),
        ({"why": ""}, "lacks why"),
        ({"owner": "me"}, "line 16: owner is not a key"),
        ({"severity": "High"}, "severity is 'High'"),
        ({"subject": "thing"}, "subject is 'thing'"),
        ({"id": "acme"}, "is not an id and a name"),
        ({"name": "My Rule"}, "is not an id and a name"),
        ({"id": "PKG900"}, "belong to the rules that come with the program"),
        ({"name": "other", "id": "ACME001"}, ""),
    ],
)
def test_a_malformed_head_is_refused_with_the_reason(
    tmp_path: Path, changes: dict[str, Any], what: str
) -> None:
    write(tmp_path, file="" if what else "ACME001_my_rule.sql", **changes)

    with pytest.raises(RuleError, match=what or "is named ACME001_other.sql"):
        users_rules([tmp_path])


@pytest.mark.parametrize(
    "select",
    [
        "select 1; select 2",
        "drop table run",
        "create table x (a integer)",
        "copy run to 'x.csv'",
        "attach 'x.db'",
        "set memory_limit = '1TB'",
        "explain select 1",
        "",
        "selec 1",
    ],
)
def test_everything_but_one_select_is_refused(tmp_path: Path, select: str) -> None:
    write(tmp_path, select=select)

    with pytest.raises(RuleError, match="is not"):
        users_rules([tmp_path])


def test_two_rules_with_one_id_are_refused(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    write(first)
    write(second)

    with pytest.raises(RuleError, match="Two rules have the id ACME001"):
        load_rules([first, second])


def test_a_folder_that_is_none_and_a_file_that_is_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="is not a folder of rules"):
        users_rules([tmp_path / "missing"])
    (tmp_path / "ACME001_my_rule.sql").write_bytes(b"\xff\xfe")
    with pytest.raises(RuleError, match="can't be read"):
        users_rules([tmp_path])


def test_a_rule_of_any_length_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, select=SELECT + " " * 200_001)

    with pytest.raises(RuleError, match="is longer than"):
        users_rules([tmp_path])
