"""What the public site shows: pages by address, menus, lists."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from hamaynk.contract.registry import registry, resolve
from hamaynk.freshness import remembered
from hamaynk.ui.context import LANGUAGE_LABELS, LanguageLink, MenuItem
from public_sites.addresses import LANGUAGES, in_language, path_of
from public_sites.home_tasks import page_tasks
from public_sites.models import EventPage, NewsPage, SectionPage, SitePage

A_LEAF = 20


def find(language: str, path: str) -> SitePage | None:
    """The published page at "about/" in this language, "" for the first page; else the Armenian one, else None."""
    wanted = [f"/{code}/{path}" for code in dict.fromkeys((language, settings.LANGUAGE_CODE))]
    found = {page.url_path: page for page in Page.objects.filter(url_path__in=wanted).live()}
    for address in wanted:
        if address in found:
            specific = found[address].specific
            return specific if isinstance(specific, SitePage) else None
    return None


def trail(page: SitePage) -> list[dict[str, str]]:
    """The pages between the first page and this one."""
    above = page.get_ancestors().filter(depth__gt=2) if page.depth > 3 else []
    return [{"label": one.title, "url": path_of(one.url_path)} for one in above]


def translations(page: SitePage) -> dict[str, str]:
    """Path of the page in each language in which it is published."""
    found = page.get_translations(inclusive=True).live().values_list("url_path", flat=True)
    there = {url_path.lstrip("/")[:2]: path_of(url_path) for url_path in found}
    return {code: there[code] for code in LANGUAGES if code in there}


def translated_links(page: SitePage, there: dict[str, str]) -> list[LanguageLink]:
    """The same page in each language; where it is not translated, its address in that language, which says so."""
    _code, _slash, rest = page.url_path.lstrip("/").partition("/")
    links = []
    for code, label in LANGUAGE_LABELS:
        target = there.get(code) or in_language(code, rest)
        address = f"{reverse('set_language', args=[code])}?next={quote(target, safe='')}"
        links.append(LanguageLink(code, label, address, code == page.url_path.lstrip("/")[:2]))
    return links


def children(page: SitePage) -> list[Page]:
    """Published pages below, in the order of the tree."""
    return list(page.get_children().live().in_menu().specific(defer=False))


def leaf(page: Any, number: str) -> dict[str, Any]:
    """One leaf of what a list page lists, newest first."""
    return {"page_obj": Paginator(newest(page), A_LEAF).get_page(number)}


def newest(page: Any) -> Any:
    """What a list page lists, as a query."""
    kind = page._meta.apps.get_model(page.subpage_types[0])
    return kind.objects.child_of(page).live().order_by(f"-{page.newest_by}", "-pk")


def home_contributions(request: HttpRequest, page: SitePage | None) -> dict[str, Any]:
    """What did you come for? Tasks first, then figures, as the town's modules contribute them (R16, R52); news, events."""
    modules = registry().enabled(request.town.modules)  # type: ignore[attr-defined]
    tasks = sorted((task for m in modules for task in m.home_tasks), key=lambda task: task.order)
    sources = sorted((figure for m in modules for figure in m.home_figures), key=lambda figure: figure.order)
    figures = [figure for figure in (resolve(item.source)() for item in sources) if figure]
    context: dict[str, Any] = {
        "is_first_page": True,
        "tasks": [{"label": t.label, "hint": t.hint, "url": reverse(t.url_name)} for t in tasks],
        "figures": figures,
    }
    if page is not None:
        news = NewsPage.objects.descendant_of(page).live().order_by("-date", "-pk")
        events = EventPage.objects.descendant_of(page).live().filter(starts_at__gte=timezone.now())
        context["tasks"] += page_tasks(page.locale.language_code)
        context |= {"news": list(news[:4]), "events": list(events.order_by("starts_at")[:3])}
    return context


def menu(request: HttpRequest) -> list[tuple[int, MenuItem]]:
    """Sections of the site in the present language, each with its place. Kept until a page changes."""
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    kept = remembered("public_sites:menu", ("public_sites", "wagtailcore"), _sections)
    entries = kept.get(language) or kept[settings.LANGUAGE_CODE]
    return [(place, MenuItem(title, url, request.path.startswith(url))) for place, title, url in entries]


def _sections() -> dict[str, list[tuple[int, str, str]]]:
    """Language -> place, title and address of each section."""
    found: dict[str, list[tuple[int, str, str]]] = {code: [] for code in LANGUAGES}
    for one in SectionPage.objects.live().in_menu().filter(depth=3).order_by("menu_place", "path"):
        found.setdefault(one.url_path.lstrip("/")[:2], []).append((one.menu_place, one.title, path_of(one.url_path)))
    return found
