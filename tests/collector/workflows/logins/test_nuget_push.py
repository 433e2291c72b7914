"""NuGet pushes with a key."""

import pytest

from tests.collector.workflows.tools import logins, one, pairs, steps

URL = "https://nuget.pkg.github.com/acme/index.json"
PAT = "${{ secrets.PAT }}"


@pytest.mark.parametrize(
    "script",
    [
        f"dotnet nuget push a.nupkg --api-key {PAT} --source https://api.nuget.org/v3/index.json",
        f"dotnet nuget push a.nupkg -k {PAT}",
        f"dotnet nuget push a.nupkg --source {URL}",
        f"dotnet nuget push a.nupkg --source {URL} --api-key az",
        f"dotnet nuget push a.nupkg --source nuget.org --api-key {PAT}",
        f"dotnet nuget push a.nupkg --source acme --api-key {PAT}",
        f"nuget push a.nupkg {PAT} -Source https://api.nuget.org/v3/index.json",
        f"nuget setapikey {PAT}",
        f"echo dotnet nuget pushed {PAT} to {URL}",
    ],
)
def test_another_source_or_no_key_is_none(script: str) -> None:
    assert not logins(steps(f"- run: |\n    {script}\n"))


@pytest.mark.parametrize(
    "script",
    [
        f"dotnet nuget push a.nupkg --api-key {PAT} --source {URL} --skip-duplicate",
        f'dotnet nuget push "**/*.nupkg" -k {PAT} -s {URL} -n',
        f"dotnet nuget push a.nupkg --api-key={PAT} --source={URL}",
        f"dotnet nuget push a.nupkg --source github --api-key {PAT}",
        f'dotnet nuget push a.nupkg --source "GPR" --api-key {PAT}',
        f"dotnet nuget add source {URL} -n acme\n    dotnet nuget push a.nupkg -s acme -k {PAT}",
        f"for f in *.nupkg; do dotnet nuget push $f -s {URL} -k $P; done",
        f"find . -name '*.nupkg' | xargs -I % dotnet nuget push % -s {URL} -k {PAT}",
        f"find . -name '*.nupkg' -exec dotnet nuget push {{}} -s {URL} -k {PAT} \\;",
        f"nuget push a.nupkg -Source {URL} -ApiKey {PAT}",
        f"nuget push a.nupkg {PAT} -Source {URL} -NonInteractive",
        f"nuget setApiKey {PAT} -Source {URL}",
        f"dotnet gpr push a.nupkg -k {PAT}",
        f"gpr push --api-key {PAT} a.nupkg",
        f"dotnet paket push a.nupkg --url {URL} --api-key {PAT}",
        f'dotnet paket config add-token "{URL}" {PAT}',
    ],
)
def test_a_push_to_github_with_a_key_is_a_login(script: str) -> None:
    row = one(steps(f"- run: |\n    {script}\n  env: {{P: '{PAT}'}}\n"))
    assert (row.registry, row.credential_name) == ("nuget", "PAT")


@pytest.mark.parametrize(
    "script",
    [
        f"Get-ChildItem *.nupkg | ForEach-Object {{ dotnet nuget push $_ --source {URL} --api-key $env:P }}",
        f"foreach ($f in $files) {{ dotnet nuget push $f -k ${{{{ secrets.PAT }}}} -s {URL} }}",
        f"$key = $env:P\n    dotnet nuget push *.nupkg --api-key $key --source '{URL}'",
    ],
)
def test_powershell_pushes_too(script: str) -> None:
    text = steps(f"- shell: pwsh\n  run: |\n    {script}\n  env: {{P: '{PAT}'}}\n")
    assert one(text).credential_name == "PAT"


def test_the_jobs_token_can_only_be_for_github() -> None:
    text = steps("- run: dotnet nuget push a.nupkg -s acme -k ${{ github.token }}\n")
    assert pairs(text) == {("nuget", "github_token", "GITHUB_TOKEN", 6)}


def test_two_pushes_of_one_script_are_two_logins() -> None:
    text = steps(
        f"- run: |\n    dotnet nuget push a -s {URL} -k ${{{{ secrets.A }}}}\n"
        f"    dotnet nuget push b -s {URL} -k ${{{{ secrets.B }}}}\n"
    )
    assert {(p[2], p[3]) for p in pairs(text)} == {("A", 7), ("B", 8)}


def test_a_push_says_so() -> None:
    text = steps(f"- run: nuget push a {PAT} -Source {URL}\n")
    assert one(text).operation == "push"
