"""What every page knows: its town, surface, menu, languages, the date."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from hamaynk.contract import NavigationEntry, Surface
from hamaynk.contract.registry import registry
from hamaynk.ui.dress import dress_of
from hamaynk.ui.spoken import home_of, in_language

LANGUAGE_LABELS = (("hy", "Հայ"), ("en", "Eng"), ("ru", "Рус"))


@dataclass
class MenuItem:
    """One entry as a template shows it."""

    label: Any
    url: str
    is_current: bool
    children: list["MenuItem"] = field(default_factory=list)


@dataclass(frozen=True)
class LanguageLink:
    """A link to the same page in another language."""

    code: str
    label: str
    url: str
    is_current: bool


# Entries that a surface makes from what a town has written: each gives (place, item), placed among the others.
menu_sources: dict[Surface, Callable[[HttpRequest], list[tuple[int, MenuItem]]]] = {}
# Where a surface is searched in a language: gives the address, "/en/search/".
search_places: dict[Surface, Callable[[str], str]] = {}
# The shells add their own entries (home of the site, dashboard of the office) here when they are loaded.
shell_entries: list[NavigationEntry] = []


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor of all surfaces."""
    surface = getattr(request, "surface", None)
    if surface is None:
        return {}
    town = getattr(request, "town", None)
    return {
        "town": town,
        "dress": dress_of(request),
        "surface": str(surface),
        "shell": settings.SURFACE_SHELLS[surface],
        "navigation": navigation(request, surface),
        "language_links": language_links(request),
        "home_url": home_of(request),
        "search_url": search_url(request, surface),
        "today": timezone.localdate(),
        "sign_in_url": reverse("account_login"),
        "sign_out_url": reverse("account_logout"),
        "account_url": reverse("account_change_password"),
        "sign_up_url": reverse("account_signup") if surface == Surface.SITE else None,
        "demo": bool(town and town.is_demo) or (town is None and settings.DEMO),
    }


def navigation(request: HttpRequest, surface: Surface) -> list[MenuItem]:
    """The menu: shell's own entries and those of the modules that the town has on, as far as the visitor may use them."""
    town = getattr(request, "town", None)
    modules = registry().enabled(town.modules) if town is not None else []
    entries = [*shell_entries, *[entry for manifest in modules for entry in manifest.navigation]]
    user = getattr(request, "user", None)
    items = menu_sources[surface](request) if surface in menu_sources and town is not None else []
    for entry in sorted((e for e in entries if e.surface == surface), key=lambda e: e.order):
        if entry.permission and not (user and user.is_authenticated and user.has_permission(entry.permission)):
            continue
        try:
            url = reverse(entry.url_name)
        except NoReverseMatch:
            continue
        items.append((entry.order, MenuItem(entry.label, url, _is_current(request.path, url))))
    return [item for _place, item in sorted(items, key=lambda pair: pair[0])]


def search_url(request: HttpRequest, surface: Surface) -> str | None:
    """Where the surface is searched in the present language; None where it cannot be searched."""
    if surface not in search_places or getattr(request, "town", None) is None:
        return None
    return search_places[surface](getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE))


def _is_current(path: str, url: str) -> bool:
    is_home = url == "/" or url.removeprefix("/").removesuffix("/") in dict(settings.LANGUAGES)
    return path == url or (not is_home and path.startswith(url))


def language_links(request: HttpRequest) -> list[LanguageLink]:
    """The three languages, each a link back to this page: on a public site to its address in that language."""
    here = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    query = request.GET.copy()
    query.pop("language", None)
    asked = f"?{query.urlencode()}" if query else ""
    on_site = getattr(request, "surface", None) == Surface.SITE
    links = []
    for code, label in LANGUAGE_LABELS:
        back = (in_language(code, request.path) if on_site else request.path) + asked
        address = f"{reverse('set_language', args=[code])}?next={quote(back, safe='')}"
        links.append(LanguageLink(code, label, address, code == here))
    return links
