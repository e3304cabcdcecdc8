"""Reads. Residents' pages, downloads and the API use `published` only; the other files are for the office."""

from modules.budgets.selectors.office import (
    MonthState,
    access_batch,
    access_reading,
    access_submission,
    batch_problems,
    draft_table,
    month_state,
    months,
    preview_table,
    running_readings,
    submissions_of,
    waiting_batches,
)
from modules.budgets.selectors.published import (
    ExecutionTable,
    Kind,
    PublishedFigures,
    execution_table,
    latest_period,
    month_versions,
    published_figures,
    published_months,
    published_periods,
    published_years,
    totals_by_month,
)

__all__ = [
    "ExecutionTable", "Kind", "MonthState", "PublishedFigures", "access_batch", "access_reading", "access_submission",
    "batch_problems", "draft_table", "execution_table", "latest_period", "month_state", "month_versions", "months",
    "preview_table", "published_figures", "published_months", "published_periods", "published_years",
    "running_readings", "submissions_of", "totals_by_month", "waiting_batches",
]  # fmt: skip
