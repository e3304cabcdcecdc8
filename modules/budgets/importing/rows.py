"""From rows of cells to figures, problem by problem, once it is known what the columns hold.

What a row is about: `keys`. What a row of a plan states: `plan_columns`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hamaynk.common.money import (
    AmountError,
    Unit,
    deviation,
    parse_amount,
    percent_of,
    round_half_up,
)
from modules.budgets.importing import headings, vocabulary
from modules.budgets.importing.content import FileContent, FileRow, Progress
from modules.budgets.importing.headings import AMOUNTS, MEASURES, NAMES, Column, Layout
from modules.budgets.importing.keys import KeyReader, RowKey
from modules.budgets.importing.numbers import Style, read_number, style_of
from modules.budgets.importing.plan_columns import left_out, plan_columns, stated_plan
from modules.budgets.importing.plans import PlanRow
from modules.budgets.importing.problems import WARNING, Problem
from modules.budgets.importing.sheets import Cell, Row
from modules.budgets.importing.vocabulary import PERIODS
from modules.budgets.tables import Names

MAX_ROWS = 20_000
PARTS = {"": "undivided", "total": "undivided", "undivided": "undivided", "administrative": "administrative",
         "fund": "fund"}  # fmt: skip
PROGRESS_STEP = 250
DASHES = ("", "-", "–", "—")
CROSSES = ("x", "х")  # Latin and Cyrillic: what official forms print in cells that are not to be filled


@dataclass
class RowReader:
    """State while a table is read. what: "execution", or "plan", which needs the plan of the year only."""

    unit: Unit
    year: int
    month: int
    what: str
    layout: Layout
    result: FileContent
    keys: KeyReader
    parts: list[str] = field(default_factory=list)
    styles: dict[int, Style] = field(default_factory=dict)
    first_lines: dict[tuple[str, ...], int] = field(default_factory=dict)

    def take_head(self, rows: Sequence[Row]) -> bool:
        """Problems of the head and of what stands above it; False where the table cannot be read."""
        layout, line = self.layout, self.layout.line
        faults = [Problem(code="missing_column", line=line, params={"name": NAMES[name]}) for name in self._missing()]
        for unread in layout.unread:
            code, severity = ("double_column", "error") if unread.is_double else ("unknown_column", WARNING)
            params, cell = {"name": unread.heading}, self.result.cell(line, unread.index)
            faults.append(
                Problem(code=code, severity=severity, line=line, column=unread.heading, cell=cell, params=params)
            )
        faults += self._choose_parts()
        faults += self._check_unit(rows)
        if self.what == "execution" and not layout.is_own:
            faults += self._stand_ins()
        self.result.problems += faults
        return not any(fault.is_error and fault.code in ("missing_column", "double_column") for fault in faults)

    def take_rows(self, rows: Sequence[Row], progress: Progress | None) -> None:
        """Every row below the head, after a look at how the columns write their numbers."""
        self._learn_styles(rows)
        self.keys.learn(rows)
        for done, row in enumerate(rows):
            if progress is not None and done % PROGRESS_STEP == 0:
                progress(done, len(rows))
            self.take_row(row)

    def take_row(self, row: Row) -> None:
        """One row: its figures where everything could be read, problems otherwise."""
        if self._is_wrong_width(row):
            params = {"found": str(len(row.cells)), "expected": str(self.layout.width)}
            self.result.problems.append(Problem(code="wrong_width", line=row.number, params=params))
            return
        key = self.keys.read(row)
        if not key.is_line:
            written = self._text(row, "code")
            if vocabulary.is_total(key.name or written) and (not written or not key.name):
                self._take_total(row)
                return
        if (not key.is_line or key.fault) and not self.layout.is_own and not self._has_amounts(row):
            return  # titles of sections, "of which", signatures
        faults: list[Problem] = []
        self._check_period(row, faults)
        if key.fault:
            faults.append(self._problem(key.fault, row.number, key.column, value=key.value))
        parts = [self._check_key(row, key, part, faults) for part in self.parts]
        rows = [found for part in parts if (found := self._figure(row, key, part, faults))]
        self.result.problems += faults
        if not any(fault.is_error for fault in faults):
            self.result.rows += [figure for figure, _ in rows]
            self.result.plan_rows += [plan for _, plan in rows if plan is not None]

    # --- the head ---

    def _missing(self) -> list[str]:
        """Fields that the table needs and has not."""
        layout = self.layout
        if self.what == "plan":
            needed = [] if any(self._is_complete(part) for part in layout.parts) else ["year_plan"]
        elif layout.is_own:
            needed = ["year_plan", "period_plan", "actual"]
        else:
            needed = ["actual"] if layout.has("approved_plan") else ["year_plan", "actual"]
        named = {2: ("article", "division"), 3: ("article", "economic"), 6: ("article", "division", "economic")}
        if not any(map(layout.has, named.get(self.result.section, ()))):
            needed.insert(0, "code")
        return [name for name in needed if not layout.has(name)]

    def _choose_parts(self) -> list[Problem]:
        """Parts whose columns are complete are read; what else there is, is told."""
        complete = [part for part in self.layout.parts if self._is_complete(part)]
        self.parts = complete or self.layout.parts
        left_over = [part for part in self.layout.parts if part not in self.parts]
        columns = [column for column in self.layout.columns if column.field in AMOUNTS and column.part in left_over]
        if self.what == "plan":
            columns = [column for part in self.layout.parts for column in left_out(self.layout, part)]
        return [
            self._problem("part_incomplete", self.layout.line, column, severity=WARNING, name=column.heading)
            for column in columns
        ]

    def _is_complete(self, part: str) -> bool:
        if self.what == "plan":
            return plan_columns(self.layout, part).is_complete
        has_plan = any(self.layout.column(name, part) for name in ("year_plan", "approved_plan"))
        return has_plan and self.layout.column("actual", part) is not None

    def _check_unit(self, rows: Sequence[Row]) -> list[Problem]:
        found = headings.unit_of(rows)
        if found is None or found[0] == self.unit.value:
            return []
        unit, line, index, words = found
        code, severity = ("unit_differs", "error") if unit == "millions" else ("unit_may_differ", WARNING)
        params, cell = {"unit": words[:80]}, self.result.cell(line, index)
        return [Problem(code=code, severity=severity, line=line, cell=cell, params=params)]

    def _stand_ins(self) -> list[Problem]:
        """Which plan stands in for one that the file does not have. In December period and year are the same."""
        faults = []
        if any(self.layout.column("year_plan", part) is None for part in self.parts):
            faults.append(Problem(code="adjusted_is_approved", severity=WARNING, line=self.layout.line))
        if self.month < 12 and any(self.layout.column("period_plan", part) is None for part in self.parts):
            self.result.has_own_period = False
            faults.append(Problem(code="period_is_year", severity=WARNING, line=self.layout.line))
        return faults

    # --- one row ---

    def _learn_styles(self, rows: Sequence[Row]) -> None:
        columns = [column.index for column in self.layout.columns if column.field in (*MEASURES, *PERIODS)]
        texts = {index: [c.text for row in rows if (c := row.cell(index)).number is None] for index in columns}
        whole = style_of(text for index in columns for text in texts[index])
        self.styles = {index: style_of(texts[index]).or_else(whole) for index in columns}

    def _is_wrong_width(self, row: Row) -> bool:
        if not self.result.is_text:
            return False
        beyond = any(cell.text for cell in row.cells[self.layout.width :])
        if not self.layout.is_own:
            return beyond
        return beyond or len(row.cells) < self.layout.width

    def _has_amounts(self, row: Row) -> bool:
        fields = (*AMOUNTS, *PERIODS)
        return any(not row.cell(column.index).is_empty for column in self.layout.columns if column.field in fields)

    def _check_key(self, row: Row, key: RowKey, part: str, faults: list[Problem]) -> str:
        """The part of a figure; key and part must be known and stand once."""
        line = row.number
        if not part:
            part = self._part_of(row, faults)
        if not key.is_line and self.parts[0] in (part, ""):
            written = self._text(row, "code") or key.code
            if written:
                faults.append(self._problem("unknown_code", line, "code", code=written[:40]))
            else:
                faults.append(self._problem("missing_code", line, "code"))
        code = key.economic or key.code
        first = self.first_lines.setdefault((key.code, key.economic, key.settlement, key.account, part), line)
        if code and part and first != line and not key.fault:
            faults.append(self._problem("duplicate", line, "code", code=code[:40], first=str(first)))
        return part

    def _part_of(self, row: Row, faults: list[Problem]) -> str:
        written = self._text(row, "part").lower()
        part = PARTS.get(written, "") or vocabulary.PARTS.get(vocabulary.meaning(written, vocabulary.PARTS), "")
        if not part:
            faults.append(self._problem("unknown_part", row.number, "part", value=written[:40]))
        return part

    def _check_period(self, row: Row, faults: list[Problem]) -> None:
        for name, expected in (("year", self.year), ("month", self.month)):
            found = self._text(row, name)
            if found and found.lstrip("0") != str(expected):
                faults.append(
                    self._problem(f"other_{name}", row.number, name, found=found[:20], expected=str(expected))
                )

    def _figure(self, row: Row, key: RowKey, part: str, faults: list[Problem]) -> tuple[FileRow, PlanRow | None] | None:
        """The figure of one part of a row, or None where it states none or something in it cannot be read."""
        at = part if part in self.parts else ""
        if self.what == "plan":
            return self._plan(row, key, part, faults)
        columns = {name: column for name in AMOUNTS if (column := self.layout.column(name, at))}
        cells = {name: row.cell(column.index) for name, column in columns.items()}
        if not self.layout.is_own and all(cell.is_empty for cell in cells.values()):
            return None
        amounts = {name: self._amount(row.number, columns[name], cell, faults) for name, cell in cells.items()}
        if not amounts.get("approved_plan") and "year_plan" in amounts and cells.get("approved_plan", Cell()).is_empty:
            amounts["approved_plan"] = None
        if any(amounts[name] is None for name in amounts if name != "approved_plan"):
            return None
        year_plan = amounts.get("year_plan", amounts.get("approved_plan"))
        if year_plan is None:
            return None
        plan, actual = amounts.get("period_plan", year_plan) or Decimal(0), amounts.get("actual") or Decimal(0)
        self._check_stated(row, at, year_plan, plan, actual, faults)
        figure = FileRow(
            year_plan=year_plan, period_plan=plan, actual=actual, approved_plan=amounts.get("approved_plan"),
            **self._place(row, key, part), **self._names(row, key),
        )  # fmt: skip
        return figure, None

    def _plan(self, row: Row, key: RowKey, part: str, faults: list[Problem]) -> tuple[FileRow, PlanRow] | None:
        """What a plan states for one part of a row, as a figure of the year and with its months."""
        at = part if part in self.parts else ""

        def amount(column: Column) -> Decimal | None:
            return self._amount(row.number, column, row.cell(column.index), faults)

        stated = stated_plan(row, plan_columns(self.layout, at), amount, self._problem, faults)
        if stated is None:
            if self.layout.is_own:
                faults.append(self._problem("empty", row.number, "year_plan"))
            return None
        column = self.layout.column("approved_plan", at)
        approved = None if column is None or row.cell(column.index).is_empty else amount(column)
        place, names = self._place(row, key, part), self._names(row, key)
        figure = FileRow(
            year_plan=stated.year, period_plan=Decimal(0), actual=Decimal(0), approved_plan=approved, **place, **names
        )
        spoken = Names(hy=names["name_hy"], en=names["name_en"], ru=names["name_ru"])
        plan = PlanRow(year=stated.year, quarters=stated.quarters, months=stated.months, names=spoken, **place)
        return figure, plan

    def _place(self, row: Row, key: RowKey, part: str) -> dict[str, Any]:
        return {
            "line": row.number, "code": key.code, "part": part, "economic": key.economic,
            "settlement": key.settlement, "account": key.account,
        }  # fmt: skip

    def _names(self, row: Row, key: RowKey) -> dict[str, Any]:
        names = {"name_hy": key.name, "name_en": self._text(row, "name_en"), "name_ru": self._text(row, "name_ru")}
        return {name: text[:400] for name, text in names.items()}

    def _take_total(self, row: Row) -> None:
        """A row that sums up: kept to be checked, never a figure of its own."""
        faults: list[Problem] = []
        found = [self._figure(row, RowKey(), part or "undivided", faults) for part in self.parts]
        self.result.problems += [fault for fault in faults if fault.code != "empty"]
        self.result.totals += [figure[0] for figure in found if figure is not None]

    def _amount(self, line: int, column: Column, cell: Cell, faults: list[Problem]) -> Decimal | None:
        if cell.fault:
            faults.append(self._problem(cell.fault, line, column, value=cell.text[:40]))
            return None
        if cell.is_empty and column.field == "approved_plan" and self.layout.has("year_plan"):
            return None
        if cell.text.lower() in CROSSES and not self.layout.is_own:
            return Decimal(0)
        if cell.is_empty and not self.layout.is_own:
            faults.append(self._problem("empty_is_zero", line, column, severity=WARNING))
            return Decimal(0)
        try:
            amount = self._drams(line, column, cell, faults)
        except AmountError as error:
            faults.append(self._problem(error.code, line, column, value=cell.text[:40]))
            return None
        if amount < 0:
            self._check_negative(line, column, faults)
        return amount

    def _check_negative(self, line: int, column: Column, faults: list[Problem]) -> None:
        """Revenue is not planned below zero; of spending, what assets are sold for is; repayments in financing are."""
        if self.result.section == 1:
            is_actual = column.field == "actual"
            code, severity = ("negative_actual", WARNING) if is_actual else ("negative_plan", "error")
            faults.append(self._problem(code, line, column, severity=severity))
        elif self.result.section != 5 and column.field in ("year_plan", "actual"):
            faults.append(self._problem("negative_spending", line, column, severity=WARNING))

    def _drams(self, line: int, column: Column, cell: Cell, faults: list[Problem]) -> Decimal:
        if cell.number is None:
            return parse_amount(f"{read_number(cell.text, self.styles[column.index]):f}", self.unit)
        try:
            return parse_amount(f"{cell.number:f}", self.unit)
        except AmountError as error:
            if error.code != "too_precise":
                raise
        # What a formula gives, a third of a plan say, has no end; the officer sees it rounded.
        faults.append(self._problem("rounded", line, column, severity=WARNING, value=cell.text[:40]))
        places = 5 if self.unit is Unit.THOUSANDS else 2
        return parse_amount(f"{round_half_up(cell.number, places):f}", self.unit)

    def _check_stated(
        self, row: Row, part: str, year_plan: Decimal, plan: Decimal, actual: Decimal, faults: list[Problem]
    ) -> None:
        """Percent and deviation that the file itself prints, against ours, at as many places as it prints (R58)."""
        period = self.layout.column("period_plan", part)
        if period is not None and plan > year_plan >= 0:
            faults.append(self._problem("plan_above_year", row.number, period, severity=WARNING))
        # The official pages print 0.00 where there is no plan to compare with.
        ours = {"percent": percent_of(actual, plan) or Decimal(0)}
        ours["deviation"] = deviation(actual, plan).scaleb(-3 if self.unit is Unit.THOUSANDS else 0)
        for name, expected in ours.items():
            column = self.layout.column(name, part)
            cell = row.cell(column.index) if column else Cell()
            if column is None or (cell.text in DASHES and not cell.fault):
                continue
            try:
                stated = self._stated(cell, column)
            except AmountError as error:
                faults.append(self._problem(error.code, row.number, column, value=error.value[:40]))
                continue
            # A spreadsheet keeps all places of what it divides; official tables print two of a percent.
            most = 5 if self.result.is_text else {"percent": 2, "deviation": 3}[name]
            places = min(max(0, -int(stated.as_tuple().exponent)), most)
            rounded = round_half_up(expected, places)
            if (stated if self.result.is_text else round_half_up(stated, places)) != rounded:
                found = {"found": cell.text[:40], "expected": str(rounded)}
                faults.append(self._problem(f"{name}_differs", row.number, column, **found))

    def _stated(self, cell: Cell, column: Column) -> Decimal:
        if cell.fault:
            raise AmountError("not_a_number", cell.text)
        if cell.number is not None:
            return cell.number
        return read_number(cell.text.rstrip("% "), self.styles[column.index])

    def _text(self, row: Row, name: str) -> str:
        column = self.layout.column(name)
        return "" if column is None else row.cell(column.index).text

    def _problem(
        self, fault: str, line: int, column: Column | str, *, severity: str = "error", **params: str
    ) -> Problem:
        found: Any = self.layout.column(column) if isinstance(column, str) else column
        if found is None:
            return Problem(code=fault, severity=severity, line=line, column=str(column), params=params)
        cell = self.result.cell(line, found.index)
        return Problem(code=fault, severity=severity, line=line, column=found.heading, cell=cell, params=params)
