"""Settings: who wins, what is refused, and with which words."""

from datetime import timedelta
from pathlib import Path

import pytest

from collector.errors import UsageError
from pkginventory.settings import CredentialSource, FailOn, load, parse_duration


def config(folder: Path, text: str) -> Path:
    """Write a configuration file."""
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("text", ["", "24", "h", "-1h", "1.5h", "1y", "24h;", "9999999h"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("24h", timedelta(days=1)),
        ("2 w", timedelta(days=14)),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["", "urgent", "high;new", "high,old", "new"])
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="critical, high, medium, low"):
        FailOn.parse(text)


def test_a_policy_means_its_severity_and_all_above() -> None:
    policy = FailOn.parse("medium,new")

    assert policy == FailOn("medium", new_only=True)
    assert policy.severities == ("critical", "high", "medium")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour = 1", "unknown key 'colour'"),
        ("min_coverage = 101", "min_coverage"),
        ('max_age = "soon"', "not a duration"),
        ("thresholds = {stale = 3}", "unknown key 'stale'"),
        ('severity = {"PKG002" = "low"}', "PKG002.medium"),
        ('severity = {"PKG002.medium" = "tiny"}', "'tiny' is not one of"),
        ('[credentials]\ntoken = "ghp_x"', "unknown key 'token'"),
        ('api_url = "ftp://x"', "not the address of an API"),
        ('api_url = "https://user:pass@host"', "not the address of an API"),
        ("include = 3", "list of strings"),
        ("= broken", "not valid TOML"),
    ],
)
def test_a_bad_file_is_refused_naming_the_file_and_the_fault(
    tmp_path: Path, text: str, message: str
) -> None:
    file = config(tmp_path, text)

    with pytest.raises(UsageError) as caught:
        load({}, environ={}, file=file)

    assert str(file) in str(caught.value)
    assert message in str(caught.value) + caught.value.hint


def test_a_named_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        load({}, environ={}, file=tmp_path / "no.toml")


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = config(tmp_path, 'db = "file.duckdb"\nmin_coverage = 80\nlog_level = "debug"')
    environ = {"PKGINVENTORY_DB": "env.duckdb", "GITHUB_API_URL": "https://ghes.example/api/v3/"}

    settings = load({"db": "flag.duckdb", "log_level": None}, environ=environ, file=file)

    assert settings.db == Path("flag.duckdb")
    assert settings.min_coverage == 80
    assert settings.log_level == "debug"
    assert settings.api_url == "https://ghes.example/api/v3"


def test_our_own_variable_wins_over_the_one_of_the_runner() -> None:
    environ = {"GITHUB_API_URL": "https://a.example", "PKGINVENTORY_API_URL": "https://b.example"}

    assert load({}, environ=environ).api_url == "https://b.example"


def test_credentials_stand_for_all_organizations_or_for_one(tmp_path: Path) -> None:
    text = '[credentials]\ntoken_file = "/run/t"\n[credentials.acme]\napp_id = 7\napp_key_file = "k.pem"'

    settings = load({}, environ={}, file=config(tmp_path, text))

    assert settings.credentials == {
        "": CredentialSource(token_file=Path("/run/t")),
        "acme": CredentialSource(app_id="7", app_key_file=Path("k.pem")),
    }


def test_the_file_beside_the_working_folder_is_read_without_being_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pkginventory.toml").write_text('org = ["acme", "acme-labs"]', encoding="utf-8")

    assert load({}, environ={}).org == ("acme", "acme-labs")
