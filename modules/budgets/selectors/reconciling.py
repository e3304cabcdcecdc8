"""Reads for the reconciliation of a month, and for the differences between two published versions."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from hamaynk.common.periods import Month
from modules.budgets.classification import all_lines, total_code
from modules.budgets.importing.reader import FileRow
from modules.budgets.ledger import ZERO, Key
from modules.budgets.models import KIND_OF_SIDE, ExecutionEntry, ImportBatch, PublishedFigure, Side
from modules.budgets.packs.eliminations import eliminations
from modules.budgets.reconciliation import Difference, SideBooks, differences
from modules.budgets.selectors.drafts import draft, key_of
from modules.budgets.selectors.plans import adjusted_plan
from modules.budgets.selectors.published import versions_in_force


@dataclass(frozen=True, kw_only=True)
class ChangedFigure:
    """A fact of two published versions that is not the same in both; None where a version has it not."""

    key: Key
    plan_before: Decimal | None
    plan_after: Decimal | None
    actual_before: Decimal | None
    actual_after: Decimal | None


def reconcile(year: int, month: int) -> list[Difference]:
    """What does not agree at the end of a month. Eleven queries a side at most, however many facts there are."""
    rules = eliminations(year)
    books = {side: _books(year, month, side) for side in Side.values}
    return differences(books, month=month, eliminated=rules.eliminated)


def last_month_with_entries(year: int) -> int:
    """The last month of a year that has postings, December without any. One query."""
    rows = ExecutionEntry.objects.filter(budget_year__year=year).order_by("-month")
    return rows.values_list("month", flat=True).first() or 12


def changed_figures(older: int, newer: int) -> list[ChangedFigure]:
    """Facts that differ between two publications (their numbers in the database), in the order of the lines. One query."""
    found: dict[Key, dict[int, tuple[Decimal, Decimal]]] = {}
    columns = ("publication_id", "year_plan", "actual", *Key._fields)
    rows = PublishedFigure.objects.filter(publication__in=(older, newer)).order_by().values_list(*columns)
    for publication, year_plan, actual, *grain in rows:
        found.setdefault(Key(*grain), {})[publication] = (year_plan, actual)
    nothing = (None, None)
    changed = []
    for key, by_version in sorted(found.items()):
        before, after = by_version.get(older, nothing), by_version.get(newer, nothing)
        if before != after:
            changed.append(
                ChangedFigure(
                    key=key, plan_before=before[0], plan_after=after[0], actual_before=before[1], actual_after=after[1]
                )
            )
    return changed


def _books(year: int, month: int, side: str) -> SideBooks:
    found = draft(year, month, side)
    last_day = dt.date(year, month, calendar.monthrange(year, month)[1])
    published = versions_in_force([Month(year, month)], side).get(Month(year, month))
    kind = KIND_OF_SIDE[Side(side)]
    return SideBooks(
        figures=found.figures,
        lines=all_lines(kind, year=year),
        total_code=total_code(kind),
        plan=adjusted_plan(year, side, last_day),
        stated=_stated(found.batch) if found.batch else None,
        published_plan=_published_plan(published.pk) if published else None,
    )


def _stated(batch: ImportBatch) -> dict[Key, Decimal]:
    stated: dict[Key, Decimal] = {}
    for row in map(FileRow.from_json, batch.own):
        stated[key_of(row)] = stated.get(key_of(row), ZERO) + row.actual
    return stated


def _published_plan(publication: int) -> dict[Key, Decimal]:
    rows = PublishedFigure.objects.filter(publication=publication).order_by().values_list(*Key._fields, "year_plan")
    return {Key(*row[:5]): row[5] for row in rows}
