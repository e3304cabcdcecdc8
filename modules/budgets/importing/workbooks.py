"""XLSX through openpyxl, row by row. Formulas count with the value the program saved for them; without one, a fault."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from itertools import islice, repeat
from typing import Any

from openpyxl import load_workbook

from modules.budgets.importing.archives import has_formulas
from modules.budgets.importing.encodings import repaired
from modules.budgets.importing.sheets import EMPTY, HEAD_ROWS, MAX_COLUMNS, Cell, Row, SheetHead, number_cell

MAX_SHEETS = 100
HEAD_LINES = 500


class XlsxSource:
    """An open workbook. Anything openpyxl raises is for the caller to take as "broken"."""

    is_text = False

    def __init__(self, content: bytes) -> None:
        self._values = _sheets(content, values=True)
        self._formulas = _sheets(content, values=False) if has_formulas(content) else None

    def heads(self) -> list[SheetHead]:
        """Every worksheet with its beginning; sheets that show a chart have no rows."""
        return [
            SheetHead(
                name=sheet.title,
                rows=tuple(islice(self.rows(number, lines=HEAD_LINES), HEAD_ROWS)),
                is_hidden=sheet.sheet_state != "visible",
            )
            for number, sheet in enumerate(self._values)
        ]

    def rows(self, sheet: int, *, lines: int | None = None) -> Iterator[Row]:
        """Rows of one worksheet that are not empty, of its first `lines`. The size it declares is not believed."""
        formulas = _rows(self._formulas[sheet]) if self._formulas else repeat(())
        values = islice(_rows(self._values[sheet]), lines)
        for number, (cells, origins) in enumerate(zip(values, formulas, strict=False), start=1):
            if all(cell.value is None for cell in cells) and not any(_is_formula(origin) for origin in origins):
                continue
            found = [_cell(cell, origins[at] if at < len(origins) else None) for at, cell in enumerate(cells)]
            while found and found[-1].is_empty:
                found.pop()
            if found:
                yield Row(number, tuple(found))


def _sheets(content: bytes, *, values: bool) -> list[Any]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)
    return list(book.worksheets)[:MAX_SHEETS]


def _rows(sheet: Any) -> Iterator[Any]:
    sheet.reset_dimensions()
    return iter(sheet.iter_rows(max_col=MAX_COLUMNS))


def _is_formula(cell: Any) -> bool:
    return cell is not None and cell.value is not None and cell.data_type == "f"


def _cell(cell: Any, origin: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell(fault="formula_unknown") if _is_formula(origin) else EMPTY
    if isinstance(value, bool):
        return Cell(str(value).upper())
    if isinstance(value, int | float):
        return number_cell(value, is_percent="%" in (cell.number_format or ""))
    if isinstance(value, dt.date | dt.time):
        return Cell(value.isoformat())
    text = repaired(str(value).strip())
    return Cell(text, fault="error_value" if cell.data_type == "e" else "")
