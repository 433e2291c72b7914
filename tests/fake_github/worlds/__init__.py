"""Ready-made worlds, from one that can be held in mind to one of 10,000 repositories."""

from collections.abc import Callable

from tests.fake_github.world import World
from tests.fake_github.worlds.big import big, push_some
from tests.fake_github.worlds.day_one import day_one
from tests.fake_github.worlds.demo import demo
from tests.fake_github.worlds.everything import everything
from tests.fake_github.worlds.small import small

WORLDS: dict[str, Callable[[], World]] = {
    "big": big,
    "day_one": day_one,
    "demo": demo,
    "everything": everything,
    "small": small,
}

__all__ = ["WORLDS", "big", "day_one", "demo", "everything", "push_some", "small"]
