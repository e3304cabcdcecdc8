"""Sends a mailing: one connection, a letter at a time, each on record before the next; stopped anywhere, it goes on there.

A letter is put on record before it is handed over, so a process that is killed between the two leaves one letter of which
nobody knows; that one is not sent again, for nobody gets the same letter twice.
"""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.core.mail import get_connection
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page

from hamaynk.observability.mail import letters_of
from public_sites.alerts.letters import PageInLanguages, page_letter
from public_sites.alerts.models import Delivery, Mailing, Subscription, Topic
from public_sites.alerts.post import MailServerAway, Refused, hand_over, open_connection
from public_sites.alerts.streets import share_a_street, street_keys
from public_sites.alerts.topics import topic_of

log = logging.getLogger(__name__)
BATCH = 100
SECONDS = 240.0  # then somebody else gets the worker
LEASE = timedelta(minutes=11)  # longer than a task may run
PATIENCE = timedelta(days=3)  # with a mail server that takes nothing
ATTEMPTS = 5
OPEN = (Mailing.State.WAITING, Mailing.State.SENDING)


class Outcome(StrEnum):
    """How a run ended: everything is sent; there is more to do now; something is to be tried later."""

    DONE = "done"
    MORE = "more"
    LATER = "later"


def send(mailing_id: int, *, seconds: float = SECONDS) -> Outcome:
    """Sends what the mailing still owes. Two at once: the second has nothing to do."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    if not Mailing.objects.filter(free, pk=mailing_id, state__in=OPEN).update(leased_until=now + LEASE):
        return Outcome.DONE
    mailing = Mailing.objects.get(pk=mailing_id)
    try:
        with letters_of("mailing"):
            return _send(mailing, time.monotonic() + seconds)
    except MailServerAway as fault:
        log.warning("mailing %s waits, the mail server is away: %s", mailing_id, fault)
        if mailing.created_at < now - PATIENCE:
            _finish(mailing, Mailing.State.GIVEN_UP)
            return Outcome.DONE
        return Outcome.LATER
    finally:
        Mailing.objects.filter(pk=mailing_id).update(leased_until=None)


def _send(mailing: Mailing, deadline: float) -> Outcome:
    found = published_pages(mailing)
    if not found.pages:
        _finish(mailing, Mailing.State.CANCELLED)
        return Outcome.DONE
    Mailing.objects.filter(pk=mailing.pk).update(state=Mailing.State.SENDING)
    killed = mailing.deliveries.filter(state=Delivery.State.SENDING)
    killed.update(state=Delivery.State.FAILED, fault="interrupted")
    due = list(recipients(mailing, found))
    if due:
        connection = get_connection()
        open_connection(connection)
        try:
            for start in range(0, len(due), BATCH):
                for subscription in _still_subscribed(due[start : start + BATCH]):
                    if time.monotonic() > deadline:
                        return Outcome.MORE
                    _send_one(mailing, subscription, found, connection)
        finally:
            connection.close()
    if mailing.deliveries.filter(state=Delivery.State.WAITING, subscription__ended_at=None).exists():
        return Outcome.LATER
    _finish(mailing, Mailing.State.DONE)
    return Outcome.DONE


def published_pages(mailing: Mailing) -> PageInLanguages:
    """The page in every language in which it can be read now; none where it was withdrawn or became a draft again."""
    pages = Page.objects.filter(translation_key=mailing.translation_key).live().select_related("locale").specific()
    return PageInLanguages({page.locale.language_code: page for page in pages if topic_of(page) is not None})


def recipients(mailing: Mailing, found: PageInLanguages) -> Iterator[int]:
    """Numbers of the subscriptions that are owed a letter: confirmed before the mailing was made, of its topic."""
    had = mailing.deliveries.exclude(state=Delivery.State.WAITING).values("subscription")
    rows = Subscription.objects.filter(confirmed_at__lte=mailing.created_at, ended_at=None).exclude(pk__in=had)
    if mailing.topic != Topic.WORKS:
        yield from rows.filter(topics__contains=[mailing.topic]).order_by("pk").values_list("pk", flat=True)
        return
    concerned = street_keys("\n".join(getattr(page, "streets", "") for page in found.pages.values()))
    wanted = Q(topics__contains=[Topic.ANNOUNCEMENTS]) | Q(topics__contains=[Topic.WORKS])
    for number, topics, streets in rows.filter(wanted).order_by("pk").values_list("pk", "topics", "streets"):
        if Topic.ANNOUNCEMENTS in topics or share_a_street(streets, concerned):
            yield number


def _still_subscribed(numbers: list[int]) -> list[Subscription]:
    """Read anew for each batch: whoever ended meanwhile gets nothing."""
    return list(Subscription.objects.filter(pk__in=numbers, ended_at=None).order_by("pk"))


def _send_one(mailing: Mailing, subscription: Subscription, found: PageInLanguages, connection: Any) -> None:
    row, is_new = Delivery.objects.get_or_create(mailing=mailing, subscription=subscription)
    mine = Delivery.objects.filter(pk=row.pk)
    if not is_new and not mine.filter(state=Delivery.State.WAITING).update(state=Delivery.State.SENDING):
        return
    try:
        hand_over(page_letter(subscription, found), connection)
    except Refused as refused:
        attempts = row.attempts + 1
        lost = refused.for_good or attempts >= ATTEMPTS
        state = Delivery.State.FAILED if lost else Delivery.State.WAITING
        mine.update(state=state, fault=refused.code, attempts=attempts)
    except MailServerAway:
        mine.update(state=Delivery.State.WAITING)
        raise
    else:
        mine.update(state=Delivery.State.SENT, sent_at=timezone.now(), fault="")


def _finish(mailing: Mailing, state: Mailing.State) -> None:
    Mailing.objects.filter(pk=mailing.pk).update(state=state, finished_at=timezone.now())
