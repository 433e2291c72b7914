"""Frozen settings, read once: flags over environment over pkginventory.toml over defaults."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collector.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILE_NAME = "pkginventory.toml"
SEVERITIES = ("critical", "high", "medium", "low")

_DURATION = re.compile(r"(\d{1,6})\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_duration(text: str) -> timedelta:
    """Read `90s`, `30m`, `24h`, `7d` or `2w`; anything else is a ValueError."""
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(f"{text!r} is not a duration such as 30m, 24h or 7d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


@dataclass(frozen=True, slots=True)
class FailOn:
    """The policy that turns open findings into exit code 1."""

    severity: str
    new_only: bool = False
    # only findings that the previous judgement did not have

    @classmethod
    def parse(cls, text: str) -> FailOn:
        """Read `high` or `high,new`; anything else is a ValueError."""
        severity, _, rest = text.strip().lower().partition(",")
        if severity not in SEVERITIES or rest.strip() not in {"", "new"}:
            raise ValueError(f"{text!r} is not one of {', '.join(SEVERITIES)}, with ',new' or not")
        return cls(severity, new_only=bool(rest))

    @property
    def severities(self) -> tuple[str, ...]:
        """The severities at or above the one named."""
        return SEVERITIES[: SEVERITIES.index(self.severity) + 1]


@dataclass(frozen=True, slots=True)
class CredentialSource:
    """Where an organization's credentials come from; never the credentials themselves."""

    token_env: str | None = None
    token_file: Path | None = None
    token_command: str | None = None
    app_id: str | None = None
    app_key_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a command may be told, whoever told it."""

    db: Path = Path("pkginventory.duckdb")
    org: tuple[str, ...] = ()
    enterprise: str | None = None
    api_url: str = "https://api.github.com"
    ca_file: Path | None = None
    out: Path = Path("pkginventory-report")
    max_age: timedelta = timedelta(hours=24)
    fail_on: FailOn | None = None
    min_coverage: float = 95.0
    lock_timeout: float = 60.0
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    repos_from: Path | None = None
    max_requests: int | None = None
    settings_budget: int | None = None
    max_wait: timedelta = timedelta(hours=6)
    requests_per_second: float | None = None
    # None: what the edition allows; 0: no pacing
    graphql: bool = True
    full: bool = False
    resume: bool = True
    record: Path | None = None
    replay: Path | None = None
    rules_dir: Path | None = None
    waivers: Path | None = None
    log_format: str = "text"
    log_level: str = "info"
    thresholds: dict[str, int] = field(default_factory=dict)
    severity: dict[str, str] = field(default_factory=dict)
    credentials: dict[str, CredentialSource] = field(default_factory=dict)
    # by organization; '' holds for all others
    schedule: dict[str, str] = field(default_factory=dict)
    notify: dict[str, Any] = field(default_factory=dict)


def _strings(value: Any) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)) or not all(isinstance(item, str) for item in items):
        raise ValueError("expected a list of strings")
    return tuple(item.strip() for item in items if item.strip())


def _boolean(value: Any) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() not in words:
        raise ValueError(f"{value!r} is neither true nor false")
    return words[str(value).lower()]


def _choice(*choices: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"{value!r} is not one of {', '.join(choices)}")
        return str(value)

    return read


def _count(value: Any) -> int:
    number = int(value)
    if number < 0:
        raise ValueError(f"{value!r} is below zero")
    return number


def _percent(value: Any) -> float:
    number = float(value)
    if not 0 <= number <= 100:  # noqa: PLR2004 - a percentage
        raise ValueError(f"{value!r} is not between 0 and 100")
    return number


def _duration(value: Any) -> timedelta:
    return value if isinstance(value, timedelta) else parse_duration(str(value))


def _fail_on(value: Any) -> FailOn:
    return value if isinstance(value, FailOn) else FailOn.parse(str(value))


def _api_url(value: Any) -> str:
    text = str(value).rstrip("/")
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", text):
        raise ValueError(f"{value!r} is not the address of an API, such as https://HOST/api/v3")
    return text


def _days(value: Any) -> dict[str, int]:
    known = {"stale_package_days", "max_fact_age_days", "max_list_age_days", "probe_max_age_days"}
    return {_known(key, known): _count(number) for key, number in _table(value).items()}


def _severities(value: Any) -> dict[str, str]:
    read = _choice(*SEVERITIES)
    for key in _table(value):
        if not re.fullmatch(r"[A-Z]+\d+\.(critical|high|medium|low)", key):
            raise ValueError(
                f"{key!r} is not a rule and the severity it gives, such as PKG002.medium"
            )
    return {key: read(severity) for key, severity in value.items()}


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("expected a table")  # noqa: TRY004 - reported as a bad setting
    return value


def _known(key: str, known: set[str]) -> str:
    if key not in known:
        raise ValueError(f"unknown key {key!r}; known: {', '.join(sorted(known))}")
    return key


def _credentials(value: Any) -> dict[str, CredentialSource]:
    """Read `[credentials]` and `[credentials.ORG]`; the former holds for all organizations."""
    known = {spec.name for spec in fields(CredentialSource)}
    table = _table(value)
    groups = {key: sub for key, sub in table.items() if isinstance(sub, dict)}
    groups[""] = {key: sub for key, sub in table.items() if not isinstance(sub, dict)}
    sources = {}
    for org, entries in groups.items():
        named: dict[str, Any] = {
            _known(key, known): Path(text) if key.endswith("_file") else str(text)
            for key, text in entries.items()
        }
        sources[org] = CredentialSource(**named)
    return sources


def _text_table(*known: str) -> Callable[[Any], dict[str, str]]:
    def read(value: Any) -> dict[str, str]:
        return {_known(key, set(known)): str(text) for key, text in _table(value).items()}

    return read


def _notify(value: Any) -> dict[str, Any]:
    known = {"webhook_url_env", "webhook_secret_env", "slack_url_env", "step_summary", "always"}
    known |= {"smtp_host", "smtp_port", "smtp_from", "smtp_to", "smtp_user", "smtp_password_env"}
    known |= {"smtp_starttls"}
    return {_known(key, known): entry for key, entry in _table(value).items()}


# How each setting is read, whoever says it.
_READERS: dict[str, Callable[[Any], Any]] = {
    "db": Path,
    "org": _strings,
    "enterprise": str,
    "api_url": _api_url,
    "ca_file": Path,
    "out": Path,
    "max_age": _duration,
    "fail_on": _fail_on,
    "min_coverage": _percent,
    "lock_timeout": float,
    "include": _strings,
    "exclude": _strings,
    "repos_from": Path,
    "max_requests": _count,
    "settings_budget": _count,
    "max_wait": _duration,
    "requests_per_second": float,
    "graphql": _boolean,
    "full": _boolean,
    "resume": _boolean,
    "record": Path,
    "replay": Path,
    "rules_dir": Path,
    "waivers": Path,
    "log_format": _choice("text", "json"),
    "log_level": _choice("debug", "info", "warning", "error"),
    "thresholds": _days,
    "severity": _severities,
    "credentials": _credentials,
    "schedule": _text_table("at", "cron", "tz", "health_file", "healthz_port", "misfire_grace"),
    "notify": _notify,
}

# What is meant for one run stands on the command line only.
_FLAGS_ONLY = {"full", "resume", "record", "replay"}

# GITHUB_API_URL is what GitHub's own runners and gh set; ours comes first.
_ENVIRONMENT = {
    "db": ("PKGINVENTORY_DB",),
    "org": ("PKGINVENTORY_ORG",),
    "api_url": ("PKGINVENTORY_API_URL", "GITHUB_API_URL"),
    "ca_file": ("PKGINVENTORY_CA_FILE",),
    "log_format": ("PKGINVENTORY_LOG_FORMAT",),
    "log_level": ("PKGINVENTORY_LOG_LEVEL",),
    "rules_dir": ("PKGINVENTORY_RULES_DIR",),
}


def load(
    flags: Mapping[str, Any], *, environ: Mapping[str, str], file: Path | None = None
) -> Settings:
    """Merge the four sources into one frozen value.

    Args:
        flags: what the command line said; a None or empty tuple was not said.
        environ: the process environment.
        file: the configuration file named by `--config`; else ./pkginventory.toml when it is there.

    Raises:
        UsageError: a file that can't be read, an unknown key or a value that means nothing.
    """
    merged: dict[str, Any] = {}
    for name, value in _from_file(file).items():
        merged[name] = _read(name, value, where=str(file or FILE_NAME))
    for name, variables in _ENVIRONMENT.items():
        said = next((variable for variable in variables if environ.get(variable)), None)
        if said:
            merged[name] = _read(name, environ[said], where=f"the environment variable {said}")
    for name, value in flags.items():
        if value is not None and value not in ((), []):
            merged[name] = _read(name, value, where=f"--{name.replace('_', '-')}")
    return Settings(**merged)


def _from_file(file: Path | None) -> dict[str, Any]:
    path = file or Path(FILE_NAME)
    if file is None and not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}.") from error
    for key in table:
        if key not in _READERS or key in _FLAGS_ONLY:
            known = ", ".join(sorted(_READERS.keys() - _FLAGS_ONLY))
            raise UsageError(f"{path}: unknown key {key!r}.", hint=f"Known keys: {known}.")
    return table


def _read(name: str, value: Any, *, where: str) -> Any:
    try:
        return _READERS[name](value)
    except (ValueError, TypeError) as error:
        raise UsageError(f"{where}: {error}.", hint=f"See the setting {name!r}.") from error
