"""Brings a town's published figure into the store, as the collector: a role that can write figures and read nothing else."""

from django.db import transaction

from hamaynk.events import Event
from hamaynk.oversight.models import Figure, TownEntry
from hamaynk.statistics import ObservationRecorded, UndeclaredIndicator
from hamaynk.statistics.observing import TOTAL, check_declared
from tenants.context import as_collector
from tenants.routing import table


class FigureRefused(Exception):
    """A town sent what no manifest declares, or is not known here."""


def collect(schema: str, event: Event) -> None:
    """Upsert one figure and its items with a version guard. Idempotent: called again it changes nothing.

    Raises FigureRefused for an undeclared indicator or an unknown town.
    """
    town = table.town(schema)
    if not isinstance(event, ObservationRecorded) or town is None:
        raise FigureRefused(f"{schema}: {event.name}")
    values = event.values()
    try:
        check_declared(event.indicator, [item for item in values if item != TOTAL])
    except UndeclaredIndicator as fault:
        raise FigureRefused(f"{schema}: {fault}") from fault
    names = {f"name_{code}": text for code, text in town.texts["name"].items()}
    with as_collector(), transaction.atomic():
        entry, _ = TownEntry.objects.update_or_create(
            slug=town.slug,
            defaults={**names, "marz": town.marz, "population": town.population, "is_demo": town.is_demo},
        )
        place = {"town": entry, "indicator": event.indicator, "period": event.period}
        kept = Figure.objects.select_for_update().filter(**place, item=TOTAL).first()
        if kept is None or kept.version < event.version:
            Figure.objects.filter(**place).delete()
            Figure.objects.bulk_create(
                Figure(**place, item=item, value=value, version=event.version) for item, value in values.items()
            )
