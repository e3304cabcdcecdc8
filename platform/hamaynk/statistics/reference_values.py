"""The means that a town compares itself with: how its pages read them, and how the platform puts them there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from hamaynk.statistics.models import ReferenceValue, Scope
from hamaynk.statistics.observing import TOTAL

UNIQUE = ("period", "indicator", "item", "scope")


@dataclass(frozen=True, kw_only=True)
class Mean:
    """A mean in the indicator's unit, two places; per_inhabitant is None where inhabitants are not known."""

    mean: Decimal
    per_inhabitant: Decimal | None
    towns: int
    computed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What one value may be held against; None where fewer than two towns published the period."""

    marz: Mean | None = None
    country: Mean | None = None


def references(*, indicator: str, period: date, items: Iterable[str] = (TOTAL,)) -> dict[str, Reference]:
    """Item -> its means in the present town's marz and in the country; every asked-for item is there. One query.

    A town that published the period with lines, but without this line, counts as zero. So shares may be taken of means
    (mean of the line by mean of the total), and percent of the plan too (mean executed by mean planned).
    """
    asked = list(items)
    found: dict[str, dict[str, Mean]] = {item: {} for item in asked}
    for value in ReferenceValue.objects.filter(indicator=indicator, period=period, item__in=asked):
        found[value.item][value.scope] = Mean(
            mean=value.mean,
            per_inhabitant=value.per_inhabitant,
            towns=value.towns,
            computed_at=value.computed_at,
        )
    return {
        item: Reference(marz=means.get(Scope.MARZ), country=means.get(Scope.COUNTRY)) for item, means in found.items()
    }


def keep_references(period: date, values: Sequence[ReferenceValue], *, computed_at: datetime) -> bool:
    """Put the means of a period in place of those the town has; older ones never replace newer ones. True if it did.

    values: of this period only, not saved. Called by the platform, in the town, as the town's own role.
    """
    with transaction.atomic():
        kept = list(ReferenceValue.objects.select_for_update().filter(period=period))
        if any(value.computed_at > computed_at for value in kept):
            return False
        wanted = {(value.indicator, value.item, value.scope) for value in values}
        gone = [value.pk for value in kept if (value.indicator, value.item, value.scope) not in wanted]
        ReferenceValue.objects.filter(pk__in=gone).delete()
        ReferenceValue.objects.bulk_create(
            values,
            update_conflicts=True,
            unique_fields=UNIQUE,
            update_fields=("mean", "per_inhabitant", "towns", "computed_at"),
        )
    return True
