"""A published month as a workbook in the layout of official reports, which the import reads back.

A sheet for each section of the side: 1 revenue; 2 spending by function, 3 by economic item, 6 by both; 5 financing;
4, the balance, is a workbook of its own. Line number, name, article, then approved plan, adjusted plan, plan of the
period and what was received or spent, each as a total and by part. Amounts are numbers, thousand drams; names are
texts, never formulas. Settlements and accounts are summed up: the open data (`opendata/`) divide by them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from hamaynk.common.money import thousands_text
from modules.budgets.classification import total_code
from modules.budgets.items import JOINT, nested_amounts
from modules.budgets.models import ClassificationKind, Side
from modules.budgets.presentation import period_text
from modules.budgets.selectors import PublishedFigures
from modules.budgets.selectors.published import eliminated_in, kind_of
from modules.budgets.tables import NOTHING, Amounts, Axis, Line, Names, PartFilter, rolled_up, unknown_line

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARTS: tuple[PartFilter, ...] = ("total", "administrative", "fund")
MEASURES = ("approved_plan", "year_plan", "period_plan", "actual")
HEAD_LINE = 4
SECTIONS: dict[str, tuple[int, ...]] = {Side.REVENUE: (1,), Side.EXPENDITURE: (2, 3, 6), Side.FINANCING: (5,)}
ByPart = Mapping[PartFilter, Mapping[str, Amounts]]
FormRow = tuple[Line, list[Decimal | None]]


@dataclass(frozen=True, kw_only=True)
class Headings:
    """The words of a section: what the table is of, and the heads of its columns."""

    of: str
    names: str
    articles: str
    actual: str


def workbook(found: PublishedFigures) -> bytes:
    """The sections of a side, in the active language."""
    book = _new_book()
    for number in SECTIONS[found.side]:
        _sheet(book, number, found, _rows(found, number))
    return _saved(book)


def balance_workbook(found: Mapping[str, PublishedFigures]) -> bytes:
    """Section 4, surplus or deficit. found: the sides of one month, revenue and expenditure at least."""
    book = _new_book()
    sums: dict[str, dict[PartFilter, Amounts]] = {}
    for side, one in found.items():
        by_part = _by_part(one)
        sums[side] = {part: by_part[part].get(total_code(kind_of(side)), NOTHING) for part in PARTS}
    received, spent = sums[Side.REVENUE], sums[Side.EXPENDITURE]
    names = {Side.REVENUE: gettext("Revenue"), Side.EXPENDITURE: gettext("Expenditure"),
             Side.FINANCING: gettext("Financing of the deficit")}  # fmt: skip
    shown = [(names[side], sums[side]) for side in (Side.REVENUE, Side.EXPENDITURE)]
    balance = {part: received[part].minus(spent[part]) for part in PARTS}
    shown.append((gettext("Surplus, or below zero the deficit"), balance))
    if Side.FINANCING in sums:
        shown.append((names[Side.FINANCING], sums[Side.FINANCING]))
    rows = [
        (Line(code="", parent="", article="", names=Names(hy=name)), amounts([one[part] for part in PARTS]))
        for name, one in shown
    ]
    _sheet(book, 4, found[Side.REVENUE], rows)
    return _saved(book)


def amounts(parts: Sequence[Amounts | None]) -> list[Decimal | None]:
    """The twelve amounts of one line, in the order of the columns; None where the source states none."""
    return [None if one is None else getattr(one, measure) for measure in MEASURES for one in parts]


def _rows(found: PublishedFigures, number: int) -> list[FormRow]:
    """Rows of a section: the total, then the lines in their order; in section 6 under each function its items."""
    axis: Axis = "economic" if number == 3 else "code"
    by_part, lines = _by_part(found, axis), found.economic_lines if number == 3 else found.lines
    total = total_code(kind_of(found.side, axis))
    codes = sorted(_codes(by_part), key=lambda code: (code != total, code))
    items = _items(found) if number == 6 else {}
    rows = []
    for code in codes:
        rows.append((lines.get(code) or unknown_line(code), amounts([by_part[part].get(code) for part in PARTS])))
        rows += items.get(code, [])
    return rows


def _items(found: PublishedFigures) -> dict[str, list[FormRow]]:
    """Rows of the economic items by function."""
    eliminated = eliminated_in(found.month.year, found.side)
    total = total_code(ClassificationKind.ECONOMIC)
    by_part = {
        part: nested_amounts(found.figures, found.lines, found.economic_lines, part=part, eliminated=eliminated)
        for part in PARTS
    }
    rows: dict[str, list[FormRow]] = {}
    for key in sorted(_codes(by_part)):
        function, _, item = key.partition(JOINT)
        if item != total:
            line = found.economic_lines.get(item) or unknown_line(item)
            rows.setdefault(function, []).append((line, amounts([by_part[part].get(key) for part in PARTS])))
    return rows


def _by_part(found: PublishedFigures, axis: Axis = "code") -> dict[PartFilter, dict[str, Amounts]]:
    lines = found.economic_lines if axis == "economic" else found.lines
    eliminated = eliminated_in(found.month.year, found.side)
    total = total_code(kind_of(found.side, axis))
    return {
        part: rolled_up(found.figures, lines, part=part, total_code=total, axis=axis, eliminated=eliminated)
        for part in PARTS
    }


def _codes(by_part: ByPart) -> set[str]:
    return {code for one in by_part.values() for code in one}


def headings(number: int) -> Headings:
    """The words of a section, as official reports print them; the import knows them (`packs/*/headings.csv`)."""
    article, executed = gettext("Article no."), gettext("Executed, cumulative")
    if number == 1:
        return Headings(of=gettext("Revenue"), names=gettext("Kind of revenue"), articles=article,
                        actual=gettext("Received, cumulative"))  # fmt: skip
    named = {
        2: (gettext("Expenditure by function"), gettext("Names of the divisions, groups and classes of functions")),
        3: (gettext("Expenditure by economic item"), gettext("Names of the economic items")),
        4: (gettext("Surplus or deficit"), gettext("Name")),
        5: (gettext("Financing of the deficit"), gettext("Names of the sources of financing")),
        6: (
            gettext("Expenditure by function and economic item"),
            gettext("Names of the functions and of the economic items within them"),
        ),
    }
    articles = {2: gettext("Division, group, class"), 6: gettext("Division, group, class; article")}
    of, names = named[number]
    return Headings(of=of, names=names, articles=articles.get(number, article), actual=executed)


def _new_book() -> Any:
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "Hamaynk"
    return book


def _saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Any, number: int, found: PublishedFigures, rows: Iterable[FormRow]) -> None:
    sheet = book.create_sheet((gettext("Section %(number)s") % {"number": number})[:31])
    _head(sheet, number, found)
    for line, (known, stated) in enumerate(rows, start=HEAD_LINE + 2):
        _row(sheet, line, known, stated)
    _foot(sheet, found)
    sheet.freeze_panes = f"D{HEAD_LINE + 2}"
    for column in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 60 if column == 2 else 15


def _head(sheet: Any, number: int, found: PublishedFigures) -> None:
    words = headings(number)
    title = gettext("Execution of the budget, %(side)s, %(period)s") % {
        "side": words.of, "period": period_text(found.month),
    }  # fmt: skip
    if number == 1:
        title = gettext("Revenue execution of the budget, %(period)s") % {"period": period_text(found.month)}
    _text(sheet, 1, 1, title).font = Font(bold=True, size=14)
    _text(sheet, 2, 1, f"({gettext('Thousand drams')})")
    singles = [gettext("Line no."), words.names, words.articles]
    groups = [
        gettext("Approved plan of the year"),
        gettext("Adjusted plan of the year"),
        gettext("Plan of the period, cumulative"),
        words.actual,
    ]
    parts = [gettext("Total"), gettext("Administrative part"), gettext("Fund part")]
    for column, heading in enumerate(singles, start=1):
        _text(sheet, HEAD_LINE, column, heading)
        sheet.merge_cells(start_row=HEAD_LINE, end_row=HEAD_LINE + 1, start_column=column, end_column=column)
    for place, group in enumerate(groups):
        first = len(singles) + 1 + place * len(parts)
        _text(sheet, HEAD_LINE, first, group)
        sheet.merge_cells(start_row=HEAD_LINE, end_row=HEAD_LINE, start_column=first, end_column=first + len(parts) - 1)
        for offset, part in enumerate(parts):
            _text(sheet, HEAD_LINE + 1, first + offset, part)
    for row in sheet.iter_rows(min_row=HEAD_LINE, max_row=HEAD_LINE + 1):
        for cell in row:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="center")


def _row(sheet: Any, line: int, known: Line, stated: Sequence[Decimal | None]) -> None:
    _text(sheet, line, 1, known.code)
    _text(sheet, line, 2, known.names.get(get_language() or "hy")).alignment = Alignment(wrap_text=True)
    _text(sheet, line, 3, known.article)
    for column, amount in enumerate(stated, start=4):
        if amount is not None:
            cell = sheet.cell(row=line, column=column, value=Decimal(thousands_text(amount)))
            cell.number_format = "0.000##"


def _foot(sheet: Any, found: PublishedFigures) -> None:
    """Version, day and source, below the table."""
    published = found.published
    words = {"day": f"{published.published_at:%Y-%m-%d}", "version": published.version}
    line = sheet.max_row + 2
    _text(sheet, line, 2, gettext("Published %(day)s, version %(version)s.") % words)
    source = published.source
    language = (get_language() or "hy").split("-")[0]
    origin = source.get(language) or source.get("hy") or next(iter(source.values()), "")
    if origin:
        _text(sheet, line + 1, 2, f"{gettext('Source:')} {origin}")


def _text(sheet: Any, line: int, column: int, value: str) -> Any:
    """A cell that is a text whatever it begins with."""
    cell = sheet.cell(row=line, column=column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) or None
    if cell.value is not None:
        cell.data_type = "s"
    return cell
