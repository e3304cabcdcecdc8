"""Reads for residents: published snapshots only, whoever asks.

`execution_table` takes four queries however many rows there are; `published_periods` one more where it is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q, Sum

from hamaynk.common.periods import Month
from modules.budgets.classification import all_lines, total_code
from modules.budgets.models import KIND_OF_SIDE, ClassificationKind, PublishedFigure, PublishedMonth, Side
from modules.budgets.packs.eliminations import Elimination, all_rules, eliminations
from modules.budgets.tables import (
    Amounts,
    Axis,
    Eliminated,
    Figure,
    Line,
    Names,
    PartFilter,
    Row,
    View,
    ancestors,
    build_rows,
    counts,
    flows,
    is_cut,
    kinds,
    rolled_up,
)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One choice of the filter "revenue type" (R57)."""

    code: str
    names: Names


@dataclass(frozen=True, kw_only=True)
class ExecutionTable:
    """The execution of one month and side (R54-R59). Amounts in drams.

    axis: lines of the side, or economic items of the expenditure; within: code of a function whose spending alone is
    divided by item, or "". month_known: False where the single month was asked for and the month before is not
    published. version and published_at are None in a preview. source: language -> text. kinds: what the filter offers.
    part_stated: False where the source does not divide by the budget type asked for. kind_known: False where no such
    line has figures. plan_number: the plan version in it, None where the plan is as the report states it.
    """

    month: Month
    view: View
    part: PartFilter
    kind: str
    rows: tuple[Row, ...]
    kinds: tuple[Kind, ...]
    month_known: bool
    part_stated: bool
    kind_known: bool
    version: int | None
    published_at: dt.datetime | None
    source: dict[str, str]
    is_demo: bool
    side: str = Side.REVENUE
    axis: Axis = "code"
    within: str = ""
    digest: str = ""
    plan_number: int | None = None

    @property
    def total(self) -> Row | None:
        """The total's row, where it is among the rows."""
        return next((row for row in self.rows if row.is_total), None)


@dataclass(frozen=True, kw_only=True)
class PublishedFigures:
    """The figures of a published month, with the version they belong to and the town's classification.

    economic_lines: of the expenditure, by which its figures are divided too; of the other sides none.
    """

    month: Month
    side: str
    published: PublishedMonth
    figures: list[Figure]
    lines: dict[str, Line]
    economic_lines: dict[str, Line] = field(default_factory=dict)


def kind_of(side: str, axis: Axis = "code") -> ClassificationKind:
    """The classification that a table of a side goes by."""
    return ClassificationKind.ECONOMIC if axis == "economic" else KIND_OF_SIDE[Side(side)]


def published_years(side: str = Side.REVENUE) -> list[int]:
    """Years with a published month, newest first. One query."""
    return sorted({month.year for month in published_periods(side)}, reverse=True)


def published_months(year: int, side: str = Side.REVENUE) -> list[int]:
    """Months of `year` that are published, in order. One query."""
    return [month.month for month in published_periods(side) if month.year == year]


def published_periods(side: str | None = Side.REVENUE) -> list[Month]:
    """All published months of a side (None: of any), oldest first. One query."""
    rows = PublishedMonth.objects.all() if side is None else PublishedMonth.objects.filter(side=side)
    pairs = rows.order_by().values_list("budget_year__year", "month").distinct()
    return sorted(Month(year, month) for year, month in pairs)


def latest_period(side: str = Side.REVENUE) -> Month | None:
    """The newest published month, or None. One query."""
    return max(published_periods(side), default=None)


def execution_table(
    *,
    year: int,
    month: int,
    side: str = Side.REVENUE,
    axis: Axis = "code",
    view: View = "cumulative",
    part: PartFilter = "total",
    kind: str = "",
    within: str = "",
    version: int | None = None,
) -> ExecutionTable | None:
    """The published execution of a month, or None where it is not published. Four queries at most.

    view "month" shows the flow of the single month where the month before is published (R55). kind: code of a line;
    it and what lies below it are shown. within: code of a function, for axis "economic". version: an older one.
    """
    period = Month(year, month)
    needs_earlier = view == "month" and month > 1
    in_force = versions_in_force([period.previous, period] if needs_earlier else [period], side, version=version)
    published = in_force.get(period)
    if published is None:
        return None
    earlier = in_force.get(period.previous) if needs_earlier else None
    figures = figures_of([p.pk for p in (published, earlier) if p is not None])
    lines = all_lines(kind_of(side, axis), year=year)
    function_lines = all_lines(ClassificationKind.FUNCTIONAL, year=year) if within else {}
    return make_table(
        published=published, month=period, side=side, axis=axis, view=view, part=part, kind=kind, within=within,
        figures=_within(figures.get(published.pk, []), within, function_lines),
        earlier=_within(figures.get(earlier.pk, []), within, function_lines) if earlier else None,
        lines=lines,
    )  # fmt: skip


def make_table(
    *,
    month: Month,
    side: str,
    view: View,
    part: PartFilter,
    kind: str,
    figures: list[Figure],
    earlier: list[Figure] | None,
    lines: Mapping[str, Line],
    axis: Axis = "code",
    within: str = "",
    published: PublishedMonth | None = None,
    source: dict[str, str] | None = None,
    is_demo: bool = False,
) -> ExecutionTable:
    """The table out of figures (own amounts, without the lines below), published or in preparation. No query."""
    total = total_code(kind_of(side, axis))
    eliminated = eliminated_in(month.year, side)
    amounts = rolled_up(figures, lines, part=part, total_code=total, axis=axis, eliminated=eliminated)
    if view == "month":
        before = None
        if earlier is not None:
            before = rolled_up(earlier, lines, part=part, total_code=total, axis=axis, eliminated=eliminated)
        whole = earlier is not None and not is_cut(earlier, total_code(kind_of(side)))
        amounts = flows(amounts, before, month=month.month, absent_is_zero=whole)
    codes = rolled_up(figures, lines, part="total", total_code=total, axis=axis, eliminated=eliminated).keys()
    offered = kinds(lines, codes, total)
    kind_known = not kind or kind in codes or kind in offered
    if kind and kind_known and kind not in offered:
        offered = sorted([*offered, kind])
    return ExecutionTable(
        month=month,
        view=view,
        part=part,
        kind=kind,
        side=side,
        axis=axis,
        within=within,
        rows=build_rows(lines, amounts, total_code=total, kind=kind),
        kinds=tuple(Kind(code=code, names=lines[code].names) for code in offered if code in lines),
        month_known=view == "cumulative" or month.month == 1 or earlier is not None,
        part_stated=bool(amounts),
        kind_known=kind_known,
        version=published.version if published else None,
        published_at=published.published_at if published else None,
        source=published.source if published else source or {},
        is_demo=published.is_demo if published else is_demo,
        digest=published.digest if published else "",
        plan_number=published.plan_number if published else None,
    )


def published_figures(month: Month, side: str = Side.REVENUE, version: int | None = None) -> PublishedFigures | None:
    """What is in force for a month (or an older version), fact by fact, or None. Four queries at most."""
    published = versions_in_force([month], side, version=version).get(month)
    if published is None:
        return None
    return PublishedFigures(
        month=month,
        side=side,
        published=published,
        figures=figures_of([published.pk]).get(published.pk, []),
        lines=all_lines(kind_of(side), year=month.year),
        economic_lines=all_lines(ClassificationKind.ECONOMIC, year=month.year) if side == Side.EXPENDITURE else {},
    )


def month_versions(month: Month, side: str = Side.REVENUE) -> list[PublishedMonth]:
    """Every published version of a month, newest first. One query."""
    rows = PublishedMonth.objects.filter(budget_year__year=month.year, month=month.month, side=side)
    return list(
        rows.select_related("budget_year", "published_by", "batch")
        .defer("batch__rows", "batch__own")
        .order_by("-version")
    )


def versions_in_force(
    wanted: Iterable[Month] | None, side: str = Side.REVENUE, *, version: int | None = None
) -> dict[Month, PublishedMonth]:
    """The highest version of each month asked for, or of every month; `version` instead for the last one. One query."""
    published = PublishedMonth.objects.filter(side=side)
    months = None if wanted is None else list(wanted)
    if months is not None:
        any_of = Q()
        for month in months:
            any_of |= Q(budget_year__year=month.year, month=month.month)
        published = published.filter(any_of)
        if version is not None:
            last = months[-1]
            published = published.exclude(Q(budget_year__year=last.year, month=last.month) & ~Q(version=version))
    rows = published.select_related("budget_year", "published_by").order_by("version")
    return {Month(row.budget_year.year, row.month): row for row in rows}


def figures_of(
    publications: Iterable[int], codes: Iterable[str] | None = None, *, axis: Axis = "code"
) -> dict[int, list[Figure]]:
    """Figures by publication; of some lines (or economic items) only where codes are given. One query."""
    rows = PublishedFigure.objects.filter(publication__in=list(publications)).order_by()
    if codes is not None:
        rows = rows.filter(**{f"{axis}__in": list(codes)})
    found: dict[int, list[Figure]] = {}
    columns = (
        "publication_id", "code", "part", "year_plan", "period_plan", "actual", "approved_plan", "economic",
        "settlement", "account",
    )  # fmt: skip
    for number, code, part, year_plan, period_plan, actual, approved, economic, settlement, account in rows.values_list(
        *columns
    ):
        figure = Figure(code, part, year_plan, period_plan, actual, approved, economic, settlement, account)
        found.setdefault(number, []).append(figure)
    return found


def eliminated_in(year: int, side: str) -> Eliminated:
    """Whether a fact of a side is taken out of the total in `year`."""
    rules = eliminations(year)
    return lambda code, economic, part: rules.eliminated(side, code, economic, part)


def part_counts(figure: Figure, part: PartFilter, year: int, side: str) -> bool:
    """True for a figure that belongs to a budget type (R57)."""
    return counts(figure, part, eliminated_in(year, side))


def totals_by_month(
    year: int, side: str, *, axis: Axis = "code", part: PartFilter = "total"
) -> dict[int, dict[str, Amounts]]:
    """Cumulative amounts of every line, for each published month of a year. Three queries."""
    published = {month: row for month, row in versions_in_force(None, side).items() if month.year == year}
    figures = figures_of([row.pk for row in published.values()])
    lines = all_lines(kind_of(side, axis), year=year)
    total = total_code(kind_of(side, axis))
    return {
        month.month: rolled_up(
            figures.get(row.pk, []), lines, part=part, total_code=total, axis=axis,
            eliminated=eliminated_in(year, side),
        )
        for month, row in sorted(published.items())
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SeriesPoint:
    """One published month of a line: cumulative amounts (None: the source does not state the line), and the flows of
    the single month (None: not told)."""

    month: Month
    cumulative: Amounts | None
    flow: Amounts | None


def line_series(
    side: str,
    code: str,
    *,
    axis: Axis = "code",
    part: PartFilter = "total",
    years: Iterable[int] | None = None,
    settlement: str = "",
    in_force: Mapping[Month, PublishedMonth] | None = None,
    lines: Mapping[str, Line] | None = None,
) -> list[SeriesPoint]:
    """A line through all published months (of `years`), the oldest first, summed by the database. Four queries at most.

    settlement "": all of them. Whoever has read the versions in force or the lines gives them and saves a query each.
    """
    chosen = None if years is None else set(years)
    known = versions_in_force(None, side) if in_force is None else in_force
    published = {month: row for month, row in sorted(known.items()) if chosen is None or month.year in chosen}
    total = total_code(kind_of(side, axis))
    numbers = [row.pk for row in published.values()]
    codes = None if code == total else below(code, all_lines(kind_of(side, axis)) if lines is None else lines)
    sums = _sums(numbers, side, codes, axis, part, settlement)
    own_total = PublishedFigure.objects.filter(publication__in=numbers, code=total_code(kind_of(side)))
    nothing = Q(year_plan=0, period_plan=0, actual=0)
    cut = set(own_total.exclude(nothing).values_list("publication_id", flat=True))
    points = []
    for month, row in published.items():
        now = sums.get(row.pk)
        points.append(SeriesPoint(month=month, cumulative=now, flow=_series_flow(month, now, published, sums, cut)))
    return points


def below(code: str, lines: Mapping[str, Line]) -> list[str]:
    """`code` and every line below it."""
    return [code, *(one for one in lines if code in ancestors(one, lines))]


def _series_flow(
    month: Month,
    now: Amounts | None,
    published: Mapping[Month, PublishedMonth],
    sums: Mapping[int, Amounts],
    cut: set[int],
) -> Amounts | None:
    if now is None:
        return None
    if month.month == 1:
        return now
    before = published.get(month.previous)
    if before is None:
        return None
    earlier = {"": sums[before.pk]} if before.pk in sums else {}
    return flows({"": now}, earlier, month=month.month, absent_is_zero=before.pk not in cut)[""]


def _sums(
    publications: list[int], side: str, codes: list[str] | None, axis: Axis, part: PartFilter, settlement: str
) -> dict[int, Amounts]:
    """Amounts by publication, what is eliminated taken out of the total (R57). One query."""
    rows = PublishedFigure.objects.filter(publication__in=publications).order_by()
    if codes is not None:
        rows = rows.filter(**{f"{axis}__in": codes})
    if settlement:
        rows = rows.filter(settlement=settlement)
    if part != "total":
        rows = rows.filter(part=part)
    else:
        for rule in all_rules():
            rows = rows.exclude(_rule_query(rule))
    found = rows.values("publication_id").annotate(
        year=Sum("year_plan"), period=Sum("period_plan"), received=Sum("actual"), approved=Sum("approved_plan")
    )
    return {
        row["publication_id"]: Amounts(
            year_plan=row["year"], period_plan=row["period"], actual=row["received"], approved_plan=row["approved"]
        )
        for row in found
    }


def _rule_query(rule: Elimination) -> Q:
    """The figures that a rule takes out, in the years that it holds."""
    query = Q(side=rule.side, part=rule.part, publication__budget_year__year__gte=rule.valid_from.year)
    if rule.valid_to is not None:
        query &= Q(publication__budget_year__year__lte=rule.valid_to.year)
    if rule.code:
        query &= Q(code=rule.code)
    return query & Q(economic=rule.economic) if rule.economic else query


def _within(figures: list[Figure], within: str, lines: Mapping[str, Line]) -> list[Figure]:
    """Figures of one function and what lies below it."""
    if not within:
        return figures
    return [figure for figure in figures if figure.code == within or within in ancestors(figure.code, lines)]
