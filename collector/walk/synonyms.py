"""Where the filter `internal` was a synonym of `private`, nothing is internal."""

from typing import Final

from collector.stage_batch import Batch
from collector.walk import rows
from collector.walk.context import Walk
from collector.walk.sweeps import Sweep

# Plans without an enterprise, so without anything internal.
_WITHOUT_ENTERPRISE: Final = frozenset({"free", "team"})


def put_synonyms(walk: Walk, batch: Batch, sweep: Sweep, *, internal: int) -> None:
    """Take back `internal` where the list equals the private one and the plan knows no other.

    GitHub documents the synonym for some registries, and not what an organization outside an
    enterprise gets.

    Args:
        walk: whose stage holds both lists.
        batch: where the corrected rows go.
        sweep: the internal one.
        internal: how many packages it listed.
    """
    plans = {plan for (plan,) in walk.stage.rows("organization", "plan")}
    private = f"{sweep.package_type}/private"
    last = walk.stage.last_page("packages", private)
    same_number = last is not None and last.state.get("seen") == internal
    if not internal or not same_number or not plans or not plans <= _WITHOUT_ENTERPRISE:
        return
    columns = (*rows.PACKAGE_COLUMNS, "coverage_subject")
    stored = walk.stage.rows("package", *columns, family="packages")
    if any(row[-1] == private for row in stored):
        return
    packages = [
        dict(zip(columns[:-1], row, strict=False)) for row in stored if row[-1] == sweep.subject
    ]
    taken_back = [
        item | {"visibility": "private"}
        for item in packages
        if item["visibility"] == "internal" and item["reported_visibility"] != "internal"
    ]
    batch.put("package", taken_back, family="packages", subject=private)
    walk.warn(
        f"GitHub listed the same {sweep.package_type} packages as private and as internal; the"
        " organization's plan has nothing internal, so they are shown as private."
    )
