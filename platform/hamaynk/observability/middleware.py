"""Counts requests, and writes a line for each where that is switched on."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from hamaynk.observability import metrics

log = logging.getLogger("hamaynk.access")
READING = ("GET", "HEAD", "OPTIONS")


class MeasureMiddleware:
    """Stands right behind the request's id, so that what others refuse is counted too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        metrics.prime()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - begun
        surface = str(getattr(request, "surface", "none"))
        method = "read" if request.method in READING else "write"
        metrics.requests.labels(surface, method, f"{response.status_code // 100}xx").inc()
        metrics.request_seconds.labels(surface, method).observe(seconds)
        if settings.LOG_REQUESTS:
            town = getattr(request, "town", None)
            fields = {
                "surface": surface,
                "method": request.method,
                "route": route_of(request),
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
            }
            log.info("request", extra={"town": town.schema_name if town is not None else "-", "fields": fields})
        return response


def route_of(request: HttpRequest) -> str:
    """The name of the route, never the address: that may hold a token or a name. "-" where none was looked for."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return "-"
    return str(match.view_name or match.route or "-")
