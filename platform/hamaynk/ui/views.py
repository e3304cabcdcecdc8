"""The language switch: a plain link, so that it works without JavaScript."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from hamaynk.contract import public
from hamaynk.ui.dress import dress_of

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
    """The town's theme and colours as custom properties, checked for WCAG AA. Pages name its version: it is kept for good."""
    dress = dress_of(request)
    response = HttpResponse(dress.css if dress else "", content_type="text/css; charset=utf-8")
    is_kept = dress is not None and request.GET.get("v") == dress.version
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if is_kept else "public, max-age=300"
    return response
