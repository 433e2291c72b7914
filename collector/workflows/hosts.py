"""Which hosts are GitHub Packages registries, on github.com, GHE.com or a GitHub Enterprise Server."""

import re
from dataclasses import dataclass
from typing import Final

_HOST: Final = re.compile(
    r"""(?:[a-z][a-z0-9+.-]{0,20}://|//)?  # a scheme, or npm's //
        (?:[^/@\s]*@)?                                       # user and password
        (?P<host>[A-Za-z0-9][A-Za-z0-9.-]*)(?::(?P<port>\d+))?
        (?P<path>/\S*)?""",
    re.VERBOSE,
)
_PACKAGE_TYPES: Final = ("container", "docker", "npm", "maven", "nuget", "rubygems")


@dataclass(frozen=True, slots=True)
class RegistryHosts:
    """The registry hosts of one GitHub.

    Attributes:
        hosts: host in lower case -> registry.
        paths: (host, path prefix) -> registry, for servers without subdomains.
        api: the hosts of the REST and GraphQL API.
    """

    hosts: tuple[tuple[str, str], ...]
    paths: tuple[tuple[str, str, str], ...] = ()
    api: tuple[str, ...] = ("api.github.com",)

    @classmethod
    def for_server(cls, host: str) -> "RegistryHosts":
        """Return the hosts of a server: github.com, NAME.ghe.com or a GHES host."""
        host = host.lower()
        if host in ("github.com", "api.github.com"):
            return GITHUB_COM
        if host.endswith(".ghe.com"):
            kinds: tuple[str, ...] = ("npm", "nuget", "rubygems")
            own = [(f"containers.{host}", "container"), *((f"{k}.{host}", k) for k in kinds)]
            return cls((*own, *GITHUB_COM.hosts), (), (f"api.{host}",))
        kinds = ("docker", "npm", "maven", "nuget", "rubygems")
        subdomains = ((f"{kind}.{host}", kind) for kind in kinds)
        paths = tuple((host, f"/_registry/{kind}", kind) for kind in kinds)
        own = [(f"containers.{host}", "container"), *subdomains]
        # A server's workflows may log in to github.com's registries too.
        return cls((*own, *GITHUB_COM.hosts), paths, (host, "api.github.com"))

    def classify(self, text: str) -> tuple[str, str] | None:
        """Return registry and host of a registry host, URL or image name; None if not GitHub's."""
        match = _HOST.match(text.strip().strip("\"'"))
        if match is None:
            return None
        host = match["host"].lower().rstrip(".")
        registry = dict(self.hosts).get(host)
        if registry is not None:
            return registry, host
        path = (match["path"] or "").lower()
        for server, prefix, kind in self.paths:
            if host == server and (path == prefix or path.startswith(prefix + "/")):
                return kind, host
        return None

    def is_api(self, text: str) -> bool:
        """Tell whether a URL or host is the API's."""
        match = _HOST.match(text.strip())
        return match is not None and match["host"].lower() in self.api


GITHUB_COM: Final = RegistryHosts(
    (
        ("ghcr.io", "container"),
        ("docker.pkg.github.com", "docker"),
        ("npm.pkg.github.com", "npm"),
        ("maven.pkg.github.com", "maven"),
        ("nuget.pkg.github.com", "nuget"),
        ("rubygems.pkg.github.com", "rubygems"),
    )
)


def path_package_type(path: str) -> str | None:
    """Return the package type that a REST path names, such as `/orgs/o/packages/npm/x`."""
    match = re.search(r"/packages/(\w+)", path)
    return match[1] if match and match[1] in _PACKAGE_TYPES else None
