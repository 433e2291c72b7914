"""RubyGems pushes and keys."""

import pytest

from tests.collector.workflows.tools import logins, one, pairs, steps

HOST = "https://rubygems.pkg.github.com/acme"
PAT = "${{ secrets.PAT }}"


@pytest.mark.parametrize(
    "script",
    [
        "gem push *.gem",
        "gem push --host https://rubygems.org *.gem",
        'printf -- "---\\n:rubygems_api_key: $K\\n" > ~/.gem/credentials\n    gem push *.gem',
        'printf -- "---\\n:github: $K\\n" > notes.txt',
        f"echo gem push --host {HOST}",
    ],
)
def test_rubygems_own_host_is_none(script: str) -> None:
    text = steps(f"- run: |\n    {script}\n  env: {{GEM_HOST_API_KEY: '{PAT}', K: '{PAT}'}}\n")
    assert not logins(text)


@pytest.mark.parametrize(
    "script",
    [
        f'printf -- "---\\n:github: Bearer $K\\n" > ~/.gem/credentials\n    gem push --KEY github --host {HOST} *.gem',
        f'echo ":github: Bearer ${{K}}" >> ~/.gem/credentials\n    gem push -k github --host={HOST} a.gem',
        f"cat << EOF > ~/.gem/credentials\n    ---\n    :github: Bearer {PAT}\n    EOF\n    gem push --key github --host {HOST} a.gem",
        f'echo "{HOST}: Bearer $K" > ~/.gem/credentials\n    gem push --host {HOST} a.gem',
        f"GEM_HOST_API_KEY='Bearer {PAT}' gem push --host {HOST} a.gem",
        'printf -- "---\\n:github: Bearer $K\\n" > ~/.gem/credentials\n    bundle exec rake release',
        'printf -- "---\\n:github: Bearer $K\\n" > ~/.gem/credentials\n    gem push --key github a.gem',
    ],
)
def test_githubs_host_with_a_key_is_a_login(script: str) -> None:
    row = one(steps(f"- run: |\n    {script}\n  env: {{K: '{PAT}'}}\n"))
    assert (row.registry, row.credential_name) == ("rubygems", "PAT")


def test_the_key_is_looked_up_in_the_steps_before() -> None:
    text = steps(
        '- run: |\n    printf -- "---\\n:github: Bearer $A\\n:rubygems_api_key: $B\\n" > ~/.gem/credentials\n'
        "  env: {A: '${{ secrets.GITHUB_TOKEN }}', B: '${{ secrets.RG }}'}\n"
        f"- run: gem push --KEY github --host {HOST} *.gem\n"
        "- run: gem push --KEY rubygems_api_key *.gem\n"
    )
    assert pairs(text) == {("rubygems", "github_token", "GITHUB_TOKEN", 8)}


def test_rake_release_takes_host_and_key_from_the_environment() -> None:
    text = steps(
        "- run: bundle exec rake release\n  env:\n"
        f"    RUBYGEMS_HOST: {HOST}\n    GEM_HOST_API_KEY: Bearer {PAT}\n"
    )
    assert pairs(text) == {("rubygems", "pat", "PAT", 9)}


def test_a_push_with_a_key_that_is_stored_elsewhere_is_unknown() -> None:
    row = one(steps(f"- run: gem push --key acme --host {HOST} a.gem\n"))
    assert (row.registry, row.credential) == ("rubygems", "unknown")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- uses: jstastny/publish-gem-to-github@v2\n  with: {token: '${{ secrets.PAT }}'}\n", 1),
        (
            "- uses: dawidd6/action-publish-gem@v1\n  with: {github_token: '${{ secrets.PAT }}'}\n",
            1,
        ),
        ("- uses: dawidd6/action-publish-gem@v1\n  with: {api_key: '${{ secrets.PAT }}'}\n", 0),
        (
            (
                "- uses: fac/ruby-gem-setup-credentials-action@v2\n"
                "  with: {key: github, token: '${{ secrets.PAT }}'}\n"
            ),
            1,
        ),
        (
            (
                "- uses: fac/ruby-gem-setup-credentials-action@v2\n"
                "  with: {key: rubygems, token: '${{ secrets.PAT }}'}\n"
            ),
            0,
        ),
    ],
)
def test_actions_that_publish_gems(text: str, expected: int) -> None:
    assert len(logins(steps(text))) == expected


def test_the_variable_counts_where_the_file_holds_only_an_unset_one() -> None:
    text = steps(
        "- run: |\n    cat > ~/.gem/credentials << EOM\n    :github: Bearer ${GEM_HOST_API_KEY}\n    EOM\n"
        f"- run: gem push --key github --host {HOST} *.gem\n"
        f"  env: {{GEM_HOST_API_KEY: '{PAT}'}}\n"
    )
    assert pairs(text) == {("rubygems", "pat", "PAT", 11)}
