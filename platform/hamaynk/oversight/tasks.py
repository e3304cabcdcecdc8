"""What oversight does in a worker: means are worked out by the clock and brought to the towns, one small task each."""

import zlib
from datetime import date

from django.conf import settings

from hamaynk.oversight import references
from tasks.app import app
from tasks.base import community_task
from tenants.context import current_town_schema, nowhere
from tenants.routing import table


@app.task(name="hamaynk.oversight.tasks.refresh_references")
def refresh_references() -> int:
    """Work out the means of periods that changed since the last time, then tell every town. Returns how many periods."""
    periods = references.stale_periods()
    if periods:
        references.work_out(periods)
        spread = max(1, settings.REFERENCES_REFRESH_SECONDS // 4)
        for slug in references.every_town():
            bring_references.for_town(
                slug, [period.isoformat() for period in periods], countdown=zlib.crc32(slug.encode()) % spread
            )
    return len(periods)


@community_task(name="hamaynk.oversight.tasks.bring_references")
def bring_references(periods: list[str]) -> int:
    """Put the means of these periods (ISO dates) into this town; run twice, it changes nothing."""
    town = table.town(current_town_schema())
    with nowhere():
        return references.bring(town.slug, [date.fromisoformat(period) for period in periods]) if town else 0
