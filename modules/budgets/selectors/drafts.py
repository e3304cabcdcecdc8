"""A month as it would be published now: figures composed of plan versions and postings, and whether they differ."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from hamaynk.common.periods import Month
from modules.budgets import ledger
from modules.budgets.importing.content import FileRow
from modules.budgets.ledger import Key, Measures
from modules.budgets.models import BatchState, ExecutionEntry, ImportBatch, MonthSubmission, PublishedMonth, Purpose
from modules.budgets.selectors.plans import versions_in_force
from modules.budgets.selectors.postings import last_entry_number, postings_of

IN_FORCE = (BatchState.CONFIRMED, BatchState.PUBLISHED)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A month of a side as it stands. plan_number: the latest plan version in it, None for a plan as reported.

    batch: the file in force, if one states the month. last_entry: number of the latest posting of the year and side.
    """

    month: Month
    side: str
    figures: Mapping[Key, Measures]
    digest: str
    plan_number: int | None
    last_entry: int
    batch: ImportBatch | None

    @property
    def source(self) -> dict[str, str]:
        """Where the figures come from, as the file in force says."""
        return self.batch.source if self.batch else {}


def draft(year: int, month: int, side: str) -> Draft:
    """The month composed anew. Five queries.

    The plan is the one adjusted by the last day of the month; where no budget is in force, the one that the file states.
    """
    last_day = dt.date(year, month, calendar.monthrange(year, month)[1])
    versions = [version for version in versions_in_force(year, side) if version.effective_from <= last_day]
    adopted = next((version.amounts for version in versions if version.number == 0), None)
    batch = batch_in_force(year, month, side)
    figures = ledger.compose(
        month=month,
        adopted=adopted,
        adjusted=None if adopted is None else ledger.fold(versions, last_day),
        reported=reported(batch) if batch is not None and adopted is None else {},
        postings=postings_of(year, side),
    )
    return Draft(
        month=Month(year, month),
        side=side,
        figures=figures,
        digest=ledger.digest(figures),
        plan_number=None if adopted is None else max(version.number for version in versions),
        last_entry=last_entry_number(year, side),
        batch=batch,
    )


def batch_in_force(year: int, month: int, side: str) -> ImportBatch | None:
    """The file that states a month: the confirmed one, else the last published. One query."""
    rows = ImportBatch.objects.filter(
        budget_year__year=year, month=month, side=side, purpose=Purpose.EXECUTION, state__in=IN_FORCE
    ).select_related("budget_year", "imported_by")
    found = sorted(rows.defer("rows", "problems"), key=lambda row: (row.state == BatchState.CONFIRMED, row.pk))
    return found[-1] if found else None


def reported(batch: ImportBatch) -> dict[Key, Measures]:
    """What a file states of each fact, without the lines below it."""
    rows = (FileRow.from_json(row) for row in batch.own)
    return {
        key_of(row): Measures(
            year_plan=row.year_plan, period_plan=row.period_plan, actual=row.actual, approved_plan=row.approved_plan
        )
        for row in rows
    }


def key_of(row: FileRow) -> Key:
    """The fact that a row of a file speaks of."""
    return Key(row.code, row.economic, row.settlement, row.account, row.part)


def changed_months(year: int, side: str) -> set[int]:
    """Months with postings that no publication of them knows of, or never published. Two queries.

    A published month is changed where postings after its publication do not come to nothing, fact by fact.
    """
    known: dict[int, int] = {}
    rows = PublishedMonth.objects.filter(budget_year__year=year, side=side).order_by("version")
    for month, last_entry in rows.values_list("month", "last_entry"):
        known[month] = last_entry
    entries = (
        ExecutionEntry.objects.filter(budget_year__year=year, side=side)
        .order_by()
        .values_list("pk", "month", "amount", "code", "economic", "settlement", "account", "part")
    )
    months: set[int] = set()
    late: list[tuple[int, int, Decimal, tuple[str, ...]]] = []
    for pk, month, amount, *grain in entries:
        if month not in known:
            months.add(month)
        late.append((pk, month, amount, tuple(grain)))
    for month, last in known.items():
        sums: dict[tuple[str, ...], Decimal] = {}
        for pk, of_month, amount, grain_ in late:
            if pk > last and of_month <= month:
                sums[grain_] = sums.get(grain_, Decimal(0)) + amount
        if any(sums.values()):
            months.add(month)
    return months


def waiting_submissions(year: int | None = None) -> list[MonthSubmission]:
    """Months handed in for approval, the oldest first. One query."""
    rows = MonthSubmission.objects.filter(state="waiting").select_related("budget_year", "submitted_by")
    return list((rows if year is None else rows.filter(budget_year__year=year)).order_by("pk"))
