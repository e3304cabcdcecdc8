"""What runs by the clock: the sweep of the outboxes, and what modules declare, fanned out town by town."""

import zlib
from datetime import timedelta
from typing import Any

from django.conf import settings

from hamaynk.contract.registry import registry, resolve
from tasks.app import app
from tenants.routing import table


def beat_schedule() -> dict[str, Any]:
    """Entries for beat: one for the sweep, one a scheduled task of each installed module."""
    entries: dict[str, Any] = {
        "outbox-sweep": {
            "task": "tasks.relay.sweep",
            "schedule": timedelta(seconds=settings.OUTBOX_SWEEP_SECONDS / settings.OUTBOX_SWEEP_SLICES),
            "options": {"expires": settings.OUTBOX_SWEEP_SECONDS},
        },
        "figures": {
            "task": "tasks.figures.gather",
            "schedule": timedelta(seconds=30),
            "options": {"expires": 30},
        },
        "outbox-tidy": {"task": "tasks.relay.tidy_all", "schedule": timedelta(days=1)},
        "provisioning-sweep": {"task": "tasks.provisioning.sweep", "schedule": timedelta(minutes=1)},
        "domains": {"task": "hamaynk.domains.tasks.check_all", "schedule": timedelta(hours=1)},
        "oversight-references": {
            "task": "hamaynk.oversight.tasks.refresh_references",
            "schedule": timedelta(seconds=settings.REFERENCES_REFRESH_SECONDS),
            "options": {"expires": settings.REFERENCES_REFRESH_SECONDS},
        },
    }
    for manifest in registry():
        for item in manifest.schedule:
            entries[f"{manifest.name}.{item.name}"] = {
                "task": "tasks.schedule.fan_out",
                "schedule": item.every,
                "args": (manifest.name, item.name),
            }
    return entries


@app.task(name="tasks.schedule.fan_out")
def fan_out(module: str, name: str) -> int:
    """One small task for each town that has the module on, spread over a tenth of the period (an hour at most)."""
    item = next(item for item in registry().get(module).schedule if item.name == name)
    task = resolve(item.task)
    spread = min(item.every.total_seconds() / 10, 3600)
    required = registry().get(module).required  # on everywhere, whether or not a row says so
    towns = [town for town in table.towns() if required or module in town.modules]
    for town in towns:
        delay = zlib.crc32(f"{town.slug}:{name}".encode()) % max(1, int(spread))
        task.for_town(town.slug, queue=item.queue, countdown=delay)
    return len(towns)
