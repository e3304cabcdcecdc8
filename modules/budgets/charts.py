"""Charts of the public pages: what they read (two queries each) and what they say.

Plan against actual by month is drawn for the line and the part that the page shows, from published versions in force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, gettext, ngettext

from hamaynk.common.money import percent_of
from hamaynk.common.periods import Month
from hamaynk.ui.charts import About, Bar, BarChart, Column, ColumnChart, Table, bars, columns
from hamaynk.ui.charts.frame import Writer
from hamaynk.ui.formats import DASH, month_name, month_short, percent, thousands
from modules.budgets.classification import total_code
from modules.budgets.models import Side
from modules.budgets.presentation import actual_word, plan_word, row_name
from modules.budgets.selectors import ExecutionTable
from modules.budgets.selectors.published import SeriesPoint, kind_of, line_series
from modules.budgets.tables import Axis, PartFilter

IN_MILLIONS = Decimal(10_000_000)  # amounts from which million drams with one place still tell months apart
IN_TENTHS = Decimal(100_000)  # amounts up to which thousand drams need a place
LEAST = 2  # months or lines that make a comparison
MOST_BARS = 12
MEASURES = ("period_plan", "actual")


@dataclass(frozen=True, kw_only=True)
class MonthlyChart:
    """The chart with the table beside it."""

    chart: ColumnChart
    table: Table


@dataclass(frozen=True, kw_only=True)
class MonthFlow:
    """One month of a year: drams planned for and received in it. None, with a word on why, where that is not told."""

    month: int
    plan: Decimal | None = None
    actual: Decimal | None = None
    note: str = ""


def by_month(
    table: ExecutionTable, periods: Sequence[Month], points: Sequence[SeriesPoint] | None = None
) -> MonthlyChart | None:
    """Plan against actual in the twelve months of the table's year; None where fewer than two months are told.

    points: the line through its months, where they have been read; else they are, in four queries at most.
    """
    published = [period.month for period in periods if period.year == table.month.year]
    if len(published) < LEAST:
        return None
    code = table.kind or total_code(kind_of(table.side, table.axis))
    if points is None:
        points = line_series(table.side, code, axis=table.axis, part=table.part, years=[table.month.year])
    name = next((kind.names.get(get_language() or "hy") for kind in table.kinds if kind.code == table.kind), "")
    return monthly(table.side, table.month.year, name, flows_of_year(points, table.month.year, published))


def monthly(side: str, year: int, name: str, found: Sequence[MonthFlow]) -> MonthlyChart | None:
    """Plan against actual by month of one line, name "" of the whole side; None where fewer than two months are told."""
    told = [flow for flow in found if flow.actual is not None]
    if len(told) < LEAST:
        return None
    about = _About(side, year, name)
    return MonthlyChart(chart=_chart(about, found, told), table=_table(about, told))


def month_flows(
    year: int, side: str, code: str, axis: Axis, part: PartFilter, published: Sequence[int]
) -> list[MonthFlow]:
    """Twelve months of one line, flows out of the cumulative figures in force (R55). Four queries at most."""
    return flows_of_year(line_series(side, code, axis=axis, part=part, years=[year]), year, published)


def flows_of_year(points: Sequence[SeriesPoint], year: int, published: Sequence[int]) -> list[MonthFlow]:
    """Twelve months out of a line's published months; published: the numbers of the months that are. No query."""
    of_year = {point.month.month: point for point in points if point.month.year == year}
    return [_flow(month, of_year.get(month), published) for month in range(1, 13)]


@dataclass(frozen=True)
class _About:
    """Whose months are drawn."""

    side: str
    year: int
    name: str


def _flow(month: int, point: SeriesPoint | None, published: Sequence[int]) -> MonthFlow:
    if point is None:
        is_ahead = month > max(published, default=0)
        return MonthFlow(month=month, note=gettext("Not yet published") if is_ahead else gettext("Not published"))
    if point.cumulative is None:
        return MonthFlow(month=month, note=gettext("Not in the source"))
    if point.flow is None or not point.flow.known:
        return MonthFlow(month=month, note=gettext("Not published by month"))
    return MonthFlow(month=month, plan=point.flow.period_plan, actual=point.flow.actual)


def _chart(about: _About, found: Sequence[MonthFlow], told: Sequence[MonthFlow]) -> ColumnChart:
    largest = max(abs(amount) for flow in told for amount in (flow.plan, flow.actual) if amount is not None)
    shift = -6 if largest >= IN_MILLIONS else -3
    places = 1 if shift == -6 or largest < IN_TENTHS else 0

    def write(drams: Decimal) -> str:
        return _scaled(drams, shift, places)

    said = About(
        slug="by-month",
        title=_title(about),
        sentence=_sentence(told, write, in_millions=shift == -6, side=about.side),
        unit=gettext("Million drams") if shift == -6 else gettext("Thousand drams"),
        plan_word=plan_word(by_month=True),
        actual_word=actual_word(about.side, by_month=True),
    )
    items = [
        Column(
            name=month_name(flow.month),
            short=month_short(flow.month),
            actual=flow.actual,
            plan=flow.plan,
            note=flow.note,
        )
        for flow in found
    ]
    return columns(
        said,
        items,
        write=write,
        write_tick=lambda drams, step: _scaled(drams, shift, _places(step.scaleb(shift))),
    )


def _title(about: _About) -> str:
    words = {"year": about.year, "kind": about.name}
    if about.side == Side.REVENUE:
        if about.name:
            return gettext("Plan against receipts by month, %(year)s: %(kind)s") % words
        return gettext("Plan against receipts by month, %(year)s") % words
    if about.side == Side.EXPENDITURE:
        if about.name:
            return gettext("Plan against spending by month, %(year)s: %(kind)s") % words
        return gettext("Plan against spending by month, %(year)s") % words
    if about.name:
        return gettext("Financing by month, %(year)s: %(kind)s") % words
    return gettext("Financing by month, %(year)s") % words


def _sentence(told: Sequence[MonthFlow], write: Writer, *, in_millions: bool, side: str) -> str:
    """In how many months the plan was reached, and which month brought or took most."""
    reached = sum((flow.actual or 0) >= (flow.plan or 0) for flow in told)
    most = max(told, key=lambda flow: flow.actual or Decimal(0))
    amount = most.actual or Decimal(0)
    words: dict[str, object] = {"reached": reached, "told": len(told), "month": month_name(most.month)}
    said = ngettext(
        "In %(reached)s of %(told)s month the plan of the month was reached.",
        "In %(reached)s of %(told)s months the plan of the month was reached.",
        len(told),
    )
    if amount > 0 and side != Side.FINANCING:
        words["amount"] = write(amount)
        said += " " + _most(spends=side == Side.EXPENDITURE, in_millions=in_millions)
    return said % words


def _most(*, spends: bool, in_millions: bool) -> str:
    if spends:
        if in_millions:
            return gettext("The most was spent: %(month)s, %(amount)s million drams.")
        return gettext("The most was spent: %(month)s, %(amount)s thousand drams.")
    if in_millions:
        return gettext("The most came in: %(month)s, %(amount)s million drams.")
    return gettext("The most came in: %(month)s, %(amount)s thousand drams.")


def _table(about: _About, told: Sequence[MonthFlow]) -> Table:
    """The months that are told, in thousand drams as the rest of the page."""
    heads = [
        gettext("Month"),
        plan_word(by_month=True),
        actual_word(about.side, by_month=True),
        gettext("Percent of the plan"),
    ]
    return Table(
        _title(about),
        heads,
        [
            [month_name(flow.month), thousands(flow.plan), thousands(flow.actual), _percent(flow)]
            for flow in told
        ],
        gettext("Thousand drams"),
    )  # fmt: skip


def _percent(flow: MonthFlow) -> str:
    return DASH if flow.actual is None or flow.plan is None else percent(percent_of(flow.actual, flow.plan))


def _scaled(drams: Decimal, shift: int, places: int) -> str:
    """Drams in millions (-6) or thousands (-3), for eyes."""
    return thousands(drams.scaleb(shift + 3), places, "prose")


def _places(value: Decimal) -> int:
    """Places that a round figure needs."""
    return max(-int(value.normalize().as_tuple().exponent), 0)


def main_lines(table: ExecutionTable, links: Mapping[str, str]) -> BarChart | None:
    """Bars of the lines right below what the page shows, the largest first; None where fewer than two have anything."""
    top = table.kind or next((row.code for row in table.rows if row.is_total), "")
    below = [
        row for row in table.rows
        if row.parent == top and row.code != top and not row.economic and (row.actual or row.period_plan)
    ]  # fmt: skip
    if not top or len(below) < LEAST or any(row.actual is None for row in below):
        return None
    below.sort(key=lambda row: -(row.actual or Decimal(0)))
    kept, rest = (below, []) if len(below) <= MOST_BARS + 1 else (below[:MOST_BARS], below[MOST_BARS:])
    items = [Bar(name=row_name(row), actual=row.actual, plan=row.period_plan, link=links.get(row.code, ""))
             for row in kept]  # fmt: skip
    if rest:
        name = ngettext("%(count)s smaller line", "%(count)s smaller lines", len(rest)) % {"count": len(rest)}
        sums = [sum((getattr(one, field) or Decimal(0) for one in rest), Decimal(0)) for field in MEASURES]
        items.append(Bar(name=name, actual=sums[1], plan=sums[0]))
    whole = sum((row.actual or Decimal(0) for row in below), Decimal(0))
    share = percent(percent_of(below[0].actual or Decimal(0), whole), "prose")
    by_month = table.view == "month"
    about = About(
        slug="main-lines",
        title=gettext("Main lines, plan against execution"),
        sentence=gettext("The largest: %(line)s, %(share)s %% of what these lines sum to.")
        % {"line": row_name(below[0]), "share": share},
        unit=gettext("Million drams"),
        plan_word=plan_word(by_month=by_month),
        actual_word=actual_word(table.side, by_month=by_month),
    )
    return bars(about, items, write=lambda drams: _scaled(drams, -6, 1))
