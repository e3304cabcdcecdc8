"""What a page says of itself to other programs: canonical address, translations, OpenGraph, schema.org."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hamaynk.ui.dress import dress_of
from public_sites import selectors
from tenants.addresses import site_url

LOCALES = {"hy": "hy_AM", "en": "en_GB", "ru": "ru_RU"}
CARD = "fill-1200x630|format-jpeg|jpegquality-75"
# Within an element of HTML nothing of JSON may end the element or begin another.
HARMLESS = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def about_page(request: HttpRequest, page: Any, there: dict[str, str]) -> dict[str, Any]:
    """For the head of a page. there: path of each language that the page is translated into."""
    town: Any = request.town  # type: ignore[attr-defined]
    base = site_url(town)
    code = page.locale.language_code
    dress = dress_of(request)
    picture = getattr(page, "picture", None)
    shown = picture.get_rendition(CARD).url if picture else (dress.header.url if dress and dress.header else "")
    others = [{"code": other, "url": base + path} for other, path in there.items()]
    if len(others) > 1 and settings.LANGUAGE_CODE in there:
        others.append({"code": "x-default", "url": base + there[settings.LANGUAGE_CODE]})
    return {
        "canonical": base + page.path_on_site,
        "alternates": others if len(others) > 1 else [],
        "locale": LOCALES.get(code, code),
        "kind": "article" if hasattr(page, "date") else "website",
        "picture": base + shown if shown else "",
        "data": as_script(
            [thing for thing in (organisation(request), _page_thing(page, base), _trail(page, base)) if thing]
        ),
    }


def as_script(things: list[dict[str, Any]]) -> SafeString:
    """JSON-LD to stand inside a script element."""
    text = json.dumps({"@context": "https://schema.org", "@graph": things}, ensure_ascii=False)
    return mark_safe(text.translate(HARMLESS))  # noqa: S308  nothing is left in it that HTML would read


def organisation(request: HttpRequest) -> dict[str, Any]:
    """The town hall, and its reception of residents as a service."""
    town: Any = request.town  # type: ignore[attr-defined]
    base = site_url(town)
    dress = dress_of(request)
    address = town.address and {
        "@type": "PostalAddress",
        "streetAddress": town.address,
        "addressLocality": town.name,
        "addressRegion": town.marz_name,
        "addressCountry": settings.COUNTRY_PACK.upper(),
    }
    hall: dict[str, Any] = {
        "@type": "GovernmentOrganization",
        "@id": f"{base}/#organization",
        "name": town.hall_name,
        "url": f"{base}/",
        "logo": base + dress.crest.url if dress and dress.crest else "",
        "telephone": town.phone,
        "email": town.email,
        "address": address,
        "areaServed": {"@type": "AdministrativeArea", "name": town.name},
        "openingHours": "",
        "hasOfferCatalog": "",
    }
    service = {
        "@type": "GovernmentService",
        "name": _("Citizens' service office"),
        "serviceOperator": {"@id": f"{base}/#organization"},
        "availableChannel": {
            "@type": "ServiceChannel",
            "servicePhone": town.phone and {"@type": "ContactPoint", "telephone": town.phone},
            "serviceLocation": address and {"@type": "Place", "address": address},
            "availableLanguage": [code for code, _name in settings.LANGUAGES],
        },
    }
    hall["makesOffer"] = {"@type": "Offer", "itemOffered": _said(service)}
    return _said(hall)


def _said(thing: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {
        name: _said(value) if isinstance(value, dict) else value
        for name, value in thing.items()
        if value not in ("", None)
    }


def _page_thing(page: Any, base: str) -> dict[str, Any] | None:
    kind = type(page).__name__
    common = {"name": page.title, "url": base + page.path_on_site, "inLanguage": page.locale.language_code}
    if kind == "EventPage":
        return _said(
            {
                "@type": "Event",
                **common,
                "startDate": page.starts_at.isoformat(),
                "endDate": page.ends_at.isoformat() if page.ends_at else "",
                "location": {"@type": "Place", "name": page.place, "address": page.place} if page.place else "",
                "organizer": {"@id": f"{base}/#organization"},
            }
        )
    if kind in ("NewsPage", "AnnouncementPage"):
        return _said(
            {
                "@type": "NewsArticle" if kind == "NewsPage" else "SpecialAnnouncement",
                **common,
                "headline": page.title if kind == "NewsPage" else "",
                "text": page.summary if kind != "NewsPage" else "",
                "datePublished" if kind == "NewsPage" else "datePosted": page.date.isoformat(),
                "dateModified": page.last_published_at.isoformat() if page.last_published_at else "",
                "publisher": {"@id": f"{base}/#organization"},
            }
        )
    return None


def _trail(page: Any, base: str) -> dict[str, Any] | None:
    above = selectors.trail(page)
    steps = [*((step["label"], step["url"]) for step in above), (page.title, page.path_on_site)]
    if len(steps) < 2:
        return None
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": base + path}
            for place, (name, path) in enumerate(steps, 1)
        ],
    }
