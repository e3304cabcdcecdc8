"""A file of revenue execution to rows and problems: XLSX, ODS or CSV, with our own column names or those of reports.

Our own head: code, year_plan_adjusted, period_plan_cumulative, period_actual_cumulative; optional: name_hy (or name),
name_en, name_ru, part, year, month, year_plan_approved, percent_of_period_plan, deviation. Any other head is read by
`headings`. Lines of a CSV file that begin with "#" above the head may say `# unit: thousand drams` and
`# source_hy: ...`, `# source_en: ...`, `# source_ru: ...`.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from hamaynk.common.money import Unit
from modules.budgets.importing import archives, encodings, headings
from modules.budgets.importing.content import FileContent, FileRow, Progress
from modules.budgets.importing.headings import Layout
from modules.budgets.importing.opendocument import OdsSource
from modules.budgets.importing.problems import WARNING, Problem
from modules.budgets.importing.rows import RowReader
from modules.budgets.importing.sheets import DELIMITERS, BrokenLine, Row, SheetHead, Source, TextSource
from modules.budgets.importing.workbooks import XlsxSource

__all__ = ["MAX_BYTES", "FileContent", "FileRow", "is_large", "read"]
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


def read(
    content: bytes, *, unit: Unit, year: int, month: int, kind: str = "execution", progress: Progress | None = None
) -> FileContent:
    """Rows and problems of `content`, whose amounts are in `unit`; never raises for what a user may upload.

    kind: "execution", or "plan", which needs the plan of the year only. progress(done, of) is called now and then.
    """
    result = FileContent()
    if len(content) > MAX_BYTES:
        result.problems.append(Problem(code="too_big", params={"limit": str(MAX_BYTES // 1024 // 1024)}))
        return result
    try:
        source = _open(content, unit, result)
        if source is not None:
            _read_source(source, _settings(unit, year, month, kind), result, progress)
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
    return result


def _settings(unit: Unit, year: int, month: int, kind: str) -> dict[str, Any]:
    return {"unit": unit, "year": year, "month": month, "kind": kind}


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


def _read_source(source: Source, settings: dict[str, Any], result: FileContent, progress: Progress | None) -> None:
    chosen, rows = _choose(source.heads(), result)
    if chosen is None or result.layout is None:
        result.problems += _broken_before(source)
        return
    reader = RowReader(result=result, layout=result.layout, **settings)
    if not reader.take_head(rows[: result.layout.last + 1]):
        return
    reader.take_rows(source.rows(chosen), progress)
    if not result.rows and not result.totals and not any(problem.is_error for problem in result.problems):
        result.problems.append(Problem(code="no_rows"))


def _broken_before(source: Source) -> list[Problem]:
    """Why there is no head: the text breaks off, or nothing in the file looks like one."""
    if source.is_text:
        for _ in source.rows(0):  # raises BrokenLine at the line where it does
            pass
    return [Problem(code="no_header")]


def _choose(heads: list[SheetHead], result: FileContent) -> tuple[int | None, list[Row]]:
    """The visible sheet that looks most like a table of revenue; which one is told where there are several."""
    best: tuple[tuple[bool, int, int], int, Layout] | None = None
    for number, head in enumerate(heads):
        layout = None if head.is_hidden else headings.find(head.rows)
        if layout is not None:
            side = headings.side_of(head.rows[: layout.last + 1], head.name)
            rank = (side != "expenditure", layout.score + (5 if side == "revenue" else 0), -number)
            if best is None or rank > best[0]:
                best = rank, number, layout
    result.problems += [
        Problem(code="hidden_sheet", severity=WARNING, params={"name": head.name[:60]})
        for head in heads
        if head.is_hidden and head.rows
    ]
    if best is None:
        return None, []
    _, number, result.layout = best
    if sum(bool(head.rows) and not head.is_hidden for head in heads) > 1:
        params = {"name": heads[number].name[:60]}
        result.problems.append(Problem(code="sheet_chosen", severity=WARNING, params=params))
    return number, list(heads[number].rows)
