"""Use cases of whoever wants letters. Everybody may; whose address it is, the answer to a letter shows."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from hamaynk.accounts.limits import within_limit_of
from hamaynk.events import publish
from public_sites.alerts.events import SubscriptionAsked
from public_sites.alerts.models import Subscription, Topic

LETTER_PAUSE = 600  # seconds between two letters that one address is sent because somebody typed it into the form
UNCONFIRMED_DAYS, ENDED_DAYS = 7, 30


def _choice(topics: Iterable[str], streets: str) -> tuple[list[str], str]:
    chosen = [topic for topic in Topic.values if topic in set(topics)]
    return chosen, streets.strip() if Topic.WORKS in chosen else ""


@transaction.atomic
def ask(*, email: str, language: str, topics: Iterable[str], streets: str = "") -> None:
    """Keeps the wish and has a letter sent to the address; tells nobody whether it was known.

    A confirmed subscription is left as it is: its letter holds a link to change it. Too soon after the letter before,
    nothing happens.
    """
    email = email.strip().lower()
    if not within_limit_of(email, "public_sites.letter", most=1, seconds=LETTER_PAUSE):
        return
    chosen, where = _choice(topics, streets)
    wish = {"language": language, "topics": chosen, "streets": where, "asked_at": timezone.now()}
    row, is_new = Subscription.objects.select_for_update().get_or_create(email=email, ended_at=None, defaults=wish)
    if not is_new and row.confirmed_at is None:
        Subscription.objects.filter(pk=row.pk).update(**wish)
    publish(SubscriptionAsked(subscription=row.pk))


@transaction.atomic
def confirm(*, subscription: Subscription) -> bool:
    """From now on letters go there. False where the subscription was ended since; confirming again changes nothing."""
    row = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if row.ended_at is not None:
        return False
    if row.confirmed_at is None:
        row.confirmed_at = timezone.now()
        row.save(update_fields=["confirmed_at"])
    return True


@transaction.atomic
def change(*, subscription: Subscription, language: str, topics: Iterable[str], streets: str = "") -> bool:
    """Another choice, at once: whoever has the link reads the address's mail. False where it was ended."""
    chosen, where = _choice(topics, streets)
    active = Subscription.objects.filter(pk=subscription.pk, ended_at=None)
    return bool(active.update(language=language, topics=chosen, streets=where))


@transaction.atomic
def end(*, subscription: Subscription) -> None:
    """No further letter, from this moment. Ending again changes nothing."""
    Subscription.objects.filter(pk=subscription.pk, ended_at=None).update(ended_at=timezone.now())


@transaction.atomic
def tidy() -> tuple[int, int]:
    """Forgets addresses that were never confirmed, and those of ended subscriptions. Returns how many of each."""
    now = timezone.now()
    never = Subscription.objects.filter(
        confirmed_at=None, ended_at=None, asked_at__lt=now - timedelta(days=UNCONFIRMED_DAYS)
    )
    deleted, _models = never.delete()
    ended = Subscription.objects.filter(ended_at__lt=now - timedelta(days=ENDED_DAYS)).exclude(email="")
    return deleted, ended.update(email="", streets="", nonce="")
