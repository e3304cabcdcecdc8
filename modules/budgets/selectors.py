"""Reads. Public pages see published months only: `published_*` and `execution_table`; the rest is for the office.

`execution_table` takes three queries however many rows there are.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hamaynk.common.periods import Month
from modules.budgets.classification import all_lines, total_code
from modules.budgets.importing.checks import figures as figures_of
from modules.budgets.importing.problems import Problem
from modules.budgets.importing.reader import FileRow
from modules.budgets.models import (
    BatchState,
    ImportBatch,
    MonthlyFigure,
    PublishedMonth,
    Side,
)
from modules.budgets.progress import ImportProgress, ReadingState
from modules.budgets.tables import (
    Amounts,
    Figure,
    Line,
    Names,
    PartFilter,
    Row,
    View,
    build_rows,
    by_part,
    flows,
    kinds,
)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One choice of the filter "revenue type" (R57)."""

    code: str
    names: Names


@dataclass(frozen=True, kw_only=True)
class ExecutionTable:
    """The revenue execution of one month (R54-R59). Amounts in drams.

    month_known: False where the single month was asked for and the month before is not published. version and
    published_at are None in a preview. source: language -> text. kinds: what the filter offers. part_stated: False
    where the source does not divide by the budget type asked for. kind_known: False where no such line has figures.
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

    @property
    def total(self) -> Row | None:
        """The total's row, where it is among the rows."""
        return next((row for row in self.rows if row.is_total), None)


@dataclass(frozen=True, kw_only=True)
class MonthState:
    """A month as the office lists it: its draft, and the version in force."""

    month: Month
    draft: ImportBatch | None
    published: PublishedMonth | None


@dataclass(frozen=True, kw_only=True)
class PublishedFigures:
    """The figures of a published month, with the version they belong to and the town's classification."""

    month: Month
    published: PublishedMonth
    figures: list[Figure]
    lines: dict[str, Line]


def published_years(side: str = Side.REVENUE) -> list[int]:
    """Years with a published month, newest first. One query."""
    return sorted({month.year for month in published_periods(side)}, reverse=True)


def published_months(year: int, side: str = Side.REVENUE) -> list[int]:
    """Months of `year` that are published, in order. One query."""
    return [month.month for month in published_periods(side) if month.year == year]


def published_periods(side: str = Side.REVENUE) -> list[Month]:
    """All published months, oldest first. One query."""
    pairs = PublishedMonth.objects.filter(side=side).order_by().values_list("budget_year__year", "month").distinct()
    return sorted(Month(year, month) for year, month in pairs)


def latest_period(side: str = Side.REVENUE) -> Month | None:
    """The newest published month, or None. One query."""
    return max(published_periods(side), default=None)


def execution_table(
    *, year: int, month: int, view: View = "cumulative", part: PartFilter = "total", kind: str = ""
) -> ExecutionTable | None:
    """The published execution of a month, or None where it is not published. Three queries.

    view "month" shows the flow of the single month where the month before is published (R55). kind: code of a line;
    it and what lies below it are shown.
    """
    period = Month(year, month)
    wanted = [period] if month == 1 else [period.previous, period]
    in_force = _versions_in_force(wanted)
    published = in_force.get(period)
    if published is None:
        return None
    earlier = in_force.get(period.previous) if month > 1 else None
    figures = _figures([p.batch_id for p in (published, earlier) if p is not None])
    return _table(
        period=period, view=view, part=part, kind=kind, published=published, batch=published.batch,
        figures=figures.get(published.batch_id, []),
        earlier=figures.get(earlier.batch_id, []) if earlier else None,
    )  # fmt: skip


def preview_table(batch: ImportBatch) -> ExecutionTable:
    """The cumulative table as a file would show it, whether confirmed or not. One query beside the batch's year."""
    rows = [FileRow.from_json(row) for row in batch.rows]
    lines = all_lines(year=batch.budget_year.year)
    for row in rows:
        if row.code not in lines:
            names = Names(hy=row.name_hy or row.code, en=row.name_en, ru=row.name_ru)
            begun = (row.code[:end] for end in range(len(row.code) - 1, 0, -1))
            parent = next((code for code in begun if code in lines), "")
            lines[row.code] = Line(code=row.code, parent=parent, article="", names=names, is_local=True)
    return _table(
        period=Month(batch.budget_year.year, batch.month), view="cumulative", part="total", kind="",
        published=None, batch=batch, figures=figures_of(rows), earlier=None, lines=lines,
    )  # fmt: skip


def batch_problems(batch: ImportBatch) -> list[Problem]:
    """What was found in a file, in the order of its lines."""
    return [Problem.from_json(problem) for problem in batch.problems]


def months() -> list[MonthState]:
    """Months with a draft or a published version, newest first. Two queries."""
    drafts = {
        Month(batch.budget_year.year, batch.month): batch
        for batch in ImportBatch.objects.filter(side=Side.REVENUE, state=BatchState.CONFIRMED)
        .select_related("budget_year", "imported_by")
        .defer("rows", "problems")
    }
    published = _versions_in_force(None)
    return [
        MonthState(month=month, draft=drafts.get(month), published=published.get(month))
        for month in sorted(drafts.keys() | published.keys(), reverse=True)
    ]


def month_state(month: Month) -> MonthState:
    """One month as the office sees it. Two queries."""
    draft = (
        ImportBatch.objects.filter(
            budget_year__year=month.year, month=month.month, side=Side.REVENUE, state=BatchState.CONFIRMED
        )
        .select_related("budget_year", "imported_by")
        .first()
    )
    return MonthState(month=month, draft=draft, published=_versions_in_force([month]).get(month))


def month_versions(month: Month) -> list[PublishedMonth]:
    """Every published version of a month, newest first. One query."""
    return list(
        PublishedMonth.objects.filter(budget_year__year=month.year, month=month.month, side=Side.REVENUE)
        .select_related("batch", "published_by")
        .defer("batch__rows", "batch__problems")
        .order_by("-version")
    )


def waiting_batches() -> list[ImportBatch]:
    """Files that were checked and neither confirmed nor discarded, newest first. One query."""
    waiting = ImportBatch.objects.filter(side=Side.REVENUE, state=BatchState.PREVIEWED)
    return list(waiting.select_related("budget_year", "imported_by").defer("rows")[:20])


def access_batch(batch_id: int) -> ImportBatch | None:
    """A file of this town by its number, or None; for holders of budgets.import and budgets.view."""
    return ImportBatch.objects.filter(pk=batch_id).select_related("budget_year", "imported_by").first()


def running_readings() -> list[ImportProgress]:
    """Large files on their way, newest first. One query."""
    running = ImportProgress.objects.filter(state__in=(ReadingState.WAITING, ReadingState.READING))
    return list(running.select_related("started_by").defer("content")[:20])


def access_reading(progress_id: int) -> ImportProgress | None:
    """A large file of this town that is or was read in the background, or None; for holders of budgets.import."""
    return ImportProgress.objects.filter(pk=progress_id).defer("content").first()


def published_figures(month: Month) -> PublishedFigures | None:
    """What is in force for a month as the source states it, part by part, or None. Three queries."""
    published = _versions_in_force([month]).get(month)
    if published is None:
        return None
    figures = _figures([published.batch_id]).get(published.batch_id, [])
    return PublishedFigures(month=month, published=published, figures=figures, lines=all_lines(year=month.year))


def _versions_in_force(wanted: list[Month] | None) -> dict[Month, PublishedMonth]:
    """The highest version of each month asked for, or of every month. One query."""
    published = PublishedMonth.objects.filter(side=Side.REVENUE)
    if wanted is not None:
        published = published.filter(
            budget_year__year__in={m.year for m in wanted}, month__in={m.month for m in wanted}
        )
    rows = published.select_related("budget_year", "batch", "published_by").defer("batch__rows", "batch__problems")
    return {Month(row.budget_year.year, row.month): row for row in rows.order_by("version")}


def _figures(batches: list[int]) -> dict[int, list[Figure]]:
    found: dict[int, list[Figure]] = {}
    for row in MonthlyFigure.objects.filter(batch__in=batches):
        found.setdefault(row.batch_id, []).append(
            Figure(
                code=row.code,
                part=row.part,
                year_plan=row.year_plan,
                period_plan=row.period_plan,
                actual=row.actual,
                approved_plan=row.approved_plan,
            )
        )
    return found


def _table(
    *,
    period: Month,
    view: View,
    part: PartFilter,
    kind: str,
    published: PublishedMonth | None,
    batch: ImportBatch,
    figures: list[Figure],
    earlier: list[Figure] | None,
    lines: dict[str, Line] | None = None,
) -> ExecutionTable:
    lines = all_lines(year=period.year) if lines is None else lines
    amounts: dict[str, Amounts] = by_part(figures, part)
    if view == "month":
        before = None if earlier is None else by_part(earlier, part)
        amounts = flows(amounts, before, month=period.month)
    total = total_code()
    codes = {figure.code for figure in figures}
    offered = kinds(lines, codes, total)
    kind_known = not kind or kind in codes or kind in offered
    if kind and kind_known and kind not in offered:
        offered = sorted([*offered, kind])
    return ExecutionTable(
        month=period,
        view=view,
        part=part,
        kind=kind,
        rows=build_rows(lines, amounts, total_code=total, kind=kind),
        kinds=tuple(Kind(code=code, names=lines[code].names) for code in offered if code in lines),
        month_known=view == "cumulative" or period.month == 1 or earlier is not None,
        part_stated=bool(amounts),
        kind_known=kind_known,
        version=published.version if published else None,
        published_at=published.published_at if published else None,
        source=batch.source,
        is_demo=batch.is_demo,
    )
