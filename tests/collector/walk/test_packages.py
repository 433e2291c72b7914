"""Packages: what a token sees, what it does not, and a list that does not hold still."""

from collections.abc import Callable, Sequence

import pytest

from collector.walk.context import Options
from tests.collector.walk.conftest import Begin
from tests.collector.walk.tools import aged
from tests.fake_github import World, truth_of
from tests.fake_github.context import Context, Refusal
from tests.fake_github.model import Package
from tests.fake_github.rest import packages as packages_api
from tests.fake_github.worlds import small

PACKAGES = ("package_type", "name", "visibility")
NO_SETTINGS = Options(settings_budget=0)
VISIBILITIES = "select name, visibility from package where valid_to_run is null order by package_id"


def on_page(
    monkeypatch: pytest.MonkeyPatch,
    page: int,
    action: Callable[[], object],
    *,
    times: int | None = None,
) -> None:
    """Do something just before this page of the private npm packages is answered."""
    plain, left = packages_api._page, [times]

    def paged(ctx: Context, found: Sequence[Package]) -> Sequence[Package]:
        wanted = (ctx.query("package_type"), ctx.query("visibility"), ctx.query("page"))
        if wanted == ("npm", "private", str(page)) and left[0] != 0:
            left[0] = None if left[0] is None else left[0] - 1
            action()
            found = [p for p in ctx.org.packages.values() if p in found]
        return plain(ctx, found)

    monkeypatch.setattr(packages_api, "_page", paged)


def refused(status: int, message: str) -> None:
    """Refuse a request."""
    raise Refusal(status, message)


def many(count: int, *, visibility: str) -> World:
    """An organization with so many npm packages."""
    world = World(seed=1)
    acme = world.org("acme")
    acme.repo("shop", visibility="public")
    for number in range(count):
        acme.package("npm", f"p{number:05}", visibility=visibility)
    return world


@pytest.mark.parametrize("profile", ["no_packages_scope", "app", "fine_grained", "saml_required"])
def test_a_token_that_may_not_list_packages_is_no_empty_organization(
    begin: Begin, profile: str
) -> None:
    """Every list is said to be denied; none is complete."""
    nights = begin(small())
    nights.packages = profile
    seen = nights.once(options=NO_SETTINGS)

    assert {status for status, _ in seen.coverage("packages").values()} == {"denied"}
    assert len(seen.coverage("packages")) == 16
    assert seen.rows("package") == []


def test_one_denied_list_is_about_that_list_only(begin: Begin) -> None:
    """The others are read."""
    nights = begin(small())
    nights.server.faults.status(403, path="/orgs/acme/packages", share=1.0, start=3, times=1)
    seen = nights.once(options=NO_SETTINGS)
    statuses = [status for status, _ in seen.coverage("packages").values()]

    assert sorted(set(statuses)) == ["complete", "denied"]
    assert statuses.count("denied") == 1


def test_all_packages_with_their_visibility(begin: Begin) -> None:
    """Internal ones are found by the filter only, whatever their field says."""
    world = small()
    world.switches.internal_field = "private"
    nights = begin(world)
    seen = nights.once(options=NO_SETTINGS)
    found = {(kind, name): visibility for kind, name, visibility in seen.rows("package", *PACKAGES)}

    assert found == truth_of(world, "acme").packages
    assert "internal" in found.values()


def test_each_credential_s_name_stands_with_what_it_read(begin: Begin) -> None:
    """Two are recommended: one for packages, one for the rest."""
    nights = begin(small())
    nights.packages = "packages_only"
    nights.profile = "app"
    nights.night()
    asked = nights.rows(
        "select family, any_value(credential), count(distinct credential) from coverage"
        " where credential is not null group by family"
    )

    assert {family: name for family, name, _ in asked if name == "packages"} == dict.fromkeys(
        ("packages", "package_details", "package_versions"), "packages"
    )
    assert {count for *_, count in asked} == {1}


def test_every_page_is_read_to_the_empty_one(begin: Begin) -> None:
    """A list without Link headers ends nowhere else."""
    nights = begin(many(200, visibility="private"))
    seen = nights.once(options=NO_SETTINGS)
    pages = [
        r for r in nights.server.requests if "visibility=private" in r.query and "npm" in r.query
    ]

    assert len(seen.rows("package")) == 200
    assert len(pages) == 3


def test_a_list_that_moves_is_read_again(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages that slip through between two pages are found; those that come twice are one."""
    world = many(250, visibility="private")

    def first_to_the_end() -> None:
        packages = world["acme"].packages
        first = next(iter(packages))
        packages[first] = packages.pop(first)

    # Before the second page everything moves up by one, so its first package is on no page.
    on_page(monkeypatch, 2, first_to_the_end, times=1)
    nights = begin(world)
    seen = nights.once(options=NO_SETTINGS)

    assert len(seen.rows("package")) == 250
    assert seen.coverage("packages")["npm/private"] == ("complete", None)


def test_a_list_that_never_holds_still_is_partial(begin: Begin) -> None:
    """A package may have been missed, and that is said."""
    world = many(450, visibility="private")
    world.switches.rotate_packages = 40
    nights = begin(world)
    seen = nights.once(options=NO_SETTINGS)
    status, reason = seen.coverage("packages")["npm/private"]
    found = len(seen.rows("package"))

    assert (status, reason) == ("partial", "truncated") or (status == "complete" and found == 450)


def test_only_the_first_ten_thousand_are_listed_and_that_is_said(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub answers no further page; the coverage is partial, not complete."""
    refuse = "The value of `per_page` multiplied by `page` cannot be greater than 10000."
    on_page(monkeypatch, 3, lambda: refused(400, refuse))
    nights = begin(many(300, visibility="private"))
    seen = nights.once(options=NO_SETTINGS)

    assert seen.coverage("packages")["npm/private"] == ("partial", "truncated")
    assert len(seen.rows("package")) == 200


def test_a_page_that_is_denied_in_the_middle_leaves_what_was_read(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token may lose its rights while it is used."""
    on_page(monkeypatch, 3, lambda: refused(403, "Forbidden"))
    nights = begin(many(300, visibility="private"))
    seen = nights.once(options=NO_SETTINGS)

    assert seen.coverage("packages")["npm/private"] == ("partial", "forbidden_403")
    assert len(seen.rows("package")) == 200


def test_an_organization_without_internal_packages_may_refuse_the_filter(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is no denial: there is nothing of the kind."""
    monkeypatch.setattr("tests.fake_github.rest.packages.VISIBILITIES", ("public", "private"))
    nights = begin(many(1, visibility="private"))
    seen = nights.once(options=NO_SETTINGS)

    assert seen.coverage("packages")["npm/internal"] == ("unavailable", "bad_request")
    assert seen.coverage("packages")["npm/private"] == ("complete", None)


def test_a_filter_that_is_ignored_does_not_make_private_packages_public(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a package says of itself is then believed, and the report warned."""
    monkeypatch.setattr("tests.fake_github.rest.packages._matches", lambda *_: True)
    world = small()
    nights = begin(world)
    seen = nights.once(options=NO_SETTINGS)
    found = {(kind, name): visibility for kind, name, visibility in seen.rows("package", *PACKAGES)}

    assert found == truth_of(world, "acme").packages
    assert any("say of themselves" in warning for warning in seen.summary.warnings)


def test_where_nothing_can_be_internal_the_filter_was_a_synonym(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal lists and a plan without an enterprise: the packages are private."""
    monkeypatch.setattr(
        "tests.fake_github.rest.packages._matches",
        lambda _ctx, package, wanted: (package.visibility == "public") == (wanted == "public"),
    )
    nights = begin(many(3, visibility="private"))
    seen = nights.once(options=NO_SETTINGS)

    assert {visibility for (visibility,) in seen.rows("package", "visibility")} == {"private"}
    assert any("as private and as internal" in warning for warning in seen.summary.warnings)


def test_the_same_lists_in_an_enterprise_stay_internal(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There they can be, and internal is what the narrower list says."""
    monkeypatch.setattr(
        "tests.fake_github.rest.packages._matches",
        lambda _ctx, package, wanted: (package.visibility == "public") == (wanted == "public"),
    )
    world = many(3, visibility="private")
    world["acme"].plan = "enterprise"
    nights = begin(world)
    seen = nights.once(options=NO_SETTINGS)

    assert {visibility for (visibility,) in seen.rows("package", "visibility")} == {"internal"}


def test_a_server_that_minds_no_page_number_does_not_keep_us_for_ever(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a few pages without anything new the list is said to have no end."""
    monkeypatch.setattr("tests.fake_github.rest.packages._page", lambda _ctx, found: found)
    nights = begin(many(3, visibility="private"))
    seen = nights.once(options=NO_SETTINGS)

    assert seen.coverage("packages")["npm/private"] == ("partial", "truncated")
    assert len(seen.rows("package")) == 3


def test_a_repository_that_the_list_does_not_name_is_asked_for(begin: Begin) -> None:
    """Once, and by the name in one piece; a night later it is not due yet."""
    world = World(seed=1)
    acme = world.org("acme")
    acme.repo("shop")
    acme.package("container", "tools/a b", repository="shop", in_list_repository=False)
    acme.package("container", "alone")
    nights = begin(world)
    nights.night()
    asked = [r.raw_path for r in nights.server.requests if "/packages/container/" in r.path]

    assert "/orgs/acme/packages/container/tools%2Fa%20b" in asked
    shop = acme.repository("shop").id
    assert nights.rows(
        "select p.name, c.repository_id from package_connection c"
        " join package p using (package_id) order by all"
    ) == [("alone", None), ("tools/a b", shop)]

    nights.server.forget()
    nights.night()

    assert [r for r in nights.server.requests if "/packages/container/" in r.path] == []
    assert {status for status, _ in nights.coverage("package_details").values()} == {"carried"}

    aged(nights, 12)
    nights.server.forget()
    nights.night()

    assert nights.server.count("/orgs/acme/packages/container/alone") == 1
