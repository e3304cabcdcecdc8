"""What machines ask a site for: robots.txt, sitemap, security.txt, favicon."""

import datetime as dt
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from hamaynk.contract import Surface, public
from hamaynk.contract.registry import registry
from hamaynk.ui.dress import dress_of
from hamaynk.ui.spoken import in_language
from public_sites.addresses import LANGUAGES, path_of
from tenants.addresses import site_url

NAMES = {"": "http://www.sitemaps.org/schemas/sitemap/0.9", "xhtml": "http://www.w3.org/1999/xhtml"}
MOST_ADDRESSES = 50_000  # of one file, by the sitemaps protocol
DAY = 86_400
UNSEARCHED = ("/accounts/", "/invitation/", "/language/", "/search/", "/subscribe/")


def kept_for(response: HttpResponse, seconds: int) -> HttpResponse:
    """Let browsers and proxies keep it."""
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response


@public
def robots(request: HttpRequest) -> HttpResponse:
    """Everything may be read; forms, accounts and search results are of no use to a search engine."""
    town: Any = request.town  # type: ignore[attr-defined]
    closed = "/" if town.is_demo else None
    lines = ["User-agent: *"]
    if closed:  # an exhibition must not be found instead of the real town hall
        lines += [f"Disallow: {closed}"]
    else:
        lines += [f"Disallow: {in_language(code, path)}" for path in UNSEARCHED for code in LANGUAGES]
        lines += ["", f"Sitemap: {site_url(town)}{reverse('public_sites:sitemap')}"]
    return kept_for(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"), DAY)


@public
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a hole, by RFC 9116. Valid to the end of the month after next, so it is never out of date."""
    town: Any = request.town  # type: ignore[attr-defined]
    contact = settings.SECURITY_CONTACT or (f"mailto:{town.email}" if town.email else "")
    if not contact:
        raise Http404("no contact")
    now = timezone.now()
    month = now.year * 12 + now.month + 2
    expires = dt.datetime(month // 12, month % 12 + 1, 1, tzinfo=dt.UTC)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(LANGUAGES)}",
        f"Canonical: {site_url(town)}/.well-known/security.txt",
    ]
    return kept_for(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"), DAY)


@public
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it without reading a page."""
    dress = dress_of(request)
    town: Any = request.town  # type: ignore[attr-defined]
    target = dress.icon.url if dress and dress.icon else town.coat_of_arms_url or static("ui/icon.svg")
    return kept_for(redirect(target), DAY)


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every published page with its translations (hreflang), then the pages of the town's modules."""
    town: Any = request.town  # type: ignore[attr-defined]
    for prefix, name in NAMES.items():
        ElementTree.register_namespace(prefix, name)
    root = ElementTree.Element(_tag("urlset"))
    written = 0
    for addresses, changed in (*_pages(), *_module_pages(town)):
        written += len(addresses)
        if written > MOST_ADDRESSES:
            break
        for path in dict.fromkeys(addresses.values()):
            _write(root, site_url(town), path, addresses, changed)
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return kept_for(HttpResponse(text, content_type="application/xml; charset=utf-8"), 3600)


def _tag(name: str, prefix: str = "") -> str:
    return f"{{{NAMES[prefix]}}}{name}"


def _write(root: Any, base: str, path: str, addresses: dict[str, str], changed: dt.datetime | None) -> None:
    entry = ElementTree.SubElement(root, _tag("url"))
    ElementTree.SubElement(entry, _tag("loc")).text = base + path
    if changed is not None:
        ElementTree.SubElement(entry, _tag("lastmod")).text = changed.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if len(addresses) > 1:
        for code, other in addresses.items():
            ElementTree.SubElement(
                entry, _tag("link", "xhtml"), {"rel": "alternate", "hreflang": code, "href": base + other}
            )


def _pages() -> list[tuple[dict[str, str], dt.datetime | None]]:
    found = Page.objects.live().filter(depth__gt=1).order_by("translation_key", "path")
    rows = found.values_list("translation_key", "locale__language_code", "url_path", "last_published_at")
    pages = []
    for _key, group in groupby(rows, key=lambda row: row[0]):
        same = list(group)
        changed = max((row[3] for row in same if row[3] is not None), default=None)
        pages.append(({row[1]: path_of(row[2]) for row in same}, changed))
    return pages


def _module_pages(town: Any) -> list[tuple[dict[str, str], dt.datetime | None]]:
    """The pages that stand in the menu, in each language."""
    names = [
        entry.url_name
        for manifest in registry().enabled(town.modules)
        for entry in manifest.navigation
        if entry.surface == Surface.SITE and entry.permission is None
    ]
    found: list[tuple[dict[str, str], dt.datetime | None]] = []
    for name in dict.fromkeys([*names, "public_sites:data"]):
        path = reverse(name)
        found.append(({code: in_language(code, path) for code in LANGUAGES}, None))
    return found
