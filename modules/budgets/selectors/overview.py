"""Reads of the overview: a year of both sides from published snapshots. A fixed number of queries, whatever there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hamaynk.common.periods import Month
from modules.budgets.classification import all_lines, total_code
from modules.budgets.models import KIND_OF_SIDE, PublishedMonth, Side
from modules.budgets.selectors.published import (
    SeriesPoint,
    eliminated_in,
    figures_of,
    kind_of,
    line_series,
    versions_in_force,
)
from modules.budgets.tables import Amounts, Line, Names, PartFilter, Row, ancestors, build_rows, rolled_up

SIDES = (Side.REVENUE.value, Side.EXPENDITURE.value)
Published = dict[str, dict[Month, PublishedMonth]]


@dataclass(frozen=True, kw_only=True)
class SideFigures:
    """What a published month states for a side, summed up the tree: drams, cumulative since 1 January."""

    side: str
    published: PublishedMonth
    lines: dict[str, Line]
    amounts: dict[str, Amounts]

    @property
    def total_code(self) -> str:
        """Code of the side's total."""
        return total_code(KIND_OF_SIDE[Side(self.side)])

    @property
    def total(self) -> Amounts | None:
        """The side's total, None where the source states none."""
        return self.amounts.get(self.total_code)

    def has(self, code: str) -> bool:
        """True for a line that has figures."""
        return code in self.amounts

    def below(self, code: str) -> list[Row]:
        """Lines directly below `code` that have figures, then what they leave of it, in the order of the codes."""
        found = [row for row in self.rows(code) if row.parent == code and not row.is_unitemised]
        rest = _rest(self.amounts[code], found) if found else None
        return [*found, *([rest] if rest else [])]

    def rows(self, code: str) -> list[Row]:
        """`code` and every line below it that has figures."""
        return list(build_rows(self.lines, self.amounts, total_code=self.total_code, kind=code))

    def path(self, code: str) -> list[str]:
        """Codes from the total down to `code`, those with figures."""
        return [one for one in reversed([code, *ancestors(code, self.lines)]) if one in self.amounts]


@dataclass(frozen=True, kw_only=True)
class YearOverview:
    """A year of both sides. month: the newest that both sides have published, else the newest of either.

    sides: what each side states in that month, those that published it. series: every published month of every year.
    """

    year: int
    month: Month
    sides: dict[str, SideFigures]
    series: dict[str, list[SeriesPoint]]
    published: Published

    @property
    def balance(self) -> Decimal | None:
        """Received less spent since 1 January, drams; None where not both are told."""
        totals = [self.sides[side].total if side in self.sides else None for side in SIDES]
        if any(total is None or total.actual is None for total in totals):
            return None
        received, spent = (total.actual or Decimal(0) for total in totals if total is not None)
        return received - spent

    @property
    def is_demo(self) -> bool:
        """True where any of it is demonstration data."""
        return any(one.published.is_demo for one in self.sides.values())


def published_of_both() -> Published:
    """Versions in force by side and month. Two queries."""
    return {side: versions_in_force(None, side) for side in SIDES}


def years_of(published: Published) -> list[int]:
    """Years with a published month of either side, newest first."""
    return sorted({month.year for months in published.values() for month in months}, reverse=True)


def newest_month(published: Published, year: int) -> Month | None:
    """The newest month of `year` that both sides have, else the newest of either, or None."""
    of_sides = [{month for month in months if month.year == year} for months in published.values()]
    both = set.intersection(*of_sides)
    return max(both or set.union(*of_sides), default=None)


def side_figures(
    published: Mapping[str, PublishedMonth], year: int, *, part: PartFilter = "total"
) -> dict[str, SideFigures]:
    """Figures of one published version a side, summed up the tree. One query, and one more a side."""
    figures = figures_of([row.pk for row in published.values()])
    found = {}
    for side, row in published.items():
        lines = all_lines(kind_of(side), year=year)
        code = total_code(kind_of(side))
        amounts = rolled_up(
            figures.get(row.pk, []), lines, part=part, total_code=code, eliminated=eliminated_in(year, side)
        )
        found[side] = SideFigures(side=side, published=row, lines=lines, amounts=amounts)
    return found


def year_overview(year: int, published: Published) -> YearOverview | None:
    """The year, or None where nothing of it is published. Nine queries, whatever there is."""
    month = newest_month(published, year)
    if month is None:
        return None
    of_month = {side: months[month] for side, months in published.items() if month in months}
    return YearOverview(
        year=year,
        month=month,
        sides=side_figures(of_month, year),
        series={side: line_series(side, total_code(kind_of(side))) for side in SIDES},
        published=published,
    )


def year_ends(series: Sequence[SeriesPoint]) -> dict[int, SeriesPoint]:
    """The newest published month of every year."""
    return {point.month.year: point for point in series if point.cumulative is not None}


def sources(figures: SideFigures) -> list[Row]:
    """Revenue by source: lines two steps below the total, or one where there is nothing below; then what is left."""
    found: list[Row] = []
    for head in figures.below(figures.total_code):
        found.extend((figures.below(head.code) if head.code else []) or [head])
    return found


def _rest(whole: Amounts, rows: Sequence[Row]) -> Row | None:
    """What `whole` holds beyond `rows`; None where nothing is left."""
    rest = Amounts(year_plan=whole.year_plan, period_plan=whole.period_plan, actual=whole.actual)
    for row in rows:
        rest = rest.minus(Amounts(year_plan=row.year_plan, period_plan=row.period_plan, actual=row.actual))
    if rest.is_nothing:
        return None
    return Row(
        code="", parent="", article="", names=Names(hy=""), level=1, is_unitemised=True,
        year_plan=rest.year_plan, period_plan=rest.period_plan, actual=rest.actual,
    )  # fmt: skip
