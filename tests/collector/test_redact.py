import io
import logging
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.redact import RedactingFilter, Scrubber

TOKENS = [
    "ghp_" + "a1B2" * 9,
    "gho_" + "a1B2" * 9,
    "ghu_" + "a1B2" * 9,
    "ghr_" + "a1B2" * 9,
    "ghs_" + "a1.-_" * 104,
    "github_pat_11ABCDEFG0" + "x_Y9" * 15,
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjM0NTYifQ.c2lnbmF0dXJl-_",
]


@pytest.mark.parametrize(
    "text",
    [
        "sha 0123456789abcdef0123456789abcdef01234567",
        "basic authentication and a bearer of news",
        "https://github.com/acme/app?page=2&tokens=3",
        "secrets.GITHUB_TOKEN, ghp_ and github_pat_",
        "mail@example.com: see https://example.com:443/x",
        "authorization: required",
    ],
)
def test_what_is_no_credential_stays(text: str) -> None:
    assert Scrubber().scrub(text) == text


@pytest.mark.parametrize("token", TOKENS)
def test_what_looks_like_a_token_is_masked(token: str) -> None:
    assert Scrubber().scrub(f"a '{token}' b") == "a '***' b"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic ***"),
        ("'authorization': 'token abcdef'", "'authorization': 'token ***'"),
        ("Bearer 0123456789abcdef0123", "Bearer ***"),
        ("https://user:hunter2@ghcr.io/x", "https://***@ghcr.io/x"),
        ("GET /x?access_token=abc&y=1", "GET /x?access_token=***&y=1"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4\nabc\n-----END RSA PRIVATE KEY-----",
            "***-----END RSA PRIVATE KEY-----",
        ),
    ],
)
def test_credentials_are_masked_where_they_usually_stand(text: str, masked: str) -> None:
    assert Scrubber().scrub(text) == masked


def test_a_known_value_is_masked_whatever_it_looks_like() -> None:
    scrubber = Scrubber(["0123456789abcdef0123456789abcdef01234567", "p@ss/word"])

    assert scrubber.scrub("0123456789abcdef0123456789abcdef01234567") == "***"
    assert scrubber.scrub("p@ss/word and p%40ss%2Fword") == "*** and ***"


def test_a_value_that_begins_another_leaves_nothing_behind() -> None:
    assert Scrubber(["secret", "secret-longer"]).scrub("secret-longer secret") == "*** ***"


def test_a_value_too_short_to_be_one_masks_nothing() -> None:
    assert Scrubber(["", "a", "abc"]).scrub("abc") == "abc"


def test_a_scrubber_does_not_show_what_it_knows() -> None:
    assert "secret" not in repr(Scrubber(["secret-value"]))


def logged(scrubber: Scrubber, *message: object, **more: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactingFilter(scrubber))
    logger = logging.getLogger("test")
    logger.addHandler(handler)
    logger.warning(*message, **more)  # type: ignore[arg-type]
    return stream.getvalue()


def test_logs_are_masked_in_message_arguments_and_traceback() -> None:
    scrubber = Scrubber(["known-secret"])
    try:
        int("known-secret")
    except ValueError:
        text = logged(scrubber, "a %s %d", "known-secret", 3, exc_info=True, stack_info=True)

    assert "known-secret" not in text
    assert text.startswith("a *** 3\n")
    assert "ValueError: invalid literal for int() with base 10: '***'" in text


def test_a_log_line_that_does_not_fit_its_arguments_is_still_written() -> None:
    assert logged(Scrubber(["known-secret"]), "%d", "known-secret") == "%d ('***',)\n"


@given(st.text(max_size=200), st.sampled_from(TOKENS), st.text(max_size=200))
def test_no_surroundings_hide_a_known_token(before: str, token: str, after: str) -> None:
    assert token not in Scrubber([token]).scrub(before + token + after)


@pytest.mark.parametrize(
    "piece", ["eyJ", "ghp_", "://", "-----BEGIN ", "authorization: ", "token=", "a:", "bearer "]
)
def test_no_text_takes_long(piece: str) -> None:
    started = time.process_time()
    Scrubber(["secret-value"]).scrub(piece * (200_000 // len(piece)))

    assert time.process_time() - started < 10
