"""Figures of the whole platform, gathered in one place: by a task twice a minute, into the cache; told by beat.

Nobody asks all towns for them. Each town's delivery notes what still waits in its own outbox (`note_outbox`), as the
town's own role; runs, releases and limits are three short questions of the console's role. Beat, of which there is one,
answers a scrape with what lies in the cache, and asks the queue server how long its queues are.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.db.models import Count, Min
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis import Redis

from hamaynk.contract.registry import registry
from hamaynk.events.models import OutboxMessage
from tasks.app import app
from tenants.context import current_town_schema, in_console
from tenants.models import Community, ProvisioningRun, TemplateRelease
from tenants.routing import table

log = logging.getLogger(__name__)
KEY, BACKUP_KEY, OUTBOX_KEY = "platform:figures", "platform:backup", "platform:outbox"
BACKUPS = ("cluster", "towns")
DAY = 86400
ENDED = (ProvisioningRun.State.DONE, ProvisioningRun.State.FAILED)


def note_outbox() -> None:
    """Keep what waits in the present town's outbox: how much, since when. Costs one question over the waiting rows."""
    found = OutboxMessage.objects.filter(delivered_at=None).aggregate(number=Count("pk"), oldest=Min("created_at"))
    oldest = found["oldest"].timestamp() if found["oldest"] else None
    note = {"number": found["number"], "oldest": oldest, "at": time.time()}
    try:
        caches["platform"].set(f"{OUTBOX_KEY}:{current_town_schema()}", note, DAY)
    except Exception as error:
        log.warning("what waits in the outbox is not noted: %s", type(error).__name__)


def note_backup(kind: str, at: float | None = None) -> None:
    """A backup of this kind has ended well: just now, or `at` so many seconds after 1970."""
    if kind not in BACKUPS:
        raise LookupError(f"There is no kind of backup called {kind!r}.")
    caches["platform"].set(f"{BACKUP_KEY}:{kind}", time.time() if at is None else at, None)


@app.task(name="tasks.figures.gather")
def gather() -> dict[str, Any]:
    """Bring the figures together and keep them."""
    found = {"at": time.time(), **_outboxes(), **_of_console()}
    caches["platform"].set(KEY, found, DAY)
    return found


def _outboxes() -> dict[str, Any]:
    """Of all active towns' notes: how many events wait, since when the oldest, and how old the oldest note is."""
    towns = [town.schema_name for town in table.towns()]
    notes = caches["platform"].get_many([f"{OUTBOX_KEY}:{schema}" for schema in towns]).values()
    waiting = [note["oldest"] for note in notes if note["oldest"] is not None]
    return {
        "towns": len(towns),
        "outbox_waiting": sum(note["number"] for note in notes),
        "outbox_oldest": min(waiting, default=None),
        "outbox_unknown": len(towns) - len(notes),
        "outbox_noted": min((note["at"] for note in notes), default=None),
    }


def _of_console() -> dict[str, Any]:
    with in_console():
        runs = dict(ProvisioningRun.objects.order_by().values_list("state").annotate(Count("pk")))
        oldest = ProvisioningRun.objects.exclude(state__in=ENDED).aggregate(oldest=Min("created_at"))["oldest"]
        newest = TemplateRelease.objects.order_by("-id").values_list("release", flat=True).first()
        living = Community.objects.exclude(state=Community.State.ARCHIVED)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('max_connections')::int")
            (limit,) = cursor.fetchone()
        return {
            "runs": {state: runs.get(state, 0) for state in ProvisioningRun.State.values},
            "run_oldest": oldest.timestamp() if oldest else None,
            "towns_behind": living.exclude(release=newest).count() if newest else living.count(),
            "connection_limit": limit,
        }


def queues() -> list[str]:
    """Names of all queues that anything is sent to."""
    named = {item.queue for manifest in registry() for item in manifest.schedule if item.queue}
    routed = {route["queue"] for route in app.conf.task_routes.values()}
    return sorted({settings.CELERY_TASK_DEFAULT_QUEUE, *routed, *named})


def queue_lengths() -> dict[str, int]:
    """How many messages wait in each queue, asked of the server itself."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    link = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=2)
    try:
        return {name: int(link.llen(f"{prefix}{name}")) for name in queues()}
    finally:
        link.close()


class PlatformFigures(Collector):
    """Answers a scrape of beat."""

    def collect(self) -> Iterable[Any]:
        """What is known; nothing of what cannot be asked for just now."""
        try:
            cache = caches["platform"]
            known = cache.get(KEY)
            backups = {kind: cache.get(f"{BACKUP_KEY}:{kind}") for kind in BACKUPS}
            lengths = queue_lengths()
        except Exception as error:
            log.warning("figures of the platform cannot be read: %s", type(error).__name__)
            yield _gauge("hamaynk_cache_up", "1 where the cache and queue server answers beat.", 0)
            return
        yield _gauge("hamaynk_cache_up", "1 where the cache and queue server answers beat.", 1)
        yield _labelled("hamaynk_queue_length", "Messages that wait in a queue.", "queue", lengths)
        taken = {kind: at for kind, at in backups.items() if at is not None}
        yield _labelled("hamaynk_backup_timestamp_seconds", "When the last backup ended well.", "kind", taken)
        if known is not None:
            yield from families(known, time.time())


def families(known: dict[str, Any], now: float) -> Iterator[Any]:
    """The gathered figures as Prometheus has them; ages grow until they are gathered again."""

    def age(since: float | None) -> float:
        return 0.0 if since is None else max(0.0, now - since)

    yield _gauge("hamaynk_figures_age_seconds", "Since when the figures of the platform stand.", age(known["at"]))
    yield _gauge("hamaynk_towns", "Active towns.", known["towns"])
    yield _gauge("hamaynk_towns_behind", "Towns that are not at the newest release.", known["towns_behind"])
    yield _gauge("hamaynk_outbox_waiting", "Events not yet delivered, in all towns.", known["outbox_waiting"])
    yield _gauge("hamaynk_outbox_age_seconds", "Age of the oldest of them.", age(known["outbox_oldest"]))
    yield _gauge("hamaynk_outbox_unknown", "Towns whose outbox nobody has looked at.", known["outbox_unknown"])
    yield _gauge(
        "hamaynk_outbox_noted_age_seconds",
        "Since when the outbox that was looked at longest ago was not looked at.",
        age(known["outbox_noted"]),
    )
    yield _labelled(
        "hamaynk_provisioning_runs", "Onboardings asked for on the console, by state.", "state", known["runs"]
    )
    yield _gauge("hamaynk_provisioning_age_seconds", "Age of the oldest that has not ended.", age(known["run_oldest"]))
    yield _gauge(
        "hamaynk_database_connection_limit", "Connections that the database server takes.", known["connection_limit"]
    )


def _gauge(name: str, meaning: str, value: float) -> Any:
    return GaugeMetricFamily(name, meaning, value=value)


def _labelled(name: str, meaning: str, label: str, values: dict[str, Any]) -> Any:
    family = GaugeMetricFamily(name, meaning, labels=(label,))
    for key, value in values.items():
        family.add_metric((key,), value)
    return family
