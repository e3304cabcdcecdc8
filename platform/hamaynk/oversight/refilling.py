"""A restored town's figures: the store says what the town says again, and nothing that it said in between."""

from django.db import transaction

from hamaynk.oversight.models import Figure, MeanPeriod, TownEntry
from hamaynk.portability.restored import RestoredTown
from hamaynk.statistics import UndeclaredIndicator
from hamaynk.statistics.models import Observation
from hamaynk.statistics.observing import TOTAL, check_declared
from tenants.context import as_collector, in_town, nowhere
from tenants.models import Community

FACTS = ("name_hy", "name_en", "name_ru", "marz", "population", "is_demo")
A_BATCH = 2000


def refill(town: RestoredTown) -> None:
    """Put the town's own observations in place of what the store has of it. Idempotent.

    By messages this could not be done: a version that was published after the backup, and lost, would stay in the store
    and keep its successor of the same number out. A copy sends nothing: the original speaks for the town.
    """
    if town.is_copy:
        return
    with in_town(town.slug):
        said = list(Observation.objects.values_list("indicator", "item", "period", "value", "version"))
    with nowhere():
        facts = Community.objects.values(*FACTS).get(slug=town.slug)
    with as_collector(), transaction.atomic():
        before = Figure.objects.filter(town_id=town.slug)
        # Periods that the town no longer has: their means are worked out anew as well.
        MeanPeriod.objects.filter(period__in=before.values("period")).delete()
        before.delete()
        if not said:
            return
        entry, _ = TownEntry.objects.update_or_create(slug=town.slug, defaults=facts)
        names = ("indicator", "item", "period", "value", "version")
        rows = [Figure(town=entry, **dict(zip(names, row, strict=True))) for row in said if _may_leave(row[0], row[1])]
        Figure.objects.bulk_create(rows, batch_size=A_BATCH)


def _may_leave(indicator: str, item: str) -> bool:
    """Only what a manifest declares leaves a town, by this way too."""
    try:
        check_declared(indicator, [item] if item != TOTAL else [])
    except UndeclaredIndicator:
        return False
    return True
