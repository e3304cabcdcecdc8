"""Reads of the API: the years that residents may see, and a classification with the days of each wording."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from modules.budgets.classification import rows_of, valid_rows
from modules.budgets.models import BudgetYear, ClassificationLine, PlanVersion, PublishedMonth, Side, VersionState
from modules.budgets.selectors.public_plan import public_years


@dataclass(frozen=True, kw_only=True)
class OpenYear:
    """A year with what is public of it. sides: side -> its published months; versions: in force, oldest first."""

    year: int
    state: str
    is_demo: bool
    sides: dict[str, list[int]]
    versions: list[PlanVersion]


def open_years() -> list[OpenYear]:
    """Years with a published month, a plan in force or a draft at its hearing, the newest first. Four queries."""
    months: dict[int, dict[str, set[int]]] = {}
    rows = PublishedMonth.objects.order_by().values_list("budget_year_id", "side", "month").distinct()
    for year_id, side, month in rows:
        months.setdefault(year_id, {}).setdefault(side, set()).add(month)
    planned = {year.pk for year in public_years()}
    years = list(BudgetYear.objects.filter(pk__in=planned | months.keys()).order_by("-year"))
    versions: dict[int, list[PlanVersion]] = {}
    for version in PlanVersion.objects.filter(state=VersionState.IN_FORCE, budget_year__in=years).order_by("number"):
        versions.setdefault(version.budget_year_id, []).append(version)
    return [
        OpenYear(
            year=year.year, state=year.state, is_demo=year.is_demo, versions=versions.get(year.pk, []),
            sides={
                side: sorted(months[year.pk][side]) for side in Side.values if side in months.get(year.pk, {})
            },
        )
        for year in years
    ]  # fmt: skip


def classification_rows(kind: str, year: int | None) -> QuerySet[ClassificationLine]:
    """Every wording of every line of a kind, or those valid in a year, in the order of the numbers. One query."""
    rows = rows_of(kind)
    return rows if year is None else valid_rows(rows, year)
