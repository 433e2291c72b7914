"""Addresses with a credential in them, and fetches with one."""

import pytest

from tests.collector.workflows.tools import logins, one, steps

PAT = "${{ secrets.PAT }}"


@pytest.mark.parametrize(
    "script",
    [
        "gem sources --add https://rubygems.pkg.github.com/acme",
        f"git clone https://bot:{PAT}@github.com/acme/npm.pkg.github.com",
        f"curl -u bot:{PAT} https://repo.acme.com/a.jar # maven.pkg.github.com",
        "curl -L https://maven.pkg.github.com/acme/app/a.jar",
        "curl -s 'https://ghcr.io/token?scope=repository:acme/app:pull'",
        (
            "T=$(curl -s 'https://ghcr.io/token?service=ghcr.io' | jq -r .token)\n"
            '    curl -H "Authorization: Bearer $T" https://ghcr.io/v2/acme/app/tags/list'
        ),
        f'echo "https://bot:{PAT}@maven.pkg.github.com"',
    ],
)
def test_another_host_or_no_credential_is_none(script: str) -> None:
    assert not logins(steps(f"- run: |\n    {script}\n"))


@pytest.mark.parametrize(
    ("script", "registry"),
    [
        (f"gem sources --add https://bot:{PAT}@rubygems.pkg.github.com/acme/", "rubygems"),
        (f"gem install a --source https://bot:{PAT}@rubygems.pkg.github.com/acme", "rubygems"),
        (
            f"mvn deploy -DaltDeploymentRepository=gh::default::https://bot:{PAT}@maven.pkg.github.com/a/b",
            "maven",
        ),
        (f"curl -LO -u bot:{PAT} https://maven.pkg.github.com/acme/app/a.jar", "maven"),
        (f'curl -H "Authorization: token {PAT}" -L https://maven.pkg.github.com/a/b.jar', "maven"),
        (f'wget --header="Authorization: Bearer {PAT}" https://npm.pkg.github.com/@a/b', "npm"),
        (
            (
                f"T=$(echo {PAT} | base64)\n"
                '    curl -H "Authorization: Bearer $T" https://ghcr.io/v2/acme/app/tags/list'
            ),
            "container",
        ),
        (f"curl -u bot:{PAT} 'https://ghcr.io/token?service=ghcr.io'", "container"),
    ],
)
def test_a_registrys_address_with_a_credential_is_a_login(script: str, registry: str) -> None:
    row = one(steps(f"- run: |\n    {script}\n"))
    assert (row.registry, row.credential_name) == (registry, "PAT")
