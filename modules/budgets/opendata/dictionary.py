"""The data dictionary: what every column of the open data holds. The one place; files and schemas are made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as text

from hamaynk.ui.language import in_languages

EXPENDITURE = "expenditure"
SIDES = ("revenue", EXPENDITURE, "financing")
PARTS = ("undivided", "administrative", "fund")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column. type: of Table Schema (integer, string, boolean, number); a number is an amount in the currency.

    roles: side -> ColumnType of the budget taxonomy of the Fiscal Data Package, "" for all sides. phase: of an amount,
    which phase of the budget it states. constraints: of Table Schema. in_key: part of what a row is about.
    """

    name: str
    type: str
    title: Any
    description: Any
    roles: dict[str, str] = field(default_factory=dict)
    phase: str = ""
    constraints: dict[str, Any] = field(default_factory=dict)
    in_key: bool = False

    def role(self, side: str) -> str:
        """Its ColumnType on a side, "" where the taxonomy has none."""
        return self.roles.get(side, self.roles.get("", ""))

    @property
    def is_amount(self) -> bool:
        """True for drams."""
        return self.type == "number"


REQUIRED = {"required": True}
GENERIC = "-classification:generic:"
LINE_ROLE = {"": f"economic{GENERIC}code", EXPENDITURE: f"functional{GENERIC}code"}
LINE_LABEL = {"": f"economic{GENERIC}label", EXPENDITURE: f"functional{GENERIC}label"}
ECONOMIC_ROLE = {EXPENDITURE: f"economic{GENERIC}code"}
ECONOMIC_LABEL = {EXPENDITURE: f"economic{GENERIC}label"}

FIELDS = (
    Field(
        name="year", type="integer", title=text("Year"), description=text("Budget year, the same as the calendar year."),
        roles={"": "date:fiscal-year"}, constraints=REQUIRED | {"minimum": 1991, "maximum": 2100}, in_key=True,
    ),
    Field(
        name="month", type="integer", title=text("Month"),
        description=text("Month up to whose end the figures go, 1 to 12."),
        constraints=REQUIRED | {"minimum": 1, "maximum": 12}, in_key=True,
    ),
    Field(
        name="side", type="string", title=text("Budget side"),
        description=text("revenue, expenditure or financing (of the deficit)."),
        roles={"": "direction"}, constraints=REQUIRED | {"enum": list(SIDES)}, in_key=True,
    ),
    Field(
        name="code", type="string", title=text("Line"),
        description=text(
            "Number of the line in the official form; of expenditure, the line of the function. A local suffix may follow "
            "the number. It is a text: keep leading zeros and letters."
        ),
        roles=LINE_ROLE, constraints=REQUIRED, in_key=True,
    ),
    Field(
        name="article", type="string", title=text("Article"),
        description=text("Article of the line in the official form; of a function: division.group.class. May be empty."),
    ),
    Field(
        name="name_hy", type="string", title=text("Name in Armenian"),
        description=text("Name of the line as the classification of that year has it."), roles=LINE_LABEL,
    ),
    Field(
        name="name_en", type="string", title=text("Name in English"),
        description=text("Translation of the name; empty where there is none."),
    ),
    Field(
        name="name_ru", type="string", title=text("Name in Russian"),
        description=text("Translation of the name; empty where there is none."),
    ),
    Field(
        name="economic_code", type="string", title=text("Economic line"),
        description=text("Number of the line by economic item; of expenditure only, else empty."),
        roles=ECONOMIC_ROLE, in_key=True,
    ),
    Field(
        name="economic_article", type="string", title=text("Economic article"),
        description=text("Article of the economic item; of expenditure only, else empty."),
    ),
    Field(
        name="economic_name_hy", type="string", title=text("Economic item in Armenian"),
        description=text("Name of the economic item as the classification of that year has it."), roles=ECONOMIC_LABEL,
    ),
    Field(
        name="economic_name_en", type="string", title=text("Economic item in English"),
        description=text("Translation of the name; empty where there is none."),
    ),
    Field(
        name="economic_name_ru", type="string", title=text("Economic item in Russian"),
        description=text("Translation of the name; empty where there is none."),
    ),
    Field(
        name="settlement", type="string", title=text("Settlement"),
        description=text("Settlement of the community, as the source writes it; empty: the whole community."),
        roles={"": "geo:target:title"}, in_key=True,
    ),
    Field(
        name="account", type="string", title=text("Treasury account"),
        description=text("Number of the treasury account, twelve digits; empty where the source names none."),
        constraints={"pattern": "[0-9]{12}"}, in_key=True,
    ),
    Field(
        name="part", type="string", title=text("Part of the budget"),
        description=text("administrative, fund, or undivided: the source states only the whole."),
        roles={"": "value-kind:code"}, constraints=REQUIRED | {"enum": list(PARTS)}, in_key=True,
    ),
    Field(
        name="eliminated", type="boolean", title=text("Not in the total"),
        description=text(
            "true: a transfer between the parts; it counts in its part and must be left out of the total of both parts."
        ),
        constraints=REQUIRED,
    ),
    Field(
        name="approved_plan", type="number", title=text("Approved plan of the year"), phase="approved",
        description=text("Plan of the year as first adopted; empty where the source does not state it."),
    ),
    Field(
        name="adjusted_plan", type="number", title=text("Adjusted plan of the year"), phase="adjusted",
        description=text("Plan of the year with all amendments in force at the end of the month."), constraints=REQUIRED,
    ),
    Field(
        name="period_plan", type="number", title=text("Plan of the period"), phase="period-plan",
        description=text("Plan from 1 January to the end of the month."), constraints=REQUIRED,
    ),
    Field(
        name="actual", type="number", title=text("Executed, cumulative"), phase="executed",
        description=text("Received or spent from 1 January to the end of the month."), constraints=REQUIRED,
    ),
    Field(
        name="month_actual", type="number", title=text("Executed in the month"), phase="executed-month",
        description=text("Received or spent in this month alone; empty where the month before is not published."),
    ),
)  # fmt: skip
COLUMNS = tuple(field.name for field in FIELDS)
ROWS_ARE = text(
    "One row for each line, economic item, settlement, account and part. The amounts are the row's own: those of lines "
    "below it stand in rows of their own, so that all rows can be added up."
)


def as_json(currency: str) -> dict[str, Any]:
    """The dictionary in three languages, for JSON. `currency`: ISO 4217 code of the amounts."""
    return {
        "rows": in_languages(lambda: str(ROWS_ARE)),
        "currency": currency,
        "fields": [
            {
                "name": item.name,
                "type": item.type,
                "unit": currency if item.is_amount else "",
                "title": in_languages(lambda item=item: str(item.title)),  # type: ignore[misc]
                "description": in_languages(lambda item=item: str(item.description)),  # type: ignore[misc]
                "constraints": item.constraints,
            }
            for item in FIELDS
        ],
    }


def table_schema(side: str) -> dict[str, Any]:
    """The columns as a Table Schema with the column types of a side; titles and descriptions in English."""
    return {
        "fields": [_schema_field(item, side) for item in FIELDS],
        "primaryKey": [item.name for item in FIELDS if item.in_key],
        "missingValues": [""],
    }


def _schema_field(item: Field, side: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": item.name,
        "type": item.type,
        "title": in_languages(lambda: str(item.title))["en"],
        "description": in_languages(lambda: str(item.description))["en"],
    }
    if item.is_amount:
        said |= {"decimalChar": ".", "bareNumber": True, "normalize": {"phase": item.phase}}
    if item.type == "boolean":
        said |= {"trueValues": ["true"], "falseValues": ["false"]}
    if role := item.role(side):
        said["columnType"] = role
    if item.constraints:
        said["constraints"] = item.constraints
    return said
