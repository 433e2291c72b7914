"""Every REST answer of the fake is valid by the schemas that GitHub publishes."""

import base64
import csv
import json
import time
from collections.abc import Iterator
from pathlib import Path
from types import GenericAlias
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter, ValidationError

from tests import fake_github
from tests.fake_github import FakeGitHub
from tests.fake_github.app import table
from tests.fake_github.asking import TLS
from tests.fake_github.worlds import everything

models = pytest.importorskip("githubkit_schemas.ghec_v2022_11_28.models")

ONE = "{owner}/{repo}"


def cases() -> dict[str, tuple[str, str, str]]:
    """Read the table: template to the path to ask for, GitHub's model, and "list" or "one"."""
    with (Path(fake_github.__file__).parent / "endpoints.csv").open(newline="") as table_file:
        rows = csv.DictReader(table_file)
        return {row["template"]: (row["path"], row["model"], row["form"]) for row in rows}


CASES = cases()
# Answers that are bytes, not JSON.
NOT_JSON = {f"/repos/{ONE}/actions/artifacts/{{id}}/zip", "/_storage/{id}"}
AS_APP_INSTALLATION = {"/installation/repositories", "/orgs/{org}/personal-access-tokens"}
AS_APP = {t for t in CASES if t.startswith("/app")} | {"/orgs/{org}/installation"}
# These lists are empty in every world, so that nothing but their being lists is checked.
EMPTY = {f"/repos/{ONE}/keys", "/orgs/{org}/personal-access-tokens"}

# What the schema does not name: a field of the package events in the audit log (its catalogue
# does), the audit log's own limit, and permissions that the permissions page lists.
UNDOCUMENTED = {
    "package",
    "audit_log",
    "actions_variables",
    "organization_actions_variables",
    "organization_dependabot_secrets",
    "organization_private_registries",
}


@pytest.fixture(scope="module")
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub(everything()) as server:
        yield server


def app_jwt() -> str:
    """Make a JWT as an App would, its signature left out."""
    claims = {"iat": int(time.time()) - 60, "exp": int(time.time()) + 300, "iss": "1"}
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{middle}.c2ln"


def ask(github: FakeGitHub, template: str) -> Any:
    path = CASES[template][0]
    shop = github.world["acme"].repository("shop")
    if template.endswith("/git/blobs/{sha}"):
        assert shop.head is not None
        path = f"/repos/acme/shop/git/blobs/{shop.head.files['README.md'].oid}"
    newest = github.world["acme"].find_package("container", "a/b").versions[0].name
    path = path.replace("{digest}", newest)
    token = github.token()
    if template in AS_APP:
        token = app_jwt()
    elif template in AS_APP_INSTALLATION:
        token = github.token("app")
    headers = {"authorization": f"Bearer {token}", "user-agent": "tests"}
    method = "POST" if template.endswith("/access_tokens") else "GET"
    answer = httpx.request(method, github.url + path, headers=headers, verify=TLS)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def adapter(template: str) -> TypeAdapter[Any]:
    _, name, form = CASES[template]
    model = getattr(models, name)
    wanted: Any = GenericAlias(list, model) if form == "list" else model
    return TypeAdapter(wanted)


def internal_allowed(value: Any) -> Any:
    """Blank out the one thing we answer against the schema, on purpose.

    GitHub's schema knows only `private` and `public` as a package's visibility, while the list's
    own filter offers `internal`. Which of the two GitHub sends is an open question, so the fake
    can send both, and both must be read.
    """
    if isinstance(value, list):
        return [internal_allowed(item) for item in value]
    if (
        isinstance(value, dict)
        and "package_type" in value
        and value.get("visibility") == "internal"
    ):
        return value | {"visibility": "private"}
    return value


def test_internal_is_the_only_thing_said_against_the_schema(github: FakeGitHub) -> None:
    template = "/orgs/{org}/packages"
    body = ask(github, template)

    with pytest.raises(ValidationError) as problem:
        adapter(template).validate_python(body)

    assert {error["loc"][-1] for error in problem.value.errors()} == {"visibility"}


def test_every_endpoint_has_a_case() -> None:
    templates = {route.template for route in table().routes}

    assert templates - NOT_JSON == set(CASES)


@pytest.mark.parametrize("template", sorted(CASES))
def test_answer_is_valid(github: FakeGitHub, template: str) -> None:
    body = ask(github, template)

    adapter(template).validate_python(internal_allowed(body))


@pytest.mark.parametrize("template", sorted(CASES))
def test_answer_says_nothing_that_is_not_in_the_schema(github: FakeGitHub, template: str) -> None:
    body = internal_allowed(ask(github, template))
    reader = adapter(template)
    kept = reader.dump_python(
        reader.validate_python(body), by_alias=True, exclude_unset=True, mode="json"
    )

    assert unknown(body, kept) - UNDOCUMENTED == set()


def unknown(said: Any, kept: Any) -> set[str]:
    if isinstance(said, list) and isinstance(kept, list):
        return {k for a, b in zip(said, kept, strict=True) for k in unknown(a, b)}
    if isinstance(said, dict) and isinstance(kept, dict):
        found = set(said) - set(kept)
        return found | {k for key in set(said) & set(kept) for k in unknown(said[key], kept[key])}
    return set()


@pytest.mark.parametrize("template", sorted(set(CASES) - EMPTY))
def test_answer_is_not_an_empty_list(github: FakeGitHub, template: str) -> None:
    body = ask(github, template)
    lists = [v for v in body.values() if isinstance(v, list)] if "total_count" in body else []

    assert body
    assert all(lists)
