"""Reads of the postings: as values for the ledger, and as entries for the office."""

from __future__ import annotations

from modules.budgets.ledger import Key, Posting
from modules.budgets.models import ExecutionEntry


def postings_of(year: int, side: str) -> list[Posting]:
    """Every posting of a year and side. One query."""
    rows = ExecutionEntry.objects.filter(budget_year__year=year, side=side).order_by("pk")
    columns = ("code", "economic", "settlement", "account", "part", "first_month", "month", "amount")
    return [Posting(Key(*row[:5]), *row[5:]) for row in rows.values_list(*columns)]


def last_entry_number(year: int, side: str) -> int:
    """Number of the latest posting of a year and side, 0 without any. One query."""
    rows = ExecutionEntry.objects.filter(budget_year__year=year, side=side).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def entries_of_month(year: int, month: int, side: str, *, by_hand: bool = False) -> list[ExecutionEntry]:
    """Entries of a month, the newest first; those of files only where by_hand is off. One query."""
    rows = ExecutionEntry.objects.filter(budget_year__year=year, month=month, side=side)
    if by_hand:
        rows = rows.filter(batch=None)
    return list(rows.select_related("entered_by", "batch", "corrects").prefetch_related("corrections")[:500])


def access_entry(entry_id: int) -> ExecutionEntry | None:
    """An entry of this town by its number, or None; for holders of budgets.import. One query."""
    return ExecutionEntry.objects.select_related("budget_year").filter(pk=entry_id).first()
