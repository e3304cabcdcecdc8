"""Use cases that move a budget year through its life: draft, public hearing, adopted, executing, closed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as text

from hamaynk.accounts.access import require
from hamaynk.audit import record
from modules.budgets.actions.common import locked_year, year_subject
from modules.budgets.errors import BudgetError
from modules.budgets.models import BudgetYear, PlanVersion, VersionState, YearState, YearStateChange

if TYPE_CHECKING:
    from hamaynk.accounts.models import User

MOVES: dict[str, tuple[str, ...]] = {
    YearState.DRAFT: (YearState.HEARING, YearState.EXECUTING),
    YearState.HEARING: (YearState.DRAFT, YearState.ADOPTED),
    YearState.ADOPTED: (YearState.EXECUTING,),
    YearState.EXECUTING: (YearState.CLOSED,),
    YearState.CLOSED: (YearState.EXECUTING,),
}
BACK = {(YearState.HEARING, YearState.DRAFT), (YearState.CLOSED, YearState.EXECUTING)}
# Not by hand: a year is adopted by its decision, and one without a plan of ours is executed once a month is published.
BY_OTHER_MEANS = {(YearState.HEARING, YearState.ADOPTED), (YearState.DRAFT, YearState.EXECUTING)}


@transaction.atomic
def open_year(*, actor: User | None, year: int, is_demo: bool = False) -> BudgetYear:
    """Begins a budget year as a draft; one that is there already is given back. Needs budgets.plan."""
    require(actor, "budgets.plan")
    existed = BudgetYear.objects.filter(year=year).exists()
    budget_year = locked_year(year)
    if not existed:
        if is_demo:
            BudgetYear.objects.filter(pk=budget_year.pk).update(is_demo=True)
        record(actor=actor, action="budgets.year_opened", subject=year_subject(year), data={})
    budget_year.refresh_from_db()
    return budget_year


@transaction.atomic
def start_hearing(
    *, actor: User | None, year: int, hearing_from: dt.date, hearing_until: dt.date, place: str = ""
) -> BudgetYear:
    """Puts the draft before the residents from one day to another. BudgetError where there is no draft with amounts, or
    the days are the wrong way round. Needs budgets.plan.
    """
    require(actor, "budgets.plan")
    if hearing_until < hearing_from:
        raise BudgetError(text("The hearing must not end before it begins."))
    budget_year = locked_year(year)
    if not PlanVersion.objects.filter(budget_year=budget_year, number=0, amounts__isnull=False).exists():
        raise BudgetError(text("There is no draft plan of this year to put before the residents."))
    budget_year.hearing_from, budget_year.hearing_until = hearing_from, hearing_until
    budget_year.hearing_place = place.strip()[:200]
    budget_year.save(update_fields=["hearing_from", "hearing_until", "hearing_place"])
    return move(actor, budget_year, YearState.HEARING)


@transaction.atomic
def change_state(*, actor: User | None, year: int, state: str, reason: str = "") -> BudgetYear:
    """Moves the year: back to draft and open again with a reason, into execution, closed. Needs budgets.plan; to close
    and to open again needs budgets.publish. The same state again changes nothing; BudgetError for any other move.
    """
    closing = YearState.CLOSED in (state, _state_of(year))
    require(actor, "budgets.publish" if closing else "budgets.plan")
    budget_year = locked_year(year)
    if budget_year.state == state:
        return budget_year
    if (budget_year.state, state) in BY_OTHER_MEANS or state == YearState.HEARING:
        raise BudgetError(text("A year does not come to this state by hand."))
    return move(actor, budget_year, state, reason)


def move(actor: User | None, budget_year: BudgetYear, state: str, reason: str = "") -> BudgetYear:
    """One move, on record; inside the transaction of the caller, who has asked for the right and holds the year."""
    before = budget_year.state
    if before == state:
        return budget_year
    if state not in MOVES[before]:
        raise BudgetError(text("A year does not come to this state from the one it is in."))
    if (before, state) in BACK and not reason.strip():
        raise BudgetError(text("Say why the year goes back."))
    budget_year.state = state
    budget_year.save(update_fields=["state"])
    YearStateChange.objects.create(
        budget_year=budget_year, state_before=before, state_after=state, reason=reason.strip()[:300], changed_by=actor
    )
    data = {"before": before, "after": state, "reason": reason.strip()[:300]}
    record(actor=actor, action="budgets.year_moved", subject=year_subject(budget_year.year), data=data)
    return budget_year


@transaction.atomic
def set_second_person(*, actor: User | None, year: int, needed: bool) -> BudgetYear:
    """Says whether who hands in may also approve. Needs budgets.publish; the change is on record."""
    require(actor, "budgets.publish")
    budget_year = locked_year(year)
    if budget_year.needs_second_person != needed:
        budget_year.needs_second_person = needed
        budget_year.save(update_fields=["needs_second_person"])
        record(actor=actor, action="budgets.second_person", subject=year_subject(year), data={"needed": needed})
    return budget_year


def has_plan_in_force(budget_year: BudgetYear) -> bool:
    """True where the budget of the year was adopted here. One query."""
    return PlanVersion.objects.filter(budget_year=budget_year, number=0, state=VersionState.IN_FORCE).exists()


def _state_of(year: int) -> str:
    return BudgetYear.objects.filter(year=year).values_list("state", flat=True).first() or YearState.DRAFT
