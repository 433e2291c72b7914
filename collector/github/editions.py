"""The editions of GitHub, told apart by the API's address: hosts, registries, what exists."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from collector.errors import UsageError

DEFAULT_API_URL = "https://api.github.com"
_GHES_PREFIX = "/api/v3"
# GitHub's 900 points a minute, evenly spaced; a GHES has no limits unless its administrator sets
# some, and a server on loopback is a test.
_PACED = 14.0


class EditionKind(StrEnum):
    """Which product answers. GHEC shares github.com's address: only a plan tells it apart."""

    GITHUB_COM = "github.com"
    GHEC = "ghec"
    GHE_COM = "ghe.com"
    GHES = "ghes"


class RegistryKind(StrEnum):
    """The registries of GitHub Packages; Gradle's is Maven's."""

    CONTAINER = "container"
    DOCKER = "docker"
    NPM = "npm"
    MAVEN = "maven"
    NUGET = "nuget"
    RUBYGEMS = "rubygems"


@dataclass(frozen=True, slots=True)
class Registry:
    """One registry of an edition."""

    kind: RegistryKind
    hosts: tuple[str, ...]
    # As a workflow names them, some with a path; the first is the usual one. Empty: not offered.
    granular: bool
    # False: repository-scoped; package and repository then share visibility and permissions.


@dataclass(frozen=True, slots=True)
class Edition:
    """One GitHub, as far as its API's address shows it."""

    kind: EditionKind
    api_url: str
    graphql_url: str
    web_url: str
    registries: tuple[Registry, ...]
    requests_per_second: float
    # What the client should keep to unless told otherwise; 0: no pacing.

    @property
    def clear_text(self) -> bool:
        """Tell whether a token would cross a network unencrypted: worth a warning."""
        parts = urlsplit(self.api_url)
        return parts.scheme == "http" and not is_loopback(parts.hostname or "")

    @property
    def has_public_repositories(self) -> bool:
        """GHE.com's enterprises are managed users': theirs are internal or private."""
        return self.kind is not EditionKind.GHE_COM

    def registry(self, kind: RegistryKind) -> Registry:
        """Return one of the registries."""
        return next(registry for registry in self.registries if registry.kind is kind)

    def registry_of(self, host: str) -> Registry | None:
        """Return the registry that a workflow's host, or host and path, belongs to."""
        wanted = host.casefold().removesuffix("/")
        for registry in self.registries:
            if any(wanted == own or wanted.startswith(f"{own}/") for own in registry.hosts):
                return registry
        return None


def edition_of(api_url: str = DEFAULT_API_URL) -> Edition:
    """Tell the edition by the API's address.

    An address that is none of the known ones, as a test's on loopback, speaks for github.com.

    Raises:
        UsageError: the address is no plain http(s) URL, or that of the website.
    """
    url = api_url.strip().rstrip("/")
    host, path = _checked(url)
    if host == "api.github.com":
        return _github_com(url)
    if host.startswith("api.") and host.endswith(".ghe.com"):
        return _ghe_com(url, tenant=host.removeprefix("api."))
    if is_loopback(host):
        root = url.removesuffix(_GHES_PREFIX)
        graphql = f"{root}/api/graphql" if path.endswith(_GHES_PREFIX) else f"{url}/graphql"
        return _github_com(url, graphql_url=graphql, requests_per_second=0.0)
    if path.endswith(_GHES_PREFIX):
        return _ghes(url, host=host)
    return _github_com(url)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine; its answers come from a test, not through a proxy."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _checked(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        host, _port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        raise UsageError(
            "The API's address is not a URL that begins with https:// and names a host.",
            hint=f"For example --api-url {DEFAULT_API_URL}",
        )
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "The API's address holds a user name or a password.",
            hint="Put the token into PKGINVENTORY_TOKEN.",
        )
    if host in {"github.com", "www.github.com"}:
        raise UsageError(
            f"{url} is GitHub's website, not its API.",
            hint=f"Use {DEFAULT_API_URL}, or https://HOST{_GHES_PREFIX} for GitHub Enterprise "
            "Server, or https://api.SUBDOMAIN.ghe.com.",
        )
    return host, parts.path


def _github_com(
    url: str, *, graphql_url: str | None = None, requests_per_second: float = _PACED
) -> Edition:
    return Edition(
        kind=EditionKind.GITHUB_COM,
        api_url=url,
        graphql_url=graphql_url or f"{url}/graphql",
        web_url="https://github.com",
        registries=_registries(
            "pkg.github.com", container="ghcr.io", scoped={RegistryKind.MAVEN, RegistryKind.DOCKER}
        ),
        requests_per_second=requests_per_second,
    )


def _ghe_com(url: str, *, tenant: str) -> Edition:
    return Edition(
        kind=EditionKind.GHE_COM,
        api_url=url,
        graphql_url=f"{url}/graphql",
        web_url=f"https://{tenant}",
        registries=_registries(
            tenant,
            container=f"containers.{tenant}",
            scoped={RegistryKind.MAVEN, RegistryKind.DOCKER},
            missing={RegistryKind.MAVEN, RegistryKind.DOCKER},
        ),
        requests_per_second=_PACED,
    )


def _ghes(url: str, *, host: str) -> Edition:
    root = url.removesuffix(_GHES_PREFIX)
    everything = set(RegistryKind)
    return Edition(
        kind=EditionKind.GHES,
        api_url=url,
        graphql_url=f"{root}/api/graphql",
        web_url=root,
        registries=_registries(
            host,
            container=f"containers.{host}",
            scoped=everything - {RegistryKind.CONTAINER},
            path_host=host,
        ),
        requests_per_second=0.0,
    )


def _registries(
    domain: str,
    *,
    container: str,
    scoped: set[RegistryKind],
    missing: frozenset[RegistryKind] | set[RegistryKind] = frozenset(),
    path_host: str | None = None,
) -> tuple[Registry, ...]:
    """List the registries; a GHES without subdomain isolation serves them beneath a path."""
    registries = []
    for kind in RegistryKind:
        hosts = [container] if kind is RegistryKind.CONTAINER else [f"{kind}.{domain}"]
        if path_host is not None and kind is not RegistryKind.CONTAINER:
            hosts.append(f"{path_host}/_registry/{kind}")
        offered = () if kind in missing else tuple(hosts)
        registries.append(Registry(kind, offered, granular=kind not in scoped))
    return tuple(registries)
