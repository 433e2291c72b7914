"""Bundler's credentials."""

import pytest

from tests.collector.workflows.tools import logins, one, pairs, steps

PAT = "${{ secrets.PAT }}"
NAME = "BUNDLE_RUBYGEMS__PKG__GITHUB__COM"


@pytest.mark.parametrize(
    "text",
    [
        f"- run: bundle install\n  env: {{BUNDLE_GEMS__ACME__COM: '{PAT}'}}\n",
        f"- run: bundle install\n  env: {{BUNDLE_GITHUB__COM: '{PAT}'}}\n",
        f"- run: bundle install\n  env: {{{NAME}: ''}}\n",
        "- run: bundle config set path vendor/bundle\n",
        "- run: bundle config build.nokogiri --use-system-libraries\n",
        f"- run: bundle config gems.acme.com {PAT}\n",
        "- run: bundle config rubygems.pkg.github.com\n",
        f"- run: npm ci\n  env: {{OTHER__{NAME}: '{PAT}'}}\n",
    ],
)
def test_another_host_or_no_credential_is_none(text: str) -> None:
    assert not logins(steps(text))


@pytest.mark.parametrize(
    "text",
    [
        f"- run: bundle install\n  env: {{{NAME}: 'bot:{PAT}'}}\n",
        f"- uses: ruby/setup-ruby@v1\n  env: {{{NAME}: '{PAT}'}}\n",
        f"- run: bundle install\n  env:\n    'BUNDLE_HTTPS://RUBYGEMS__PKG__GITHUB__COM/ACME/': 'bot:{PAT}'\n",
        f"- run: bundle config rubygems.pkg.github.com bot:{PAT}\n",
        f"- run: bundle config set --global rubygems.pkg.github.com $T\n  env: {{T: 'bot:{PAT}'}}\n",
        f'- run: bundle config --local https://rubygems.pkg.github.com/acme "bot:{PAT}"\n',
        f"- run: sudo bundle config set rubygems.pkg.github.com x-access-token:{PAT}\n",
        f"- run: {NAME}=bot:{PAT} bundle install\n",
        f"- run: |\n    export {NAME}=bot:{PAT}\n    bundle install\n",
        f'- run: echo "{NAME}=bot:{PAT}" >> $GITHUB_ENV\n',
        f"- run: |\n    printf -- '---\\n{NAME}: \"bot:{PAT}\"\\n' > .bundle/config\n",
    ],
)
def test_every_way_to_say_it_is_a_login(text: str) -> None:
    row = one(steps(text))
    assert (row.registry, row.credential_name) == ("rubygems", "PAT")


def test_a_jobs_variable_is_told_once_and_a_steps_own_for_itself() -> None:
    text = steps(
        f"- run: bundle install\n- run: bundle exec rake\n- run: bundle update\n  env:\n    {NAME}: ${{{{ secrets.B }}}}\n",
        env={NAME: "${{ secrets.A }}"},
    )
    assert {(p[2], p[3]) for p in pairs(text)} == {("A", 3), ("B", 12)}
