"""What every editing screen stands behind: the office's permission, and a content security policy of its own.

The screens bring scripts and styles written into the page, show pictures from memory before they are uploaded, and show
a page's preview in a frame. The public site keeps the strict policy; a preview keeps it too, but for being framed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from hamaynk.contract import Access

POLICY = {
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "media-src": ["'self'", "blob:"],
    "frame-src": ["'self'"],
    "frame-ancestors": ["'self'"],
}
HEADER = "Content-Security-Policy"


def behind_walls(view: Callable[..., Any], access: Access) -> Callable[..., HttpResponseBase]:
    """The same view with an access mark; its answers carry the editing screens' policy."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = view(request, *args, **kwargs)
        if HEADER in response:  # a preview, answered by the public site within this request
            response[HEADER] = response[HEADER].replace("frame-ancestors 'none'", "frame-ancestors 'self'")
        else:
            response._csp_replace = POLICY  # type: ignore[attr-defined]
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    guarded.access = access  # type: ignore[attr-defined]
    return guarded
