"""The query for trees, and what its answer may look like."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.github.readonly import is_query
from collector.walk.files import FILE, TREE, Entry
from collector.walk.treequery import (
    askable,
    object_query,
    read_object,
    read_tree,
    text_query,
    tree_query,
)

SHA = "a" * 40
OTHER = "b" * 40


def blob(name: str, mode: int = 33188) -> dict[str, Any]:
    """Make an entry."""
    return {"name": name, "mode": mode, "type": "blob", "oid": SHA, "size": 3}


def node(**changed: Any) -> dict[str, Any]:
    """Make a repository as an answer has it."""
    return {
        "databaseId": 7,
        "isEmpty": False,
        "root": {"oid": OTHER, "entries": [blob("README.md")]},
        "github": None,
        "workflows": None,
        "actions": None,
        "codeowners": None,
        "maven": None,
    } | changed


def test_queries_are_queries() -> None:
    """The client refuses anything that could write."""
    assert is_query(tree_query(["acme/shop", "acme/web"]))
    assert is_query(object_query([("acme/shop", ['v1:path with "quotes" and {braces}.yml'])]))
    assert is_query(text_query([("acme/shop", [SHA])]))


def test_a_hostile_name_is_asked_for_in_another_way() -> None:
    """Nothing that GitHub would not allow in a name is written into a query."""
    assert askable("acme/shop.js")
    assert not askable('acme/x"){id}}mutation{')


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "text",
        {},
        node(databaseId=8),
        node(root=None),
        node(root={"oid": OTHER}),
        node(root={"oid": OTHER, "entries": "none"}),
    ],
)
def test_what_does_not_tell_is_no_empty_tree(answer: Any) -> None:
    """A missing answer, or another repository under the name, is asked again otherwise."""
    assert read_tree(answer, repository_id=7) is None


def test_an_empty_repository_is_read() -> None:
    """There is nothing in it."""
    reading = read_tree({"databaseId": 7, "isEmpty": True, "root": None}, repository_id=7)

    assert reading is not None
    assert (reading.root_oid, reading.entries) == (None, ())


def test_all_places_are_put_together() -> None:
    """With their paths from the root, and folders that lie deeper than the query went."""
    deep = {
        "name": "deep",
        "mode": 16384,
        "type": "tree",
        "oid": OTHER,
        "object": {"entries": [{"name": "x", "mode": 16384, "type": "tree", "oid": OTHER}]},
    }
    reading = read_tree(
        node(
            root={"oid": OTHER, "entries": [{"name": ".github", "mode": 16384, "oid": SHA}]},
            github={"entries": [blob("dependabot.yml")]},
            workflows={"entries": [blob("ci.yml"), blob("link.yml", mode=40960)]},
            actions={"entries": [deep]},
            codeowners={"oid": SHA, "byteSize": 4},
        ),
        repository_id=7,
    )

    assert reading is not None
    assert reading.github_oid == SHA
    assert [(entry.path, entry.mode) for entry in reading.entries] == [
        (".github", TREE),
        (".github/dependabot.yml", FILE),
        (".github/workflows/ci.yml", FILE),
        (".github/workflows/link.yml", "120000"),
        (".github/actions/deep", TREE),
        (".github/actions/deep/x", TREE),
        ("docs/CODEOWNERS", FILE),
    ]
    assert [entry.path for entry in reading.unexplored] == [".github/actions/deep/x"]


def test_an_object_is_a_file_or_a_folder_or_not_there() -> None:
    """A folder gives its entries."""
    assert read_object(None, path="x.yml") == ()
    assert read_object({"oid": SHA, "byteSize": 5}, path="x.yml") == (Entry("x.yml", FILE, SHA, 5),)
    assert read_object({"entries": [blob("action.yml")]}, path="tools/x") == (
        Entry("tools/x/action.yml", FILE, SHA, 3),
    )


json_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(list(node())), json_values))
def test_no_answer_makes_it_stumble(answer: dict[str, Any]) -> None:
    """What comes from a server may be anything."""
    reading = read_tree(answer | {"databaseId": 7}, repository_id=7)

    assert reading is None or all(entry.path and entry.sha for entry in reading.entries)
