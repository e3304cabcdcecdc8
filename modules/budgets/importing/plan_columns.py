"""The columns of a plan, year, quarters or months of each part, and what one row states in them.

Official plans count their quarters from January: first quarter, half-year, nine months, year. Flows come of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from modules.budgets.importing.headings import Column, Layout
from modules.budgets.importing.plans import MONTHS, Flows, quarters_of
from modules.budgets.importing.problems import WARNING, Problem
from modules.budgets.importing.sheets import Row

Amount = Callable[[Column], Decimal | None]  # None where the cell cannot be read
Say = Callable[..., Problem]


@dataclass(frozen=True, kw_only=True)
class PlanColumns:
    """The columns of one part. year: those of the whole year that must agree, the one that counts first."""

    year: tuple[Column, ...]
    quarters: tuple[Column, ...]
    months: tuple[Column, ...]
    is_cumulative: bool

    @property
    def is_complete(self) -> bool:
        """True where a year can be told."""
        return bool(self.year or self.quarters or self.months)

    @property
    def every(self) -> tuple[Column, ...]:
        """All of them."""
        return (*self.year, *self.quarters, *self.months)


@dataclass(frozen=True, kw_only=True)
class StatedPlan:
    """What one row states for one part: drams, flows."""

    year: Decimal
    quarters: Flows | None
    months: Flows | None


def plan_columns(layout: Layout, part: str) -> PlanColumns:
    """The columns of `part` that are complete; a few months or quarters alone are none."""

    def columns(*names: str) -> tuple[Column, ...]:
        found = [column for name in names if (column := layout.column(name, part))]
        return tuple(found) if len(found) == len(names) else ()

    main = columns("year_plan") or columns("approved_plan")
    year = main + columns("to_12")
    flows = columns("quarter_1", "quarter_2", "quarter_3", "quarter_4")
    begins = columns("to_3") or columns("quarter_1")
    ends = columns("to_12") or main
    cumulative = begins + columns("to_6", "to_9") + ends
    is_cumulative = not flows and len(cumulative) == 4
    months = columns(*(f"month_{month}" for month in range(1, MONTHS + 1)))
    return PlanColumns(
        year=year, quarters=flows or (cumulative if is_cumulative else ()), months=months, is_cumulative=is_cumulative
    )


def left_out(layout: Layout, part: str) -> list[Column]:
    """Columns of months and quarters that are not complete and so not read."""
    read = {column.index for column in plan_columns(layout, part).every}
    periods = ("month_", "quarter_", "to_")
    return [
        column
        for column in layout.columns
        if column.part == part and column.field.startswith(periods) and column.index not in read
    ]


def stated_plan(row: Row, columns: PlanColumns, amount: Amount, say: Say, faults: list[Problem]) -> StatedPlan | None:
    """What the row states; None where it states nothing or something cannot be read. amount adds its own problems."""
    years = [column for column in columns.year if not row.cell(column.index).is_empty]
    quarters, months = _flows(row, columns.quarters, years), _flows(row, columns.months, years)
    wanted = list(dict.fromkeys([*years, *quarters, *months]))
    read = {column: _read(row, column, amount, bool(years)) for column in wanted}
    if not wanted or any(value is None for value in read.values()):
        return None
    values = {column: value for column, value in read.items() if value is not None}
    stated = [values[column] for column in quarters]
    if quarters and columns.is_cumulative:
        faults += _falling(row, quarters, stated, say)
        stated = [stated[0], *(after - before for before, after in pairwise(stated))]
    by_month = [values[column] for column in months]
    sums = [sum(flows, Decimal(0)) for flows in (stated, by_month) if flows]
    year = values[years[0]] if years else sums[0]
    at = (years or quarters or months)[0]
    for found in [*(values[column] for column in years[1:]), *sums]:
        if found != year:
            faults.append(say("plan_differs", row.number, at, found=f"{found:.2f}", expected=f"{year:.2f}"))
            break
    else:
        if stated and by_month and quarters_of(by_month) != tuple(stated):
            faults.append(say("quarters_differ", row.number, quarters[0]))
    return StatedPlan(year=year, quarters=tuple(stated) or None, months=tuple(by_month) or None)


def _flows(row: Row, columns: Sequence[Column], years: Sequence[Column]) -> Sequence[Column]:
    """The columns, unless the row leaves all of them empty but for the year among them."""
    own = [column for column in columns if column not in years]
    return columns if any(not row.cell(column.index).is_empty for column in own) else ()


def _read(row: Row, column: Column, amount: Amount, has_year: bool) -> Decimal | None:
    """The amount; an empty month beside a stated year is nothing, for the year is held against it."""
    return Decimal("0.00") if has_year and row.cell(column.index).is_empty else amount(column)


def _falling(row: Row, columns: Sequence[Column], stated: Sequence[Decimal], say: Say) -> list[Problem]:
    return [
        say("plan_falls", row.number, column, severity=WARNING)
        for column, (before, after) in zip(columns[1:], pairwise(stated), strict=True)
        if after < before and stated[-1] >= 0
    ]
