"""Where the table stands on a sheet and what its columns hold: our own names, or the headings of real reports.

Real reports have heads of up to four rows with merged cells, most often nine columns of amounts: approved plan,
adjusted plan, actual, each as total, administrative and fund part (armenia.md 2.1). A merged cell counts for all the
cells it covers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from modules.budgets.importing import vocabulary
from modules.budgets.importing.sheets import Row
from modules.budgets.importing.vocabulary import PERIODS

MAX_HEIGHT = 4
MAX_TEXT = 400  # longer is a sentence, no heading
OWN = {
    "code": "code", "year_plan_adjusted": "year_plan", "period_plan_cumulative": "period_plan",
    "period_actual_cumulative": "actual", "year_plan_approved": "approved_plan", "percent_of_period_plan": "percent",
    "deviation": "deviation", "name": "name_hy", "name_hy": "name_hy", "name_en": "name_en", "name_ru": "name_ru",
    "part": "part", "year": "year", "month": "month", "article": "article", "economic": "economic",
    "settlement": "settlement", "account": "account",
    **{name: name for name in PERIODS},
}  # fmt: skip
NAMES = {field: name for name, field in OWN.items() if name != "name"}
AMOUNTS = ("year_plan", "period_plan", "actual", "approved_plan")
MEASURES = (*AMOUNTS, "percent", "deviation")
_FIGURE = re.compile(r"[-−(]?\d[\d.,\s]*\)?%?")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column we read. part: "" where the row says it, or the file has no parts. heading: as problems name it."""

    index: int
    field: str
    heading: str
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A heading that means nothing to us, or a second column for the same."""

    index: int
    heading: str
    is_double: bool


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The head of a table. first, last: positions of its rows among those looked at; line: number of its last row."""

    columns: tuple[Column, ...]
    unread: tuple[Unread, ...]
    is_own: bool
    first: int
    last: int
    line: int
    width: int
    by_field: dict[tuple[str, str], Column] = field(default_factory=dict)

    def column(self, name: str, part: str = "") -> Column | None:
        """The column of a field, for one part."""
        return self.by_field.get((name, part))

    @property
    def parts(self) -> list[str]:
        """Parts that have columns of their own; [""] where there are none."""
        return sorted({column.part for column in self.columns if column.field in (*MEASURES, *PERIODS)}) or [""]

    def has(self, name: str) -> bool:
        """True where some column holds this field."""
        return any(column.field == name for column in self.columns)

    @property
    def score(self) -> int:
        """How much of a table this is."""
        complete = self.has("code") and any(self.has(name) for name in (*AMOUNTS, *PERIODS))
        doubles = sum(column.is_double for column in self.unread)
        return (100 if complete else 0) + len(self.columns) - 2 * doubles


class _Meanings:
    """Meanings looked up while one file is read: its texts come again in every block that is tried."""

    def __init__(self, *, is_plan: bool) -> None:
        self._known: dict[tuple[str, str], str] = {}
        self._among = {
            "field": vocabulary.PLAN_FIELDS if is_plan else vocabulary.FIELDS,
            "part": frozenset(vocabulary.PARTS),
            "period": frozenset(PERIODS),
            "cumulative": frozenset({"cumulative"}),
        }
        self.is_plan = is_plan

    def of(self, text: str, kind: str) -> str:
        """What a heading says of a kind: "field" (what the column holds), "part", "period", "cumulative"."""
        if len(text) > MAX_TEXT:
            return ""
        if (text, kind) not in self._known:
            self._known[text, kind] = vocabulary.meaning(text, self._among[kind])
        return self._known[text, kind]


def find(rows: Sequence[Row], *, is_plan: bool = False) -> Layout | None:
    """The head among the first rows of a sheet: the one that says most, with the fewest rows; None without any.

    is_plan: months and quarters are columns too, and a column that names a part alone is its plan of the year.
    """
    best: Layout | None = None
    meanings = _Meanings(is_plan=is_plan)
    for first, row in enumerate(rows):
        if _is_own(row):
            return _own(row, first, is_plan=is_plan)
        for height in range(1, MAX_HEIGHT + 1):
            block = rows[first : first + height]
            if len(block) < height or _is_figures(block[-1]):
                break
            found = _layout(block, first, meanings)
            if any(map(found.has, ("code", *AMOUNTS, *PERIODS))) and (best is None or found.score > best.score):
                best = found
    return best


def unit_of(rows: Sequence[Row]) -> tuple[str, int, int, str] | None:
    """The unit that the rows above the figures name ("thousands", "millions", "drams"), its line, column and words."""
    for row in rows:
        for index, cell in enumerate(row.cells):
            unit = vocabulary.meaning(cell.text, vocabulary.UNITS) if cell.text else ""
            if unit:
                return unit, row.number, index, cell.text
    return None


def is_numbering(row: Row) -> bool:
    """True for the row "1 2 3 4 ..." that official forms have below their head."""
    texts = [cell.text for cell in row.cells if cell.text]
    numbers = [int(text) for text in texts if re.fullmatch(r"\d{1,2}", text)]
    return (
        len(numbers) >= 3 and len(numbers) == len(texts) and numbers == list(range(numbers[0], numbers[0] + len(texts)))
    )


def said(rows: Sequence[Row], name: str, among: Collection[str]) -> str:
    """The first of the meanings that a sheet's name or its head says, or ""."""
    for text in (name, *(cell.text for row in rows for cell in row.cells)):
        found = vocabulary.meaning(text, among) if 0 < len(text) <= MAX_TEXT else ""
        if found:
            return found
    return ""


def _is_own(row: Row) -> bool:
    names = [cell.text.lower() for cell in row.cells]
    return "code" in names and any(name in OWN and name != "code" for name in names)


def _is_figures(row: Row) -> bool:
    return sum(cell.number is not None or bool(_FIGURE.fullmatch(cell.text)) for cell in row.cells) >= 2


def _own(row: Row, first: int, *, is_plan: bool) -> Layout:
    columns: list[Column] = []
    unread: list[Unread] = []
    for index, cell in enumerate(row.cells):
        name = cell.text.lower()
        meant = OWN.get(name, "")
        if meant and (is_plan or meant not in PERIODS):
            _add(columns, unread, Column(index=index, field=meant, heading=NAMES[meant]))
        elif name:
            unread.append(Unread(index=index, heading=name[:40], is_double=False))
    return _made(columns, unread, is_own=True, first=first, last=first, row=row)


def _layout(block: Sequence[Row], first: int, meanings: _Meanings) -> Layout:
    columns: list[Column] = []
    unread: list[Unread] = []
    filled = _filled(block)
    for index in range(len(filled[0])):
        own = [row.cell(index).text for row in block if row.cell(index).text]
        if not own:
            continue
        path = [texts[index] for texts in reversed(filled) if texts[index]]
        heading = " / ".join(dict.fromkeys(" ".join(text.split()) for text in reversed(path)))[-80:]
        meant = _field(path, meanings)
        if meant in MEASURES or meant in PERIODS:
            part = next(filter(None, (meanings.of(text, "part") for text in path)), "")
            part = vocabulary.PARTS.get(part, "")
            _add(columns, unread, Column(index=index, field=meant, heading=heading, part=part))
        elif meant:
            _add(columns, unread, Column(index=index, field=meant, heading=heading))
        else:
            unread.append(Unread(index=index, heading=heading, is_double=False))
    return _made(columns, unread, is_own=False, first=first, last=first + len(block) - 1, row=block[-1])


def _add(columns: list[Column], unread: list[Unread], column: Column) -> None:
    if column.field == "ordinal":
        return
    if any((one.field, one.part) == (column.field, column.part) for one in columns):
        unread.append(Unread(index=column.index, heading=column.heading, is_double=True))
    else:
        columns.append(column)


def _made(columns: list[Column], unread: list[Unread], *, is_own: bool, first: int, last: int, row: Row) -> Layout:
    return Layout(
        columns=tuple(columns),
        unread=tuple(unread),
        is_own=is_own,
        first=first,
        last=last,
        line=row.number,
        width=len(row.cells),
        by_field={(column.field, column.part): column for column in columns},
    )


def _filled(block: Sequence[Row]) -> list[list[str]]:
    """Texts of the head, each merged cell in every place it covers: to the right, below the same cells above."""
    width = max(len(row.cells) for row in block)
    filled: list[list[str]] = []
    for level, row in enumerate(block):
        texts: list[str] = []
        for index in range(width):
            text = row.cell(index).text
            covered = not text and index > 0 and not any(above.cell(index).text for above in block[:level])
            texts.append(texts[-1] if covered and level < len(block) - 1 else text)
        filled.append(texts)
    return filled


def _field(path: Sequence[str], meanings: _Meanings) -> str:
    """What a column holds: its lowest heading says it, or that with the one above it, and so on."""
    if meanings.is_plan:
        period = next(filter(None, (meanings.of(text, "period") for text in path)), "")
        if period:
            return _cumulative(period) if any(meanings.of(text, "cumulative") for text in path) else period
    for depth in range(1, len(path) + 1):
        meant = meanings.of(" ".join(path[:depth]), "field")
        if meant:
            return "name_hy" if meant == "name" else meant
    if meanings.is_plan and any(meanings.of(text, "part") for text in path):
        return "year_plan"
    return ""


def _cumulative(period: str) -> str:
    """ "quarter_2" below the heading "cumulative" runs from January to June."""
    kind, number = period.split("_")
    return f"to_{3 * int(number)}" if kind == "quarter" else period
