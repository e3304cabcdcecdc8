"""A CSV file of revenue execution to rows and problems.

Head: code, year_plan_adjusted, period_plan_cumulative, period_actual_cumulative; optional: name_hy (or name), name_en,
name_ru, part, year, month, year_plan_approved, percent_of_period_plan, deviation. Comma, semicolon or tab; UTF-8 with
or without a mark at the start. Lines that begin with "#" above the head may say `# unit: thousand drams` and
`# source_hy: ...`, `# source_en: ...`, `# source_ru: ...`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hamaynk.common.money import (
    AmountError,
    Unit,
    deviation,
    parse_amount,
    parse_number,
    percent_of,
    round_half_up,
)
from modules.budgets.codes import is_code
from modules.budgets.importing.problems import WARNING, Problem

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
AMOUNTS = {
    "year_plan_adjusted": "year_plan",
    "period_plan_cumulative": "period_plan",
    "period_actual_cumulative": "actual",
}
REQUIRED = ("code", *AMOUNTS)
OPTIONAL = (
    "name_hy", "name_en", "name_ru", "part", "year", "month", "year_plan_approved", "percent_of_period_plan",
    "deviation", "article",
)  # fmt: skip
PARTS = {"": "undivided", "total": "undivided", "undivided": "undivided", "administrative": "administrative",
         "fund": "fund"}  # fmt: skip
UNITS = {"thousand drams": Unit.THOUSANDS, "thousands": Unit.THOUSANDS, "drams": Unit.DRAMS}
_NOTE = re.compile(r"#\s*(unit|source|source_hy|source_en|source_ru)\s*:\s*(.+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """One line of a file. line: its number in the file; amounts in drams, cumulative since 1 January."""

    line: int
    code: str
    part: str
    year_plan: Decimal
    period_plan: Decimal
    actual: Decimal
    approved_plan: Decimal | None = None
    name_hy: str = ""
    name_en: str = ""
    name_ru: str = ""

    def to_json(self) -> dict[str, Any]:
        """Form kept in ImportBatch.rows; amounts as decimal strings."""
        return {key: (str(value) if isinstance(value, Decimal) else value) for key, value in self.__dict__.items()}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> FileRow:
        """The reverse of to_json."""
        amounts = {key: Decimal(value[key]) for key in ("year_plan", "period_plan", "actual")}
        approved = value["approved_plan"]
        return cls(**(value | amounts | {"approved_plan": None if approved is None else Decimal(approved)}))


@dataclass
class FileContent:
    """What a file holds: rows that could be read, problems of those that could not, notes above the head."""

    rows: list[FileRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    source: dict[str, str] = field(default_factory=dict)


def read(content: bytes, *, unit: Unit, year: int, month: int) -> FileContent:
    """Rows and problems of `content`, whose amounts are in `unit`; never raises for what a user may upload."""
    result = FileContent()
    if len(content) > MAX_BYTES:
        result.problems.append(Problem(code="too_big", params={"limit": str(MAX_BYTES // 1024 // 1024)}))
        return result
    try:
        body = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        result.problems.append(Problem(code="not_utf8", line=line))
        return result
    if not body.strip() or "\0" in body:
        result.problems.append(Problem(code="empty_file" if not body.strip() else "broken_csv"))
        return result
    body = _take_notes(body, unit, result)
    _read_table(body, _Reader(unit=unit, year=year, month=month, result=result))
    return result


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


def _read_table(body: str, reader: _Reader) -> None:
    problems = reader.result.problems
    head_seen = False
    for line, cells in _records(body, problems):
        if not head_seen:
            head_seen = True
            if not reader.take_head(line, cells):
                return
        elif len(reader.result.rows) >= MAX_ROWS:
            problems.append(Problem(code="too_many_rows", line=line, params={"limit": str(MAX_ROWS)}))
            return
        else:
            reader.take_row(line, cells)
    if not head_seen:
        problems.append(Problem(code="no_header"))
    elif not reader.result.rows and not problems:
        problems.append(Problem(code="no_rows"))


def _records(body: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Number of the line and stripped cells of every record that is not empty."""
    head = next((line for line in body.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=head.count)
    table = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = table.line_num + 1
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error:
            problems.append(Problem(code="broken_csv", line=line))
            return
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]


@dataclass
class _Reader:
    """State while a table is read: the head's columns and the lines on which a code stood."""

    unit: Unit
    year: int
    month: int
    result: FileContent
    columns: list[str] = field(default_factory=list)
    first_lines: dict[tuple[str, str], int] = field(default_factory=dict)

    def take_head(self, line: int, cells: list[str]) -> bool:
        """Learns the columns; False where a needed one is missing or one stands twice."""
        self.columns = [{"name": "name_hy"}.get(cell.lower(), cell.lower()) for cell in cells]
        faults = [
            Problem(code="missing_column", line=line, params={"name": name})
            for name in REQUIRED
            if name not in self.columns
        ]
        faults += [
            Problem(code="double_column", line=line, column=name, params={"name": name})
            for name in sorted({c for c in self.columns if c and self.columns.count(c) > 1})
        ]
        unknown = [name for name in self.columns if name and name not in REQUIRED + OPTIONAL]
        self.result.problems += faults + [
            Problem(code="unknown_column", severity=WARNING, line=line, column=name[:40], params={"name": name[:40]})
            for name in unknown
        ]
        return not faults

    def take_row(self, line: int, cells: list[str]) -> None:
        """One line: a row where everything could be read, problems otherwise."""
        if len(cells) != len(self.columns):
            params = {"found": str(len(cells)), "expected": str(len(self.columns))}
            self.result.problems.append(Problem(code="wrong_width", line=line, params=params))
            return
        values = dict(zip(self.columns, cells, strict=True))
        faults: list[Problem] = []
        code, part = self._key(line, values, faults)
        self._check_period(line, values, faults)
        amounts = {field: self._amount(line, column, values[column], faults) for column, field in AMOUNTS.items()}
        approved = values.get("year_plan_approved", "")
        approved_plan = self._amount(line, "year_plan_approved", approved, faults) if approved else None
        complete: dict[str, Any] = {key: value for key, value in amounts.items() if value is not None}
        if len(complete) == len(AMOUNTS):
            faults += _stated_results(line, values, complete, self.unit)
        self.result.problems += faults
        if any(fault.is_error for fault in faults):
            return
        names: dict[str, Any] = {key: values.get(key, "")[:400] for key in ("name_hy", "name_en", "name_ru")}
        self.result.rows.append(
            FileRow(line=line, code=code, part=part, approved_plan=approved_plan, **names, **complete)
        )

    def _key(self, line: int, values: dict[str, str], faults: list[Problem]) -> tuple[str, str]:
        code, written = values["code"], values.get("part", "").lower()
        part = PARTS.get(written, "")
        if not code:
            faults.append(Problem(code="missing_code", line=line, column="code"))
        elif not is_code(code):
            faults.append(Problem(code="unknown_code", line=line, column="code", params={"code": code[:40]}))
        if not part:
            faults.append(Problem(code="unknown_part", line=line, column="part", params={"value": written[:40]}))
        first = self.first_lines.setdefault((code, part), line)
        if code and part and first != line:
            params = {"code": code[:40], "first": str(first)}
            faults.append(Problem(code="duplicate", line=line, column="code", params=params))
        return code, part

    def _check_period(self, line: int, values: dict[str, str], faults: list[Problem]) -> None:
        for column, expected in (("year", self.year), ("month", self.month)):
            found = values.get(column, "")
            if found and found.lstrip("0") != str(expected):
                params = {"found": found[:20], "expected": str(expected)}
                faults.append(Problem(code=f"other_{column}", line=line, column=column, params=params))

    def _amount(self, line: int, column: str, value: str, faults: list[Problem]) -> Decimal | None:
        try:
            amount = parse_amount(value, self.unit)
        except AmountError as error:
            params = {"value": error.value[:40]}
            faults.append(Problem(code=error.code, line=line, column=column, params=params))
            return None
        if amount < 0:
            actual = column == "period_actual_cumulative"
            code, severity = ("negative_actual", WARNING) if actual else ("negative_plan", "error")
            faults.append(Problem(code=code, severity=severity, line=line, column=column))
        return amount


def _stated_results(line: int, values: dict[str, str], amounts: dict[str, Decimal], unit: Unit) -> list[Problem]:
    """Percent and deviation that the file itself prints, against ours, at as many places as it prints (R58)."""
    faults: list[Problem] = []
    plan, actual = amounts["period_plan"], amounts["actual"]
    if plan > amounts["year_plan"]:
        faults.append(Problem(code="plan_above_year", severity=WARNING, line=line, column="period_plan_cumulative"))
    # The official pages print 0.00 where there is no plan to compare with.
    ours = {"percent_of_period_plan": percent_of(actual, plan) or Decimal(0)}
    ours["deviation"] = deviation(actual, plan).scaleb(-3 if unit is Unit.THOUSANDS else 0)
    for column, code in (("percent_of_period_plan", "percent_differs"), ("deviation", "deviation_differs")):
        written = values.get(column, "")
        if written in ("", "-", "–", "—"):
            continue
        try:
            stated = parse_number(written.rstrip("% "))
        except AmountError as error:
            faults.append(Problem(code=error.code, line=line, column=column, params={"value": error.value[:40]}))
            continue
        places = max(0, -int(stated.as_tuple().exponent))
        expected = round_half_up(ours[column], min(places, 5))
        if stated != expected:
            params = {"found": written[:40], "expected": str(expected)}
            faults.append(Problem(code=code, line=line, column=column, params=params))
    return faults
