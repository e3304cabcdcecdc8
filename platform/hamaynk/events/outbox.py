"""Publish into the outbox, and deliver from it: at least once, each subscriber on its own.

No trigger and no poll of a thousand outboxes: a commit wakes the relay for its own town; a staggered sweep finds what a
lost message left behind.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from hamaynk.contract.registry import registry, resolve
from hamaynk.events.event import Event
from hamaynk.events.models import OutboxMessage
from tenants.context import current_town_schema
from tenants.routing import table

log = logging.getLogger(__name__)
PlatformHandler = Callable[[str, Event], None]
wake_hooks: list[Callable[[str], None]] = []
_platform: dict[str, list[tuple[str, PlatformHandler]]] = defaultdict(list)


class NotInTransaction(RuntimeError):
    """An event was published outside of the transaction that makes it true."""


def publish(event: Event) -> OutboxMessage:
    """Keep the event in the present transaction of the present town; it is delivered after the commit."""
    schema = current_town_schema()
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{event.name} must be published inside transaction.atomic().")
    message = OutboxMessage.objects.create(name=event.name, payload=event.payload())
    transaction.on_commit(lambda: _wake(schema))
    return message


def subscribe_platform(event: str, handler: PlatformHandler) -> None:
    """Have `handler(schema, event)` called outside of the town's transaction, to carry a figure out of the town."""
    name = f"platform:{handler.__module__}.{handler.__qualname__}"
    if name not in [known for known, _ in _platform[event]]:
        _platform[event].append((name, handler))


def _wake(schema: str) -> None:
    for hook in wake_hooks:
        try:
            hook(schema)
        except Exception as error:  # the queue is away: the event is safe in the outbox, the sweep will find it
            log.warning("outbox of %s: relay not woken: %s", schema, type(error).__name__)


def deliver_pending(*, most: int = 200) -> int:
    """Deliver what waits in the present town's outbox. Returns how many messages reached all their subscribers."""
    schema = current_town_schema()
    delivered = 0
    for _ in range(most):
        message = _lease()
        if message is None:
            break
        delivered += _deliver(schema, message)
    return delivered


def _lease() -> OutboxMessage | None:
    """Take the oldest waiting message for a while, so that no other worker takes it."""
    now = timezone.now()
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(models.Q(leased_until=None) | models.Q(leased_until__lt=now), delivered_at=None)
            .first()
        )
        if message is not None:
            message.attempts += 1
            wait = settings.OUTBOX_LEASE_SECONDS * min(2 ** (message.attempts - 1), 120)
            message.leased_until = now + timedelta(seconds=wait)
            message.save(update_fields=["attempts", "leased_until"])
    return message


def _deliver(schema: str, message: OutboxMessage) -> bool:
    """Each subscriber on its own: one that fails keeps nobody else from hearing."""
    faults = []
    try:
        event = Event.of(message.name, message.payload)
        waiting = [(name, call) for name, call in _subscribers(schema, message.name) if name not in message.done]
    except Exception as error:
        log.exception("outbox of %s: message %s (%s) cannot be read", schema, message.pk, message.name)
        faults, waiting = [f"{type(error).__name__}: {error}"], []
    for name, call in waiting:
        try:
            _hand_over(schema, event, message, name, call)
        except Exception as error:
            log.exception("outbox of %s: message %s (%s) not taken by %s", schema, message.pk, message.name, name)
            faults.append(f"{name}: {type(error).__name__}: {error}")
    message.fault = "\n".join(faults)[:2000]
    message.delivered_at = None if faults else timezone.now()
    message.save(update_fields=["delivered_at", "fault"])
    return not faults


def _hand_over(schema: str, event: Event, message: OutboxMessage, name: str, call: Callable[..., None]) -> None:
    """To one subscriber; that it has had the event is kept, in its own transaction where it works in the town."""
    done = [*message.done, name]
    if name.startswith("platform:"):
        call(schema, event)
        OutboxMessage.objects.filter(pk=message.pk).update(done=done)
    else:
        with transaction.atomic():
            call(event)
            OutboxMessage.objects.filter(pk=message.pk).update(done=done)
    message.done = done


def tidy(*, older_than: timedelta) -> int:
    """Delete messages that everybody has had long ago. Returns how many."""
    deleted, _ = OutboxMessage.objects.filter(delivered_at__lt=timezone.now() - older_than).delete()
    return deleted


def withhold() -> int:
    """Have what waits in the present town's outbox delivered to nobody. Returns how many messages.

    For a copy of a town: what the original told the platform, or will tell it, must not be told a second time. Not even
    within the copy, since what a subscriber does there may be the next event, and that one may leave the town.
    """
    waiting = OutboxMessage.objects.filter(delivered_at=None)
    return waiting.update(delivered_at=timezone.now(), fault="withheld: this town is a copy")


def _subscribers(schema: str, event: str) -> list[tuple[str, Callable[..., None]]]:
    town = table.town(schema)
    enabled = registry().enabled(town.modules if town else ())
    heard = [
        (subscription.handler, resolve(subscription.handler))
        for manifest in enabled
        for subscription in manifest.subscriptions
        if subscription.event == event
    ]
    return [*heard, *_platform[event]]
