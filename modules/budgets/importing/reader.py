"""A file of plan or execution to rows and problems: XLSX, ODS or CSV, with our own column names or those of reports.

Our own head: code, year_plan_adjusted, period_plan_cumulative, period_actual_cumulative; optional: name_hy (or name),
name_en, name_ru, part, year, month, year_plan_approved, percent_of_period_plan, deviation, economic, settlement,
account. A plan needs code and year_plan_adjusted, or month_1 to month_12, or quarter_1 to quarter_4 (each by itself),
or to_3, to_6, to_9, to_12 (from January on). Any other head is read by `headings`.
Lines of a CSV file that begin with "#" above the head may say `# unit: thousand drams` and
`# source_hy: ...`, `# source_en: ...`, `# source_ru: ...`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from hamaynk.common.money import Unit
from modules.budgets.importing import archives, encodings, headings, sections
from modules.budgets.importing.content import FileContent, FileRow, Progress
from modules.budgets.importing.headings import Layout
from modules.budgets.importing.keys import KeyReader
from modules.budgets.importing.opendocument import OdsSource
from modules.budgets.importing.plans import PlanRow
from modules.budgets.importing.problems import WARNING, Problem
from modules.budgets.importing.rows import MAX_ROWS, RowReader
from modules.budgets.importing.sections import Wanted
from modules.budgets.importing.sheets import DELIMITERS, BrokenLine, Row, SheetHead, Source, TextSource
from modules.budgets.importing.trees import Lines, Tree, trees
from modules.budgets.importing.workbooks import XlsxSource

__all__ = ["MAX_BYTES", "FileContent", "FileRow", "PlanRow", "is_large", "read"]
log = logging.getLogger(__name__)
MAX_BYTES = 5 * 1024 * 1024
UNITS = {"thousand drams": Unit.THOUSANDS, "thousands": Unit.THOUSANDS, "drams": Unit.DRAMS}
_NOTE = re.compile(r"#\s*(unit|source|source_hy|source_en|source_ru)\s*:\s*(.+)", re.IGNORECASE)


def is_large(content: bytes, *, rows: int = 500) -> bool:
    """True where reading the file may take longer than somebody should wait for a page."""
    try:
        return archives.counted(content, archives.kind_of(content)) > rows or archives.unpacked(content) > MAX_BYTES
    except Exception:  # `read` says what is wrong with it
        return False


@dataclass(frozen=True, kw_only=True)
class _Request:
    """What `read` was asked for."""

    unit: Unit
    year: int
    month: int
    what: str
    wanted: Wanted
    trees: Mapping[str, Tree]

    @property
    def is_plan(self) -> bool:
        """True for a plan."""
        return self.what == "plan"


def read(
    content: bytes,
    *,
    unit: Unit,
    year: int,
    month: int = 12,
    kind: str = "",
    what: str = "execution",
    side: str | None = None,
    section: int | None = None,
    lines: Mapping[str, Lines] | None = None,
    progress: Progress | None = None,
) -> FileContent:
    """Rows and problems of `content`, whose amounts are in `unit`; never raises for what a user may upload.

    what (or kind, its older name): "execution", cumulative to `month`, or "plan", which gives `plan_rows` too. side:
    "revenue", "expenditure" or "financing"; section: 1, 2, 3, 5 or 6 of the official form; a table of another one is a
    problem. With neither, what the file holds is found, of several sheets that of revenue first. lines: kind of
    classification ("revenue", "functional", "economic", "financing") -> its lines by code, those of the town; the
    country pack's where a kind is not given. progress(done, of) is called now and then.
    """
    result = FileContent()
    if len(content) > MAX_BYTES:
        result.problems.append(Problem(code="too_big", params={"limit": str(MAX_BYTES // 1024 // 1024)}))
        return result
    wanted = Wanted(side=side or "", section=section or 0)
    request = _Request(unit=unit, year=year, month=month, what=kind or what, wanted=wanted, trees=trees(year, lines))
    try:
        source = _open(content, unit, result)
        if source is not None:
            _read_source(source, request, result, progress)
    except archives.Refused as refusal:
        result.problems.append(refusal.problem)
    except BrokenLine as broken:
        result.problems.append(Problem(code="broken_csv", line=broken.line))
    except Exception as error:  # a damaged workbook may make its reader raise anything
        if result.is_text:
            raise
        log.info("a spreadsheet cannot be read: %s", type(error).__name__)
        result.problems.append(Problem(code="broken_sheet"))
    if any(problem.code == "broken_sheet" for problem in result.problems):
        result.rows.clear()
        result.plan_rows.clear()
    return result


def _open(content: bytes, unit: Unit, result: FileContent) -> Source | None:
    kind = archives.kind_of(content)
    if kind == "text":
        return _open_text(content, unit, result)
    result.is_text = False
    return XlsxSource(content) if kind == "xlsx" else OdsSource(content)


def _open_text(content: bytes, unit: Unit, result: FileContent) -> Source | None:
    try:
        body, encoding = encodings.decode(content)
    except encodings.UnknownEncoding as error:
        line = content[: error.offset].count(b"\n") + 1
        result.problems.append(Problem(code="not_utf8", line=line))
        return None
    if not body.strip() or "\0" in body:
        result.problems.append(Problem(code="empty_file" if not body.strip() else "broken_csv"))
        return None
    if encoding == "utf-8":
        body = "\n".join(map(encodings.repaired, body.split("\n")))
    body = _take_notes(body, unit, result)
    return max((TextSource(body, delimiter) for delimiter in _by_use(body)), key=_score)


def _by_use(body: str) -> list[str]:
    """Delimiters, the one that the first line uses most first: it wins where no head tells them apart."""
    first = next((line for line in body.splitlines() if line.strip()), "")
    return sorted(DELIMITERS, key=first.count, reverse=True)


def _score(source: TextSource) -> int:
    layout = headings.find(source.heads()[0].rows)
    return 0 if layout is None else layout.score


def _take_notes(body: str, unit: Unit, result: FileContent) -> str:
    """Empties the lines above the head that begin with "#", so that the numbers of the others stay."""
    lines = body.splitlines(keepends=True)
    for number, line in enumerate(lines):
        bare = line.strip().strip(",;\t")
        if bare and not bare.startswith("#"):
            break
        lines[number] = "\n"
        note = _NOTE.fullmatch(bare)
        if not note:
            continue
        key, value = note[1].lower(), note[2].strip()
        if key == "unit" and UNITS.get(value.lower()) is not unit:
            result.problems.append(Problem(code="unit_differs", line=number + 1, params={"unit": value}))
        elif key != "unit":
            result.source[key.removeprefix("source_") if "_" in key else "hy"] = value[:500]
    return "".join(lines)


def _read_source(source: Source, request: _Request, result: FileContent, progress: Progress | None) -> None:
    chosen, head = _choose(source.heads(), request, result)
    layout = result.layout
    if chosen is None or layout is None:
        result.problems += _broken_before(source)
        return
    rows, broken = _below(source.rows(chosen.number), layout)
    found = sections.guess(layout, rows, head, chosen.name, request.trees)
    result.section = request.wanted.or_else(found)
    wrong = request.wanted.problems(found)
    if wrong:
        result.problems += wrong
        return
    reader = RowReader(
        result=result, layout=layout, unit=request.unit, year=request.year, month=request.month, what=request.what,
        keys=KeyReader(layout=layout, section=result.section, trees=request.trees),
    )  # fmt: skip
    if not reader.take_head(head):
        return
    reader.take_rows(rows, progress)
    result.problems += broken
    if not result.rows and not result.totals and not any(problem.is_error for problem in result.problems):
        result.problems.append(Problem(code="no_rows"))


def _below(rows: Iterator[Row], layout: Layout) -> tuple[list[Row], list[Problem]]:
    """The rows below the head, as many as can be read, and why there are no more."""
    below = (row for row in rows if row.number > layout.line and (layout.is_own or not headings.is_numbering(row)))
    found: list[Row] = []
    try:
        for row in islice(below, MAX_ROWS + 1):
            found.append(row)
    except BrokenLine as fault:
        return found, [Problem(code="broken_csv", line=fault.line)]
    if len(found) > MAX_ROWS:
        line = found.pop().number
        return found, [Problem(code="too_many_rows", line=line, params={"limit": str(MAX_ROWS)})]
    return found, []


def _broken_before(source: Source) -> list[Problem]:
    """Why there is no head: the text breaks off, or nothing in the file looks like one."""
    if source.is_text:
        for _ in source.rows(0):  # raises BrokenLine at the line where it does
            pass
    return [Problem(code="no_header")]


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    """A sheet that may be the one to read."""

    number: int
    name: str
    layout: Layout
    rank: tuple[int, int, int]


def _choose(heads: list[SheetHead], request: _Request, result: FileContent) -> tuple[_Sheet | None, list[Row]]:
    """The visible sheet that looks most like the table wanted, and its head; which one is told where there are several."""
    sheets = []
    for number, head in enumerate(heads):
        layout = None if head.is_hidden else headings.find(head.rows, is_plan=request.is_plan)
        if layout is not None:
            section = sections.guess(layout, head.rows, head.rows[: layout.last + 1], head.name, request.trees)
            is_table = layout.score >= 100
            rank = (request.wanted.rank(section) if is_table else 0, layout.score, -number)
            sheets.append(_Sheet(number=number, name=head.name, layout=layout, rank=rank))
    result.problems += [
        Problem(code="hidden_sheet", severity=WARNING, params={"name": head.name[:60]})
        for head in heads
        if head.is_hidden and head.rows
    ]
    if not sheets:
        return None, []
    best = max(sheets, key=lambda sheet: sheet.rank)
    result.layout = best.layout
    if sum(bool(head.rows) and not head.is_hidden for head in heads) > 1:
        result.problems.append(Problem(code="sheet_chosen", severity=WARNING, params={"name": best.name[:60]}))
    return best, list(heads[best.number].rows[: best.layout.last + 1])
