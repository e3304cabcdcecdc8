"""How the execution table is said: titles, sentences, heads of columns, rows for templates and for the CSV file.

Everything here is in the active language; amounts stay Decimal drams until the template formats them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import get_language, gettext, override

from hamaynk.common.cells import safe_cell
from hamaynk.common.money import thousands_text
from hamaynk.common.periods import Month
from hamaynk.ui.formats import month_name, percent, thousands
from modules.budgets.models import Side
from modules.budgets.plan_sections import PlanRow
from modules.budgets.selectors import ExecutionTable, Kind
from modules.budgets.selectors.public_execution import Asked
from modules.budgets.tables import Row, visible

CSV_COLUMNS = (
    "year", "month", "view", "part", "code", "economic", "article", "name_hy", "name_en", "name_ru", "unit", "year_plan_adjusted",
    "period_plan", "period_actual", "percent_of_period_plan", "deviation",
)  # fmt: skip
BAR_WIDTH = 100


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """A row for a template. link: where its name leads, or ""."""

    row: Row
    name: str
    link: str


def title(table: ExecutionTable, *, by: str = "") -> str:
    """ "Revenue execution of the budget, September 2015, cumulative" (R54). by: how expenditure is divided."""
    words = {"month": month_name(table.month.month), "year": table.month.year}
    divided = by or ("economic" if table.axis == "economic" else "function")
    name = f"{table.side}-{divided}" if table.side == Side.EXPENDITURE else table.side
    titles = _titles_by_month() if table.view == "month" else _titles_cumulative()
    return titles[name] % words


def _titles_cumulative() -> dict[str, str]:
    return {
        "revenue": gettext("Revenue execution of the budget, %(month)s %(year)s, cumulative"),
        "expenditure-function": gettext("Expenditure execution of the budget, %(month)s %(year)s, cumulative"),
        "expenditure-economic": gettext("Expenditure by economic item, %(month)s %(year)s, cumulative"),
        "expenditure-both": gettext("Expenditure by function and economic item, %(month)s %(year)s, cumulative"),
        "financing": gettext("Financing of the deficit, %(month)s %(year)s, cumulative"),
    }


def _titles_by_month() -> dict[str, str]:
    return {
        "revenue": gettext("Revenue execution of the budget, %(month)s %(year)s, single month"),
        "expenditure-function": gettext("Expenditure execution of the budget, %(month)s %(year)s, single month"),
        "expenditure-economic": gettext("Expenditure by economic item, %(month)s %(year)s, single month"),
        "expenditure-both": gettext("Expenditure by function and economic item, %(month)s %(year)s, single month"),
        "financing": gettext("Financing of the deficit, %(month)s %(year)s, single month"),
    }


def summary(table: ExecutionTable) -> str:
    """The table in a sentence, or "" where the whole of the community's money of this side is not in it."""
    total = table.total
    if total is None or total.actual is None or table.part != "total" or table.side == Side.FINANCING:
        return ""
    words = {
        "month": month_name(table.month.month),
        "year": table.month.year,
        "amount": millions(total.actual),
        "percent": percent(total.percent, "prose"),
    }
    alone = table.view == "month" or table.month.month == 1
    return _sentence(spends=table.side == Side.EXPENDITURE, alone=alone, planned=total.percent is not None) % words


def _sentence(*, spends: bool, alone: bool, planned: bool) -> str:
    if alone and planned:
        if spends:
            return gettext(
                "In %(month)s %(year)s the community spent %(amount)s million drams, "
                "%(percent)s %% of the plan for the month."
            )
        return gettext(
            "In %(month)s %(year)s the community received %(amount)s million drams, "
            "%(percent)s %% of the plan for the month."
        )
    if alone:
        if spends:
            return gettext("In %(month)s %(year)s the community spent %(amount)s million drams.")
        return gettext("In %(month)s %(year)s the community received %(amount)s million drams.")
    if planned:
        if spends:
            return gettext(
                "In January–%(month)s %(year)s the community spent %(amount)s million drams, "
                "%(percent)s %% of the plan for the period."
            )
        return gettext(
            "In January–%(month)s %(year)s the community received %(amount)s million drams, "
            "%(percent)s %% of the plan for the period."
        )
    if spends:
        return gettext("In January–%(month)s %(year)s the community spent %(amount)s million drams.")
    return gettext("In January–%(month)s %(year)s the community received %(amount)s million drams.")


def millions(drams: Decimal) -> str:
    """Million drams with one place, for a sentence: "389.8"."""
    return thousands(drams.scaleb(-3), 1, "prose")


def heads(table: ExecutionTable) -> list[str]:
    """Heads of the six columns (R58)."""
    short = gettext("Deviation, minus is a shortfall")
    return [
        line_word(table.side),
        gettext("Adjusted plan of the year"),
        plan_word(by_month=table.view == "month"),
        actual_word(table.side, by_month=table.view == "month"),
        gettext("Percent of the plan"),
        gettext("Deviation, minus is less than planned") if table.side != Side.REVENUE else short,
    ]


def line_word(side: str) -> str:
    """What a line of a side is called."""
    words = {
        "revenue": gettext("Kind of revenue"),
        "expenditure": gettext("Kind of expenditure"),
        "financing": gettext("Source of financing"),
    }
    return words[side]


def plan_word(*, by_month: bool) -> str:
    """Head of the plan of the period."""
    return gettext("Plan of the month") if by_month else gettext("Plan of the period, cumulative")


def actual_word(side: str, *, by_month: bool) -> str:
    """Head of what came of the plan."""
    if side == Side.EXPENDITURE:
        return gettext("Spent in the month") if by_month else gettext("Spent, cumulative")
    if side == Side.FINANCING:
        return gettext("Carried out in the month") if by_month else gettext("Carried out, cumulative")
    return gettext("Received in the month") if by_month else gettext("Received, cumulative")


def all_kinds(side: str) -> str:
    """The first choice of the filter "kind"."""
    words = {
        "revenue": gettext("All kinds of revenue"),
        "expenditure": gettext("All kinds of expenditure"),
        "financing": gettext("All sources of financing"),
    }
    return words[side]


def row_name(row: Row) -> str:
    """The line's name; the row of what is left of the total has its own."""
    return gettext("Not itemised in the source") if row.is_unitemised else row.names.get(get_language() or "hy")


def kind_choices(kinds: tuple[Kind, ...], side: str = Side.REVENUE) -> list[tuple[str, str]]:
    """Code and name of every line on offer, "all" first."""
    language = get_language() or "hy"
    return [("", all_kinds(side)), *((kind.code, kind.names.get(language)) for kind in kinds)]


def shown_rows(table: ExecutionTable, *, detail: bool) -> list[ShownRow]:
    """Rows to print, without links."""
    return [ShownRow(row=row, name=row_name(row), link="") for row in visible(table.rows, detail=detail)]


def asked_query(asked: Asked, **changes: object) -> str:
    """The address of a page of execution with some filters changed, from "?" on; what is the default is left out."""
    defaults = {"part": "total", "by": "function", "view": "cumulative"}
    values: dict[str, object] = {
        "year": asked.month.year,
        "month": asked.month.month,
        "part": asked.part,
        "by": asked.by,
        "kind": asked.kind,
        "settlement": asked.settlement,
        "view": asked.view,
        "version": asked.version,
    } | changes
    return "?" + urlencode({key: value for key, value in values.items() if value and value != defaults.get(key)})


def source_text(table: ExecutionTable) -> str:
    """Where the figures come from, in the active language if the source says it in that."""
    return in_language(table.source)


def in_language(texts: Mapping[str, str]) -> str:
    """One of the three languages of a text: the reader's, else the first there is."""
    language = (get_language() or "hy").split("-")[0]
    return texts.get(language) or texts.get("hy") or next(iter(texts.values()), "")


def period_text(month: Month) -> str:
    """ "September 2015"."""
    return gettext("%(month)s %(year)s") % {"month": month_name(month.month), "year": month.year}


def bar(value: Decimal | None) -> int:
    """Length of a bar from 0 to 100 for a percentage."""
    return 0 if value is None else int(min(max(value, Decimal(0)), Decimal(BAR_WIDTH)))


def csv_text(table: ExecutionTable) -> str:
    """The whole table as CSV: thousand drams, exact; names in three languages; no cell that a spreadsheet would run."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(_csv_rows(table))
    return out.getvalue()


def _csv_rows(table: ExecutionTable) -> Iterator[list[str]]:
    for row in table.rows:
        names = [name_in(row, language) for language in ("hy", "en", "ru")]
        amounts = [row.year_plan, row.period_plan, row.actual]
        yield [
            str(table.month.year),
            str(table.month.month),
            table.view,
            table.part,
            safe_cell(row.code),
            safe_cell(row.economic),
            safe_cell(row.article),
            *map(safe_cell, names),
            "thousand drams",
            *("" if amount is None else thousands_text(amount) for amount in amounts),
            "" if row.percent is None else str(row.percent),
            "" if row.deviation is None else thousands_text(row.deviation),
        ]


def plan_row_name(row: PlanRow) -> str:
    """Name of a row of the plan in the active language; those of the balance are worded here."""
    worded = {
        "revenue": gettext("Revenue"),
        "expenditure": gettext("Expenditure"),
        "balance": gettext("Surplus, or below zero the deficit"),
        "financing": gettext("Financing of the deficit"),
    }
    return row.names.get(get_language() or "hy") or worded.get(row.code, row.code)


def name_in(row: Row, language: str) -> str:
    """The line's name in one of the three languages, whatever language is active."""
    if not row.is_unitemised:
        return row.names.get(language)
    with override(language):
        return row_name(row)
