"""ODS, read with the parser that refuses entities and document types.

Written here because nothing else fits: the quick reader lays out every sheet densely, so a file of 5 KB with a cell in
the last corner kills the process; the others load the whole document as a tree, repeated rows and all.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from defusedxml.ElementTree import iterparse

from modules.budgets.importing.encodings import repaired
from modules.budgets.importing.sheets import EMPTY, HEAD_ROWS, MAX_COLUMNS, Cell, Row, SheetHead, number_cell

MAX_REPEATED = 100_000
_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT, _STYLE = (f"{_OASIS}{part}:1.0}}" for part in ("table", "office", "text", "style"))
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_NUMBERS = ("float", "currency", "percentage")


class OdsSource:
    """An open document. Anything that is raised is for the caller to take as "broken"."""

    is_text = False

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self._document = archive.read("content.xml")

    def heads(self) -> list[SheetHead]:
        """Every sheet with its beginning, in one pass."""
        hidden: set[str] = set()
        named: list[tuple[str, str, list[Row]]] = []
        for table, element, row in self._parts():
            if table < 0:
                properties = element.find(f"{_STYLE}table-properties")
                if properties is not None and properties.get(f"{_TABLE}display") == "false":
                    hidden.add(element.get(f"{_STYLE}name", ""))
            elif row is None:
                named.append((element.get(f"{_TABLE}name", ""), element.get(f"{_TABLE}style-name", ""), []))
            elif len(named[table][2]) < HEAD_ROWS:
                named[table][2].append(row)
        return [SheetHead(name=name, rows=rows, is_hidden=style in hidden) for name, style, rows in named]

    def rows(self, sheet: int) -> Iterator[Row]:
        """Rows of one sheet that are not empty. A row that the file repeats comes as often as it is seen."""
        for table, _, row in self._parts(sheet):
            if table > sheet:
                return
            if table == sheet and row is not None:
                yield row

    def _parts(self, only: int | None = None) -> Iterator[tuple[int, Any, Row | None]]:
        """Styles (table -1), then for each table its element and its rows; cells of sheet `only`, or of all."""
        table, number = -1, 0
        for event, element in self._events():
            if event == "start":
                if element.tag == f"{_TABLE}table":
                    table, number = table + 1, 0
                    yield table, element, None
            elif element.tag == f"{_TABLE}table-row":
                times = _count(element, "number-rows-repeated")
                cells = _cells(element) if only in (None, table) else ()
                element.clear()
                for ahead in range(1, min(times, MAX_REPEATED) + 1 if cells else 0):
                    yield table, element, Row(number + ahead, cells)
                number += times
            elif element.tag == f"{_STYLE}style" and table < 0:
                yield -1, element, None

    def _events(self) -> Iterator[tuple[str, Any]]:
        parser: Any = iterparse(io.BytesIO(self._document), events=("start", "end"), forbid_dtd=True)
        yield from parser


def _cells(row: Any) -> tuple[Cell, ...]:
    found: list[Cell] = []
    for element in row:
        if element.tag not in _CELLS:
            continue
        cell = EMPTY if element.tag == _CELLS[1] else _cell(element)
        found += [cell] * min(_count(element, "number-columns-repeated"), MAX_COLUMNS - len(found))
        if len(found) >= MAX_COLUMNS:
            break
    while found and found[-1].is_empty:
        found.pop()
    return tuple(found)


def _cell(element: Any) -> Cell:
    kind = element.get(f"{_OFFICE}value-type", "")
    text = repaired("\n".join(_words(part) for part in element.findall(f"{_TEXT}p")).strip())
    formula = element.get(f"{_TABLE}formula")
    if element.get(f"{_CALCEXT}value-type") == "error" or (formula and text.startswith(("#", "Err:"))):
        return Cell(text, fault="error_value")
    if kind in _NUMBERS:
        written = element.get(f"{_OFFICE}value")
        if written is None:
            return Cell(text, fault="formula_unknown")
        return number_cell(_number(written), is_percent=kind == "percentage")
    if kind == "date":
        return Cell(element.get(f"{_OFFICE}date-value", text))
    if formula and not kind and not text:
        return Cell(fault="formula_unknown")
    return Cell(text)


def _number(written: str) -> float | int:
    """Whole numbers stay whole; float() never meets more than a spreadsheet itself keeps."""
    bare = written.strip()
    return int(bare) if bare.lstrip("-").isdecimal() and len(bare) < 40 else float(bare)


def _words(element: Any) -> str:
    """The text of a paragraph, its runs of spaces spelt out, comments left out."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", "1")), 100))
        elif child.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            parts.append(" ")
        elif not child.tag.startswith(_OFFICE):
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _count(element: Any, name: str) -> int:
    return max(1, int(element.get(f"{_TABLE}{name}", "1")))
