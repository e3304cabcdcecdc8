"""Use cases that post the execution: by hand, day by day (R60), corrections, and what a file states cumulatively."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as text

from hamaynk.accounts.access import require
from hamaynk.audit import record
from hamaynk.common.money import LIMIT, PLACES
from hamaynk.common.periods import Month
from modules.budgets import ledger
from modules.budgets.actions.classification import bring_in
from modules.budgets.actions.common import check_open, locked_year, month_subject
from modules.budgets.classification import lines_valid_in
from modules.budgets.errors import BudgetError
from modules.budgets.ledger import Key
from modules.budgets.models import (
    KIND_OF_SIDE,
    BatchState,
    BudgetYear,
    ClassificationKind,
    ExecutionEntry,
    ImportBatch,
    Part,
    PublishedMonth,
    Purpose,
    Side,
)
from modules.budgets.selectors.postings import postings_of

if TYPE_CHECKING:
    from hamaynk.accounts.models import User


@transaction.atomic
def post_entry(
    *, actor: User | None, side: str, key: Key, day: dt.date, amount: Decimal, note: str = ""
) -> ExecutionEntry:
    """Posts money received or spent on a day: drams, negative for a refund. Needs budgets.import.

    BudgetError where the line is not valid in that year, the amount is nothing or not possible, or the year is closed.
    """
    require(actor, "budgets.import")
    budget_year = locked_year(day.year)
    check_open(budget_year)
    _check_key(side, key, day.year)
    _check_amount(amount)
    entry = _enter(actor, budget_year, side, key, day=day, amount=amount, note=note)
    data = {"entry": entry.pk, "code": key.code, "amount": str(amount)}
    period = Month(day.year, day.month)
    record(actor=actor, action="budgets.entry_posted", subject=month_subject(period, side), data=data)
    return entry


@transaction.atomic
def correct_entry(
    *, actor: User | None, entry: ExecutionEntry, amount: Decimal | None = None, note: str
) -> list[ExecutionEntry]:
    """Takes an entry back by an opposite one, and posts the right amount beside it (None: nothing). Needs budgets.import.

    The entry itself stays as it was. BudgetError without a reason, or where it was corrected already.
    """
    require(actor, "budgets.import")
    budget_year = locked_year(entry.budget_year.year)
    check_open(budget_year)
    if not note.strip():
        raise BudgetError(text("Say why the entry is corrected."))
    if ExecutionEntry.objects.filter(corrects=entry).exists():
        raise BudgetError(text("This entry was corrected already."))
    if entry.batch_id is not None:
        raise BudgetError(text("What a file states is corrected by a new file."))
    day = entry.day or dt.date(budget_year.year, entry.month, 1)
    made = [_enter(actor, budget_year, entry.side, entry.key, day=day, amount=-entry.amount, note=note, corrects=entry)]
    if amount is not None:
        _check_amount(amount)
        made.append(
            _enter(actor, budget_year, entry.side, entry.key, day=day, amount=amount, note=note, corrects=entry)
        )
    data = {"entry": entry.pk, "amount": None if amount is None else str(amount), "note": note.strip()[:300]}
    period = Month(budget_year.year, entry.month)
    record(actor=actor, action="budgets.entry_corrected", subject=month_subject(period, entry.side), data=data)
    return made


def state_cumulative(
    actor: User | None, budget_year: BudgetYear, batch: ImportBatch, stated: Mapping[Key, Decimal]
) -> int:
    """Posts what brings the sums of a month to those that a file states; returns how many entries that took.

    Inside the transaction of the caller, who has asked for the right and holds the year.
    """
    present = postings_of(budget_year.year, batch.side)
    published = PublishedMonth.objects.filter(budget_year=budget_year, side=batch.side, month=batch.month).exists()
    wanted = ledger.postings_for(stated, present, batch.month, anchor=_anchor(budget_year, batch))
    ExecutionEntry.objects.bulk_create(
        [
            ExecutionEntry(
                budget_year=budget_year, side=batch.side, first_month=posting.first_month, month=posting.month,
                amount=posting.amount, batch=batch, entered_by=actor, is_correction=published, **posting.key._asdict(),
            )
            for posting in wanted
        ],
        batch_size=2000,
    )  # fmt: skip
    return len(wanted)


def _anchor(budget_year: BudgetYear, batch: ImportBatch) -> int | None:
    """The next later month that a file in force states cumulatively."""
    in_force = (BatchState.CONFIRMED, BatchState.PUBLISHED)
    later = ImportBatch.objects.filter(
        budget_year=budget_year, side=batch.side, purpose=Purpose.EXECUTION, state__in=in_force, month__gt=batch.month
    )
    return later.order_by("month").values_list("month", flat=True).first()


def _enter(
    actor: User | None,
    budget_year: BudgetYear,
    side: str,
    key: Key,
    *,
    day: dt.date,
    amount: Decimal,
    note: str,
    corrects: ExecutionEntry | None = None,
) -> ExecutionEntry:
    published = PublishedMonth.objects.filter(budget_year=budget_year, side=side, month=day.month).exists()
    return ExecutionEntry.objects.create(
        budget_year=budget_year, side=side, first_month=day.month, month=day.month, amount=amount, day=day,
        note=note.strip()[:300], corrects=corrects, is_correction=published or corrects is not None, entered_by=actor,
        **key._asdict(),
    )  # fmt: skip


def _check_key(side: str, key: Key, year: int) -> None:
    if side not in Side.values or key.part not in Part.values:
        raise BudgetError(text("Say which side and part of the budget this belongs to."))
    kind = KIND_OF_SIDE[Side(side)]
    bring_in(kind)
    if key.code not in lines_valid_in(year, kind):
        raise BudgetError(text("The line %(code)s is not valid in that year.") % {"code": key.code})
    if side == Side.EXPENDITURE:
        bring_in(ClassificationKind.ECONOMIC)
        if key.economic not in lines_valid_in(year, ClassificationKind.ECONOMIC):
            raise BudgetError(text("Say for which economic item the money was spent."))
    elif key.economic:
        raise BudgetError(text("Only expenditure has an economic item."))


def _check_amount(amount: Decimal) -> None:
    if not amount.is_finite() or not amount or abs(amount) >= LIMIT or amount != amount.quantize(PLACES):
        raise BudgetError(text("The amount must be drams with two places at most, and not zero."))
