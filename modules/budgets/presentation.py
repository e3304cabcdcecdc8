"""How the execution table is said: titles, sentences, heads of columns, rows for templates and for the CSV file.

Everything here is in the active language; amounts stay Decimal drams until the template formats them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import get_language, gettext, override

from hamaynk.common.cells import safe_cell
from hamaynk.common.money import thousands_text
from hamaynk.common.periods import Month
from hamaynk.ui.formats import month_name, percent, thousands
from modules.budgets.selectors import ExecutionTable, Kind
from modules.budgets.tables import Row, visible

CSV_COLUMNS = (
    "year", "month", "view", "part", "code", "article", "name_hy", "name_en", "name_ru", "unit", "year_plan_adjusted",
    "period_plan", "period_actual", "percent_of_period_plan", "deviation",
)  # fmt: skip
BAR_WIDTH = 100


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """A row for a template. link: query string that shows this line and what lies below it, or ""."""

    row: Row
    name: str
    link: str


def title(table: ExecutionTable) -> str:
    """ "Revenue execution of the budget, September 2015, cumulative" (R54)."""
    words = {"month": month_name(table.month.month), "year": table.month.year}
    if table.view == "month":
        return gettext("Revenue execution of the budget, %(month)s %(year)s, single month") % words
    return gettext("Revenue execution of the budget, %(month)s %(year)s, cumulative") % words


def summary(table: ExecutionTable) -> str:
    """The table in a sentence, or "" where the whole of the community's revenue is not in it."""
    total = table.total
    if total is None or total.actual is None or table.part != "total":
        return ""
    words = {
        "month": month_name(table.month.month),
        "year": table.month.year,
        "amount": millions(total.actual),
        "percent": percent(total.percent, "prose"),
    }
    if table.view == "month" or table.month.month == 1:
        if total.percent is None:
            return gettext("In %(month)s %(year)s the community received %(amount)s million drams.") % words
        return (
            gettext(
                "In %(month)s %(year)s the community received %(amount)s million drams, "
                "%(percent)s %% of the plan for the month."
            )
            % words
        )
    if total.percent is None:
        return gettext("In January–%(month)s %(year)s the community received %(amount)s million drams.") % words
    return (
        gettext(
            "In January–%(month)s %(year)s the community received %(amount)s million drams, "
            "%(percent)s %% of the plan for the period."
        )
        % words
    )


def millions(drams: Decimal) -> str:
    """Million drams with one place, for a sentence: "389.8"."""
    return thousands(drams.scaleb(-3), 1, "prose")


def heads(table: ExecutionTable) -> list[str]:
    """Heads of the six columns (R58)."""
    period = (
        [gettext("Plan of the month"), gettext("Received in the month")]
        if table.view == "month"
        else [gettext("Plan of the period, cumulative"), gettext("Received, cumulative")]
    )
    return [
        gettext("Kind of revenue"),
        gettext("Adjusted plan of the year"),
        *period,
        gettext("Percent of the plan"),
        gettext("Deviation, minus is a shortfall"),
    ]


def row_name(row: Row) -> str:
    """The line's name; the row of what is left of the total has its own."""
    return gettext("Not itemised in the source") if row.is_unitemised else row.names.get(get_language() or "hy")


def kind_choices(kinds: tuple[Kind, ...]) -> list[tuple[str, str]]:
    """Code and name of every revenue type on offer, "all" first."""
    language = get_language() or "hy"
    return [("", gettext("All kinds of revenue")), *((kind.code, kind.names.get(language)) for kind in kinds)]


def shown_rows(table: ExecutionTable, *, detail: bool) -> list[ShownRow]:
    """Rows to print, each with the link that drills down into it (R56)."""
    return [
        ShownRow(
            row=row,
            name=row_name(row),
            link=query(table, kind=row.code, detail="1")
            if row.has_children and not row.is_total and row.code != table.kind
            else "",
        )
        for row in visible(table.rows, detail=detail)
    ]


def query(table: ExecutionTable, **changes: str) -> str:
    """The address of this table with some filters changed, from "?" on; empty ones are left out."""
    values = {
        "year": str(table.month.year),
        "month": str(table.month.month),
        "part": table.part,
        "kind": table.kind,
        "view": table.view,
    } | changes
    return "?" + urlencode({key: value for key, value in values.items() if value})


def source_text(table: ExecutionTable) -> str:
    """Where the figures come from, in the active language if the source says it in that."""
    language = (get_language() or "hy").split("-")[0]
    return table.source.get(language) or table.source.get("hy") or next(iter(table.source.values()), "")


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
            safe_cell(row.article),
            *map(safe_cell, names),
            "thousand drams",
            *("" if amount is None else thousands_text(amount) for amount in amounts),
            "" if row.percent is None else str(row.percent),
            "" if row.deviation is None else thousands_text(row.deviation),
        ]


def name_in(row: Row, language: str) -> str:
    """The line's name in one of the three languages, whatever language is active."""
    if not row.is_unitemised:
        return row.names.get(language)
    with override(language):
        return row_name(row)
