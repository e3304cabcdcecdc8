"""Charts of overview, comparison and "what a dram buys", each with its table. No queries: selectors have read everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, gettext, ngettext

from hamaynk.common.money import percent_of
from hamaynk.ui.charts import About, Bar, Chart, Column, Share, Table, bars, columns, treemap
from hamaynk.ui.formats import DASH, month_name, month_short, percent, thousands
from modules.budgets.models import Side
from modules.budgets.selectors.comparison import per_inhabitant
from modules.budgets.selectors.overview import SideFigures, YearOverview, sources, year_ends
from modules.budgets.selectors.published import SeriesPoint
from modules.budgets.tables import Row

LEAST = 2  # months or years that make a comparison
MOST_BARS = 12
MEASURES = ("period_plan", "actual")
IN_MILLIONS = Decimal(10_000_000)  # drams from which million drams with one place still tell years apart


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A chart with the table beside it."""

    chart: Chart
    table: Table


@dataclass(frozen=True, kw_only=True)
class ShownLine:
    """One line of the table beside the treemap or the bars, for the template. Amounts in drams, share in percent."""

    name: str
    link: str
    row: Row
    share: Decimal | None
    per_inhabitant: Decimal | None


def in_millions(drams: Decimal) -> str:
    """Million drams with one place: "389.8"."""
    return thousands(drams.scaleb(-3), 1, "prose")


def line_name(row: Row) -> str:
    """The line's name in the active language; what is left of a total has its own."""
    return gettext("Not itemised in the source") if row.is_unitemised else row.names.get(get_language() or "hy")


def by_function(overview: YearOverview, shown: Sequence[ShownLine], within: str) -> Chart:
    """The treemap of what was spent, on the lines shown; within: name of the line above them, or ""."""
    total = sum((line.row.actual or Decimal(0) for line in shown), Decimal(0))
    largest = max(shown, key=lambda line: line.row.actual or Decimal(0))
    words = {
        "amount": in_millions(total),
        "line": largest.name,
        "share": percent(percent_of(largest.row.actual or Decimal(0), total), "prose"),
        "within": within,
        "year": overview.year,
    }
    title = gettext("What the money was spent on, %(year)s: %(within)s") if within else ""
    about = About(
        slug="by-function",
        title=(title or gettext("What the money was spent on, %(year)s")) % words,
        sentence=gettext("%(amount)s million drams were spent here. The largest part: %(line)s, %(share)s %%.") % words,
        unit=gettext("Million drams"),
    )
    shares = [Share(name=line.name, amount=line.row.actual or Decimal(0), link=line.link) for line in shown]
    return treemap(about, shares, write=in_millions)


def by_source(overview: YearOverview, shown: Sequence[ShownLine]) -> Chart:
    """Bars of what was received, the largest source first, the plan of the period as the outline."""
    drawn = sorted(shown, key=lambda line: -(line.row.actual or Decimal(0)))
    rest = drawn[MOST_BARS:] if len(drawn) > MOST_BARS + 1 else []
    kept = drawn[:MOST_BARS] if rest else drawn
    items = [Bar(name=line.name, actual=line.row.actual, plan=line.row.period_plan, link=line.link) for line in kept]
    if rest:
        name = ngettext("%(count)s smaller line", "%(count)s smaller lines", len(rest)) % {"count": len(rest)}
        sums = [sum((getattr(one.row, field) or Decimal(0) for one in rest), Decimal(0)) for field in MEASURES]
        items.append(Bar(name=name, actual=sums[1], plan=sums[0]))
    total = sum((line.row.actual or Decimal(0) for line in shown), Decimal(0))
    most = drawn[0].row.actual or Decimal(0)
    words = {"line": drawn[0].name, "share": percent(percent_of(most, total), "prose"), "year": overview.year}
    about = About(
        slug="by-source",
        title=gettext("Where the money came from, %(year)s") % words,
        sentence=gettext("The largest source: %(line)s, %(share)s %% of everything received.") % words,
        unit=gettext("Million drams"),
        plan_word=gettext("Plan of the period, cumulative"),
        actual_word=gettext("Received, cumulative"),
    )
    return bars(about, items, write=in_millions)


def by_month(overview: YearOverview, side: str) -> Drawn | None:
    """Plan against actual of the year's months; None where fewer than two are told."""
    points = {point.month.month: point for point in overview.series[side] if point.month.year == overview.year}
    told = [point for point in points.values() if point.flow is not None and point.flow.known]
    if len(told) < LEAST:
        return None
    spends = side == Side.EXPENDITURE
    plan_word = gettext("Plan of the month")
    actual_word = gettext("Spent in the month") if spends else gettext("Received in the month")
    title = (
        gettext("Plan against spending by month, %(year)s")
        if spends
        else gettext("Plan against receipts by month, %(year)s")
    )
    about = About(
        slug=f"months-{side}",
        title=title % {"year": overview.year},
        sentence=_months_sentence(told, spends=spends),
        unit=gettext("Million drams"),
        plan_word=plan_word,
        actual_word=actual_word,
    )
    last = max(points, default=0)
    items = [_column(month, points.get(month), last) for month in range(1, 13)]
    heads = [gettext("Month"), plan_word, actual_word, gettext("Percent of the plan")]
    rows = [
        [month_name(point.month.month), *_amounts(point.flow.period_plan, point.flow.actual)]
        for point in told
        if point.flow is not None
    ]
    return Drawn(
        chart=columns(about, items, write=in_millions, write_tick=_tick),
        table=Table(about.title, heads, rows, gettext("Thousand drams")),
    )


def by_year(overview: YearOverview) -> Drawn | None:
    """Years side by side: plan of the year and what was received and spent, both sides; None for a single year."""
    ends = {side: year_ends(series) for side, series in overview.series.items()}
    years = sorted({year for found in ends.values() for year in found})
    if len(years) < LEAST:
        return None
    names = {Side.REVENUE.value: gettext("revenue"), Side.EXPENDITURE.value: gettext("expenditure")}
    items, rows = [], []
    for year in years:
        for side, found in ends.items():
            point = found.get(year)
            if point is None or point.cumulative is None:
                continue
            name = gettext("%(year)s, %(side)s") % {"year": year, "side": names[side]}
            if point.month.month < 12:
                name += (
                    " ("
                    + gettext("to the end of %(month)s") % {"month": month_name(point.month.month, "genitive")}
                    + ")"
                )
            amounts = point.cumulative
            items.append(Bar(name=name, actual=amounts.actual, plan=amounts.year_plan))
            rows.append([name, *_amounts(amounts.year_plan, amounts.actual)])
    about = About(
        slug="years",
        title=gettext("Years side by side"),
        sentence=_years_sentence(ends, years),
        unit=gettext("Million drams"),
        plan_word=gettext("Adjusted plan of the year"),
        actual_word=gettext("Received or spent"),
    )
    heads = [gettext("Year and side"), about.plan_word, about.actual_word, gettext("Percent of the plan")]
    return Drawn(
        chart=bars(about, items, write=in_millions),
        table=Table(about.title, heads, rows, gettext("Thousand drams")),
    )


def line_years(points: Sequence[SeriesPoint], side: str) -> Chart | None:
    """Years of one line side by side, each in its newest published month; None for a single year."""
    ends = {point.month.year: point for point in points if point.cumulative is not None}
    if len(ends) < LEAST:
        return None
    items = []
    for year, point in sorted(ends.items()):
        amounts = point.cumulative
        assert amounts is not None
        name = str(year)
        if point.month.month < 12:
            name += f" ({gettext('to the end of %(month)s') % {'month': month_name(point.month.month, 'genitive')}})"
        items.append(Bar(name=name, actual=amounts.actual, plan=amounts.year_plan))
    largest = max(abs(item.actual or Decimal(0)) for item in items)
    in_thousands = largest < IN_MILLIONS
    about = About(
        slug="years",
        title=gettext("Years side by side"),
        sentence=gettext("From %(first)s to %(last)s, each year as far as it is published.")
        % {"first": min(ends), "last": max(ends)},
        unit=gettext("Thousand drams") if in_thousands else gettext("Million drams"),
        plan_word=gettext("Adjusted plan of the year"),
        actual_word=gettext("Spent, cumulative") if side == Side.EXPENDITURE else gettext("Received, cumulative"),
    )
    return bars(about, items, write=(lambda drams: thousands(drams, 1, "prose")) if in_thousands else in_millions)


def shown_lines(
    rows: Sequence[Row], links: Mapping[str, str], inhabitants: int | None, whole: Decimal
) -> list[ShownLine]:
    """Lines for a table. links: code -> address. whole: drams that the shares are of."""
    return [
        ShownLine(
            name=line_name(row),
            link=links.get(row.code, ""),
            row=row,
            share=percent_of(row.actual or Decimal(0), whole),
            per_inhabitant=per_inhabitant(row.actual, inhabitants),
        )
        for row in rows
    ]


def source_rows(figures: SideFigures) -> list[Row]:
    """Sources that brought or should have brought something."""
    return [row for row in sources(figures) if row.actual or row.period_plan or row.year_plan]


def _column(month: int, point: SeriesPoint | None, last: int) -> Column:
    name, short = month_name(month), month_short(month)
    if point is None:
        note = gettext("Not yet published") if month > last else gettext("Not published")
        return Column(name=name, short=short, actual=None, note=note)
    if point.flow is None or not point.flow.known:
        return Column(name=name, short=short, actual=None, note=gettext("Not published by month"))
    return Column(name=name, short=short, actual=point.flow.actual, plan=point.flow.period_plan)


def _months_sentence(told: Sequence[SeriesPoint], *, spends: bool) -> str:
    flows = [(point.month.month, point.flow.actual or Decimal(0)) for point in told if point.flow is not None]
    month, most = max(flows, key=lambda one: one[1])
    words = {"month": month_name(month), "amount": in_millions(most)}
    if spends:
        return gettext("The most was spent: %(month)s, %(amount)s million drams.") % words
    return gettext("The most came in: %(month)s, %(amount)s million drams.") % words


def _years_sentence(ends: Mapping[str, Mapping[int, SeriesPoint]], years: Sequence[int]) -> str:
    """The newest year that was published to its end, else the newest at all, in percent of its plan."""
    found = ends[Side.EXPENDITURE] or ends[Side.REVENUE]
    whole = [year for year in found if found[year].month.month == 12] or list(found)
    point = found[max(whole)]
    amounts = point.cumulative
    assert amounts is not None
    share = percent(percent_of(amounts.actual or Decimal(0), amounts.year_plan), "prose")
    words = {"year": point.month.year, "percent": share, "first": years[0], "last": years[-1]}
    if found is ends[Side.EXPENDITURE]:
        return gettext("From %(first)s to %(last)s. In %(year)s %(percent)s %% of the year's plan was spent.") % words
    return gettext("From %(first)s to %(last)s. In %(year)s %(percent)s %% of the year's plan came in.") % words


def _amounts(plan: Decimal | None, actual: Decimal | None) -> list[str]:
    share = DASH if plan is None or actual is None else percent(percent_of(actual, plan))
    return [thousands(plan), thousands(actual), share]


def _tick(drams: Decimal, step: Decimal) -> str:
    places = max(-int(step.scaleb(-6).normalize().as_tuple().exponent), 0)
    return thousands(drams.scaleb(-3), places, "prose")
