"""Rows that sum up others and have no code of their own: compared with the lines they may sum up, never taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from modules.budgets.importing.content import FileRow
from modules.budgets.importing.problems import WARNING, Problem
from modules.budgets.tables import Line, ancestors

_MEASURES = ("year_plan", "period_plan", "actual")
Sums = tuple[Decimal, ...]


def check_totals(
    totals: Sequence[FileRow], rows: Sequence[FileRow], lines: Mapping[str, Line], total_code: str
) -> list[Problem]:
    """A warning for each total that is neither the sum of its section, nor of all lines so far, nor the whole."""
    problems = []
    for part in sorted({total.part for total in totals}):
        own = [row for row in rows if row.part == part]
        before = 0
        for total in (total for total in totals if total.part == part):
            section = [row for row in own if before < row.line < total.line]
            so_far = [row for row in own if row.line < total.line]
            whole = [row for row in own if row.code == total_code]
            expected = _sum(_tops(section or own, lines))
            accepted = {expected, _sum(_tops(so_far, lines)), _sum(_tops(own, lines)), *map(_amounts, whole)}
            if _amounts(total) not in accepted:
                params = {"found": _words(_amounts(total)), "expected": _words(expected)}
                problems.append(Problem(code="total_differs", severity=WARNING, line=total.line, params=params))
            before = total.line
    return problems


def _tops(rows: Sequence[FileRow], lines: Mapping[str, Line]) -> list[FileRow]:
    """Rows that hang under no other of them."""
    codes = {row.code for row in rows}
    return [row for row in rows if not any(code in codes for code in ancestors(row.code, lines))]


def _sum(rows: Sequence[FileRow]) -> Sums:
    return tuple(sum((getattr(row, measure) for row in rows), Decimal(0)) for measure in _MEASURES)


def _amounts(row: FileRow) -> Sums:
    return tuple(getattr(row, measure) for measure in _MEASURES)


def _words(amounts: Sums) -> str:
    return " / ".join(f"{amount:.2f}" for amount in amounts)
