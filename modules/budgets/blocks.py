"""What an editor of the public site may put into a page: always the newest published figures."""

from typing import Any

from modules.budgets import charts, selectors
from modules.budgets.models import Side
from modules.budgets.selectors.public_execution import publications


def revenue_by_month() -> dict[str, Any] | None:
    """Plan against actual revenue by month of the newest year, with its table; None before two months are published."""
    newest = selectors.latest_period()
    table = newest and selectors.execution_table(year=newest.year, month=newest.month)
    drawn = table and charts.by_month(table, publications(Side.REVENUE).periods)
    return {"chart": drawn.chart, "table": drawn.table} if drawn else None
