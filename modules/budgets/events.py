"""What has happened in this module, for others to hear."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hamaynk.events import Event


@dataclass(frozen=True, kw_only=True)
class ExecutionPublished(Event):
    """A version of a month's execution became public. Amounts: the total line in drams, cumulative since 1 January.

    percent: of the period plan, two places; None where that plan is zero. items: the lines of the two levels below the
    total, each a mapping of code, year_plan, planned and executed (drams, or their decimal text; None where not stated).
    """

    name = "budgets.execution_published"

    year: int
    month: int
    side: str
    version: int
    year_plan: Decimal
    planned: Decimal
    executed: Decimal
    percent: Decimal | None
    items: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanAdopted(Event):
    """A plan version came into force: number 0 is the budget itself, 1 and up are amendments."""

    name = "budgets.plan_in_force"

    year: int
    number: int
    decision_number: str
