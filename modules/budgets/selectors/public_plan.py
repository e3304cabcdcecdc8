"""Reads of the plan for residents: versions in force, and during the public hearing the draft. Five queries a page.

No other draft is ever read here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from modules.budgets import ledger
from modules.budgets.ledger import ZERO, Key, Version
from modules.budgets.models import BudgetYear, PlanVersion, Side, VersionState, YearState, YearStateChange
from modules.budgets.selectors.plans import Amounts, amounts_of, public_versions, state_changes

Cells = dict[Key, Decimal]  # a fact -> drams of the year


@dataclass(frozen=True, kw_only=True)
class SidePlan:
    """The year's plan of a side, fact by fact: as adopted, as adjusted by the day, and the latter by month."""

    adopted: Cells
    adjusted: Cells
    months: dict[Key, dict[int, Decimal]]


@dataclass(frozen=True, kw_only=True)
class Movement:
    """What an amendment does to one line over the year, drams. months_only: it moves between months alone."""

    side: str
    code: str
    economic: str
    part: str
    amount: Decimal
    months_only: bool = False


@dataclass(frozen=True, kw_only=True)
class ShownVersion:
    """A version with what it moves. counts: it is in the plan as of the day."""

    version: PlanVersion
    movements: tuple[Movement, ...]
    counts: bool


@dataclass(frozen=True, kw_only=True)
class PublicPlan:
    """The plan of a year as of a day. is_draft: it is the draft of the public hearing, not adopted.

    sides is empty where no budget was in force on that day. versions: the newest first.
    """

    budget_year: BudgetYear
    as_of: dt.date
    is_draft: bool
    sides: dict[str, SidePlan]
    versions: tuple[ShownVersion, ...]
    changes: tuple[YearStateChange, ...]

    @property
    def is_demo(self) -> bool:
        """True for demonstration data."""
        return self.budget_year.is_demo or any(shown.version.is_demo for shown in self.versions)


def public_years() -> list[BudgetYear]:
    """Years whose plan residents may see, the newest first: one in force, or the draft at its hearing. One query."""
    in_force = PlanVersion.objects.filter(state=VersionState.IN_FORCE, number=0).values("budget_year_id")
    seen = Q(pk__in=in_force) | Q(state=YearState.HEARING)
    return list(BudgetYear.objects.filter(seen).order_by("-year"))


def public_plan(budget_year: BudgetYear, as_of: dt.date) -> PublicPlan:
    """The plan as of a day. Three queries."""
    is_draft = budget_year.state == YearState.HEARING
    versions = _draft_at_hearing(budget_year) if is_draft else public_versions(budget_year.year)
    amounts = amounts_of([version.pk for version in versions])
    known = [version for version in versions if is_draft or _day(version) <= as_of]
    sides: dict[str, SidePlan] = {}
    if any(version.is_adoption for version in known):
        sides = {side.value: _side_plan(known, amounts, side.value) for side in Side}
    return PublicPlan(
        budget_year=budget_year,
        as_of=as_of,
        is_draft=is_draft,
        sides=sides,
        versions=tuple(
            ShownVersion(version=version, movements=movements(amounts.get(version.pk, {})), counts=version in known)
            for version in reversed(versions)
        ),
        changes=tuple(state_changes(budget_year.year)),
    )


def amendment(budget_year: BudgetYear, number: int) -> ShownVersion | None:
    """An amendment in force with what it moves, or None; never a draft. Two queries."""
    version = next((one for one in public_versions(budget_year.year) if one.number == number and number > 0), None)
    if version is None:
        return None
    return ShownVersion(version=version, movements=movements(amounts_of([version.pk]).get(version.pk, {})), counts=True)


def movements(amounts: Amounts) -> tuple[Movement, ...]:
    """What a version does to each line (side, code, economic item, part), the largest movement first."""
    sums: dict[tuple[str, str, str, str], Decimal] = {}
    for side, plan in amounts.items():
        for key, months in plan.items():
            line = (side, key.code, key.economic, key.part)
            sums[line] = sums.get(line, ZERO) + ledger.year_sum(months)
    found = [
        Movement(side=side, code=code, economic=economic, part=part, amount=amount, months_only=not amount)
        for (side, code, economic, part), amount in sums.items()
    ]
    return tuple(sorted(found, key=lambda one: (-abs(one.amount), one.side, one.code, one.economic, one.part)))


def _draft_at_hearing(budget_year: BudgetYear) -> list[PlanVersion]:
    """The draft of the budget itself, number 0: what the hearing is about."""
    waiting = (VersionState.DRAFT, VersionState.SUBMITTED)
    return list(PlanVersion.objects.filter(budget_year=budget_year, number=0, state__in=waiting))


def _day(version: PlanVersion) -> dt.date:
    return version.effective_from or dt.date(version.budget_year.year, 1, 1)


def _side_plan(versions: Sequence[PlanVersion], amounts: Mapping[int, Amounts], side: str) -> SidePlan:
    """Approved + amendments = adjusted, by the ledger's fold over the versions that count."""
    known = [
        Version(number=one.number, effective_from=dt.date.min, amounts=amounts.get(one.pk, {}).get(side, {}))
        for one in versions
    ]
    months = ledger.fold(known, dt.date.max)
    adopted = ledger.fold([one for one in known if one.number == 0], dt.date.max)
    return SidePlan(
        adopted={key: ledger.year_sum(adopted.get(key, {})) for key in months},
        adjusted={key: ledger.year_sum(flow) for key, flow in months.items()},
        months=months,
    )
