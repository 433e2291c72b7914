import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.github.outcomes import (
    GraphQLError,
    Outcome,
    Reason,
    classify,
    classify_graphql,
    graphql_errors,
    message,
    reason_of,
)
from collector.github.protocol import Response


def answer(status: int, said: str = "", **headers: str) -> Response:
    body = json.dumps({"message": said}).encode() if said else b""
    return Response(status, {name.replace("_", "-"): text for name, text in headers.items()}, body)


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (200, Outcome.OK, None),
        (204, Outcome.OK, None),
        (301, Outcome.MOVED, Reason.NOT_FOUND),
        (307, Outcome.MOVED, Reason.NOT_FOUND),
        (304, Outcome.NOT_MODIFIED, None),
        (400, Outcome.BAD_REQUEST, Reason.BAD_REQUEST),
        (401, Outcome.UNAUTHORIZED, Reason.FORBIDDEN),
        (403, Outcome.FORBIDDEN, Reason.FORBIDDEN),
        (404, Outcome.NOT_FOUND, Reason.NOT_FOUND),
        (409, Outcome.CONFLICT, None),
        (410, Outcome.GONE, Reason.NOT_FOUND),
        (418, Outcome.BAD_REQUEST, Reason.BAD_REQUEST),
        (422, Outcome.UNPROCESSABLE, Reason.BAD_REQUEST),
        (429, Outcome.SECONDARY_LIMIT, Reason.RATE_LIMITED),
        (451, Outcome.LEGAL, Reason.FORBIDDEN),
        (500, Outcome.SERVER_ERROR, Reason.SERVER_ERROR),
        (502, Outcome.SERVER_ERROR, Reason.SERVER_ERROR),
        (599, Outcome.SERVER_ERROR, Reason.SERVER_ERROR),
    ],
)
def test_a_status_alone_has_one_meaning(
    status: int, outcome: Outcome, reason: Reason | None
) -> None:
    assert classify(answer(status)) is outcome
    assert reason_of(outcome) is reason


@pytest.mark.parametrize(
    "said",
    [
        "Resource not accessible by integration",
        "Resource not accessible by personal access token",
        "Must have admin rights to Repository.",
        "",
    ],
)
def test_a_403_that_speaks_of_no_limit_is_a_denial(said: str) -> None:
    assert classify(answer(403, said, x_ratelimit_remaining="17")) is Outcome.FORBIDDEN


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (
            "You have exceeded a secondary rate limit. Please wait a few minutes.",
            Outcome.SECONDARY_LIMIT,
        ),
        ("You have triggered an abuse detection mechanism.", Outcome.SECONDARY_LIMIT),
        ("API rate limit exceeded for user ID 1.", Outcome.PRIMARY_LIMIT),
        ("Maximum number of login attempts exceeded.", Outcome.UNAUTHORIZED),
        ("Resource protected by organization SAML enforcement.", Outcome.SSO_REQUIRED),
        (
            (
                "Although you appear to have the correct authorization credentials, the `acme` "
                "organization has an IP allow list enabled, and 192.0.2.1 is not permitted."
            ),
            Outcome.IP_NOT_ALLOWED,
        ),
        (
            "`acme` forbids access via a personal access token (classic). Please use a GitHub App.",
            Outcome.POLICY_FORBIDS_TOKEN,
        ),
        (
            (
                "The 'acme' organization forbids access via a fine-grained personal access tokens if "
                "the token's lifetime is greater than 366 days."
            ),
            Outcome.POLICY_FORBIDS_TOKEN,
        ),
        (
            (
                "Although you appear to have the correct authorization credentials, the `acme` "
                "organization has enabled OAuth App access restrictions."
            ),
            Outcome.POLICY_FORBIDS_TOKEN,
        ),
    ],
)
def test_the_words_of_a_403_decide(said: str, outcome: Outcome) -> None:
    assert classify(answer(403, said)) is outcome


def test_limits_are_told_by_their_headers_when_the_words_say_nothing() -> None:
    assert classify(answer(403, retry_after="30")) is Outcome.SECONDARY_LIMIT
    assert classify(answer(403, x_ratelimit_remaining="0")) is Outcome.PRIMARY_LIMIT
    assert classify(answer(429, x_ratelimit_remaining="0")) is Outcome.PRIMARY_LIMIT


def test_single_sign_on_has_two_forms() -> None:
    required = answer(403, "x", x_github_sso="required; url=https://github.com/orgs/acme/sso")
    partial = answer(200, x_github_sso="partial-results; organizations=21955855,20582480")

    assert classify(required) is Outcome.SSO_REQUIRED
    assert classify(partial) is Outcome.SSO_PARTIAL
    assert reason_of(Outcome.SSO_PARTIAL) is Reason.SSO_NOT_AUTHORIZED


def test_the_bound_of_ten_thousand_packages_is_no_plain_400() -> None:
    said = "The value of `per_page` multiplied by `page` cannot be greater than 10000."

    assert classify(answer(400, said)) is Outcome.PAGE_LIMIT
    assert classify(answer(400, "Invalid argument.")) is Outcome.BAD_REQUEST


def test_a_message_is_one_short_line() -> None:
    assert message(answer(403, "a\x1b[31m\nb")) == "a [31m b"
    assert len(message(answer(403, "x" * 5000))) == 300
    assert message(Response(403, {}, b'{"message": 3}')) == ""
    assert message(Response(403, {}, b"<html>")) == ""


@given(st.integers(100, 599), st.binary(max_size=40), st.dictionaries(st.text(), st.text()))
def test_any_answer_has_a_meaning(status: int, body: bytes, headers: dict[str, str]) -> None:
    assert isinstance(classify(Response(status, headers, body)), Outcome)


def test_every_outcome_has_its_place_in_the_table() -> None:
    assert {outcome: reason_of(outcome) for outcome in Outcome}.keys() == set(Outcome)


def error(kind: str = "", said: str = "") -> GraphQLError:
    return GraphQLError(kind, said, ())


@pytest.mark.parametrize(
    ("data", "errors", "outcome"),
    [
        ({"a": 1}, (), Outcome.OK),
        ({"a": None}, (error("NOT_FOUND"),), Outcome.GRAPHQL_PARTIAL),
        ({"a": 1}, (error("RATE_LIMITED"),), Outcome.PRIMARY_LIMIT),
        (None, (error("RATE_LIMITED", "API rate limit exceeded"),), Outcome.PRIMARY_LIMIT),
        (None, (error("", "You have exceeded a secondary rate limit."),), Outcome.SECONDARY_LIMIT),
        (
            None,
            (error("", "Something went wrong while executing your query."),),
            Outcome.SERVER_ERROR,
        ),
        (None, (error("INTERNAL"),), Outcome.SERVER_ERROR),
        (None, (), Outcome.SERVER_ERROR),
        (None, (error("", "Field 'x' doesn't exist on type 'Query'"),), Outcome.GRAPHQL_ERROR),
        (None, (error("FORBIDDEN"),), Outcome.GRAPHQL_ERROR),
        ([], (error("FORBIDDEN"),), Outcome.GRAPHQL_ERROR),
    ],
)
def test_graphql_fails_with_http_200(
    data: Any, errors: tuple[GraphQLError, ...], outcome: Outcome
) -> None:
    assert classify_graphql(data, errors) is outcome


def test_each_graphql_error_has_its_reason() -> None:
    assert error("NOT_FOUND").reason is Reason.NOT_FOUND
    assert error("FORBIDDEN").reason is Reason.FORBIDDEN
    assert error("INSUFFICIENT_SCOPES").reason is Reason.FORBIDDEN
    assert error("FORBIDDEN", "organization SAML enforcement").reason is Reason.SSO_NOT_AUTHORIZED
    assert error("X").reason is Reason.SERVER_ERROR


@pytest.mark.parametrize("payload", [None, [], {}, {"errors": {}}, {"errors": "x"}])
def test_errors_of_another_shape_are_none(payload: Any) -> None:
    assert graphql_errors(payload) == ()


def test_an_error_of_another_shape_still_counts() -> None:
    payload = {"errors": [7, {"type": "NOT_FOUND", "message": "no", "path": ["r0", 1, None]}]}

    assert graphql_errors(payload) == (error(), GraphQLError("NOT_FOUND", "no", ("r0", 1)))
