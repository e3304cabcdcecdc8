"""Reads of the pages of execution and of a line: published snapshots only, a fixed number of queries.

Whoever shows a side reads its publications first (one query); they are few, and everything else follows from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.db.models import Q

from hamaynk.common.periods import Month
from modules.budgets.classification import all_lines, total_code
from modules.budgets.items import item_amounts, with_items
from modules.budgets.models import ClassificationKind, LineExplanation, PublishedMonth, Side
from modules.budgets.selectors.published import (
    ExecutionTable,
    SeriesPoint,
    eliminated_in,
    figures_of,
    kind_of,
    line_series,
    make_table,
)
from modules.budgets.tables import Axis, Figure, Line, PartFilter, View, flows

By = Literal["function", "economic", "both"]  # how expenditure is divided: sections 2, 3 and 6 of the official form


@dataclass(frozen=True)
class Publications:
    """Every published version of a side, and what follows from them without a further query."""

    side: str
    rows: tuple[PublishedMonth, ...]

    @property
    def in_force(self) -> dict[Month, PublishedMonth]:
        """The highest version of each month, oldest month first."""
        found: dict[Month, PublishedMonth] = {}
        for row in self.rows:
            found[month_of(row)] = row
        return dict(sorted(found.items()))

    @property
    def periods(self) -> list[Month]:
        """Published months, oldest first."""
        return list(self.in_force)

    def versions(self, month: Month) -> list[PublishedMonth]:
        """All versions of a month, the newest first."""
        return [row for row in reversed(self.rows) if month_of(row) == month]

    def of(self, month: Month, version: int | None = None) -> PublishedMonth | None:
        """The version in force, or the one asked for; None where there is none."""
        return next((row for row in self.versions(month) if version in (None, row.version)), None)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a resident asks of the execution (R55-R57). version None: the one in force. settlement "": all of them."""

    month: Month
    view: View = "cumulative"
    part: PartFilter = "total"
    by: By = "function"
    kind: str = ""
    settlement: str = ""
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class Execution:
    """What a page of execution shows. settlements: those that the month's figures name. points: the line that the page
    shows (`table.kind`, or the total) through all published months; empty for an older version."""

    table: ExecutionTable
    asked: Asked
    settlements: tuple[str, ...]
    points: tuple[SeriesPoint, ...]
    versions: tuple[PublishedMonth, ...]
    explanation: LineExplanation | None

    @property
    def is_older(self) -> bool:
        """True where a later version of the month is in force."""
        return bool(self.versions) and self.table.version != self.versions[0].version


def month_of(row: PublishedMonth) -> Month:
    """The month of a publication."""
    return Month(row.budget_year.year, row.month)


def publications(side: str) -> Publications:
    """Every published version of a side. One query."""
    return publications_of([side])[side]


def publications_of(sides: Iterable[str]) -> dict[str, Publications]:
    """Every published version of some sides. One query."""
    wanted = list(sides)
    rows = PublishedMonth.objects.filter(side__in=wanted).select_related("budget_year").order_by("version")
    found: dict[str, list[PublishedMonth]] = {side: [] for side in wanted}
    for row in rows:
        found[row.side].append(row)
    return {side: Publications(side, tuple(of_side)) for side, of_side in found.items()}


def axis_of(by: By) -> Axis:
    """What the lines of the table are: economic items, or lines of the side."""
    return "economic" if by == "economic" else "code"


def read_execution(known: Publications, asked: Asked) -> Execution | None:
    """The execution as asked for, or None where it is not published. Six queries at most, besides that of `known`."""
    published = known.of(asked.month, asked.version)
    if published is None:
        return None
    needs_earlier = asked.view == "month" and asked.month.month > 1
    earlier = known.in_force.get(asked.month.previous) if needs_earlier else None
    figures = figures_of([row.pk for row in (published, earlier) if row is not None])
    now = figures.get(published.pk, [])
    before = figures.get(earlier.pk, []) if earlier else None
    settlements = tuple(sorted({one.settlement for one in now if one.settlement}))
    side, axis = known.side, axis_of(asked.by)
    lines = all_lines(kind_of(side, axis), year=asked.month.year)
    of_settlement = [_of_settlement(one, asked.settlement) for one in (now, before)]
    table = make_table(
        published=published, month=asked.month, side=side, axis=axis, view=asked.view, part=asked.part, kind=asked.kind,
        figures=of_settlement[0] or [], earlier=of_settlement[1], lines=lines,
    )  # fmt: skip
    if asked.by == "both":
        table = _with_items(table, asked, of_settlement[0] or [], of_settlement[1])
    versions = tuple(known.versions(asked.month))
    is_newest = published.version == versions[0].version
    return Execution(
        table=table, asked=asked, settlements=settlements, versions=versions,
        points=tuple(_points(known, asked, lines)) if is_newest and table.kind_known else (),
        explanation=explanation(kind_of(side, axis), asked.kind, asked.month.year) if asked.kind else None,
    )  # fmt: skip


def explanation(kind: str, code: str, year: int) -> LineExplanation | None:
    """The town's words on a line in a year: those of the year, else those for every year; None where there are none.
    One query."""
    rows = LineExplanation.objects.filter(Q(year=year) | Q(year=None), kind=kind, code=code)
    newest: dict[int | None, LineExplanation] = {}
    for row in rows.order_by("pk"):
        newest[row.year] = row
    said = [newest[one] for one in (year, None) if one in newest and newest[one].words]
    return said[0] if said else None


def _of_settlement(figures: Sequence[Figure] | None, settlement: str) -> list[Figure] | None:
    if figures is None:
        return None
    return [one for one in figures if not settlement or one.settlement == settlement]


def _points(known: Publications, asked: Asked, lines: Mapping[str, Line]) -> list[SeriesPoint]:
    axis = axis_of(asked.by)
    code = asked.kind or total_code(kind_of(known.side, axis))
    return line_series(
        known.side, code, axis=axis, part=asked.part, settlement=asked.settlement, in_force=known.in_force, lines=lines
    )


def _with_items(
    table: ExecutionTable, asked: Asked, now: Sequence[Figure], before: Sequence[Figure] | None
) -> ExecutionTable:
    eliminated = eliminated_in(asked.month.year, Side.EXPENDITURE)
    amounts = item_amounts(now, part=asked.part, eliminated=eliminated)
    if asked.view == "month":
        earlier = None if before is None else item_amounts(before, part=asked.part, eliminated=eliminated)
        amounts = flows(amounts, earlier, month=asked.month.month, absent_is_zero=before is not None)
    lines = all_lines(ClassificationKind.ECONOMIC, year=asked.month.year)
    return replace(table, rows=with_items(table.rows, amounts, lines))
