"""Who publishes late: what a town has published, held against the day by which the newest month was expected."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from hamaynk.common.periods import Month
from hamaynk.oversight.models import Figure
from hamaynk.oversight.standing import BUDGETS, standing_towns
from tenants.routing import Town


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """How one town keeps up on one side of the budget.

    newest: the newest published month, None where there is none. owed: the first month after it that is due.
    days_late: days since `owed` was due, 0 where nothing is owed, None where nothing was ever published.
    missing: months of the asked-for year that are due, after the first published one, and not published.
    """

    town: Town
    newest: Month | None
    owed: Month | None
    days_late: int | None
    missing: tuple[Month, ...]

    @property
    def is_late(self) -> bool:
        """Its newest month is older than expected, or it never published."""
        return self.days_late is None or self.days_late > 0


def expected_month(today: date, days: int) -> Month:
    """The newest month that should be published: the term of `days` after its end has passed."""
    month = Month.of(today).previous
    while today <= due_day(month, days):
        month = month.previous
    return month


def due_day(month: Month, days: int) -> date:
    """The last day of the term for this month."""
    return month.last_day + timedelta(days=days)


def list_publishers(side: str, *, today: date, days: int, year: int, marz: str = "") -> list[Publisher]:
    """All towns (of a marz): those that never published, then the latest, then those with gaps. One query."""
    published: dict[str, set[Month]] = defaultdict(set)
    totals = Figure.objects.filter(indicator=f"{BUDGETS}.{side}_executed", item="", value__isnull=False)
    for slug, period in totals.values_list("town_id", "period"):
        published[slug].add(Month.of(period))
    found = [
        judge(town, published.get(town.slug, set()), today=today, days=days, year=year)
        for town in standing_towns().values()
        if marz in ("", town.marz)
    ]
    return sorted(found, key=_sickness)


def judge(town: Town, months: Collection[Month], *, today: date, days: int, year: int) -> Publisher:
    """One town by the months it has published."""
    expected = expected_month(today, days)
    of_year = [month for month in months if month.year == year]
    missing: tuple[Month, ...] = ()
    if of_year:
        numbers = range(min(of_year).month, 13)
        due = [Month(year, number) for number in numbers if Month(year, number) <= expected]
        missing = tuple(month for month in due if month not in months)
    newest = max(months, default=None)
    owed = newest.next if newest is not None and newest < expected else None
    late = (today - due_day(owed, days)).days if owed else 0
    return Publisher(
        town=town, newest=newest, owed=owed, days_late=late if newest is not None else None, missing=missing
    )


def _sickness(line: Publisher) -> tuple[bool, int, int, str]:
    return (line.days_late is not None, -(line.days_late or 0), -len(line.missing), line.town.name)
