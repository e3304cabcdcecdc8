"""What has happened in this module, for others to hear."""

from dataclasses import dataclass
from decimal import Decimal

from hamaynk.events import Event


@dataclass(frozen=True, kw_only=True)
class ExecutionPublished(Event):
    """A version of a month's execution became public. Amounts: the total line in drams, cumulative since 1 January.

    percent: of the period plan, two places; None where that plan is zero.
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
