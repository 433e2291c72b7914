"""Packages that the API deletes."""

import pytest

from tests.collector.workflows.tools import references, steps


def test_a_call_that_only_reads_names_none() -> None:
    assert not references(steps("- run: gh api /orgs/acme/packages/npm/x/versions"))


@pytest.mark.parametrize(
    ("path", "registry", "namespace", "name", "resolved"),
    [
        ("/orgs/acme/packages/container/app/versions/$ID", "container", "acme", "app", True),
        ("/orgs/acme/packages/container/charts%2Fapp", "container", "acme", "charts/app", True),
        ("/users/me/packages/npm/lib", "npm", "me", "lib", True),
        ("/user/packages/npm/lib", "npm", "*", "lib", False),
        ("/orgs/${{ github.repository_owner }}/packages/maven/a.b", "maven", "acme", "a.b", True),
        ("/orgs/acme/packages/nuget/$NAME/versions/1", "nuget", "acme", "*", False),
        ("/orgs/acme/packages/$TYPE/lib", "api", "acme", "lib", True),
    ],
)
def test_a_path_names_type_owner_and_package(
    path: str, registry: str, namespace: str, name: str, resolved: bool
) -> None:
    (row,) = references(steps(f'- run: gh api -X DELETE "{path}"'))
    assert (row.kind, row.operation, row.registry) == ("api_delete", "delete", registry)
    assert (row.namespace, row.name, row.resolved) == (namespace, name, resolved)


@pytest.mark.parametrize(
    ("step", "names"),
    [
        (
            "{uses: actions/delete-package-versions@v5, with: {package-name: lib, package-type: npm}}",
            {("npm", "acme", "lib", True)},
        ),
        (
            (
                "{uses: actions/delete-package-versions@v5,"
                " with: {owner: other, package-name: 'charts/app', package-type: container}}"
            ),
            {("container", "other", "charts/app", True)},
        ),
        (
            (
                "{uses: snok/container-retention-policy@v3,"
                " with: {account: acme, token: '${{ secrets.P }}', image-names: 'one, two*'}}"
            ),
            {("container", "acme", "one", True), ("container", "acme", "*", False)},
        ),
        (
            "{uses: dataaxiom/ghcr-cleanup-action@v1}",
            {("container", "acme", "app", True)},
        ),
        (
            "{uses: davahome/ghcr-cleanup@v1, with: {token: x, package: app, owner: orgs/acme}}",
            {("container", "acme", "app", True)},
        ),
    ],
)
def test_an_actions_inputs_name_packages(step: str, names: set[tuple[str, str, str, bool]]) -> None:
    rows = references(steps(f"- {step}"))
    assert {(r.registry, r.namespace, r.name, r.resolved) for r in rows} == names


@pytest.mark.parametrize(
    ("script", "name", "resolved"),
    [
        (
            (
                "await github.rest.packages.deletePackageForOrg("
                "{ package_type: 'npm', package_name: 'lib', org: 'acme' })"
            ),
            "lib",
            True,
        ),
        ("await github.request('DELETE /orgs/acme/packages/npm/lib')", "lib", True),
        (
            (
                "const kit = github.rest\n      kit.packages\n        .deletePackageForOrg("
                "{ package_type: 'npm', package_name: context.repo.repo, org: context.repo.owner })"
            ),
            "app",
            True,
        ),
        ("await github.rest.packages.deletePackageForOrg(choice)", "*", False),
    ],
)
def test_a_script_names_its_package_where_it_can_be_told(
    script: str, name: str, resolved: bool
) -> None:
    text = steps(f"- uses: actions/github-script@v7\n  with:\n    script: |\n      {script}")
    (row,) = references(text)
    assert (row.operation, row.name, row.resolved) == ("delete", name, resolved)


def test_a_url_of_another_language_names_its_package() -> None:
    text = """
        - shell: python
          run: requests.delete(f"https://api.github.com/orgs/acme/packages/npm/lib/versions/{i}")
    """
    (row,) = references(steps(text))
    assert (row.registry, row.namespace, row.name) == ("npm", "acme", "lib")
