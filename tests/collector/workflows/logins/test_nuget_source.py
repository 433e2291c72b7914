"""NuGet sources that are added with a password."""

import pytest

from tests.collector.workflows.tools import logins, one, steps

URL = "https://nuget.pkg.github.com/acme/index.json"
PAT = "${{ secrets.PAT }}"


@pytest.mark.parametrize(
    "script",
    [
        f"dotnet nuget add source {URL} --name github",
        f"dotnet nuget add source {URL} -n github -u bot -p x",
        f"dotnet nuget add source https://nuget.acme.com/index.json -n acme -u bot -p {PAT}",
        f"dotnet nuget add source https://nuget.acme.com/index.json -n github -u bot -p {PAT}",
        f"nuget sources add -Name acme -Source https://nuget.acme.com -Password {PAT}",
        f"dotnet nuget update source acme -u bot -p {PAT}",
        f"dotnet nuget list source {URL} -p {PAT}",
    ],
)
def test_another_source_or_no_password_is_none(script: str) -> None:
    assert not logins(steps(f"- run: |\n    {script}\n"))


@pytest.mark.parametrize(
    "script",
    [
        f"dotnet nuget add source {URL} -n github -u bot -p {PAT} --store-password-in-clear-text",
        f"dotnet nuget add source --username bot --password {PAT} --store-password-in-clear-text --name github {URL}",
        f'dotnet nuget add source "{URL}" --password="{PAT}"',
        f"dotnet nuget add source --store-password-in-clear-text {URL} -p {PAT}",
        f"U={URL}\n    dotnet nuget add source $U -p $P",
        f"dotnet nuget update source github -u bot -p {PAT} --source {URL}",
        f"dotnet nuget update source github --username bot --password {PAT}",
        f"nuget sources add -name GitHub -source {URL} -username bot -password {PAT}",
        f"nuget.exe Sources Add -Name acme -Source {URL} -UserName bot -Password {PAT} -StorePasswordInClearText",
        f"mono /usr/bin/nuget.exe sources update -Name GitHub -Source {URL} -Password {PAT}",
        f"dotnet nuget add source {URL} -n acme\n    dotnet nuget update source acme -p {PAT}",
        f"dotnet nuget add source \\\n      --name github \\\n      --password {PAT} \\\n      {URL}",
    ],
)
def test_a_source_of_github_with_a_password_is_a_login(script: str) -> None:
    row = one(steps(f"- run: |\n    {script}\n  env: {{P: '{PAT}'}}\n"))
    assert (row.registry, row.host) == ("nuget", "nuget.pkg.github.com")
    assert row.credential_name == "PAT"


@pytest.mark.parametrize("nuget", ["`./vcpkg/vcpkg fetch nuget | tail -n 1`", "$NUGET_EXE"])
def test_vcpkgs_nuget_is_called_by_what_it_prints(nuget: str) -> None:
    text = steps(
        f"- run: |\n    NUGET_EXE=$(vcpkg fetch nuget | tail -n 1)\n    mono {nuget} sources add "
        f"-source {URL} -name GitHub -password ${{{{ secrets.A }}}}\n"
        f"    mono {nuget} setapikey ${{{{ secrets.B }}}} -source {URL}\n"
    )
    assert {(row.form, row.credential_name) for row in logins(text)} == {
        ("run:nuget source", "A"),
        ("run:nuget setapikey", "B"),
    }


def test_powershell_with_its_continuation_is_read() -> None:
    text = steps(
        f"- shell: pwsh\n  run: |\n    & dotnet nuget add source `\n      {URL} `\n"
        "      --name github --password $env:P\n  env: {P: '${{ secrets.PAT }}'}\n"
    )
    assert (one(text).credential_name, one(text).line) == ("PAT", 11)


def test_a_token_that_stands_in_the_file_is_a_literal() -> None:
    token = "ghp_" + "a1B2" * 9
    row = one(steps(f"- run: dotnet nuget add source {URL} -p {token}\n"))
    assert row.credential == "literal"
    assert token not in repr(row)
