"""What this module does when something has happened. Every handler is idempotent."""

from hamaynk.common.periods import Month
from hamaynk.statistics import observe
from modules.budgets.events import ExecutionPublished


def observe_execution(event: ExecutionPublished) -> None:
    """Puts planned, executed and percent of a published month into the town's indicators; the higher version wins."""
    if event.side != "revenue":
        return
    period = Month(event.year, event.month).first_day
    for code, value in (
        ("revenue_planned", event.planned),
        ("revenue_executed", event.executed),
        ("revenue_percent", event.percent),
    ):
        observe(indicator=f"budgets.{code}", period=period, value=value, version=event.version)
