"""Brings a town's published figure into the store, as the collector: a role that can write figures and read nothing else."""

from django.db import transaction

from hamaynk.events import Event
from hamaynk.oversight.models import Figure, TownEntry
from hamaynk.statistics import ObservationRecorded
from hamaynk.statistics.observing import declared_indicators
from tenants.context import as_collector
from tenants.routing import table


class FigureRefused(Exception):
    """A town sent what no manifest declares, or is not known here."""


def collect(schema: str, event: Event) -> None:
    """Upsert one figure with a version guard. Idempotent: called again with the same event it changes nothing.

    Raises FigureRefused for an undeclared indicator or an unknown town.
    """
    town = table.town(schema)
    if not isinstance(event, ObservationRecorded) or event.indicator not in declared_indicators() or town is None:
        raise FigureRefused(f"{schema}: {event.name}")
    names = {f"name_{code}": text for code, text in town.texts["name"].items()}
    with as_collector(), transaction.atomic():
        entry, _ = TownEntry.objects.update_or_create(
            slug=town.slug,
            defaults={**names, "marz": town.marz, "population": town.population, "is_demo": town.is_demo},
        )
        place = {"town": entry, "indicator": event.indicator, "period": event.period}
        kept, created = Figure.objects.select_for_update().get_or_create(
            **place, defaults={"value": event.value, "version": event.version}
        )
        if not created and kept.version < event.version:
            kept.value, kept.version = event.value, event.version
            kept.save(update_fields=["value", "version", "received_at"])
