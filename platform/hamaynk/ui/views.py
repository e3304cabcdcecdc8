"""The language switch: a plain link, so that it works without JavaScript."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from hamaynk.contract import public
from hamaynk.ui.colour import town_css as colour_css

A_YEAR = 365 * 24 * 3600


@public
def set_language(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the language in a host-only cookie and go back to the page `next`."""
    if code not in dict(settings.LANGUAGES):
        raise Http404(code)
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None) or not target.startswith("/"):
        target = "/"
    response = HttpResponseRedirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@public
def town_css(request: HttpRequest) -> HttpResponse:
    """The town's colours as custom properties, each darkened until it passes WCAG AA. Cached by the browser for an hour."""
    town = getattr(request, "town", None)
    response = HttpResponse(colour_css(town.colour) if town else "", content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response
