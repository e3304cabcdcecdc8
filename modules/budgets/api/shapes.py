"""What the API takes and gives. Amounts are decimal strings in drams with two places, null where they are not told."""

import datetime as dt
from typing import Literal

from ninja import Field, Schema

SideName = Literal["revenue", "expenditure", "financing"]
PartName = Literal["total", "administrative", "fund"]
KindName = Literal["revenue", "functional", "economic", "financing"]


class Fault(Schema):
    """What was wrong."""

    detail: str = Field(examples=["2026-03 is not published"])


class NamesOut(Schema):
    """A name in Armenian, English and Russian."""

    hy: str = Field(examples=["ԸՆԴԱՄԵՆԸ ԵԿԱՄՈՒՏՆԵՐ"])
    en: str = Field(examples=["Total revenue"])
    ru: str = Field(examples=["Всего доходов"])


class RowOut(Schema):
    """One line of the execution table."""

    code: str = Field(description='Line of the classification, or "" for what the source does not itemise.')
    economic: str = Field(description='Economic item under the function, with by=both; else "".')
    parent: str = Field(description="Nearest line above that has figures.")
    article: str = Field(description="Article number of the official form.")
    name: NamesOut
    level: int = Field(description="0 for the total or the line asked for, 1 below it, and so on.")
    is_total: bool
    is_unitemised: bool = Field(description="True for what the total holds beyond the lines of the source.")
    approved_plan: str | None = Field(description="Plan of the year as first adopted, drams.")
    year_plan: str = Field(description="Adjusted plan of the year, drams.", examples=["760414500.00"])
    period_plan: str | None = Field(description="Plan of the period, drams.", examples=["519225790.00"])
    actual: str | None = Field(description="Received or spent in the period, drams.", examples=["389782993.00"])
    percent: str | None = Field(
        description="Actual in percent of the period plan, two places half up; null without a plan.", examples=["75.07"]
    )
    deviation: str | None = Field(description="Actual less period plan, drams.", examples=["-129442797.00"])


class ExecutionOut(Schema):
    """The execution of one published month and side."""

    year: int
    month: int
    side: str
    by: str = Field(description="How expenditure is divided; function for the other sides.")
    view: str
    part: str
    settlement: str = Field(description='The settlement asked for, or "" for the whole community.')
    currency: str = Field(description="ISO 4217 code of all amounts.", examples=["AMD"])
    version: int = Field(description="Published version; a correction raises it.")
    versions: list[int] = Field(description="All versions of the month, the newest first.")
    digest: str = Field(description="sha256 over the figures of this version, which never change.")
    published_at: dt.datetime
    plan_number: int | None = Field(
        description="Latest plan version in the figures; null: plan as the report states it."
    )
    month_known: bool = Field(description="False where view=month was asked and the month before is not published.")
    is_demo: bool = Field(description="True for demonstration data.")
    source: dict[str, str] = Field(description="Language to text: where the figures come from.")
    rows: list[RowOut]


class ExecutionQuery(Schema):
    """Which execution is asked for."""

    year: int = Field(ge=1991, le=2100, description="Budget year.")
    month: int = Field(ge=1, le=12, description="Month, 1 to 12.")
    side: SideName = Field("revenue", description="Side of the budget.")
    by: Literal["function", "economic", "both"] = Field(
        "function", description="Expenditure by function (section 2), by economic item (3) or by both (6)."
    )
    view: Literal["cumulative", "month"] = Field("cumulative", description="Since 1 January, or the single month.")
    part: PartName = Field("total", description="Budget type; transfers between the parts do not count in the total.")
    kind: str = Field("", max_length=20, description="Code of a line: it and what lies below it.")
    level: int | None = Field(None, ge=0, le=9, description="Deepest level of rows; all of them where it is left out.")
    settlement: str = Field("", max_length=100, description="A settlement that the figures name.")
    version: int | None = Field(None, ge=1, description="A published version; the newest where it is left out.")


class PlanVersionOut(Schema):
    """A version of the plan in force, by a decision of the council."""

    number: int = Field(description="0: the budget as adopted; 1 and up: its amendments.")
    decision_number: str = Field(examples=["45-Ա"])
    decision_date: dt.date | None
    decision_link: str
    effective_from: dt.date | None
    title: dict[str, str] = Field(description="Language to text.")
    reason: dict[str, str] = Field(description="Language to text.")
    digest: str = Field(description="sha256 over the amounts of the version.")


class YearOut(Schema):
    """A year that residents may see: what of it is published, and its plan."""

    year: int
    state: str = Field(description="draft, hearing, adopted, executing or closed.")
    months: list[int] = Field(description="Months with a published side.")
    sides: dict[str, list[int]] = Field(description="Side to its published months.")
    plan: list[PlanVersionOut]
    is_demo: bool


class LineOut(Schema):
    """A line of a classification."""

    kind: str
    code: str = Field(description="Line number.", examples=["1111"])
    parent: str = Field(description='Line above; "" for the total.')
    article: str = Field(description="Article number of the official form.")
    name: NamesOut
    valid_from: dt.date | None = Field(description="null: from the beginning.")
    valid_to: dt.date | None = Field(description="Last day; null: still valid.")
    is_local: bool = Field(description="True for the town's own subdivision of a national line.")
    is_unverified: bool = Field(description="True where no source has been named for number or name.")


class LinesQuery(Schema):
    """Which lines are asked for."""

    kind: KindName = Field("revenue", description="Classification.")
    year: int | None = Field(None, ge=1991, le=2100, description="Only lines valid in that year.")


class PlanAmountsOut(Schema):
    """Drams of the year."""

    approved: str = Field(description="As adopted.")
    changes: str = Field(description="What the amendments did: approved + changes = adjusted.")
    adjusted: str


class PlanRowOut(Schema):
    """One line of a section of the plan."""

    code: str
    article: str
    name: NamesOut
    level: int
    is_total: bool
    is_economic: bool = Field(description="True for an economic item under a function, section 6.")
    parts: dict[str, PlanAmountsOut] = Field(description="total, administrative, fund.")


class PlanOut(Schema):
    """A section of the plan as of a day."""

    year: int
    section: int
    as_of: dt.date
    currency: str
    is_draft: bool = Field(description="True for the draft at its public hearing, which no council has adopted.")
    is_demo: bool
    versions: list[int] = Field(description="Numbers of the versions that count on that day.")
    rows: list[PlanRowOut]


class PlanQuery(Schema):
    """Which plan is asked for."""

    year: int = Field(ge=1991, le=2100, description="Budget year.")
    section: int = Field(
        1, ge=1, le=6,
        description="Section of the official form: 1 revenue, 2 functions, 3 economic items, 4 balance, 5 financing, 6 both.",
    )  # fmt: skip
    as_of: dt.date | None = Field(None, description="A past day; today where it is left out.")
