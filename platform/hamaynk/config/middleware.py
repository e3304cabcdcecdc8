"""Middleware that belongs to nobody else: the request's id, and what a town's own domain does not say."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from hamaynk.observability.context import request_id
from tenants.models import normal_host

_ACCEPTABLE = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


class RequestIdMiddleware:
    """Takes the proxy's X-Request-Id if it is well formed, else makes one; log lines and the answer carry it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        token = request_id.set(given if _ACCEPTABLE.match(given) else uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class OwnDomainMiddleware:
    """Below Django's own: on a town's own domain nothing is said of the other hosts under it.

    They are the town's, not ours: a mail or map server there may have no TLS, and browsers would refuse it for a year.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        host = normal_host(request.META.get("HTTP_HOST", ""))
        ours = host == settings.BASE_DOMAIN or host.endswith(f".{settings.BASE_DOMAIN}")
        if settings.SECURE_HSTS_SECONDS and request.is_secure() and not ours:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")
        return response
