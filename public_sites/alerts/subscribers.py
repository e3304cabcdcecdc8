"""What follows from an event. Every handler may run twice."""

import logging

from django.core.mail import get_connection
from wagtail.models import Page

from hamaynk.observability.mail import letters_of
from public_sites.alerts.events import PagePublished, SubscriptionAsked
from public_sites.alerts.letters import request_letter
from public_sites.alerts.models import Mailing, Subscription
from public_sites.alerts.post import Refused, hand_over
from public_sites.alerts.tasks import queue

log = logging.getLogger(__name__)


def make_mailing(event: PagePublished) -> None:
    """One a page, its translations included; it is sent a little later."""
    page = Page.objects.filter(pk=event.page).select_related("locale").first()
    if page is None:
        return
    facts = {"page": page, "topic": event.topic, "language": page.locale.language_code, "title": page.title}
    mailing, is_new = Mailing.objects.get_or_create(translation_key=page.translation_key, defaults=facts)
    if is_new:
        queue(mailing)


def send_request_letter(event: SubscriptionAsked) -> None:
    """The letter with the link to confirm. A mail server that is away is asked again by the outbox."""
    subscription = Subscription.objects.filter(pk=event.subscription, ended_at=None).first()
    if subscription is None:
        return
    try:
        with letters_of("subscription"):
            hand_over(request_letter(subscription), get_connection())
    except Refused as refused:
        if not refused.for_good:
            raise
        log.info("the letter to confirm subscription %s was refused: %s", event.subscription, refused.code)
