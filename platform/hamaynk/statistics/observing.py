"""Record an indicator's value, and tell the platform of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from hamaynk.contract import Indicator
from hamaynk.contract.registry import registry
from hamaynk.events import Event, publish
from hamaynk.statistics.models import Observation

TOTAL = ""
ITEM = re.compile(r"\w([\w.-]{0,18}\w)?")  # a code, never a sentence


class UndeclaredIndicator(LookupError):
    """No installed module declares this indicator, or not with items, so no figure of it is kept."""


@dataclass(frozen=True, kw_only=True)
class ObservationRecorded(Event):
    """An indicator has a new value. Carries nothing but the figure.

    items: [code, decimal text] of every item that has a value; they replace all items of an older version.
    """

    name = "statistics.observation_recorded"
    indicator: str
    period: date
    value: Decimal | None
    version: int
    items: tuple[tuple[str, str], ...] = ()

    def values(self) -> dict[str, Decimal | None]:
        """The total under "", then the items."""
        return {TOTAL: self.value, **{code: Decimal(text) for code, text in self.items or ()}}


def declared_indicators() -> dict[str, Indicator]:
    """Full code ("budgets.revenue_executed") -> Indicator, over all modules."""
    return {f"{m.name}.{i.code}": i for m in registry() for i in m.indicators}


def check_declared(indicator: str, items: Iterable[str]) -> None:
    """Raises UndeclaredIndicator where no manifest allows this indicator, or these items, to leave a town."""
    declared = declared_indicators().get(indicator)
    if declared is None:
        raise UndeclaredIndicator(indicator)
    wrong = [code for code in items if not declared.has_items or not ITEM.fullmatch(code)]
    if wrong:
        raise UndeclaredIndicator(f"{indicator}: {wrong[0]!r}")


def observe(
    *,
    indicator: str,
    period: date,
    value: Decimal | None,
    version: int,
    items: Mapping[str, Decimal] | None = None,
) -> bool:
    """Keep a value unless a newer version is kept already. Returns True if it is news.

    indicator: full code, "<module>.<code>"; period: its first day; value: the total in the indicator's unit, None if
    undefined. items: code of a line -> its value, for an indicator declared with `has_items`; a newer version replaces
    total and items together, so a line that it no longer has is gone. Raises UndeclaredIndicator.
    """
    items = dict(items or {})
    check_declared(indicator, items)
    with transaction.atomic():
        kept = Observation.objects.select_for_update().filter(indicator=indicator, period=period, item=TOTAL).first()
        if kept is not None and kept.version >= version:
            return False
        place: dict[str, Any] = {"indicator": indicator, "period": period}
        Observation.objects.update_or_create(**place, item=TOTAL, defaults={"value": value, "version": version})
        Observation.objects.filter(**place).exclude(item=TOTAL).delete()
        Observation.objects.bulk_create(
            Observation(**place, item=code, value=amount, version=version) for code, amount in items.items()
        )
        told = tuple((code, str(amount)) for code, amount in items.items())
        publish(ObservationRecorded(indicator=indicator, period=period, value=value, version=version, items=told))
    return True
