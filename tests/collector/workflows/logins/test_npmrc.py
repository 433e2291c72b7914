"""An .npmrc with a token."""

import pytest

from tests.collector.workflows.tools import logins, one, pairs, steps

HOST = "//npm.pkg.github.com/:_authToken"
ENV = "  env: {T: '${{ secrets.PAT }}'}\n"


def run(script: str, tail: str = ENV, shell: str = "") -> str:
    """Return a job with one script, whose first line is line 7."""
    body = "".join(f"    {line}\n" for line in script.split("\n"))
    head = f"- shell: {shell}\n  run: |\n" if shell else "- run: |\n"
    return steps(f"{head}{body}{tail}")


@pytest.mark.parametrize(
    "script",
    [
        'echo "//registry.npmjs.org/:_authToken=$T" > .npmrc',
        'echo "@acme:registry=https://npm.pkg.github.com" > .npmrc',
        f"echo '# {HOST}='$T > .npmrc",
        f'echo "{HOST}=" > .npmrc',
        f'echo "{HOST}=TOKEN_PLACEHOLDER" > .npmrc',
        f"echo '{HOST}=${{UNSET_ANYWHERE}}' > .npmrc",
        f'grep "{HOST}" .npmrc',
        f"npm config delete {HOST}",
        f"npm config get {HOST}",
        "npm config set //registry.npmjs.org/:_authToken $T",
        f"echo '{HOST}='",
    ],
)
def test_another_host_or_no_token_is_none(script: str) -> None:
    assert not logins(run(script))


@pytest.mark.parametrize(
    "script",
    [
        f'echo "{HOST}=$T" > .npmrc',
        f'echo "{HOST}=${{T}}" >> ~/.npmrc',
        f"echo {HOST}=${{{{ secrets.PAT }}}} >> .npmrc",
        f'printf "@acme:registry=https://npm.pkg.github.com\\n{HOST}=%s\\n" "$T" > .npmrc',
        f'printf "%s=%s" {HOST} $T > .npmrc',
        f'echo "{HOST}=$T" | tee -a "$HOME/.npmrc" > /dev/null',
        f"cat <<EOF > .npmrc\n@acme:registry=https://npm.pkg.github.com/\n{HOST}=$T\nEOF",
        f"cat > .npmrc << 'EOF'\n{HOST}=${{{{ secrets.PAT }}}}\nEOF",
        f'tee .npmrc <<< "{HOST}=$T"',
        f'{{ echo "always-auth=true"; echo "{HOST}=$T"; }} > .npmrc',
        f'echo -e "registry=https://npm.pkg.github.com/acme\\n{HOST}=$T" > .npmrc',
        'R=npm.pkg.github.com\necho "//$R/:_authToken=$T" > $NPM_CONFIG_USERCONFIG',
        f'npm config set "{HOST}" "$T"',
        f"npm config set {HOST}=$T",
        f"npm set {HOST} $T",
        f"npm config set -- '{HOST}' \"${{T}}\"",
        f"pnpm config set {HOST} $T --location user",
        f"yarn config set '{HOST}' $T",
        f"npm publish --{HOST}=$T",
        "npm config set '//npm.pkg.github.com/acme/:_authToken' $T",
        (
            'echo "registry=https://npm.pkg.github.com/acme" > .npmrc\n'
            'printf "registry=https://npm.pkg.github.com/acme\\n_authToken=$T" > .npmrc'
        ),
        'echo "//npm.pkg.github.com/:_auth=$(echo -n bot:$T | base64)" > .npmrc',
        f"node -e \"require('fs').writeFileSync('.npmrc', '{HOST}=$T')\"",
    ],
)
def test_every_way_to_write_it_is_a_login(script: str) -> None:
    row = one(run(script))
    assert (row.registry, row.credential, row.credential_name) == ("npm", "pat", "PAT")


@pytest.mark.parametrize(
    ("shell", "script"),
    [
        ("pwsh", f'"{HOST}=$env:T" | Out-File -FilePath .npmrc'),
        ("pwsh", f'Add-Content -Path .npmrc -Value "{HOST}=$env:T"'),
        ("pwsh", f'echo "{HOST}=$env:T" > .npmrc'),
        ("cmd", f"echo {HOST}=%T% > .npmrc"),
        ("python", f"import os\nopen('.npmrc', 'w').write('{HOST}=' + os.environ['T'])"),
    ],
)
def test_other_shells_write_it_too(shell: str, script: str) -> None:
    assert one(run(script, shell=shell)).credential_name == "PAT"


def test_the_line_is_that_of_the_credential_and_the_use_that_of_the_file() -> None:
    row = one(run(f'true\necho "{HOST}=${{{{ secrets.PAT }}}}" > .npmrc', tail=""))
    assert (row.line, row.use_line) == (8, 8)
    row = one(run(f'true\necho "{HOST}=$T" > .npmrc', tail="  env:\n    T: ${{ secrets.PAT }}\n"))
    assert (row.line, row.use_line) == (10, 8)


def test_a_variable_that_npm_itself_reads_is_looked_for_in_the_steps_behind() -> None:
    text = run(f"echo '{HOST}=${{NPM_TOKEN}}' > .npmrc", tail="") + (
        "      - run: npm ci\n        env:\n          NPM_TOKEN: ${{ secrets.READ }}\n"
        "      - run: npm publish\n        env:\n          NPM_TOKEN: ${{ github.token }}\n"
    )
    assert pairs(text) == {("npm", "pat", "READ", 10), ("npm", "github_token", "GITHUB_TOKEN", 13)}


def test_a_token_that_stands_in_the_file_is_a_literal() -> None:
    token = "ghp_" + "a1B2" * 9
    row = one(run(f'echo "{HOST}={token}" > .npmrc', tail=""))
    assert row.credential == "literal"
    assert token not in repr(row)


def test_an_action_that_writes_a_file_is_a_login() -> None:
    text = steps(
        "- uses: acme/write-file@v1\n  with:\n    path: .npmrc\n    contents: |\n"
        "      @acme:registry=https://npm.pkg.github.com\n"
        f"      {HOST}=${{{{ secrets.PAT }}}}\n"
    )
    assert pairs(text) == {("npm", "pat", "PAT", 11)}


def test_a_variable_whose_name_is_the_setting_is_a_login() -> None:
    text = steps(
        f"- run: npm ci\n  env:\n    'npm_config_{HOST}': ${{{{ secrets.PAT }}}}\n"
        "    'npm_config_//registry.npmjs.org/:_authToken': ${{ secrets.NPM }}\n"
    )
    assert pairs(text) == {("npm", "pat", "PAT", 8)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{HOST}=${{NODE_AUTH_TOKEN}}\n", "unknown"),
        (f"{HOST}=ghp_{'a1B2' * 9}\n", "literal"),
    ],
)
def test_a_committed_file_is_a_login_of_no_job(text: str, expected: str) -> None:
    row = one(f"@acme:registry=https://npm.pkg.github.com\n{text}", path=".npmrc")
    assert (row.job, row.registry, row.credential, row.line) == ("", "npm", expected, 2)


@pytest.mark.parametrize(
    "text",
    [
        "@acme:registry=https://npm.pkg.github.com\n",
        "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n",
        f"; {HOST}=${{NPM_TOKEN}}\n",
        f"# {HOST}=${{NPM_TOKEN}}\n",
    ],
)
def test_a_committed_file_without_a_token_for_github_is_none(text: str) -> None:
    assert not logins(text, path="app/.npmrc")
