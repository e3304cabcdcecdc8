"""Published months to take away, and what their columns mean."""

from __future__ import annotations

import base64

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hamaynk.contract import public
from modules.budgets.opendata import source
from modules.budgets.opendata.dictionary import ROWS_ARE, as_json
from modules.budgets.opendata.facts import of_content
from modules.budgets.opendata.files import FORMS


@public
@require_safe
def file(request: HttpRequest, year: int, month: int, side: str, form: str) -> HttpResponseBase:
    """One published month of a side in one form; `?version=` for an older one. ETag and digest are those of the bytes."""
    if form not in FORMS or not 1 <= month <= 12:
        raise Http404(form)
    found = source.open_month(year, month, side, _version(request))
    if found is None:
        raise Http404(f"{side} of {year}-{month:02d} is not published")
    content = FORMS[form].build(found)
    checksum = of_content(content).sha256
    etag = f'"{checksum}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(content, content_type=_type(form))
    response["ETag"] = etag
    response["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(checksum)).decode()}:"
    response["Cache-Control"] = "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    name = f"{found.name}-v{found.version}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@public
@require_safe
def dictionary(request: HttpRequest) -> HttpResponse:
    """The data dictionary as a page."""
    said = as_json(settings.CURRENCY)
    language = (get_language() or "hy").split("-")[0]
    fields = [
        {**item, "title": item["title"][language], "description": item["description"][language]}
        for item in said["fields"]
    ]
    return render(request, "budgets/site/dictionary.html", {"fields": fields, "rows_are": ROWS_ARE})


@public
@require_safe
def dictionary_json(request: HttpRequest) -> HttpResponse:
    """The data dictionary in three languages, for programs."""
    response = JsonResponse(as_json(settings.CURRENCY), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _version(request: HttpRequest) -> int | None:
    """The version asked for; None for the one in force. 404 for what is no number."""
    asked = request.GET.get("version", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 6):
        raise Http404("no such version")
    return int(asked)


def _type(form: str) -> str:
    """Content-Type; texts say their encoding."""
    media_type = FORMS[form].media_type
    return f"{media_type}; charset=utf-8" if form in ("csv", "json") else media_type
