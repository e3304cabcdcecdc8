"""Open data over HTTP, mounted at /api/v1/budgets/: published figures only, amounts as decimal strings in drams."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from hamaynk.contract import public
from modules.budgets import presentation, selectors
from modules.budgets.tables import Row

router = Router(tags=["budgets"])


class NamesOut(Schema):
    """A name in Armenian, English and Russian."""

    hy: str
    en: str
    ru: str


class RowOut(Schema):
    """One line of the execution table. Amounts: decimal strings in drams, null where a month cannot be told."""

    code: str = Field(description='Line of the classification, or "" for what the source does not itemise.')
    parent: str = Field(description="Nearest line above that has figures.")
    article: str = Field(description="Article number of the official form.")
    name: NamesOut
    level: int = Field(description="0 for the total or the line asked for, 1 below it, and so on.")
    is_total: bool
    is_unitemised: bool = Field(description="True for what the total holds beyond the lines of the source.")
    year_plan: str = Field(description="Adjusted plan of the year, drams.")
    period_plan: str | None = Field(description="Plan of the period, drams.")
    actual: str | None = Field(description="Received in the period, drams.")
    percent: str | None = Field(description="Actual in percent of the period plan, two places; null without a plan.")
    deviation: str | None = Field(description="Actual less period plan, drams; negative is a shortfall.")


class ExecutionOut(Schema):
    """The execution of one published month."""

    year: int
    month: int
    side: str
    view: str
    part: str
    currency: str = Field(description="ISO 4217 code of all amounts.")
    version: int = Field(description="Published version; a correction raises it.")
    published_at: dt.datetime
    month_known: bool = Field(description="False where view=month was asked and the month before is not published.")
    is_demo: bool = Field(description="True for demonstration data.")
    source: dict[str, str] = Field(description="Language to text: where the figures come from.")
    rows: list[RowOut]


class YearOut(Schema):
    """A year with its published months."""

    year: int
    months: list[int]


class ExecutionQuery(Schema):
    """Which execution is asked for."""

    year: int = Field(ge=1991, le=2100, description="Budget year.")
    month: int = Field(ge=1, le=12, description="Month, 1 to 12.")
    side: Literal["revenue"] = Field("revenue", description="Side of the budget.")
    view: Literal["cumulative", "month"] = Field("cumulative", description="Since 1 January, or the single month.")
    part: Literal["total", "administrative", "fund"] = Field("total", description="Budget type.")
    kind: str = Field("", max_length=20, description="Code of a line: it and what lies below it.")


class Fault(Schema):
    """What was wrong."""

    detail: str


@router.get(
    "/execution", response={200: ExecutionOut, 404: Fault}, url_name="budgets_execution",
    summary="Plan and execution of one month",
)  # fmt: skip
@public
def execution(request: HttpRequest, query: Annotated[ExecutionQuery, Query()]) -> ExecutionOut:
    """The table of the public page, exact to the hundredth of a dram. 404 where the month is not published."""
    table = selectors.execution_table(
        year=query.year, month=query.month, view=query.view, part=query.part, kind=query.kind
    )
    if table is None or table.version is None or table.published_at is None:
        raise HttpError(404, f"{query.year}-{query.month:02d} is not published")
    if not table.kind_known:
        raise HttpError(404, f"no figures for the line {query.kind}")
    return ExecutionOut(
        year=query.year, month=query.month, side=query.side, view=query.view, part=query.part, currency="AMD",
        version=table.version, published_at=table.published_at, month_known=table.month_known, is_demo=table.is_demo,
        source=table.source, rows=[_row(row) for row in table.rows],
    )  # fmt: skip


@router.get("/years", response=list[YearOut], url_name="budgets_years", summary="Years and months that are published")
@public
def years(request: HttpRequest) -> list[YearOut]:
    """Every year with a published month, the newest first."""
    periods = selectors.published_periods()
    return [
        YearOut(year=year, months=[p.month for p in periods if p.year == year])
        for year in sorted({p.year for p in periods}, reverse=True)
    ]


def _row(row: Row) -> RowOut:
    name = NamesOut(**{language: presentation.name_in(row, language) for language in ("hy", "en", "ru")})
    return RowOut(
        code=row.code, parent=row.parent, article=row.article, name=name, level=row.level, is_total=row.is_total,
        is_unitemised=row.is_unitemised, year_plan=f"{row.year_plan:.2f}",
        period_plan=_drams(row.period_plan), actual=_drams(row.actual),
        percent=None if row.percent is None else str(row.percent), deviation=_drams(row.deviation),
    )  # fmt: skip


def _drams(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
