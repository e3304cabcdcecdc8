"""A published month as a workbook in the layout of official reports, which the import reads back.

Line number, name, article, then approved plan, adjusted plan, plan of the period and received, each as a total and by
part. Amounts are numbers, thousand drams; names are texts, never formulas.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from hamaynk.common.money import thousands_text
from modules.budgets.classification import total_code
from modules.budgets.models import Side
from modules.budgets.presentation import period_text
from modules.budgets.selectors import PublishedFigures
from modules.budgets.selectors.published import eliminated_in, kind_of
from modules.budgets.tables import Amounts, Line, PartFilter, rolled_up, unknown_line

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARTS: tuple[PartFilter, ...] = ("total", "administrative", "fund")
MEASURES = ("approved_plan", "year_plan", "period_plan", "actual")
HEAD_LINE = 4


def workbook(found: PublishedFigures) -> bytes:
    """The workbook, in the active language."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = str(Side(found.side).label)[:31]
    _head(sheet, found)
    total = total_code(kind_of(found.side))
    by_part = {
        part: rolled_up(
            found.figures, found.lines, part=part, total_code=total,
            eliminated=eliminated_in(found.month.year, found.side),
        )
        for part in PARTS
    }  # fmt: skip
    codes = sorted({code for one in by_part.values() for code in one}, key=lambda code: (code != total, code))
    for line, code in enumerate(codes, start=HEAD_LINE + 2):
        stated = amounts([by_part[part].get(code) for part in PARTS])
        _row(sheet, line, found.lines.get(code) or unknown_line(code), stated)
    _foot(sheet, found)
    sheet.freeze_panes = f"D{HEAD_LINE + 2}"
    for column in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 60 if column == 2 else 15
    book.properties.creator = "Hamaynk"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def amounts(parts: Sequence[Amounts | None]) -> list[Decimal | None]:
    """The twelve amounts of one line, in the order of the columns; None where the source states none."""
    return [None if one is None else getattr(one, measure) for measure in MEASURES for one in parts]


def _head(sheet: Any, found: PublishedFigures) -> None:
    title = gettext("Execution of the budget, %(side)s, %(period)s") % {
        "side": str(Side(found.side).label), "period": period_text(found.month),
    }  # fmt: skip
    if found.side == Side.REVENUE:
        title = gettext("Revenue execution of the budget, %(period)s") % {"period": period_text(found.month)}
    _text(sheet, 1, 1, title).font = Font(bold=True, size=14)
    _text(sheet, 2, 1, f"({gettext('Thousand drams')})")
    singles = [gettext("Line no."), gettext("Kind of revenue"), gettext("Article no.")]
    groups = [
        gettext("Approved plan of the year"),
        gettext("Adjusted plan of the year"),
        gettext("Plan of the period, cumulative"),
        gettext("Received, cumulative"),
    ]
    parts = [gettext("Total"), gettext("Administrative part"), gettext("Fund part")]
    for column, words in enumerate(singles, start=1):
        _text(sheet, HEAD_LINE, column, words)
        sheet.merge_cells(start_row=HEAD_LINE, end_row=HEAD_LINE + 1, start_column=column, end_column=column)
    for number, group in enumerate(groups):
        first = len(singles) + 1 + number * len(parts)
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
