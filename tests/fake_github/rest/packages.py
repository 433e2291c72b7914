"""Packages: no `Link` header, no more than 10,000 a sweep, and lists that Apps cannot have."""

from collections.abc import Sequence

from tests.fake_github import shapes
from tests.fake_github.access import Access, reads_package
from tests.fake_github.context import Context, Refusal, not_found
from tests.fake_github.http import Response
from tests.fake_github.model import PACKAGE_TYPES, Package
from tests.fake_github.paging import page_numbers
from tests.fake_github.routing import Router

api = Router()
READ = Access(scopes=("read:packages",), permission=None)
# An App meets its own refusal below, so the general check lets it through.
LIST = Access(scopes=("read:packages",))
TOO_FAR = "The value of `per_page` multiplied by `page` cannot be greater than 10000."
VISIBILITIES = ("public", "private", "internal")


def _refuse_apps(ctx: Context) -> None:
    if ctx.credential.kind == "installation" and not ctx.world.switches.app_lists_packages:
        raise Refusal(400, "Invalid argument.")
    if ctx.credential.kind == "fine_grained":
        raise Refusal(403, "Resource not accessible by personal access token")


def _matches(ctx: Context, package: Package, wanted: str) -> bool:
    if not wanted or package.type in ctx.world.granular:
        return not wanted or package.visibility == wanted
    # `internal` is "synonymous with private" where the repository decides
    return (package.visibility == "public") == (wanted == "public")


def _rotate(ctx: Context) -> None:
    for _ in range(ctx.world.switches.rotate_packages):
        key = next(iter(ctx.org.packages), None)
        if key is not None:
            ctx.org.packages[key] = ctx.org.packages.pop(key)


def _page(ctx: Context, found: Sequence[Package]) -> Sequence[Package]:
    page, per_page = page_numbers(ctx)
    if page * per_page > 10_000:
        raise Refusal(400, TOO_FAR)
    step = max(1, per_page - ctx.world.switches.page_overlap)
    return found[(page - 1) * step : (page - 1) * step + per_page]


@api.get("/orgs/{org}/packages", LIST)
def list_packages(ctx: Context) -> Response:
    """List packages of one type."""
    _refuse_apps(ctx)
    package_type = ctx.query("package_type")
    if package_type not in PACKAGE_TYPES:
        raise Refusal(400, "Invalid argument." if package_type else "Package type is required.")
    wanted = ctx.query("visibility")
    if wanted and wanted not in VISIBILITIES:
        raise Refusal(400, "Invalid argument.")
    found = [
        package
        for package in list(ctx.org.packages.values())
        if package.type == package_type
        and package.listed
        and _matches(ctx, package, wanted)
        and reads_package(ctx.credential, package)
    ]
    answer = Response.json([shapes.package(ctx, p, in_list=True) for p in _page(ctx, found)])
    _rotate(ctx)
    return answer


def _one(ctx: Context) -> Package:
    found = ctx.org.packages.get((ctx.params["type"], ctx.params["name"]))
    if found is not None and ctx.credential.kind == "actions":
        if not reads_package(ctx.credential, found):
            raise Refusal(403, "Permission permission_denied: read_package")
        return found
    if found is None or not reads_package(ctx.credential, found):
        raise Refusal(404, "Package not found.")
    return found


@api.get("/orgs/{org}/packages/{type}/{name}", READ)
def get_package(ctx: Context) -> Response:
    """Give one package."""
    return Response.json(shapes.package(ctx, _one(ctx), in_list=False))


@api.get("/orgs/{org}/packages/{type}/{name}/versions", READ)
def list_versions(ctx: Context) -> Response:
    """List a package's versions, the newest first."""
    package = _one(ctx)
    deleted = ctx.query("state", "active") == "deleted"
    found = [v for v in package.versions if v.deleted == deleted]
    page, per_page = page_numbers(ctx)
    part = found[(page - 1) * per_page : page * per_page]
    return Response.json([shapes.version(ctx, package, v) for v in part])


@api.get("/orgs/{org}/packages/{type}/{name}/versions/{id}", READ)
def get_version(ctx: Context) -> Response:
    """Give one version."""
    package = _one(ctx)
    for version in package.versions:
        if str(version.id) == ctx.params["id"]:
            return Response.json(shapes.version(ctx, package, version))
    raise not_found()


@api.get("/orgs/{org}/docker/conflicts", READ)
def docker_conflicts(ctx: Context) -> Response:
    """List the packages whose move from the Docker registry to the Container registry failed."""
    found = [p for p in ctx.org.docker_conflicts if reads_package(ctx.credential, p)]
    return Response.json([shapes.package(ctx, p, in_list=True) for p in found])
