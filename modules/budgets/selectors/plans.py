"""Reads of the plan: versions, their amounts, the plan as adjusted by any day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from modules.budgets import ledger
from modules.budgets.ledger import Key, Version
from modules.budgets.models import BudgetYear, PlanAmount, PlanChange, PlanVersion, VersionState, YearStateChange

Amounts = dict[str, dict[Key, dict[int, Decimal]]]


def years() -> list[BudgetYear]:
    """Every budget year of the town, the newest first. One query."""
    return list(BudgetYear.objects.order_by("-year"))


def budget_year(year: int) -> BudgetYear | None:
    """A year, or None. One query."""
    return BudgetYear.objects.filter(year=year).first()


def state_changes(year: int) -> list[YearStateChange]:
    """Moves of a year, the newest first. One query."""
    return list(YearStateChange.objects.filter(budget_year__year=year).select_related("changed_by"))


def versions(year: int) -> list[PlanVersion]:
    """Versions of a year in their order, drafts too: for the office. One query."""
    rows = PlanVersion.objects.filter(budget_year__year=year).order_by("number")
    return list(rows.select_related("budget_year", "created_by", "submitted_by", "approved_by"))


def public_versions(year: int) -> list[PlanVersion]:
    """Versions in force, in their order. One query."""
    rows = PlanVersion.objects.filter(budget_year__year=year, state=VersionState.IN_FORCE)
    return list(rows.order_by("number").select_related("budget_year"))


def access_version(version_id: int) -> PlanVersion | None:
    """A version of this town by its number in the database, or None; for holders of budgets.view. One query."""
    rows = PlanVersion.objects.select_related("budget_year", "created_by", "submitted_by", "approved_by")
    return rows.filter(pk=version_id).first()


def amounts_of(version_ids: Iterable[int], *, side: str | None = None) -> dict[int, Amounts]:
    """Amounts by version, side and fact: month -> drams. One query."""
    rows = PlanAmount.objects.filter(version__in=list(version_ids)).order_by()
    if side is not None:
        rows = rows.filter(side=side)
    found: dict[int, Amounts] = {}
    columns = ("version_id", "side", "code", "economic", "settlement", "account", "part", "month", "amount")
    for version, of_side, code, economic, settlement, account, part, month, amount in rows.values_list(*columns):
        key = Key(code, economic, settlement, account, part)
        found.setdefault(version, {}).setdefault(of_side, {}).setdefault(key, {})[month] = amount
    return found


def versions_in_force(year: int, side: str) -> list[Version]:
    """Versions in force with their amounts of a side, as values for the ledger. Two queries."""
    in_force = public_versions(year)
    amounts = amounts_of([version.pk for version in in_force], side=side)
    return [
        Version(
            number=version.number,
            effective_from=version.effective_from or dt.date(year, 1, 1),
            amounts=amounts.get(version.pk, {}).get(side, {}),
        )
        for version in in_force
    ]


def adjusted_plan(year: int, side: str, day: dt.date) -> dict[Key, dict[int, Decimal]] | None:
    """The plan of a side as adjusted by `day`; None where no budget was in force then. Two queries."""
    known = versions_in_force(year, side)
    if not any(version.number == 0 and version.effective_from <= day for version in known):
        return None
    return ledger.fold(known, day)


def plan_changes(version: PlanVersion, limit: int = 200) -> list[PlanChange]:
    """Edits of a draft, the newest first. One query."""
    return list(PlanChange.objects.filter(version=version).select_related("changed_by")[:limit])
