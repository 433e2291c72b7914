"""Scripts: what bash, PowerShell, cmd and Python do with a password on its way to a login."""

import textwrap
import time

import pytest

from collector.workflows.analyze import analyze
from tests.collector.workflows.tools import PATH, logins, pairs, steps

ENV = {"T": "${{ secrets.PAT }}", "G": "${{ github.token }}", "HOST": "ghcr.io"}
PAT = ("container", "pat", "PAT")


def found(
    script: str, *, shell: str = "bash", env: dict[str, str] | None = None
) -> set[tuple[str, ...]]:
    """Return registry, kind and name of each login of a script."""
    body = textwrap.indent(textwrap.dedent(script), "    ")
    text = steps(f"- shell: {shell}\n  run: |\n{body}\n", env=env or ENV)
    return {(r.registry, r.credential, r.credential_name) for r in logins(text)}


@pytest.mark.parametrize(
    "script",
    [
        "# docker login ghcr.io -p $T",
        "echo docker login ghcr.io -p $T",
        "echo 'docker login ghcr.io' $T",
        "docker login quay.io -p $T",
        "docker logout ghcr.io",
        "docker pull ghcr.io/a/b",
        "cat <<EOF > notes.md\ndocker login ghcr.io -p $T\nEOF",
        "cat <<'EOF'\ndocker login ghcr.io -p $T\nEOF",
        "alias login='docker login ghcr.io'",
        ": docker login ghcr.io",
    ],
)
def test_what_only_speaks_of_a_login_is_none(script: str) -> None:
    assert found(script) == set()


@pytest.mark.parametrize(
    "script",
    [
        "docker login ghcr.io -u x -p $T",
        'docker login -u x -p "$T" ghcr.io',
        "docker login ghcr.io -u x -p ${T}",
        "docker login ghcr.io -u x --password=$T",
        "docker login ghcr.io -u x -p${T}",
        "docker --config /tmp/x login ghcr.io -u x -p $T",
        "sudo docker login ghcr.io -u x -p $T",
        "sudo -E env A=b docker login ghcr.io -p $T",
        "timeout 30 docker login ghcr.io -p $T",
        "/usr/bin/docker login ghcr.io -p $T",
        "echo $T | docker login ghcr.io -u x --password-stdin",
        'echo -n "$T" | docker login ghcr.io -u x --password-stdin',
        "printf '%s' \"$T\" | docker login ghcr.io -u x --password-stdin",
        "printenv T > /dev/null; echo ${T} | docker login ghcr.io --password-stdin",
        'docker login ghcr.io -u x --password-stdin <<< "$T"',
        "docker login ghcr.io -u x --password-stdin <<EOF\n$T\nEOF",
        "cat <<EOF | docker login ghcr.io -u x --password-stdin\n$T\nEOF",
        "echo $T > pw.txt\ndocker login ghcr.io --password-stdin < pw.txt",
        "echo $T > pw.txt\ncat pw.txt | docker login ghcr.io --password-stdin",
        "echo $T | base64 | base64 -d | docker login ghcr.io --password-stdin",
        "docker login \\\n  ghcr.io \\\n  -u x \\\n  -p $T",
        "X=$T\ndocker login ghcr.io -p $X",
        "export X=$T; docker login ghcr.io -p $X",
        "X=$(echo $T)\ndocker login ghcr.io -p $X",
        "X=`echo $T`\ndocker login ghcr.io -p $X",
        "R=ghcr.io\ndocker login $R -p $T",
        "docker login ${R:-ghcr.io} -p $T",
        "docker login $HOST -p $T",
        "docker login ${HOST,,} -p $T",
        "if [[ -n $T ]]; then docker login ghcr.io -p $T; fi",
        "if true; then\n  echo no\nelse\n  docker login ghcr.io -p $T\nfi",
        "for r in ghcr.io quay.io; do docker login $r -p $T; done",
        "while ! docker login ghcr.io -p $T; do sleep 1; done",
        "case $X in a) docker login ghcr.io -p $T;; esac",
        "docker login ghcr.io -p $T || exit 1",
        "true && docker login ghcr.io -p $T",
        "(docker login ghcr.io -p $T)",
        "{ docker login ghcr.io -p $T; }",
        "login() { docker login ghcr.io -p $T; }\nlogin",
        "login() { docker login $1 -p $2; }\nlogin ghcr.io $T",
        'function login { docker login "$@"; }\nlogin ghcr.io -p $T',
        "bash -c 'docker login ghcr.io -p $T'",
        'sh -c "docker login ghcr.io -p $T"',
        'eval "docker login ghcr.io -p $T"',
        "ssh host docker login ghcr.io -p $T",
        "ssh host 'docker login ghcr.io -p $T'",
        "ssh host <<EOF\ndocker login ghcr.io -p $T\nEOF",
        "echo $T | tee pw | docker login ghcr.io --password-stdin",
        "docker login ghcr.io -p ${{ secrets.PAT }}",
        "docker login ghcr.io -p '${{ secrets.PAT }}'",
        "docker login ghcr.io -u x -p $(echo ${{ secrets.PAT }})",
        "echo '${{ secrets.PAT }}' | docker login ghcr.io -u x --password-stdin",
        "podman login ghcr.io -p $T",
        "buildah login -p $T ghcr.io",
        "skopeo login ghcr.io -p $T",
        "helm registry login ghcr.io -p $T",
        "oras login ghcr.io -p $T",
        "crane auth login ghcr.io -p $T",
        "cosign login ghcr.io -p $T",
        "nerdctl login ghcr.io -p $T",
        "regctl registry login ghcr.io -p $T",
    ],
)
def test_a_login_in_bash(script: str) -> None:
    assert PAT in found(script)
    assert len(found(script)) == 1


def test_several_logins_keep_their_own_passwords_and_lines() -> None:
    text = steps(
        "- run: |\n    docker login ghcr.io -p $T\n\n    docker login docker.pkg.github.com \\\n"
        "      -p $G\n    docker login quay.io -p $T\n",
        env=ENV,
    )
    assert {(r.registry, r.credential, r.use_line) for r in logins(text)} == {
        ("container", "pat", 11),
        ("docker", "github_token", 13),
    }


def test_a_variable_of_a_branch_has_both_values() -> None:
    assert found("X=$G\nif a; then X=$T; fi\ndocker login ghcr.io -p $X") == {PAT}
    assert found("X=$T\nX=$G\ndocker login ghcr.io -p $X") == {
        ("container", "github_token", "GITHUB_TOKEN")
    }


def test_a_password_from_elsewhere_is_unknown() -> None:
    for script in (
        "docker login ghcr.io -p $(vault read x)",
        "cat /run/secret | docker login ghcr.io --password-stdin",
        "docker login ghcr.io --password-stdin < /run/secret",
        "docker login ghcr.io",
        "docker login ghcr.io -p $NOBODY_SET_IT",
    ):
        assert {kind for _, kind, _ in found(script)} == {"unknown"}


@pytest.mark.parametrize(
    ("shell", "script"),
    [
        ("pwsh", "docker login ghcr.io -u x -p $env:T"),
        ("pwsh", "$env:T | docker login ghcr.io -u x --password-stdin"),
        ("pwsh", "echo $env:T | docker login ghcr.io -u x --password-stdin"),
        ("pwsh", 'Write-Output "$env:T" | docker login ghcr.io --password-stdin'),
        ("pwsh", "$x = $env:T\ndocker login ghcr.io -p $x"),
        ("pwsh", "docker login ghcr.io `\n  -u x `\n  -p $env:T"),
        ("pwsh", "& docker login ghcr.io -p ${{ secrets.PAT }}"),
        ("powershell", "docker login ghcr.io -p ${env:T}"),
        ("cmd", "docker login ghcr.io -u x -p %T%"),
        ("cmd", "echo %T%| docker login ghcr.io -u x --password-stdin"),
        ("cmd", "set X=%T%\r\ndocker login ghcr.io -p %X%"),
        (
            "python",
            "import os, subprocess\nsubprocess.run(['docker', 'login', 'ghcr.io', '-p', os.environ['T']])",
        ),
        ("python", "os.system('docker login ghcr.io -p ${{ secrets.PAT }}')"),
        ("sh", "docker login ghcr.io -p $T"),
        ("'bash -eux {0}'", "docker login ghcr.io -p $T"),
    ],
)
def test_a_login_in_another_shell(shell: str, script: str) -> None:
    assert found(script, shell=shell) == {PAT}


def test_windows_runners_use_powershell() -> None:
    text = steps("- run: docker login ghcr.io -p $env:T", env=ENV).replace(
        "ubuntu-latest", "windows-2022"
    )
    assert {pair[:3] for pair in pairs(text)} == {PAT}


def test_the_default_shell_of_job_or_workflow_counts() -> None:
    text = "defaults: {run: {shell: pwsh}}\n" + steps(
        "- run: docker login ghcr.io -p $env:T", env=ENV
    )
    assert {pair[:3] for pair in pairs(text)} == {PAT}


def test_the_script_of_a_retrying_action_is_one_too() -> None:
    text = steps(
        "- uses: nick-fields/retry@v3\n  with:\n    command: docker login ghcr.io -p $T\n", env=ENV
    )
    assert {pair[:3] for pair in pairs(text)} == {PAT}


@pytest.mark.parametrize("action", ["acme/ci/.github/actions/retry@v1", "./.github/actions/retry"])
def test_a_retrying_action_of_ones_own_runs_its_command_too(action: str) -> None:
    text = steps(f"- uses: {action}\n  with:\n    command: docker login ghcr.io -p $T\n", env=ENV)
    assert [row.credential_name for row in logins(text)] == ["PAT"]


def test_a_script_that_is_too_long_is_read_line_by_line() -> None:
    assert found("make\n" * 8_000 + "docker login ghcr.io -p $T\n") == {PAT}


@pytest.mark.parametrize(
    "script",
    [
        "a | " * 20_000,
        "a | " * 4_000,
        "$(" * 4_000,
        "((" * 4_000,
        "{ " * 4_000,
        "if a; then " * 1_300,
        "<<A " * 4_000,
        '"' * 16_001,
        "${" * 8_000,
        "f() { f; f; f; f; }; f",
        "x=$x$x$x$x\n" * 1_000,
        "for a in 1 2; do " * 900,
        "'" * 15_000,
        "\\" * 16_000,
        "`" * 15_000,
        "case x in " * 1_500,
        "docker login " * 5_000,
        "eval \"eval '" * 1_300,
        "echo $T >> $GITHUB_ENV\n" * 2_000,
        "é" * 16_000,
    ],
)
@pytest.mark.parametrize("shell", ["bash", "pwsh", "python"])
def test_hostile_scripts_end_soon(script: str, shell: str) -> None:
    body = textwrap.indent(script, "          ")
    text = f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - shell: {shell}\n        run: |\n          docker login\n{body}\n"
    started = time.process_time()
    analyze(text.encode(), path=PATH)
    assert time.process_time() - started < 10
