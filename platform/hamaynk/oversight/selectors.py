"""What the ministry asks of the store: execution of the budgets by town, marz, country and month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from hamaynk.common.money import percent_of
from hamaynk.oversight.models import Figure
from hamaynk.oversight.standing import BUDGETS, standing_towns
from tenants.models import Marz
from tenants.routing import Town

SIDES = ("revenue", "expenditure")
AMOUNTS = ("year_plan", "planned", "executed")
SORTS = ("percent", "name", "marz", "year_plan", "planned", "executed", "per_inhabitant")
Values = dict[str, Decimal | None]


@dataclass(frozen=True, kw_only=True)
class Execution:
    """Plan and execution in drams, cumulative from January. executed None: not published.

    percent is worked out of these amounts, never of other percentages; None where the plan is zero.
    population: inhabitants of the towns that published; None where one of them is not known.
    """

    year_plan: Decimal | None = None
    planned: Decimal | None = None
    executed: Decimal | None = None
    population: int | None = None

    @property
    def is_published(self) -> bool:
        """There are figures."""
        return self.executed is not None

    @property
    def percent(self) -> Decimal | None:
        """Executed as percent of the plan for the period, two places half up."""
        if self.executed is None or self.planned is None:
            return None
        return percent_of(self.executed, self.planned)

    @property
    def per_inhabitant(self) -> Decimal | None:
        """Executed drams per inhabitant, whole drams half up; None where either is unknown."""
        if self.executed is None or not self.population:
            return None
        return (self.executed / self.population).quantize(Decimal(1), ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class TownExecution(Execution):
    """One town's line of the comparison."""

    town: Town


@dataclass(frozen=True, kw_only=True)
class GroupExecution(Execution):
    """The sum over the towns of a marz, or of the country (marz ""), that published. published: how many of `towns`."""

    marz: str
    towns: int
    published: int

    @property
    def name(self) -> str:
        """Of the marz, in the active language; "" for the country."""
        return str(Marz(self.marz).label) if self.marz else ""


@dataclass(frozen=True, kw_only=True)
class MonthExecution(Execution):
    """One month of a year. published: how many towns' figures are in it."""

    month: date
    published: int


def list_months(side: str) -> list[date]:
    """Months with any total of this side, newest first."""
    totals = Figure.objects.filter(indicator=f"{BUDGETS}.{side}_executed", item="", value__isnull=False)
    return list(totals.order_by("-period").values_list("period", flat=True).distinct())


def list_executions(month: date, side: str, *, marz: str = "", sort: str = "-percent") -> list[TownExecution]:
    """All towns (of a marz), those without figures last. sort: one of SORTS, "-" before it from the highest. One query."""
    values = _totals(side, [month])
    towns = [town for town in standing_towns().values() if marz in ("", town.marz)]
    lines = [
        TownExecution(town=town, population=town.population, **values.get((town.slug, month), {})) for town in towns
    ]
    return in_order(lines, sort)


def in_order(lines: Iterable[TownExecution], sort: str) -> list[TownExecution]:
    """By name, then by the asked-for column; what has no value there stands last, whichever the direction."""
    field, falling = sort.lstrip("-"), sort.startswith("-")
    named = sorted(lines, key=lambda line: line.town.name, reverse=falling and field == "name")
    if field == "name":
        return sorted(named, key=lambda line: not line.is_published)
    if field == "marz":
        return sorted(named, key=lambda line: line.town.marz_name, reverse=falling)
    known = [line for line in named if getattr(line, field) is not None]
    known.sort(key=lambda line: getattr(line, field), reverse=falling)
    unknown = [line for line in named if getattr(line, field) is None]
    return [*known, *sorted(unknown, key=lambda line: not line.is_published)]


def sum_of(lines: Sequence[TownExecution], *, marz: str = "") -> GroupExecution:
    """The sum over the towns that published; without any, nothing is published."""
    told = [line for line in lines if line.is_published]
    heads = [line.population for line in told]
    return GroupExecution(
        marz=marz,
        towns=len(lines),
        published=len(told),
        population=sum(head or 0 for head in heads) if told and all(heads) else None,
        **({name: _sum(told, name) for name in AMOUNTS} if told else {}),
    )


def by_marz(lines: Iterable[TownExecution]) -> list[GroupExecution]:
    """The sums of every marz that has a town, best percent first, those without figures last."""
    ordered = sorted(lines, key=lambda line: line.town.marz)
    sums = [sum_of(list(group), marz=marz) for marz, group in groupby(ordered, key=lambda line: line.town.marz)]
    return sorted(sums, key=lambda line: (line.percent is None, -(line.percent or 0), line.name))


def list_year(year: int, side: str, *, slug: str = "", marz: str = "") -> list[MonthExecution]:
    """Twelve months of one town, of a marz or of the country; a month is the sum of those that published it. One query."""
    months = [date(year, number, 1) for number in range(1, 13)]
    towns = [t for t in standing_towns().values() if slug in ("", t.slug) and marz in ("", t.marz)]
    values = _totals(side, months)
    found = []
    for month in months:
        lines = [
            TownExecution(town=town, population=town.population, **values.get((town.slug, month), {})) for town in towns
        ]
        total = sum_of(lines)
        found.append(
            MonthExecution(
                month=month, published=total.published, year_plan=total.year_plan, planned=total.planned,
                executed=total.executed, population=total.population,
            )
        )  # fmt: skip
    return found


def _totals(side: str, months: Sequence[date]) -> dict[tuple[str, date], Values]:
    """(town, month) -> the three amounts."""
    names = {f"{BUDGETS}.{side}_{name}": name for name in AMOUNTS}
    wanted = Figure.objects.filter(period__in=months, indicator__in=names, item="")
    found: dict[tuple[str, date], Values] = {}
    for slug, period, indicator, value in wanted.values_list("town_id", "period", "indicator", "value"):
        found.setdefault((slug, period), {})[names[indicator]] = value
    return found


def _sum(lines: Iterable[TownExecution], name: str) -> Decimal:
    return sum((getattr(line, name) or Decimal(0) for line in lines), Decimal(0))
