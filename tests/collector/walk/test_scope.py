"""Which repositories a run reads."""

import pytest

from collector.walk.scope import Scope


def test_without_options_everything_is_inside() -> None:
    """No option leaves nothing out."""
    scope = Scope()

    assert scope.everything
    assert scope.covers("acme/shop")


@pytest.mark.parametrize(
    ("scope", "name", "covered"),
    [
        (Scope(include=("shop*",)), "acme/shop-web", True),
        (Scope(include=("shop*",)), "acme/web-shop", False),
        (Scope(include=("acme/shop",)), "acme/shop", True),
        (Scope(include=("acme/shop",)), "other/shop", False),
        (Scope(include=("SHOP",)), "acme/Shop", True),
        (Scope(exclude=("*-archive",)), "acme/shop-archive", False),
        (Scope(include=("*",), exclude=("shop",)), "acme/shop", False),
        (Scope(names=frozenset({"Shop"})), "acme/shop", True),
        (Scope(names=frozenset({"acme/shop"})), "acme/shop", True),
        (Scope(names=frozenset({"acme/shop"})), "acme/web", False),
        (Scope(names=frozenset({"shop"}), exclude=("shop",)), "acme/shop", False),
        (Scope(names=frozenset()), "acme/shop", False),
    ],
)
def test_globs_and_names(scope: Scope, name: str, covered: bool) -> None:
    """Excluding wins; a glob with a slash is about the whole name; case does not matter."""
    assert scope.covers(name) is covered
    assert not scope.everything


def test_names_that_no_repository_has_are_told() -> None:
    """A slip of the pen must not look like an audit."""
    scope = Scope(names=frozenset({"Shop", "acme/web", "acme/shpo"}))

    assert scope.unmatched(["acme/shop", "acme/web"]) == ["acme/shpo"]
    assert Scope().unmatched(["acme/shop"]) == []
