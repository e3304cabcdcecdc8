"""Which pages are told to subscribers, and when."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from public_sites.alerts.models import Topic
from public_sites.models import AnnouncementPage, EventPage, LegalActPage, NewsPage

FRESH = timedelta(days=7)


def topic_of(page: Any) -> Topic | None:
    """What the page is told as; None for a kind that nobody is told of, and for a draft act."""
    if isinstance(page, NewsPage):
        return Topic.NEWS
    if isinstance(page, AnnouncementPage):
        return Topic.WORKS if page.streets.strip() else Topic.ANNOUNCEMENTS
    if isinstance(page, LegalActPage) and not page.is_draft:
        return Topic.DECISIONS
    if isinstance(page, EventPage):
        return Topic.EVENTS
    return None


def is_fresh(page: Any) -> bool:
    """Newly public, and not about something long past: an archive that is put on the site is news to nobody.

    A legal act may have been public as a draft: its adoption counts, by its date.
    """
    oldest = timezone.now() - FRESH
    if isinstance(page, LegalActPage):
        return bool(page.date >= timezone.localdate(oldest))
    if page.first_published_at is None or page.first_published_at != page.last_published_at:
        return False
    if isinstance(page, EventPage):
        return bool((page.ends_at or page.starts_at) >= timezone.now())
    return bool(page.date >= timezone.localdate(oldest))
