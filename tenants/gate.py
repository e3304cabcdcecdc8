"""One step that answers 404 for everything of a module that the present town has switched off."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from hamaynk.contract.registry import registry


def module_of(request: HttpRequest) -> str | None:
    """The module that owns the resolved URL: its namespace, or the segment after /api/v1/."""
    match = request.resolver_match
    if match is None:
        return None
    for name in match.namespaces:
        if name in registry():
            return name
    if match.namespaces[:1] == ["api"]:
        segment = match.route.removeprefix("api/v1/").split("/", 1)[0]
        return segment if segment in registry() else None
    return None


class GateMiddleware:
    """Installed is the deployment's business, switched on is the town's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """None where the module is on."""
        module = module_of(request)
        town = getattr(request, "town", None)
        if module is not None and (town is None or module not in town.modules):
            raise Http404(f"{module} is not switched on here")
        return None
