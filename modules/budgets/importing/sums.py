"""Stated figures against one another: parent and children, whole and settlements, function and economic lines, parts.

All findings are warnings, for sources are cut. Sums are taken over what is stated nearest below, never over a figure and
what stands below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from modules.budgets.importing.content import FileRow
from modules.budgets.importing.lattice import Eliminated, Key, Lattice, eliminates, key_of
from modules.budgets.importing.problems import WARNING, Problem
from modules.budgets.tables import UNDIVIDED, Line, ancestors

Lines = Mapping[str, Line]
Amounts = tuple[Decimal, ...]
Grain = tuple[str, str, str]  # code, economic, settlement
Stated = tuple[int, Amounts]  # line of the file, amounts
MEASURES = ("year_plan", "period_plan", "actual")
_NONE: Amounts = (Decimal(0),) * len(MEASURES)


def amounts_of(row: FileRow) -> Amounts:
    """Plan of the year, plan of the period, actual."""
    return row.year_plan, row.period_plan, row.actual


def plus(one: Amounts, other: Amounts) -> Amounts:
    """The sum, measure by measure."""
    return tuple(a + b for a, b in zip(one, other, strict=True))


def minus(one: Amounts, other: Amounts) -> Amounts:
    """The difference, measure by measure."""
    return tuple(a - b for a, b in zip(one, other, strict=True))


class Tops:
    """A sum that grows row by row and counts only rows that hang under no other: a parent that comes late takes over."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._own: dict[str, Amounts] = {}  # every code met, with what it counts for; none below another
        self._waiting: dict[str, set[str]] = {}  # code that may come -> tops below it
        self._above: dict[str, list[str]] = {}
        self.total = _NONE

    def add(self, code: str, amounts: Amounts) -> None:
        """One more row."""
        above = self._above.setdefault(code, ancestors(code, self._lines))
        if any(parent in self._own for parent in above):
            self._own.setdefault(code, _NONE)
            return
        for below in self._waiting.pop(code, ()):
            self.total = minus(self.total, self._own[below])
            self._own[below] = _NONE
        self._own[code] = plus(self._own.get(code, _NONE), amounts)
        self.total = plus(self.total, amounts)
        for parent in above:
            self._waiting.setdefault(parent, set()).add(code)


def check_sums(
    rows: Sequence[FileRow], lines: Lines, economic_lines: Lines, eliminated: Eliminated | None = None
) -> list[Problem]:
    """Every comparison, part by part; then the parts against the whole, less what is eliminated from it."""
    problems: list[Problem] = []
    for part in sorted({row.part for row in rows}):
        whole, found = _by_settlement([row for row in rows if row.part == part])
        problems += found + _trees(whole, lines, economic_lines)
    return problems + _check_parts(rows, lines, economic_lines, eliminated)


def _by_settlement(rows: Iterable[FileRow]) -> tuple[dict[Grain, Stated], list[Problem]]:
    """Figures by line, economic line and settlement ("" the whole), stated or summed up; where both are and differ."""
    stated: dict[Grain, Stated] = {}
    accounts: dict[Grain, Stated] = {}
    for row in rows:
        into, key = accounts if row.account else stated, (row.code, row.economic, row.settlement)
        into[key] = _more(into.get(key) if row.account else None, (row.line, amounts_of(row)))
    problems: list[Problem] = []
    found: dict[Grain, Stated] = {}
    parts = {key: value for key, value in accounts.items() if not key[2]}
    for key in dict.fromkeys([*stated, *accounts]):
        if key[2]:
            found[key] = _whole(key, stated.get(key), accounts.get(key), problems)
            whole = key[0], key[1], ""
            parts[whole] = _more(parts.get(whole), found[key])
    for key in dict.fromkeys([*(key for key in stated if not key[2]), *parts]):
        found[key] = _whole(key, stated.get(key), parts.get(key), problems)
    return found, problems


def _whole(key: Grain, stated: Stated | None, summed: Stated | None, problems: list[Problem]) -> Stated:
    if stated is None:
        return summed or (0, _NONE)
    if summed is not None and summed[1] != stated[1]:
        params = {"code": _words(key)}
        problems.append(Problem(code="settlements_differ", severity=WARNING, line=stated[0], params=params))
    return stated


def _trees(whole: Mapping[Grain, Stated], lines: Lines, economic_lines: Lines) -> list[Problem]:
    by_line: dict[tuple[str, str], dict[str, Stated]] = {}
    by_economic: dict[tuple[str, str], dict[str, Stated]] = {}
    for (code, economic, settlement), stated in whole.items():
        if code:
            by_line.setdefault((economic, settlement), {})[code] = stated
        if economic:
            by_economic.setdefault((code, settlement), {})[economic] = stated
    problems = [p for tree in by_line.values() for p in _tree(tree, lines)]
    for (code, settlement), tree in by_economic.items():
        problems += _tree(tree, economic_lines, prefix=f"{code} / " if code else "")
        function = whole.get((code, "", settlement)) if code else None
        if function is None:
            continue
        tops = Tops(economic_lines)
        for economic, (_, amounts) in tree.items():
            tops.add(economic, amounts)
        if tops.total != function[1]:
            params = {"code": code}
            problems.append(Problem(code="economics_differ", severity=WARNING, line=function[0], params=params))
    return problems


def _tree(stated: Mapping[str, Stated], lines: Lines, prefix: str = "") -> list[Problem]:
    """Each parent against the rows that are nearest below it."""
    sums: dict[str, Amounts] = {}
    for code, (_, amounts) in stated.items():
        parent = next((above for above in ancestors(code, lines) if above in stated), "")
        if parent:
            sums[parent] = plus(sums.get(parent, _NONE), amounts)
    problems = []
    for parent, amounts in sums.items():
        differences = minus(stated[parent][1], amounts)
        for code, applies in (
            ("children_below", any(d > 0 for d in differences)),
            ("children_above", any(d < 0 for d in differences)),
        ):
            if applies:
                params = {"code": prefix + parent}
                problems.append(Problem(code=code, severity=WARNING, line=stated[parent][0], params=params))
    return problems


def _check_parts(
    rows: Sequence[FileRow], lines: Lines, economic_lines: Lines, eliminated: Eliminated | None
) -> list[Problem]:
    """Where a line is stated as a whole and by part: the whole is the parts less what is eliminated in or below it."""
    nodes: dict[Key, dict[str, FileRow]] = {}
    for row in rows:
        nodes.setdefault(key_of(row), {})[row.part] = row
    is_eliminated = eliminates(eliminated)
    gone: dict[Key, Amounts] = {}
    out = [row for row in rows if row.part != UNDIVIDED and is_eliminated(row.code, row.economic, row.part)]
    if out:
        lattice = Lattice(nodes, lines, economic_lines)
        keys = {(key_of(row), row.part) for row in out}
        for row in out:
            above = lattice.above(key_of(row))
            if not any((key, row.part) in keys for key in above):
                for key in (key_of(row), *above):
                    gone[key] = plus(gone.get(key, _NONE), amounts_of(row))
    problems = []
    for key, parts in nodes.items():
        if UNDIVIDED not in parts or len(parts) == 1:
            continue
        total = _NONE
        for part, row in parts.items():
            if part != UNDIVIDED:
                total = plus(total, amounts_of(row))
        whole = parts[UNDIVIDED]
        if minus(total, gone.get(key, _NONE)) != amounts_of(whole):
            params = {"code": _words(key)}
            problems.append(Problem(code="parts_differ", severity=WARNING, line=whole.line, params=params))
    return problems


def _more(before: Stated | None, more: Stated) -> Stated:
    return more if before is None else (before[0], plus(before[1], more[1]))


def _words(key: Sequence[str]) -> str:
    return " / ".join(filter(None, key[:3]))
