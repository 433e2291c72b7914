"""What actions do with a token: one row an action, to be extended by whoever reads a README.

A row says which inputs hold the host and the credential, what holds when they are left out, and
where that is written. Local actions and those of the organization are read, not looked up here.
"""

import re
from dataclasses import dataclass
from typing import Final

_MAJOR: Final = re.compile(r"v?(\d+)(?:\.|$)")


@dataclass(frozen=True, slots=True)
class LoginAction:
    """One action that logs in, or deletes and restores.

    Attributes:
        action: owner/name[/path] in lower case.
        credential: inputs that hold it, the first that is given counts.
        host: inputs that hold a host, a URL or an image name that begins with one.
        default_host: the host when no such input is given; empty: the login is not to GitHub.
        default_token: without an input the action takes `github.token`.
        env: environment variables that it takes the credential from, without an input.
        host_env: environment variables that it takes the host from, without an input.
        majors: first and last major version that this row holds for; None: all.
        registry: set where the action decides it (api).
        operation: delete or restore.
        source: where this is written.
    """

    action: str
    credential: tuple[str, ...] = ()
    host: tuple[str, ...] = ()
    default_host: str = ""
    default_token: bool = False
    env: tuple[str, ...] = ()
    host_env: tuple[str, ...] = ()
    majors: tuple[int, int] | None = None
    registry: str = ""
    operation: str = ""
    source: str = "README"

    def fits(self, ref: str) -> bool:
        """Tell whether the row holds for a ref; one that names no version may be any."""
        match = _MAJOR.match(ref) if len(ref) < 40 else None  # noqa: PLR2004 - a commit's length
        if self.majors is None or match is None:
            return True
        return self.majors[0] <= int(match[1]) <= self.majors[1]


_HUB: Final = "docker.io"

_ROWS: Final = (
    # -- log a container tool in, and nothing else
    LoginAction("docker/login-action", ("password",), ("registry",), _HUB, source="action.yml"),
    LoginAction("azure/docker-login", ("password",), ("login-server",), "index.docker.io"),
    LoginAction("redhat-actions/podman-login", ("password",), ("registry",), _HUB),
    LoginAction("actions-hub/docker/login", (), (), _HUB, env=("DOCKER_PASSWORD",),
                host_env=("DOCKER_REGISTRY_URL",)),
    LoginAction("zenato/docker-login", ("password",), ("registry",), _HUB),
    LoginAction("crazy-max/ghaction-docker-login", ("password",), ("registry",), _HUB),
    LoginAction("nuxt/docker-login", ("password",), ("registry",), _HUB),
    LoginAction("step-security/docker-login-action", ("password",), ("registry",), _HUB),
    LoginAction("ko-build/setup-ko", ("github-token",), (), "ghcr.io", default_token=True,
                host_env=("KO_DOCKER_REPO",), source="action.yml: logs in to ghcr.io by itself"),
    LoginAction("imjasonh/setup-ko", ("github-token",), (), "ghcr.io", default_token=True,
                host_env=("KO_DOCKER_REPO",), source="action.yml, the former name"),
    # -- build and push, and log in for it
    LoginAction("docker/build-push-action", ("password",), ("registry",), _HUB, majors=(1, 1)),
    LoginAction("redhat-actions/push-to-registry", ("password",), ("registry",)),
    LoginAction("elgohr/publish-docker-github-action", ("password",), ("registry", "name"), _HUB),
    LoginAction("elgohr/publish-docker-action", ("password",), ("registry", "name"), _HUB),
    LoginAction("mr-smithers-excellent/docker-build-push", ("password", "githubtoken"),
                ("registry",), _HUB),
    LoginAction("macbre/push-to-ghcr", ("github_token",), ("docker_io_registry",), "ghcr.io"),
    LoginAction("whoan/docker-build-with-cache-action", ("password",), ("registry",), _HUB),
    LoginAction("matootie/github-docker", ("accesstoken",), ("registry",),
                "docker.pkg.github.com", majors=(1, 2)),
    LoginAction("matootie/dockerpublish", ("accesstoken",), ("registry",),
                "docker.pkg.github.com"),
    LoginAction("machine-learning-apps/gpr-docker-publish", ("password",), (),
                "docker.pkg.github.com", env=("GITHUB_TOKEN",)),
    LoginAction("jerray/publish-docker-action", ("password",), ("registry",), _HUB),
    LoginAction("smashedr/docker-build-action", ("pass",), ("registry",), "ghcr.io",
                default_token=True),
    LoginAction("bcgov/action-builder-ghcr", ("token",), (), "ghcr.io", default_token=True,
                source="action.yml: docker/login-action at ghcr.io inside"),
    LoginAction("bcgov-nr/action-builder-ghcr", ("token",), (), "ghcr.io", default_token=True,
                source="action.yml, the former name"),
    LoginAction("philips-software/docker-ci-scripts", (), (), _HUB,
                env=("REGISTRY_TOKEN", "DOCKER_PASSWORD"),
                host_env=("REGISTRY_URL", "DOCKER_REGISTRY"), majors=(3, 99)),
    # -- set tags in a registry
    LoginAction("shrink/actions-docker-registry-tag", ("token",), ("registry",), "ghcr.io",
                default_token=True, source="action.yml"),
    LoginAction("tinact/docker.image-retag", ("registry_password", "password"),
                ("registry", "image_name"), _HUB),
    # -- push NuGet packages
    LoginAction("brandedoutcast/publish-nuget", ("nuget_key",), ("nuget_source",)),
    LoginAction("alirezanet/publish-nuget", ("nuget_key",), ("nuget_source",)),
    LoginAction("rohith/publish-nuget", ("nuget_key",), ("nuget_source",)),
    LoginAction("nuget/setup-nuget", ("nuget-api-key",), ("nuget-api-key-source",)),
    LoginAction("tanaka-takayoshi/nuget-publish-to-github-packages-action", ("token",), (),
                "nuget.pkg.github.com"),
)  # fmt: skip

LOGIN_ACTIONS: Final[dict[str, tuple[LoginAction, ...]]] = {}
for _row in _ROWS:
    LOGIN_ACTIONS[_row.action] = (*LOGIN_ACTIONS.get(_row.action, ()), _row)
