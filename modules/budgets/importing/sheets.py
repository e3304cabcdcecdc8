"""A file as rows of cells with their addresses, whatever it was: XLSX, ODS or CSV. What the rows mean: `headings`.

A cell keeps what the officer sees: the text, and for a number the decimal that the program shows, never the binary
fraction behind it (760414.5, not 760414.50000000001).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Protocol

HEAD_ROWS = 60  # the head of the table is looked for in so many rows
MAX_COLUMNS = 64
DELIMITERS = ",;\t"
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_NOISE = Decimal("2e-14")  # what adding up doubles leaves behind, relative


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. number: where the file says that it is one. fault: code of a problem that makes it unreadable."""

    text: str = ""
    number: Decimal | None = None
    fault: str = ""

    @property
    def is_empty(self) -> bool:
        """True where there is nothing to see."""
        return not self.text and not self.fault


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """One row or line. number: as the program shows it, from 1; the first line of a record that spans several."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, index: int) -> Cell:
        """The cell at a column; an empty one beyond the last."""
        return self.cells[index] if index < len(self.cells) else EMPTY


@dataclass(frozen=True)
class SheetHead:
    """A sheet and its first rows that are not empty."""

    name: str
    rows: Sequence[Row]
    is_hidden: bool = False


class Source(Protocol):
    """A file opened for reading. rows(): those of the sheet with this number that are not empty."""

    is_text: bool

    def heads(self) -> list[SheetHead]:
        """Every sheet with its beginning."""

    def rows(self, sheet: int) -> Iterator[Row]:
        """One whole sheet."""


class BrokenLine(Exception):
    """Text that is no CSV from this line on."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


@dataclass
class TextSource:
    """CSV. delimiter: comma, semicolon or tab."""

    text: str
    delimiter: str
    is_text: bool = field(default=True, init=False)

    def heads(self) -> list[SheetHead]:
        """The one sheet that a text has, as far as it can be read."""
        found: list[Row] = []
        try:
            for row in self.rows(0):
                found.append(row)
                if len(found) >= HEAD_ROWS:
                    break
        except BrokenLine:
            pass
        return [SheetHead(name="", rows=found)]

    def rows(self, sheet: int) -> Iterator[Row]:
        """Records that are not empty; raises BrokenLine."""
        table = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)
        while True:
            line = table.line_num + 1
            try:
                cells = next(table)
            except StopIteration:
                return
            except csv.Error as error:
                raise BrokenLine(line) from error
            if any(cell.strip() for cell in cells):
                yield Row(line, tuple(Cell(cell.strip()) for cell in cells))


def number_cell(value: float | int, *, is_percent: bool = False) -> Cell:
    """The cell of a number in a spreadsheet. A percentage is a text with its sign: it is no amount."""
    seen = shown(value)
    if seen is None:
        return Cell(text=str(value), fault="error_value")
    if is_percent:
        return Cell(text=f"{seen.scaleb(2, _EXACT):f}%")
    return Cell(text=f"{seen:f}", number=seen)


def shown(value: float | int) -> Decimal | None:
    """The decimal that a spreadsheet shows for `value`: fifteen digits, without the dust of sums; None for NaN."""
    if isinstance(value, int):
        return Decimal(value)
    number = Decimal(f"{value:.15g}")
    if not number.is_finite() or abs(number) > Decimal(10) ** 40:
        return None
    near = number.quantize(Decimal("0.00001"), context=_EXACT)
    if abs(near - number) <= abs(number) * _NOISE:
        number = near
    return number.normalize(_EXACT)


def address(line: int, index: int) -> str:
    """ "B12" for the second column of row 12."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{line}"
