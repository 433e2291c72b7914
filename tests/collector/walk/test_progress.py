"""What a walk tells about itself."""

from datetime import datetime

from collector.walk.progress import Silent
from tests.collector.walk.conftest import Begin
from tests.fake_github.worlds import small


class Notes(Silent):
    """Writes everything down."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, int | None]] = []

    def started(self, family: str, *, total: int | None) -> None:
        self.heard.append(("started", family, total))

    def advanced(self, family: str, *, done: int, total: int | None) -> None:
        self.heard.append(("advanced", family, done))

    def finished(self, family: str, *, done: int, detail: str) -> None:
        self.heard.append(("finished", family, done))

    def waiting(self, *, until: datetime, reason: str) -> None:
        self.heard.append(("waiting", reason, None))


def test_packages_come_first_and_every_family_ends(begin: Begin) -> None:
    """The answer to the first question stands within minutes."""
    notes = Notes()
    begin(small()).once(progress=notes)
    families = list(dict.fromkeys(family for kind, family, _ in notes.heard if kind == "started"))
    ended = [family for kind, family, _ in notes.heard if kind == "finished"]

    assert families == [
        "organization",
        "packages",
        "package_details",
        "repositories",
        "workflow_trees",
        "blobs",
        "org_settings",
        "org_secrets",
        "custom_properties",
        "team_repositories",
        "repo_settings",
        "package_versions",
        "workflow_runs",
        "attestations",
    ]
    assert set(ended) == set(families)


def test_a_family_s_progress_only_grows(begin: Begin) -> None:
    """And ends at its total."""
    notes = Notes()
    begin(small()).once(progress=notes)
    packages = [n for kind, family, n in notes.heard if (kind, family) == ("advanced", "packages")]

    assert packages == list(range(1, 17))
