"""What files refer to, as far as a walk has to read it."""

from collector.walk.digest import Digest, digest
from collector.walk.earlier import EarlierFile
from collector.walk.needs import Need, need_again, needs_of
from collector.walk.organization import Listed

CI = Listed(1, "acme/ci", "private", "main", None, 1)
SHOP = Listed(2, "acme/shop", "private", "main", None, 1)
BY_NAME = {"acme/ci": CI, "acme/shop": SHOP}
WORKFLOW = ".github/workflows/x.yml"


def needs(*uses: str, path: str = WORKFLOW) -> list[Need]:
    """Return what a file of acme/shop needs."""
    return list(needs_of(SHOP, path, Digest(uses=uses), by_name=BY_NAME))


def test_what_the_trees_bring_is_not_asked_again() -> None:
    """Nor what lies outside the organization, in no repository, or behind an expression."""
    assert (
        needs(
            "./.github/workflows/other.yml",
            "./.github/actions/login",
            "./",
            "acme/ci/.github/workflows/x.yml@main",
            "acme/ci/.github/workflows/x.yml@refs/heads/main",
            "acme/ci@main",
            "other/ci/.github/workflows/x.yml@v1",
            "acme/unknown@v1",
            "acme/ci@${{ inputs.ref }}",
            "docker://alpine",
            "./../shop",
        )
        == []
    )


def test_another_ref_and_another_folder_are_asked() -> None:
    """Whatever the case of the name."""
    assert needs(
        "Acme/CI/.github/workflows/x.yml@v1", "acme/ci/login@main", "acme/ci@v2", "./tools/sign"
    ) == [
        Need(1, ".github/workflows/x.yml", "v1", "workflow"),
        Need(1, "login", "", "action"),
        Need(1, "", "v2", "action"),
        Need(2, "tools/sign", "", "action"),
    ]


def test_a_local_reference_of_a_file_at_a_ref_stays_at_that_ref() -> None:
    """Its neighbours are those of the same commit."""
    assert needs("./.github/workflows/y.yml", path=f"{WORKFLOW}@v1") == [
        Need(2, ".github/workflows/y.yml", "v1", "workflow")
    ]


def test_an_earlier_night_s_extra_files_are_needed_again() -> None:
    """What a tree brings anyway is not."""
    assert need_again(EarlierFile(1, WORKFLOW, "workflow")) is None
    assert need_again(EarlierFile(1, "action.yml", "action")) is None
    assert need_again(EarlierFile(1, ".github/actions/a/action.yml", "action")) is None
    assert need_again(EarlierFile(1, f"{WORKFLOW}@v1", "workflow")) == Need(
        1, WORKFLOW, "v1", "workflow"
    )
    assert need_again(EarlierFile(1, "login/action.yaml", "action")) == Need(
        1, "login", "", "action"
    )


def test_a_digest_remembers_calls_logins_and_packages_only() -> None:
    """GITHUB_TOKEN is no stored secret."""
    facts = {
        "calls": [{"uses": "./b"}, {"uses": "./a"}, {"uses": "./a"}, {"uses": 5}],
        "logins": [{}],
        "secrets": [{"name": "GITHUB_TOKEN"}],
        "references": [],
    }

    assert digest(facts) == Digest(uses=("./a", "./b"), logs_in=False, names_packages=True)
    assert digest({**facts, "secrets": [{"name": "PAT"}]}).logs_in
    assert digest(None) == Digest()
