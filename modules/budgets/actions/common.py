"""What several use cases need: the year's row, held; a month checked; how an audit line names its subject."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as text

from hamaynk.common.periods import Month
from modules.budgets.errors import BudgetError
from modules.budgets.models import BudgetYear, YearState

YEARS = range(1991, 2101)


def checked_month(year: int, month: int) -> Month:
    """The month, or BudgetError where there is none such."""
    check_year(year)
    try:
        return Month(year, month)
    except ValueError as error:
        raise BudgetError(text("The month must be a number from 1 to 12.")) from error


def check_year(year: int) -> None:
    """BudgetError for a year that no budget of ours can have."""
    if year not in YEARS:
        raise BudgetError(text("The year must lie between 1991 and 2100."))


def locked_year(year: int) -> BudgetYear:
    """The year's row, held until the transaction ends: what changes a year's figures goes one after another."""
    check_year(year)
    BudgetYear.objects.get_or_create(year=year)
    return BudgetYear.objects.select_for_update().get(year=year)


def check_open(budget_year: BudgetYear) -> None:
    """BudgetError where the year is closed."""
    if budget_year.state == YearState.CLOSED:
        raise BudgetError(text("The year is closed. Open it again, with a reason, before you change its figures."))


def month_subject(period: Month, side: str = "revenue") -> str:
    """How audit lines name a month of a side."""
    return f"budgets.month:{period}:{side}"


def year_subject(year: int) -> str:
    """How audit lines name a budget year."""
    return f"budgets.year:{year}"
