"""Maven, NuGet and RubyGems packages."""

import pytest

from tests.collector.workflows.tools import references, steps

NUGET = "https://nuget.pkg.github.com/acme/index.json"


@pytest.mark.parametrize(
    "command",
    [
        "mvn deploy",
        "./gradlew publish",
        "dotnet nuget push a.1.0.0.nupkg --source https://api.nuget.org/v3/index.json",
        "gem push pkg/a-1.0.gem",
        "gem push --host https://rubygems.org pkg/a-1.0.gem",
        f"echo dotnet nuget list source {NUGET}",
        "bundle install",
        "mvn --version # maven.pkg.github.com",
    ],
)
def test_a_registry_that_the_job_does_not_name_is_none(command: str) -> None:
    assert not references(steps(f"- run: |\n    {command}"))


@pytest.mark.parametrize(
    ("command", "registry", "operation", "name", "resolved"),
    [
        (
            f"dotnet nuget push out/Acme.Lib.1.2.0.nupkg --source {NUGET}",
            "nuget",
            "push",
            "Acme.Lib",
            True,
        ),
        (f"dotnet nuget push Acme.Lib.*.nupkg -s {NUGET}", "nuget", "push", "Acme.Lib", True),
        (f"dotnet nuget push **/*.nupkg --source {NUGET}", "nuget", "push", "*", False),
        (f"dotnet restore --source {NUGET}", "nuget", "pull", "*", False),
        (
            "gem push --host https://rubygems.pkg.github.com/acme pkg/thing-1.0.gem",
            "rubygems",
            "push",
            "thing",
            True,
        ),
        (
            "mvn deploy:deploy-file -DgroupId=com.acme -DartifactId=lib -Durl=https://maven.pkg.github.com/acme/x",
            "maven",
            "push",
            "com.acme.lib",
            True,
        ),
        (
            "mvn -B deploy -DaltDeploymentRepository=gh::https://maven.pkg.github.com/acme/x",
            "maven",
            "push",
            "*",
            False,
        ),
        (
            "./gradlew publish -Purl=https://maven.pkg.github.com/acme/x",
            "maven",
            "push",
            "*",
            False,
        ),
    ],
)
def test_a_command_names_what_the_text_tells(
    command: str, registry: str, operation: str, name: str, resolved: bool
) -> None:
    (row,) = references(steps(f"- run: |\n    {command}"))
    assert (row.registry, row.operation, row.namespace) == (registry, operation, "acme")
    assert (row.name, row.resolved) == (name, resolved)


def test_a_source_that_another_step_names_is_the_jobs() -> None:
    text = f"- run: dotnet nuget add source --name gh {NUGET}\n- run: dotnet nuget push a.1.0.nupkg -s gh\n"
    assert [(row.operation, row.name) for row in references(steps(text))] == [("push", "a")]
