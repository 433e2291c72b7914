"""Ready-made worlds, from one that can be held in mind to one of 10,000 repositories."""

from collections.abc import Callable

from tests.fake_github.world import World
from tests.fake_github.worlds.everything import everything
from tests.fake_github.worlds.small import small

WORLDS: dict[str, Callable[[], World]] = {"everything": everything, "small": small}

__all__ = ["WORLDS", "everything", "small"]
