import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.github.protocol import Request
from collector.github.readonly import WriteRefusedError, is_query, refuse_writes

API = "https://h/api/v3"
GRAPHQL = "https://h/api/graphql"


@pytest.mark.parametrize(
    "text",
    [
        "mutation { deletePackageVersion(input: {}) { success } }",
        "query { a } mutation { b }",
        "{ a }\nmutation M { b }",
        "# comment\r\nmutation { b }",
        '{ a(s: "}") } mutation { b }',
        '{ a(s: """ \\""" } """) } mutation { b }',
        "subscription { a }",
        "\ufeffmutation{a}",
        "query Q($a: I = {x: 1}) { a } fragment F on T { b } mutation { c }",
        '{ a(s: "unterminated) }',
        "{ a } }",
        "{ a",
        "query",
        "",
    ],
)
def test_what_is_more_than_queries_is_refused(text: str) -> None:
    assert not is_query(text)


@pytest.mark.parametrize(
    "text",
    [
        "{ viewer { login } }",
        'query Q($a: I = {x: 1}) @d { mutation: a(s: "mutation { b }") }',
        "# mutation { a }\nquery { a }",
        'query { a(s: """mutation { "quoted" } """, t: "") }',
        "query { ...F } fragment F on Mutation { mutation }",
    ],
)
def test_a_query_passes_whatever_words_it_holds(text: str) -> None:
    assert is_query(text)


@given(st.text(alphabet="{}()\n amutio:$", max_size=60))
def test_a_mutation_after_anything_is_refused(text: str) -> None:
    assert not is_query(f"{text}\n}}\nmutation {{ a }}")


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("DELETE", f"{API}/orgs/a/packages/npm/b", b""),
        ("PUT", f"{API}/x", b""),
        ("PATCH", f"{API}/x", b""),
        ("POST", f"{API}/orgs/a/packages/npm/b/restore", b""),
        ("POST", f"{API}/app/installations/1/access_tokens/../../../x", b""),
        ("POST", f"{API}/app/installations/x/access_tokens", b""),
        ("POST", "https://evil/app/installations/1/access_tokens", b""),
        ("POST", GRAPHQL, b""),
        ("POST", GRAPHQL, b"[]"),
        ("POST", GRAPHQL, json.dumps({"query": "mutation { a }"}).encode()),
        ("POST", f"{API}/graphql", json.dumps({"query": "{ a }"}).encode()),
        ("GET", f"{API}/x", b"body"),
        ("get", f"{API}/x", b""),
    ],
)
def test_what_could_write_is_never_sent(method: str, url: str, body: bytes) -> None:
    with pytest.raises(WriteRefusedError) as caught:
        refuse_writes(Request(method, url, {}, body), api_url=API, graphql_url=GRAPHQL)

    assert method in str(caught.value)


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("GET", f"{API}/orgs/a", b""),
        ("POST", GRAPHQL, json.dumps({"query": "{ a }"}).encode()),
        ("POST", f"{API}/app/installations/42/access_tokens", b""),
    ],
)
def test_what_only_reads_is_sent(method: str, url: str, body: bytes) -> None:
    refuse_writes(Request(method, url, {}, body), api_url=API, graphql_url=GRAPHQL)
    assert is_query("{ a }")
