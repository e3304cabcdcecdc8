"""The outbox relay: woken by a commit for its own town, and by a staggered sweep for what a lost message left."""

import logging
import zlib
from datetime import timedelta

from django.conf import settings
from django.core.cache import caches

from hamaynk.events.outbox import deliver_pending, tidy
from tasks.app import app
from tasks.base import community_task
from tasks.figures import note_outbox
from tenants.routing import table

log = logging.getLogger(__name__)


@community_task(name="tasks.relay.deliver")
def deliver() -> int:
    """Deliver what waits in this town's outbox."""
    delivered = deliver_pending()
    note_outbox()
    return delivered


def wake(schema: str) -> None:
    """Ask for a delivery in the town of `schema`; raises if the queue is away (the caller tolerates that)."""
    town = table.town(schema)
    if town is not None:
        deliver.for_town(town.slug)


def _next_tick() -> int:
    """Counts sweeps, whoever runs them, so that no slice is left out when the clock of beat drifts."""
    counter = caches["platform"]
    counter.add("platform:sweep", 0, timeout=None)
    return int(counter.incr("platform:sweep"))


@community_task(name="tasks.relay.tidy_town")
def tidy_town() -> int:
    """Clear this town's outbox of what was delivered more than thirty days ago."""
    return tidy(older_than=timedelta(days=30))


@app.task(name="tasks.relay.tidy_all")
def tidy_all() -> int:
    """One small task a town, spread over an hour."""
    towns = table.towns()
    for town in towns:
        tidy_town.for_town(town.slug, countdown=zlib.crc32(town.slug.encode()) % 3600)
    return len(towns)


@app.task(name="tasks.relay.sweep")
def sweep() -> int:
    """Wake one slice of the towns; all slices pass within OUTBOX_SWEEP_SECONDS. Returns how many were woken."""
    slices = settings.OUTBOX_SWEEP_SLICES
    tick = _next_tick() % slices
    towns = [town for town in table.towns() if zlib.crc32(town.slug.encode()) % slices == tick]
    for town in towns:
        deliver.for_town(town.slug)
    return len(towns)
