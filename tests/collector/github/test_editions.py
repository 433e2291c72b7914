import pytest

from collector.errors import UsageError
from collector.github.editions import Edition, EditionKind, RegistryKind, edition_of, is_loopback


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.github.com",
        "ftp://api.github.com",
        "https://",
        "https://[",
        "https://api.github.com:port",
        "https://api.github.com?x=1",
        "https://api.github.com#x",
        "https://user:secret-token@api.github.com",
        "https://github.com",
        "https://www.github.com/acme",
    ],
)
def test_what_is_no_api_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        edition_of(url)

    assert caught.value.hint
    assert "secret-token" not in f"{caught.value}{caught.value.hint}"


@pytest.mark.parametrize(
    ("url", "kind", "graphql", "web", "pace"),
    [
        (
            "https://api.github.com/",
            EditionKind.GITHUB_COM,
            "https://api.github.com/graphql",
            "https://github.com",
            14,
        ),
        (
            "https://ghes.example/api/v3/",
            EditionKind.GHES,
            "https://ghes.example/api/graphql",
            "https://ghes.example",
            0,
        ),
        (
            "https://api.octo.ghe.com",
            EditionKind.GHE_COM,
            "https://api.octo.ghe.com/graphql",
            "https://octo.ghe.com",
            14,
        ),
        (
            "http://127.0.0.1:8080",
            EditionKind.GITHUB_COM,
            "http://127.0.0.1:8080/graphql",
            "https://github.com",
            0,
        ),
        (
            "http://localhost:8080/api/v3",
            EditionKind.GITHUB_COM,
            "http://localhost:8080/api/graphql",
            "https://github.com",
            0,
        ),
        (
            "https://proxy.example/github",
            EditionKind.GITHUB_COM,
            "https://proxy.example/github/graphql",
            "https://github.com",
            14,
        ),
    ],
)
def test_the_address_tells_the_edition(
    url: str, kind: EditionKind, graphql: str, web: str, pace: float
) -> None:
    edition = edition_of(url)

    assert edition.kind is kind
    assert edition.api_url == url.rstrip("/")
    assert (edition.graphql_url, edition.web_url) == (graphql, web)
    assert edition.requests_per_second == pace


def granular(edition: Edition) -> set[str]:
    return {registry.kind.value for registry in edition.registries if registry.granular}


def test_maven_is_repository_scoped_in_the_cloud() -> None:
    assert granular(edition_of()) == {"container", "npm", "nuget", "rubygems"}


def test_only_containers_are_granular_on_ghes() -> None:
    assert granular(edition_of("https://ghes.example/api/v3")) == {"container"}


@pytest.mark.parametrize(
    ("api", "host", "kind"),
    [
        ("https://api.github.com", "ghcr.io", RegistryKind.CONTAINER),
        ("https://api.github.com", "GHCR.IO", RegistryKind.CONTAINER),
        ("https://api.github.com", "ghcr.io/acme/app", RegistryKind.CONTAINER),
        ("https://api.github.com", "docker.pkg.github.com", RegistryKind.DOCKER),
        ("https://api.github.com", "npm.pkg.github.com/", RegistryKind.NPM),
        ("https://api.github.com", "maven.pkg.github.com/acme/app", RegistryKind.MAVEN),
        ("https://api.github.com", "nuget.pkg.github.com", RegistryKind.NUGET),
        ("https://api.github.com", "rubygems.pkg.github.com", RegistryKind.RUBYGEMS),
        ("https://ghes.example/api/v3", "containers.ghes.example", RegistryKind.CONTAINER),
        ("https://ghes.example/api/v3", "npm.ghes.example", RegistryKind.NPM),
        ("https://ghes.example/api/v3", "ghes.example/_registry/npm/acme", RegistryKind.NPM),
        ("https://api.octo.ghe.com", "containers.octo.ghe.com", RegistryKind.CONTAINER),
        ("https://api.octo.ghe.com", "npm.octo.ghe.com", RegistryKind.NPM),
    ],
)
def test_a_host_belongs_to_a_registry(api: str, host: str, kind: RegistryKind) -> None:
    registry = edition_of(api).registry_of(host)

    assert registry is not None
    assert registry.kind is kind


@pytest.mark.parametrize(
    ("api", "host"),
    [
        ("https://api.github.com", "ghcr.io.evil.example"),
        ("https://api.github.com", "docker.io"),
        ("https://api.github.com", "npm.octo.ghe.com"),
        ("https://api.github.com", ""),
        ("https://ghes.example/api/v3", "ghcr.io"),
        ("https://api.octo.ghe.com", "maven.octo.ghe.com"),
    ],
)
def test_other_hosts_are_no_registry_of_this_edition(api: str, host: str) -> None:
    assert edition_of(api).registry_of(host) is None


def test_ghe_com_has_no_public_repositories_and_no_maven() -> None:
    edition = edition_of("https://api.octo.ghe.com")

    assert not edition.has_public_repositories
    assert edition.registry(RegistryKind.MAVEN).hosts == ()
    assert edition_of().has_public_repositories


def test_a_token_in_clear_text_is_worth_a_warning() -> None:
    assert edition_of("http://ghes.example/api/v3").clear_text
    assert not edition_of("https://ghes.example/api/v3").clear_text
    assert not edition_of("http://127.0.0.1:1").clear_text


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("github.localhost", True),
        ("127.0.0.2", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_loopback_is_this_machine_only(host: str, local: bool) -> None:
    assert is_loopback(host) is local
