"""What this module does when something has happened. Every handler is idempotent."""

from decimal import Decimal

from hamaynk.common.periods import Month
from hamaynk.search import refresh
from hamaynk.statistics import observe
from modules.budgets.events import ExecutionPublished
from modules.budgets.opendata.facts import ask_for_missing

OBSERVED_SIDES = ("revenue", "expenditure")
AMOUNTS = ("year_plan", "planned", "executed")


def observe_execution(event: ExecutionPublished) -> None:
    """Puts what a month's publication says into the town's indicators: totals, main lines, percent.

    A correction is a publication with a higher version: its totals and lines stand in place of the older ones.
    """
    if event.side not in OBSERVED_SIDES:
        return
    period = Month(event.year, event.month).first_day
    for name in AMOUNTS:
        observe(
            indicator=f"budgets.{event.side}_{name}",
            period=period,
            value=getattr(event, name),
            version=event.version,
            items=_items(event, name),
        )
    observe(indicator=f"budgets.{event.side}_percent", period=period, value=event.percent, version=event.version)


def _items(event: ExecutionPublished, name: str) -> dict[str, Decimal]:
    """Drams by code; what a line does not state is left out. Events of older releases have no lines."""
    told = {str(line["code"]): line.get(name) for line in event.items or ()}
    return {code: Decimal(amount) for code, amount in told.items() if amount is not None}


def count_open_files(event: ExecutionPublished) -> None:
    """Has a worker count size and checksum of the month's files; what is counted already stays."""
    ask_for_missing()


def let_lines_be_found(event: ExecutionPublished) -> None:
    """The search of the site finds the lines of what is published."""
    refresh("budgets.lines")
