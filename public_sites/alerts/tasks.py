"""Letters in a worker."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from public_sites.alerts import actions, sending
from public_sites.alerts.links import present_town
from public_sites.alerts.models import Mailing
from tasks.base import community_task

log = logging.getLogger(__name__)
PAUSE = timedelta(minutes=10)  # time to publish the translations, and to take a slip back


@community_task(name="public_sites.alerts.tasks.send_mailing")
def send_mailing(mailing_id: int) -> str:
    """Send one mailing, or what is left of it."""
    outcome = sending.send(mailing_id)
    if outcome == sending.Outcome.MORE:
        send_mailing.for_town(present_town().slug, mailing_id)
    return str(outcome)


@community_task(name="public_sites.alerts.tasks.resume")
def resume() -> int:
    """Ask again for mailings that a lost message, a killed worker or an absent mail server left. Returns how many."""
    due = Mailing.objects.filter(state__in=sending.OPEN, created_at__lte=timezone.now() - PAUSE)
    numbers = list(due.values_list("pk", flat=True))
    for number in numbers:
        send_mailing.for_town(present_town().slug, number)
    return len(numbers)


@community_task(name="public_sites.alerts.tasks.tidy")
def tidy() -> None:
    """Forget addresses that are no longer needed."""
    actions.tidy()


def queue(mailing: Mailing) -> None:
    """Have it sent after the commit and a pause. A queue that is away is no fault: `resume` finds what waits."""

    def ask() -> None:
        try:
            send_mailing.for_town(present_town().slug, mailing.pk, countdown=PAUSE.total_seconds())
        except Exception as error:
            log.warning("mailing %s was not queued, it is found later: %s", mailing.pk, type(error).__name__)

    transaction.on_commit(ask)
