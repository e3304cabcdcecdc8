"""Charts of the public pages: what they read (two queries each) and what they say.

Plan against actual by month is drawn for the line and the part that the page shows, from published versions in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, gettext, ngettext

from hamaynk.common.money import percent_of
from hamaynk.common.periods import Month
from hamaynk.ui.charts import About, Column, ColumnChart, Table, columns
from hamaynk.ui.charts.frame import Writer
from hamaynk.ui.formats import DASH, month_name, month_short, percent, thousands
from modules.budgets.classification import total_code
from modules.budgets.selectors import ExecutionTable
from modules.budgets.selectors.published import SeriesPoint, kind_of, line_series
from modules.budgets.tables import Axis, PartFilter

IN_MILLIONS = Decimal(10_000_000)  # amounts from which million drams with one place still tell months apart
IN_TENTHS = Decimal(100_000)  # amounts up to which thousand drams need a place
LEAST = 2  # months that make a comparison


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


def by_month(table: ExecutionTable, periods: Sequence[Month]) -> MonthlyChart | None:
    """Plan against actual in the twelve months of the table's year; None where fewer than two months are told."""
    published = [period.month for period in periods if period.year == table.month.year]
    if len(published) < LEAST:
        return None
    code = table.kind or total_code(kind_of(table.side, table.axis))
    found = month_flows(table.month.year, table.side, code, table.axis, table.part, published)
    told = [flow for flow in found if flow.actual is not None]
    if len(told) < LEAST:
        return None
    return MonthlyChart(chart=_chart(table, found, told), table=_table(table, told))


def month_flows(
    year: int, side: str, code: str, axis: Axis, part: PartFilter, published: Sequence[int]
) -> list[MonthFlow]:
    """Twelve months of one line, flows out of the cumulative figures in force (R55). Four queries at most."""
    points = {point.month.month: point for point in line_series(side, code, axis=axis, part=part, years=[year])}
    return [_flow(month, points.get(month), published) for month in range(1, 13)]


def _flow(month: int, point: SeriesPoint | None, published: Sequence[int]) -> MonthFlow:
    if point is None:
        is_ahead = month > max(published, default=0)
        return MonthFlow(month=month, note=gettext("Not yet published") if is_ahead else gettext("Not published"))
    if point.cumulative is None:
        return MonthFlow(month=month, note=gettext("Not in the source"))
    if point.flow is None or not point.flow.known:
        return MonthFlow(month=month, note=gettext("Not published by month"))
    return MonthFlow(month=month, plan=point.flow.period_plan, actual=point.flow.actual)


def _chart(table: ExecutionTable, found: Sequence[MonthFlow], told: Sequence[MonthFlow]) -> ColumnChart:
    largest = max(abs(amount) for flow in told for amount in (flow.plan, flow.actual) if amount is not None)
    shift = -6 if largest >= IN_MILLIONS else -3
    places = 1 if shift == -6 or largest < IN_TENTHS else 0

    def write(drams: Decimal) -> str:
        return _scaled(drams, shift, places)

    about = About(
        slug="by-month",
        title=_title(table),
        sentence=_sentence(told, write, in_millions=shift == -6),
        unit=gettext("Million drams") if shift == -6 else gettext("Thousand drams"),
        plan_word=gettext("Plan of the month"),
        actual_word=gettext("Received in the month"),
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
        about,
        items,
        write=write,
        write_tick=lambda drams, step: _scaled(drams, shift, _places(step.scaleb(shift))),
    )


def _title(table: ExecutionTable) -> str:
    language = get_language() or "hy"
    kind = next((kind.names.get(language) for kind in table.kinds if kind.code == table.kind), "")
    words = {"year": table.month.year, "kind": kind}
    if kind:
        return gettext("Plan against receipts by month, %(year)s: %(kind)s") % words
    return gettext("Plan against receipts by month, %(year)s") % words


def _sentence(told: Sequence[MonthFlow], write: Writer, *, in_millions: bool) -> str:
    """In how many months the plan was reached, and which month brought most."""
    reached = sum((flow.actual or 0) >= (flow.plan or 0) for flow in told)
    most = max(told, key=lambda flow: flow.actual or Decimal(0))
    amount = most.actual or Decimal(0)
    words: dict[str, object] = {"reached": reached, "told": len(told), "month": month_name(most.month)}
    said = ngettext(
        "In %(reached)s of %(told)s month the plan of the month was reached.",
        "In %(reached)s of %(told)s months the plan of the month was reached.",
        len(told),
    )
    if amount > 0:
        words["amount"] = write(amount)
        in_thousands = gettext("The most came in: %(month)s, %(amount)s thousand drams.")
        said += " " + (
            gettext("The most came in: %(month)s, %(amount)s million drams.") if in_millions else in_thousands
        )
    return said % words


def _table(table: ExecutionTable, told: Sequence[MonthFlow]) -> Table:
    """The months that are told, in thousand drams as the rest of the page."""
    heads = [
        gettext("Month"),
        gettext("Plan of the month"),
        gettext("Received in the month"),
        gettext("Percent of the plan"),
    ]
    return Table(
        _title(table),
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
