"""The figure on the town's home page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from hamaynk.ui.formats import percent
from modules.budgets import presentation, selectors


def revenue_figure() -> dict[str, Any] | None:
    """Revenue of the newest published month in percent of the plan; None where nothing is published or planned."""
    newest = selectors.latest_period()
    table = newest and selectors.execution_table(year=newest.year, month=newest.month)
    if not table or table.total is None or table.total.percent is None:
        return None
    return {
        "title": gettext("Revenue of the community budget, %(period)s")
        % {"period": presentation.period_text(table.month)},
        "value": f"{percent(table.total.percent, 'prose')} %",
        "note": presentation.summary(table),
        "url": reverse("budgets:index"),
        "bar": presentation.bar(table.total.percent),
    }
