"""The search of the town's site (R53), in each language under its own address (R50). It works without JavaScript."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from hamaynk import search as finder
from hamaynk.contract import public
from hamaynk.search.selectors import MOST_ASKED, Answer
from hamaynk.ui.context import LANGUAGE_LABELS, LanguageLink
from hamaynk.ui.spoken import language_of
from public_sites.addresses import search_address

A_MINUTE = 60


@public
@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """What is found by the words `q`, in one facet `in` or in all, page by page."""
    language = str(getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE))
    if language not in (settings.LANGUAGE_CODE, language_of(request.path_info)):
        query = request.GET.copy()
        query.pop("language", None)
        return redirect(f"{search_address(language)}?{query.urlencode()}")  # each language has its own addresses
    asked = request.GET.get("q", "")[:MOST_ASKED]
    found = finder.search(asked, language, request.GET.get("in", ""), request.GET.get("page", "1"))
    context = {
        "found": found,
        "page_obj": found.page,
        "search_words": asked.strip(),
        "facets": _facet_links(found),
        "language_links": _language_links(language, asked),
    }
    return render(request, "public_sites/search.html", context)


@public
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Titles for what has been typed so far: [{"title": ..., "url": ...}]."""
    found = finder.suggest(request.GET.get("q", ""), language_of(request.path_info) or settings.LANGUAGE_CODE)
    answer = JsonResponse([{"title": one.title, "url": one.url} for one in found], safe=False)
    answer["Cache-Control"] = f"public, max-age={A_MINUTE}"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _facet_links(found: Answer) -> list[dict[str, object]]:
    """Everything first, then the facets in which something was found; nothing where there is but one."""
    if len(found.facets) < 2:
        return []
    links = [("", None, found.total_of_all), *[(one.code, one.label, one.count) for one in found.facets]]
    return [
        {
            "label": label,
            "count": count,
            "url": "?" + urlencode({"q": found.asked} | ({"in": code} if code else {})),
            "is_current": code == found.facet,
        }
        for code, label, count in links
    ]


def _language_links(language: str, asked: str) -> list[LanguageLink]:
    links = []
    for code, label in LANGUAGE_LABELS:
        back = urlencode({"next": search_address(code) + (f"?{urlencode({'q': asked})}" if asked else "")})
        links.append(LanguageLink(code, label, f"{reverse('set_language', args=[code])}?{back}", code == language))
    return links
