from datetime import datetime

import pytest

from collector.github.answers import Answer, read_bytes, read_graphql, read_json
from collector.github.outcomes import Outcome, Reason
from collector.github.protocol import RequestRecord, Response

RECORD = RequestRecord("GET", "/x", 200, None, None, None, datetime(2026, 11, 23), "t")  # noqa: DTZ001


def answer(outcome: Outcome, **headers: str) -> Answer:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(outcome, 200, None, named, RECORD)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.OK, Outcome.NOT_MODIFIED}))
def test_only_a_whole_answer_is_ok(outcome: Outcome) -> None:
    assert not answer(outcome).ok
    assert answer(Outcome.OK).ok
    assert answer(Outcome.NOT_MODIFIED).ok


@pytest.mark.parametrize("outcome", Outcome)
def test_whatever_is_not_usable_has_a_reason_or_is_an_empty_repository(outcome: Outcome) -> None:
    read = answer(outcome)

    assert read.usable or read.reason is not None or outcome is Outcome.CONFLICT


def test_what_would_be_needed_is_said_only_where_github_says_it() -> None:
    assert answer(Outcome.FORBIDDEN).needed == ""
    assert answer(Outcome.FORBIDDEN, x_accepted_oauth_scopes="admin:org").needed == "admin:org"


@pytest.mark.parametrize("read", [read_json, read_bytes, read_graphql])
def test_a_denial_has_no_data_and_its_words(read: object) -> None:
    assert callable(read)
    reading = read(Response(404, {}, b'{"message": "Not Found"}'))

    assert (reading.outcome, reading.data) == (Outcome.NOT_FOUND, None)
    assert reading.message == "Not Found"


@pytest.mark.parametrize("read", [read_json, read_graphql])
def test_half_a_body_is_broken(read: object) -> None:
    assert callable(read)
    reading = read(Response(200, {}, b'{"data": {"a"'))

    assert (reading.outcome, reading.data) == (Outcome.BROKEN, None)


def test_a_graphql_answer_that_is_a_list_is_a_server_error() -> None:
    assert read_graphql(Response(200, {}, b"[1]")).outcome is Outcome.SERVER_ERROR


def test_reason_codes_are_plain_words() -> None:
    assert f"{Reason.FORBIDDEN}" == "forbidden_403"
    assert Reason("not_found_404") is Reason.NOT_FOUND
