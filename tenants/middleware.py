"""The first thing that happens to a request: host -> surface and town -> identity of the connection, urlconf."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import get_urlconf, set_urlconf
from django.utils import translation

from hamaynk.contract import Surface
from hamaynk.observability import metrics
from tenants import readiness
from tenants.context import current_host, current_schema
from tenants.routing import Route, Town, table

log = logging.getLogger(__name__)


class SurfaceMiddleware:
    """Sets `request.town`, `request.surface`, `request.urlconf` and stands the connection in the right place.

    Unknown host: 404. Suspended town: 503. Secondary host: redirect to the primary. Afterwards the connection is
    where it was before, as a rule with the router, whatever happened.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path_info == "/readyz":
            return readiness.answer()
        if request.path_info == "/tls/ask":
            return _may_have_certificate(request.GET.get("domain", ""))
        host = request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
        route = table.route(host)
        if route is None:
            return _plain_page(request, "unknown_host.html", 404)
        if route.redirect_to:
            return HttpResponsePermanentRedirect(
                f"{request.scheme}://{route.redirect_to}{_port(host)}{request.get_full_path()}"
            )
        if route.town is not None and route.town.state != "active":
            if request.path_info == "/town.css":
                return _colours(route.town.colour)
            response = _plain_page(request, "503.html", 503, town=route.town)
            response["Retry-After"] = "3600"
            return response
        return self._serve(request, route, host)

    def _serve(self, request: HttpRequest, route: Route, host: str) -> HttpResponse:
        before, before_urls = current_schema(), get_urlconf()  # a preview is a request within a request
        request.town = route.town  # type: ignore[attr-defined]
        request.surface = route.surface  # type: ignore[attr-defined]
        request.urlconf = settings.SURFACE_URLCONFS[route.surface]
        set_urlconf(request.urlconf)  # for what is refused before Django resolves the address: its page has links too
        token = current_host.set(host)
        try:
            connection.set_schema(schema_of(route))  # type: ignore[attr-defined]
            response = self.get_response(request)
        finally:
            current_host.reset(token)
            set_urlconf(before_urls)
            connection.set_schema(before)  # type: ignore[attr-defined]
        return response


def _may_have_certificate(domain: str) -> HttpResponse:
    """The proxy's question before it gets a certificate: 200 for a host of ours, 404 otherwise. From memory, no SQL."""
    known = bool(domain) and len(domain) <= 253 and ":" not in domain and table.route(domain) is not None
    metrics.certificate_questions.labels("yes" if known else "no").inc()
    return HttpResponse("yes\n" if known else "no\n", status=200 if known else 404, content_type="text/plain")


def schema_of(route: Route) -> str:
    """The schema behind a route."""
    return route.town.schema_name if route.town is not None else str(Surface(route.surface).value)


def _port(host: str) -> str:
    name, _, port = host.rpartition(":")
    return f":{port}" if name and port.isdigit() else ""


def _colours(colour: str) -> HttpResponse:
    """The style sheet of a town whose tables are closed: its colour, as the routing table knows it."""
    from hamaynk.ui.dress import Dress

    response = HttpResponse(Dress(colour=colour).css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


def _plain_page(request: HttpRequest, template: str, status: int, town: Town | None = None) -> HttpResponse:
    """A page that needs no town's tables: the visitor's own language, no session, no database."""
    language = translation.get_language_from_request(request)
    with translation.override(language):
        response = render(request, template, {"LANGUAGE_CODE": language, "closed_town": town}, status=status)
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; img-src 'self' data:"
    return response
