"""What is new, for programs: Atom feeds of everything that is listed, and calendars (RFC 4287, RFC 5545)."""

import datetime as dt
import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from icalendar import Calendar, Event

from hamaynk.contract import public
from public_sites import selectors
from public_sites.discovery import kept_for
from public_sites.models import EventPage, EventsPage
from public_sites.models.listed import ListPage
from tenants.addresses import site_url

NEWEST = 30
TEN_MINUTES = 600
# Characters that XML 1.0 cannot hold; an editor may paste one.
UNWRITABLE = re.compile(r"[^\t\n\r -\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def plain(text: str) -> str:
    """The text without characters that no XML may hold."""
    return UNWRITABLE.sub("", text)


def _page(code: str | None, path: str, kinds: tuple[type, ...]) -> Any:
    """The page of this language at the path, if it is one of the kinds; 404 otherwise, untranslated ones too."""
    language = code or settings.LANGUAGE_CODE
    page: Any = selectors.find(language, path)
    if isinstance(page, kinds) and page.locale.language_code == language:  # type: ignore[attr-defined]
        return page
    raise Http404(path)


def _midday(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


@public
def atom(request: HttpRequest, path: str, code: str | None = None) -> HttpResponse:
    """The newest of a list, as an Atom feed."""
    page: Any = _page(code, path, (ListPage,))
    town: Any = request.town  # type: ignore[attr-defined]
    base = site_url(town)
    feed = Atom1Feed(
        title=plain(f"{page.title} – {town.hall_name}"),
        link=base + page.path_on_site,
        description=plain(page.summary),
        language=page.locale.language_code,
        author_name=plain(town.hall_name),
        feed_url=base + request.path,
        feed_guid=f"urn:uuid:{page.translation_key}",
    )
    for item in selectors.newest(page)[:NEWEST]:
        told = item.first_published_at or (_midday(item.date) if hasattr(item, "date") else timezone.now())
        feed.add_item(
            title=plain(item.title),
            link=base + item.path_on_site,
            description=plain(item.summary),
            pubdate=told,
            updateddate=item.last_published_at or told,
            unique_id=f"urn:uuid:{item.translation_key}",
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return kept_for(response, TEN_MINUTES)


@public
def calendar(request: HttpRequest, path: str, code: str | None = None) -> HttpResponse:
    """All coming events and those of the last year, or one event: to be put into one's own calendar."""
    page: Any = _page(code, path, (EventsPage, EventPage))
    town: Any = request.town  # type: ignore[attr-defined]
    if isinstance(page, EventPage):
        items = [page]
    else:
        since = timezone.now() - dt.timedelta(days=365)
        items = list(EventPage.objects.child_of(page).live().filter(starts_at__gte=since).order_by("starts_at")[:500])
    document = Calendar()
    document.add("prodid", "-//Hamaynk//Public site//HY")
    document.add("version", "2.0")
    document.add("x-wr-calname", f"{page.title} – {town.hall_name}")
    for item in items:
        document.add_component(_event(item, site_url(town), town.site_host))
    response = HttpResponse(document.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{page.slug}.ics"'
    return kept_for(response, TEN_MINUTES)


def _event(item: EventPage, base: str, host: str) -> Event:
    event = Event()
    event.add("uid", f"{item.translation_key}@{host}")
    event.add("dtstamp", item.last_published_at or item.starts_at)
    event.add("dtstart", item.starts_at.astimezone(dt.UTC))
    if item.ends_at:
        event.add("dtend", item.ends_at.astimezone(dt.UTC))
    event.add("summary", item.title)
    if item.place:
        event.add("location", item.place)
    if item.summary:
        event.add("description", item.summary)
    event.add("url", base + item.path_on_site)
    return event
