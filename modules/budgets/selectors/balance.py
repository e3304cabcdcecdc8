"""Reads of the balance (section 4 of the official form): revenue less expenditure, held against the financing.

From published snapshots only; five queries, whatever there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from hamaynk.common.money import deviation, percent_of
from hamaynk.common.periods import Month
from modules.budgets.classification import all_lines
from modules.budgets.models import PublishedMonth, Side
from modules.budgets.selectors.public_execution import Publications
from modules.budgets.selectors.published import ExecutionTable, figures_of, kind_of, make_table
from modules.budgets.tables import Amounts, PartFilter, Row, View

REVENUE, EXPENDITURE, FINANCING = Side.REVENUE.value, Side.EXPENDITURE.value, Side.FINANCING.value


@dataclass(frozen=True, kw_only=True)
class BalanceRow:
    """A row: what it is ("revenue", "expenditure", "balance", "financing", "left", or a line of the financing), drams.

    amounts None: the side is not published for the month. line: the row of the execution, of a line of the financing.
    """

    code: str
    amounts: Amounts | None
    line: Row | None = None

    @property
    def percent(self) -> Decimal | None:
        """Percent of the plan of the period, of revenue and expenditure: the others may be below zero."""
        one = self.amounts
        if one is None or one.actual is None or one.period_plan is None or self.code not in (REVENUE, EXPENDITURE):
            return None
        return percent_of(one.actual, one.period_plan)

    @property
    def deviation(self) -> Decimal | None:
        """Actual less plan of the period, drams."""
        one = self.amounts
        if one is None or one.actual is None or one.period_plan is None:
            return None
        return deviation(one.actual, one.period_plan)


@dataclass(frozen=True, kw_only=True)
class Balance:
    """The balance of a month. tables: the execution of each side that is published; part_stated: some side has it."""

    month: Month
    view: View
    part: PartFilter
    rows: tuple[BalanceRow, ...]
    tables: dict[str, ExecutionTable]

    @property
    def is_demo(self) -> bool:
        """True where any of it is demonstration data."""
        return any(table.is_demo for table in self.tables.values())

    @property
    def missing(self) -> list[str]:
        """Sides without a published version of the month."""
        return [side for side in (REVENUE, EXPENDITURE, FINANCING) if side not in self.tables]

    @property
    def month_known(self) -> bool:
        """False where the single month was asked for and cannot be told."""
        return all(table.month_known for table in self.tables.values())

    def row(self, code: str) -> BalanceRow:
        """A row by what it is."""
        return next(row for row in self.rows if row.code == code)


def balance_periods(known: Mapping[str, Publications]) -> list[Month]:
    """Months of which revenue or expenditure is published; those with both last, so that the newest whole one is shown.

    The order is by month; where no month has both sides, all are offered.
    """
    either = {month for side in (REVENUE, EXPENDITURE) for month in known[side].periods}
    both = set(known[REVENUE].periods) & set(known[EXPENDITURE].periods)
    return sorted(both or either)


def read_balance(known: Mapping[str, Publications], month: Month, view: View, part: PartFilter) -> Balance:
    """The balance of a published month. Four queries."""
    chosen = {side: row for side, of_side in known.items() if (row := of_side.of(month)) is not None}
    needs_earlier = view == "month" and month.month > 1
    earlier = {
        side: row for side in chosen if needs_earlier and (row := known[side].of(month.previous)) is not None
    }  # fmt: skip
    figures = figures_of([row.pk for row in (*chosen.values(), *earlier.values())])
    tables = {}
    for side, published in chosen.items():
        before: PublishedMonth | None = earlier.get(side)
        tables[side] = make_table(
            published=published, month=month, side=side, view=view, part=part, kind="",
            figures=figures.get(published.pk, []), earlier=figures.get(before.pk, []) if before else None,
            lines=all_lines(kind_of(side), year=month.year),
        )  # fmt: skip
    return Balance(month=month, view=view, part=part, rows=_rows(tables), tables=tables)


def _rows(tables: Mapping[str, ExecutionTable]) -> tuple[BalanceRow, ...]:
    received, spent, financed = (_total(tables.get(side)) for side in (REVENUE, EXPENDITURE, FINANCING))
    balance = received.minus(spent) if received is not None and spent is not None else None
    left = balance.plus(financed) if balance is not None and financed is not None else None
    lines = [row for row in (tables[FINANCING].rows if FINANCING in tables else ()) if not row.is_total]
    return (
        BalanceRow(code=REVENUE, amounts=received),
        BalanceRow(code=EXPENDITURE, amounts=spent),
        BalanceRow(code="balance", amounts=balance),
        BalanceRow(code=FINANCING, amounts=financed),
        *(BalanceRow(code=row.code, amounts=_amounts(row), line=row) for row in lines),
        BalanceRow(code="left", amounts=left),
    )


def _total(table: ExecutionTable | None) -> Amounts | None:
    return _amounts(table.total) if table is not None and table.total is not None else None


def _amounts(row: Row) -> Amounts:
    return Amounts(year_plan=row.year_plan, period_plan=row.period_plan, actual=row.actual)
