"""The HTTP API, one for site and office: a router of each module under /api/v1/<module>/, and its OpenAPI document."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI, Router

from hamaynk.contract import ManifestError, public
from hamaynk.contract.registry import registry, resolve

api = NinjaAPI(
    title="Hamaynk",
    version="1",
    description="Open data of a municipality. Amounts are decimal strings in drams.",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
)


def _mount(name: str, router: Router) -> None:
    for operations in router.path_operations.values():
        for operation in operations.operations:
            access = getattr(operation.view_func, "access", None)
            if access is None or access.permission is not None:
                raise ManifestError(
                    f"module {name}: API operation {operation.view_func.__name__} must be marked @public"
                )
    api.add_router(f"/{name}/", router, tags=[name])


for _manifest in registry():
    if _manifest.api:
        _mount(_manifest.name, resolve(_manifest.api))


@public
def openapi(request: HttpRequest) -> JsonResponse:
    """The OpenAPI document with the paths of the modules that this town has on."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    on = request.town.modules  # type: ignore[attr-defined]
    document["paths"] = {
        path: item for path, item in document["paths"].items() if path.removeprefix("/api/v1/").split("/", 1)[0] in on
    }
    document["servers"] = [{"url": f"{request.scheme}://{request.get_host()}"}]
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})


def _open(patterns: Any) -> Any:
    """Mark the API's own views: each operation was checked when it was mounted."""
    for pattern in patterns[0]:
        callback = pattern.callback
        if callback is not None:
            try:
                public(callback)
            except AttributeError:
                public(callback.__func__)
    return patterns


urls = _open(api.urls)
