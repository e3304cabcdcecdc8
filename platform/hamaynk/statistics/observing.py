"""Record an indicator's value, and tell the platform of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from hamaynk.contract.registry import registry
from hamaynk.events import Event, publish
from hamaynk.statistics.models import Observation


class UndeclaredIndicator(LookupError):
    """No installed module declares this indicator, so no figure of it is kept."""


@dataclass(frozen=True, kw_only=True)
class ObservationRecorded(Event):
    """An indicator has a new value. Carries nothing but the figure."""

    name = "statistics.observation_recorded"
    indicator: str
    period: date
    value: Decimal | None
    version: int


def declared_indicators() -> dict[str, object]:
    """Full code ("budgets.revenue_executed") -> Indicator, over all modules."""
    return {f"{m.name}.{i.code}": i for m in registry() for i in m.indicators}


def observe(*, indicator: str, period: date, value: Decimal | None, version: int) -> bool:
    """Keep a value unless a newer version is kept already. Returns True if it is news.

    indicator: full code, "<module>.<code>"; period: its first day; value: in the indicator's unit, None if undefined.
    """
    if indicator not in declared_indicators():
        raise UndeclaredIndicator(indicator)
    with transaction.atomic():
        kept = Observation.objects.select_for_update().filter(indicator=indicator, period=period).first()
        if kept is not None and kept.version >= version:
            return False
        Observation.objects.update_or_create(
            indicator=indicator, period=period, defaults={"value": value, "version": version}
        )
        publish(ObservationRecorded(indicator=indicator, period=period, value=value, version=version))
    return True
