"""Which language a page speaks: its address (/en/), ?language=, else the cookie, else Armenian (R50). The browser's wish
does not count: an Armenian town speaks Armenian first, and one address shows everybody the same."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from hamaynk.contract import Surface
from hamaynk.ui.spoken import language_of


def wanted_language(request: HttpRequest) -> str:
    """Code of one of the three languages."""
    known = dict(settings.LANGUAGES)
    spoken = language_of(request.path_info) if getattr(request, "surface", None) == Surface.SITE else None
    for code in (spoken, request.GET.get("language"), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)):
        if code in known:
            return str(code)
    return settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Activates the language for the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = wanted_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", language)
        return response
