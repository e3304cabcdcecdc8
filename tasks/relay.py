"""The outbox relay: woken by a commit for its own town, and by a staggered sweep for what a lost message left."""

import logging
import time
import zlib

from django.conf import settings
from hamaynk.events.outbox import deliver_pending

from tasks.app import app
from tasks.base import community_task
from tenants.routing import table

log = logging.getLogger(__name__)


@community_task(name="tasks.relay.deliver")
def deliver() -> int:
    """Deliver what waits in this town's outbox."""
    return deliver_pending()


def wake(schema: str) -> None:
    """Ask for a delivery in the town of `schema`; raises if the queue is away (the caller tolerates that)."""
    town = table.town(schema)
    if town is not None:
        deliver.for_town(town.slug)


@app.task(name="tasks.relay.sweep")
def sweep() -> int:
    """Wake one slice of the towns; all slices pass within OUTBOX_SWEEP_SECONDS. Returns how many were woken."""
    slices = settings.OUTBOX_SWEEP_SLICES
    tick = int(time.time() / (settings.OUTBOX_SWEEP_SECONDS / slices)) % slices
    towns = [town for town in table.towns() if zlib.crc32(town.slug.encode()) % slices == tick]
    for town in towns:
        deliver.for_town(town.slug)
    return len(towns)
