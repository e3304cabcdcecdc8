"""Reads for the plan editor and the amendment wizard: a draft beside what is in force, edits, lines to choose from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from modules.budgets.classification import lines_valid_in
from modules.budgets.ledger import Key, fold
from modules.budgets.models import KIND_OF_SIDE, ClassificationKind, PlanChange, PlanVersion, Side
from modules.budgets.planning import Flows, added, flows_of
from modules.budgets.selectors.plans import amounts_of, versions_in_force
from modules.budgets.tables import Line

Plans = dict[str, dict[Key, Flows]]


@dataclass(frozen=True, kw_only=True)
class VersionPlans:
    """A version by side. own: its amounts (of an amendment what it adds or takes). before: what is in force without it.

    seen: number of the latest change of it, 0 without any.
    """

    version: PlanVersion
    own: Plans
    before: Plans
    seen: int

    @property
    def after(self) -> Plans:
        """What would be in force with it."""
        return {side: added(self.before[side], self.own[side]) for side in Side.values}


def version_plans(version: PlanVersion) -> VersionPlans:
    """A version with everything it stands on. Eight queries at most."""
    change = latest_change(version)
    own = amounts_of([version.pk]).get(version.pk, {})
    return VersionPlans(
        version=version,
        own={side: {key: flows_of(months) for key, months in own.get(side, {}).items()} for side in Side.values},
        before={side: _before(version, side) for side in Side.values},
        seen=change.pk if change else 0,
    )


def latest_change(version: PlanVersion) -> PlanChange | None:
    """The newest edit of a version, or None. One query."""
    return PlanChange.objects.filter(version=version).select_related("changed_by").first()


def changes_since(version: PlanVersion, seen: int) -> list[PlanChange]:
    """Edits after number `seen`, the newest first. One query."""
    return list(PlanChange.objects.filter(version=version, pk__gt=seen).select_related("changed_by")[:50])


def choices_of(year: int, side: str) -> tuple[dict[str, Line], dict[str, Line] | None]:
    """Lines of a side that are valid in a year, and economic items where the side has them. Two queries at most."""
    items = lines_valid_in(year, ClassificationKind.ECONOMIC) if side == Side.EXPENDITURE else None
    return lines_valid_in(year, KIND_OF_SIDE[Side(side)]), items


def _before(version: PlanVersion, side: str) -> dict[Key, Flows]:
    if version.is_adoption:
        return {}
    others = [one for one in versions_in_force(version.budget_year.year, side) if one.number < version.number]
    return {key: flows_of(months) for key, months in fold(others, dt.date.max).items()}
