"""The ministry's tables as CSV: drams as exact decimals, names in three languages, nothing a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import override

from hamaynk.oversight.lateness import Publisher
from hamaynk.oversight.selectors import Execution, GroupExecution, MonthExecution, TownExecution, by_marz, sum_of
from tenants.models import LANGUAGES, Marz

FIGURES = ("year_plan", "planned", "executed", "percent", "population", "executed_per_inhabitant")
EXECUTION = (
    "level", "code", *(f"name_{code}" for code in LANGUAGES), "marz", "towns", "published", "side", "year", "month",
    "unit", *FIGURES, "is_demo",
)  # fmt: skip
MONTHS = ("place", "side", "year", "month", "published", "unit", *FIGURES)
LATE = (
    "code", *(f"name_{code}" for code in LANGUAGES), "marz", "side", "newest_month", "month_owed", "days_late",
    "missing_months", "is_demo",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Head and rows, with line ends as RFC 4180 has them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()


def execution_rows(lines: Sequence[TownExecution], month: date, side: str) -> list[list[str]]:
    """Every town, then every marz, then the sum of all lines."""
    when = [side, str(month.year), str(month.month), "AMD"]
    towns = [
        [
            "town", line.town.slug, *_names(line.town.texts["name"]), line.town.marz, "1", str(int(line.is_published)),
            *when, *_figures(line), _flag(line.town.is_demo),
        ]
        for line in lines
    ]  # fmt: skip
    sums = [*by_marz(lines), sum_of(lines)]
    return [*towns, *(_sum_row(line, when) for line in sums)]


def month_rows(lines: Iterable[MonthExecution], place: str, side: str) -> list[list[str]]:
    """Twelve months of one place."""
    return [
        [place, side, str(line.month.year), str(line.month.month), str(line.published), "AMD", *_figures(line)]
        for line in lines
    ]


def late_rows(lines: Iterable[Publisher], side: str) -> list[list[str]]:
    """Every town in the order of the page."""
    return [
        [
            line.town.slug, *_names(line.town.texts["name"]), line.town.marz, side, str(line.newest or ""),
            str(line.owed or ""), _text(line.days_late), " ".join(map(str, line.missing)), _flag(line.town.is_demo),
        ]
        for line in lines
    ]  # fmt: skip


def _sum_row(line: GroupExecution, when: list[str]) -> list[str]:
    names = []
    for language in LANGUAGES:
        with override(language):
            names.append(str(Marz(line.marz).label) if line.marz else "")
    level = "marz" if line.marz else "all"
    counts = [str(line.towns), str(line.published)]
    return [level, line.marz, *names, line.marz, *counts, *when, *_figures(line), ""]


def _figures(line: Execution) -> list[str]:
    amounts = [
        None if a is None else a.quantize(Decimal("0.01")) for a in (line.year_plan, line.planned, line.executed)
    ]
    return [_text(value) for value in (*amounts, line.percent, line.population, line.per_inhabitant)]


def _names(texts: dict[str, str]) -> list[str]:
    """A name is the operator's text: one that a spreadsheet would run gets an apostrophe before it."""
    found = (texts.get(code, "") for code in LANGUAGES)
    return [f"'{name}" if name.startswith(FORMULA) else name for name in found]


def _text(value: Decimal | int | None) -> str:
    return "" if value is None else str(value)


def _flag(value: bool) -> str:
    return "yes" if value else "no"
