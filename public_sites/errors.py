"""Pages of errors in the town's dress. Whatever fails while they are drawn, a plain page is answered."""

import logging

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.defaults import page_not_found

from hamaynk.contract import public
from public_sites.redirects import target_of

log = logging.getLogger(__name__)


@public
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The former address of a page leads to it; anything else is said not to be there, with ways on."""
    if getattr(request, "town", None) is None:
        return page_not_found(request, exception)
    try:
        moved = target_of(request) if request.method in ("GET", "HEAD") else None
        if moved:
            return redirect(moved[0], permanent=moved[1])
        return render(request, "public_sites/errors/not_found.html", status=404)
    except Error as fault:
        log.warning("a page of an error went without the town's dress: %s", type(fault).__name__)
        return page_not_found(request, exception)
