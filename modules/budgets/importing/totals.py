"""Rows that sum up others and have no code of their own: compared with the lines they may sum up, never taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modules.budgets.importing.content import FileRow
from modules.budgets.importing.problems import WARNING, Problem
from modules.budgets.importing.sums import Amounts, Tops, amounts_of
from modules.budgets.tables import Line


def check_totals(
    totals: Sequence[FileRow],
    rows: Sequence[FileRow],
    lines: Mapping[str, Line],
    total_code: str,
    economic_lines: Mapping[str, Line] | None = None,
) -> list[Problem]:
    """A warning for each total that is neither the sum of its section, nor of all lines so far, nor the whole."""
    problems: list[Problem] = []
    for part in sorted({total.part for total in totals}):
        own = [row for row in rows if row.part == part]
        tree = lines if any(row.code for row in own) or not economic_lines else economic_lines
        problems += _of_part([total for total in totals if total.part == part], _counting(own), tree, total_code)
    return problems


def _of_part(
    totals: Sequence[FileRow], rows: Sequence[tuple[int, str, Amounts]], lines: Mapping[str, Line], total_code: str
) -> list[Problem]:
    every, so_far, section = Tops(lines), Tops(lines), Tops(lines)
    for _, code, amounts in rows:
        every.add(code, amounts)
    whole = [amounts for _, code, amounts in rows if code == total_code]
    problems, at = [], 0
    for total in sorted(totals, key=lambda total: total.line):
        first = at
        while at < len(rows) and rows[at][0] < total.line:
            so_far.add(*rows[at][1:])
            section.add(*rows[at][1:])
            at += 1
        expected = section.total if at > first else every.total
        if amounts_of(total) not in (expected, so_far.total, every.total, *whole):
            params = {"found": _words(amounts_of(total)), "expected": _words(expected)}
            problems.append(Problem(code="total_differs", severity=WARNING, line=total.line, params=params))
        section = Tops(lines)
    return problems


def _counting(rows: Sequence[FileRow]) -> list[tuple[int, str, Amounts]]:
    """Rows that count in a total, in the order of the file: the whole line and not its settlements, where it stands;
    the function and not its economic lines, where it stands."""
    stated = {(row.code, row.economic, row.settlement, row.account) for row in rows}
    found = []
    for row in sorted(rows, key=lambda row: row.line):
        if row.code and row.economic and (row.code, "", "", "") in stated:
            continue
        above = {(row.settlement, ""), ("", row.account), ("", "")} - {(row.settlement, row.account)}
        if any((row.code, row.economic, *place) in stated for place in above):
            continue
        found.append((row.line, row.code or row.economic, amounts_of(row)))
    return found


def _words(amounts: Amounts) -> str:
    return " / ".join(f"{amount:.2f}" for amount in amounts)
