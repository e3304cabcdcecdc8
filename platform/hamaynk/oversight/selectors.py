"""What the ministry asks of the store."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from hamaynk.oversight.models import Figure, TownEntry

PLANNED, EXECUTED, PERCENT = "budgets.revenue_planned", "budgets.revenue_executed", "budgets.revenue_percent"


@dataclass(frozen=True)
class TownRevenue:
    """One line of the comparison. Amounts in drams, cumulative from January; None where the town has not published."""

    town: TownEntry
    planned: Decimal | None
    executed: Decimal | None
    percent: Decimal | None

    @property
    def per_inhabitant(self) -> Decimal | None:
        """Executed drams per inhabitant, whole drams half up; None where either is unknown."""
        if self.executed is None or not self.town.population:
            return None
        return (self.executed / self.town.population).quantize(Decimal(1), ROUND_HALF_UP)


def list_months() -> list[date]:
    """Months with any revenue figure, newest first."""
    return list(
        Figure.objects.filter(indicator=EXECUTED).order_by("-period").values_list("period", flat=True).distinct()
    )


def compare_revenue(month: date) -> list[TownRevenue]:
    """All known towns in this month, best percent first, those without figures last. Two queries."""
    values: dict[str, dict[str, Decimal | None]] = {}
    wanted = Figure.objects.filter(period=month, indicator__in=(PLANNED, EXECUTED, PERCENT))
    for slug, indicator, value in wanted.values_list("town_id", "indicator", "value"):
        values.setdefault(slug, {})[indicator] = value
    lines = [
        TownRevenue(
            town,
            values.get(town.slug, {}).get(PLANNED),
            values.get(town.slug, {}).get(EXECUTED),
            values.get(town.slug, {}).get(PERCENT),
        )
        for town in TownEntry.objects.all()
    ]
    return sorted(lines, key=lambda line: (line.percent is None, -(line.percent or 0), line.town.slug))


def total_of(lines: list[TownRevenue]) -> TownRevenue | None:
    """Sum over the towns that published; percent of the sums, two decimals half up; None without any."""
    published = [line for line in lines if line.executed is not None]
    if not published:
        return None
    planned = sum((line.planned or Decimal(0) for line in published), Decimal(0))
    executed = sum((line.executed or Decimal(0) for line in published), Decimal(0))
    percent = (executed * 100 / planned).quantize(Decimal("0.01"), ROUND_HALF_UP) if planned else None
    return TownRevenue(
        TownEntry(population=sum(line.town.population or 0 for line in published)), planned, executed, percent
    )
