from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.github.protocol import (
    Request,
    http_date,
    next_link,
    parse_json,
    path,
    request_headers,
    resolve,
    same_origin,
    segment,
    user_agent,
    with_query,
)


def test_a_name_with_slashes_is_one_segment() -> None:
    assert (
        path("/orgs/{org}/packages/{type}/{name}", org="acme", type="container", name="a/b c")
        == "/orgs/acme/packages/container/a%2Fb%20c"
    )


def test_an_encoded_name_is_not_encoded_again() -> None:
    assert segment("team%2Fimage") == segment("team/image") == "team%2Fimage"


def test_dots_never_climb_out_of_their_place() -> None:
    assert path("/orgs/{org}/x", org="..") == "/orgs/%2E%2E/x"
    assert httpx.URL("https://h" + path("/orgs/{org}/x", org="..")).raw_path == b"/orgs/%2E%2E/x"


def test_a_plus_keeps_the_slashes_of_a_file_path() -> None:
    assert path("/c/{+path}", path=".github/work flows/a.yml") == "/c/.github/work%20flows/a.yml"


@given(st.text(min_size=1).filter(lambda name: "%2f" not in name.casefold()))
def test_every_name_comes_back_whole(name: str) -> None:
    encoded = segment(name)

    assert "/" not in encoded
    assert unquote(encoded) == name.encode("utf-8", "replace").decode()


@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"])))
def test_httpx_sends_a_path_as_it_was_encoded(name: str) -> None:
    where = path("/orgs/{org}/x", org=name)

    assert httpx.URL(f"https://h{where}").raw_path.decode() == where


def test_parameters_without_a_value_are_left_out() -> None:
    assert with_query("/x", {"a": None}) == "/x"
    assert with_query("/x", {"a": "b&c", "n": 2, "t": True, "z": None}) == "/x?a=b%26c&n=2&t=true"
    assert with_query("/x?page=2", {"a": 1}) == "/x?page=2&a=1"


def test_the_headers_pin_the_version_and_name_the_program() -> None:
    headers = request_headers(accept="application/json", authorization="Bearer x")

    assert headers["x-github-api-version"] == "2022-11-28"
    assert headers["user-agent"] == user_agent()
    assert user_agent().startswith("pkginventory/")
    assert headers["authorization"] == "Bearer x"


def test_a_request_never_shows_its_headers() -> None:
    request = Request("GET", "https://h/x", {"authorization": "Bearer secret"}, b"secret")

    assert "secret" not in repr(request)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.github.com.evil.example/x",
        "http://api.github.com/x",
        "https://api.github.com:444/x",
        "https://evil.example/x",
        "https://api.github.com:99999999/x",
        "",
    ],
)
def test_another_host_scheme_or_port_is_another_origin(url: str) -> None:
    assert not same_origin(url, as_url="https://api.github.com")


def test_the_same_origin_may_spell_itself_otherwise() -> None:
    assert same_origin("HTTPS://API.github.com:443/x", as_url="https://api.github.com/y")


def test_a_location_is_resolved_against_the_request() -> None:
    assert resolve("/repositories/1", base="https://h/repos/a/b") == "https://h/repositories/1"
    assert resolve("https://[", base="https://h/x") == ""


def test_only_the_next_link_is_followed() -> None:
    header = '<https://h/x?page=1>; rel="prev", <https://h/x?a=1,2&page=3>; rel="next"'

    assert next_link(header) == "https://h/x?a=1,2&page=3"
    assert next_link('<https://h/x?page=9>; rel="last"') is None
    assert next_link('<https://h/x>; title="next"') is None
    assert next_link(None) is None


@given(st.text(alphabet='<>;, relnxt="/', max_size=300))
def test_a_link_header_of_any_shape_is_read(header: str) -> None:
    target = next_link(header)

    assert target is None or f"<{target}>" in header


def test_what_is_no_http_date_is_none() -> None:
    assert http_date(None) is http_date("soon") is http_date("") is None
    moment = http_date("Mon, 23 Nov 2026 02:14:00 GMT")
    assert moment is not None
    assert moment.isoformat() == "2026-11-23T02:14:00+00:00"


@pytest.mark.parametrize("body", [b"", b"{", b"NaN", b"[Infinity]", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):
        parse_json(body)


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    assert parse_json(rb'{"\ud800k": ["a\udfff"], "ok": "\ud83d\ude00"}') == {
        "\ufffdk": ["a\ufffd"],
        "ok": "😀",
    }
