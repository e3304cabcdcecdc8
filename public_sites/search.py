"""What the search finds of the site's pages: every published page, with the words of all its blocks."""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Page

from hamaynk.contract import SearchText
from hamaynk.search import put, remove
from public_sites import models
from public_sites.addresses import LANGUAGES
from public_sites.models import SitePage

SOURCE = "public_sites.pages"
A_BATCH = 200
KINDS: dict[type[Page], str] = {
    models.NewsPage: "news",
    models.NewsIndexPage: "news",
    models.EventPage: "events",
    models.EventsPage: "events",
    models.AnnouncementPage: "announcements",
    models.AnnouncementsPage: "announcements",
    models.LegalActPage: "documents",
    models.DocumentsPage: "documents",
    models.FormStorePage: "documents",
    models.PeoplePage: "people",
    models.PhoneBookPage: "people",
    models.VacancyPage: "vacancies",
    models.VacanciesPage: "vacancies",
    models.ProcurementNoticePage: "procurement",
    models.ProcurementPage: "procurement",
}
FACTS = ("number", "place")  # of a page's own fields, beside its body
_TAG = re.compile(r"<[^>]*>")


def pages() -> Iterator[SearchText]:
    """Every published page, as the search takes it."""
    numbers = list(Page.objects.live().filter(depth__gt=1).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), A_BATCH):
        yield from _texts(Page.objects.live().filter(pk__in=numbers[start : start + A_BATCH]))


def page_changed(page: Page) -> None:
    """A page was published."""
    put(SOURCE, _texts(Page.objects.live().filter(pk=page.pk)))


def addresses_changed(page: Page) -> None:
    """A page was moved or renamed: it and all below it have other addresses."""
    put(SOURCE, _texts(Page.objects.descendant_of(page, inclusive=True).live()))


def page_gone(page: Page) -> None:
    """A page was unpublished or deleted."""
    remove(SOURCE, str(page.pk))


def _texts(found: Any) -> Iterator[SearchText]:
    for page in found.specific():
        language = page.url_path.lstrip("/").partition("/")[0]
        if isinstance(page, SitePage) and language in LANGUAGES:
            yield _text(page, language)


def _text(page: SitePage, language: str) -> SearchText:
    facts = [str(getattr(page, name, "") or "") for name in FACTS]
    starts = getattr(page, "starts_at", None)
    return SearchText(
        key=str(page.pk),
        language=language,
        title=page.title,
        summary=page.summary,
        body=" ".join([*facts, *words_of_page(page)]),
        url=page.path_on_site,
        date=timezone.localtime(starts).date() if starts else getattr(page, "date", None),
        kind=KINDS.get(type(page), "pages"),
    )


def words_of_page(page: SitePage) -> Iterator[str]:
    """The words of all blocks of a page, without a query: blocks that name a picture or a file do not fetch it."""
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            yield from _words(field.stream_block, getattr(page, field.name).raw_data)


def _words(block: blocks.Block, raw: Any) -> Iterator[str]:
    if not raw:
        return
    if isinstance(block, blocks.StreamBlock):
        parts: Iterable[Any] = ((block.child_blocks.get(one["type"]), one["value"]) for one in raw)
    elif isinstance(block, blocks.StructBlock):
        parts = ((child, raw.get(name)) for name, child in block.child_blocks.items())
    else:
        if isinstance(block, blocks.RichTextBlock):
            yield html.unescape(_TAG.sub(" ", str(raw)))
        elif isinstance(block, blocks.CharBlock | blocks.EmailBlock):
            yield str(raw)
        return
    for child, value in parts:
        if child is not None:
            yield from _words(child, value)
