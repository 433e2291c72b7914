"""A GitHub of our own for tests: a real HTTP server over a made-up world."""

from tests.fake_github.credentials import Credential
from tests.fake_github.faults import Fault, Faults
from tests.fake_github.gitdata import File, submodule, symlink
from tests.fake_github.limits import Limits
from tests.fake_github.model import ActionsSettings, ForkPullRequests, Policy, Secret, Version
from tests.fake_github.server import FakeGitHub, Recorded
from tests.fake_github.truth import Truth, truth_of
from tests.fake_github.world import Switches, World

__all__ = [
    "ActionsSettings",
    "Credential",
    "FakeGitHub",
    "Fault",
    "Faults",
    "File",
    "ForkPullRequests",
    "Limits",
    "Policy",
    "Recorded",
    "Secret",
    "Switches",
    "Truth",
    "Version",
    "World",
    "submodule",
    "symlink",
    "truth_of",
]
