"""The six sections of the official form, out of a plan: approved, changes, adjusted, for the whole budget and its parts.

Pure functions over values, drams throughout. Total = parts - eliminations, parent = sum of children: by `tables.rolled_up`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from modules.budgets.packs.eliminations import eliminations
from modules.budgets.selectors.public_plan import SidePlan
from modules.budgets.tables import Axis, Figure, Line, Names, PartFilter, build_rows, rolled_up, unknown_line

ZERO = Decimal(0)
SECTIONS = (1, 2, 3, 4, 5, 6)
PARTS: tuple[PartFilter, ...] = get_args(PartFilter)
REVENUE, EXPENDITURE, FINANCING = "revenue", "expenditure", "financing"
Classifications = Mapping[str, Mapping[str, Line]]  # kind of classification -> lines by code
Totals = Mapping[str, str]  # kind of classification -> code of its total
KINDS = {1: "revenue", 2: "functional", 3: "economic", 5: "financing"}
SIDES = {1: REVENUE, 2: EXPENDITURE, 3: EXPENDITURE, 5: FINANCING}


@dataclass(frozen=True)
class Planned:
    """Drams of the year: as adopted and as adjusted."""

    approved: Decimal = ZERO
    adjusted: Decimal = ZERO

    @property
    def changes(self) -> Decimal:
        """What the amendments did: approved + changes = adjusted."""
        return self.adjusted - self.approved

    def minus(self, other: Planned) -> Planned:
        """The difference."""
        return Planned(self.approved - other.approved, self.adjusted - other.adjusted)


NOTHING = Planned()


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One line of a section. names empty: a row of the balance, which the page words by `code`. by_part: "total",
    "administrative", "fund". economic: True for an item of the economic classification under a function (section 6).
    """

    code: str
    article: str
    names: Names
    level: int
    by_part: dict[str, Planned]
    is_total: bool = False
    is_economic: bool = False

    @property
    def total(self) -> Planned:
        """Of the whole budget."""
        return self.by_part["total"]


def section(
    number: int, sides: Mapping[str, SidePlan], lines: Classifications, totals: Totals, year: int
) -> list[PlanRow]:
    """Rows of a section, the total first; the balance is section 4."""
    if number == 4:
        return _balance(sides, lines, totals, year)
    if number == 6:
        return _matrix(sides, lines, totals, year)
    axis: Axis = "economic" if number == 3 else "code"
    figures = figures_of(sides[SIDES[number]])
    return _rows(figures, SIDES[number], lines[KINDS[number]], totals[KINDS[number]], year, axis)


def figures_of(plan: SidePlan) -> list[Figure]:
    """Facts of a plan as figures of a table: year_plan is the adjusted one."""
    return [
        Figure(key.code, key.part, adjusted, ZERO, ZERO, plan.adopted.get(key, ZERO), *key[1:4])
        for key, adjusted in plan.adjusted.items()
    ]


def _rows(
    figures: list[Figure], side: str, lines: Mapping[str, Line], total: str, year: int, axis: Axis = "code"
) -> list[PlanRow]:
    rules = eliminations(year)
    by_part = {
        part: rolled_up(
            figures, lines, part=part, total_code=total, axis=axis,
            eliminated=lambda code, economic, kept: rules.eliminated(side, code, economic, kept),
        )
        for part in PARTS
    }  # fmt: skip
    # Lines that stand in one part only still need a row: nothing in the total is an amount too.
    whole = {code: amounts for one in reversed(PARTS) for code, amounts in by_part[one].items()}
    rows = [row for row in build_rows(lines, whole, total_code=total) if not row.is_unitemised]
    return [
        PlanRow(
            code=row.code, article=row.article, names=row.names, level=row.level, is_total=row.is_total,
            by_part={
                part: Planned(found.approved_plan or ZERO, found.year_plan)
                if (found := by_part[part].get(row.code))
                else NOTHING
                for part in PARTS
            },
        )
        for row in rows
    ]  # fmt: skip


def _balance(sides: Mapping[str, SidePlan], lines: Classifications, totals: Totals, year: int) -> list[PlanRow]:
    """Revenue less expenditure: a surplus, or below zero the deficit that financing fills."""
    sums: dict[str, dict[str, Planned]] = {}
    for number in (1, 2, 5):
        rows = section(number, sides, lines, totals, year)
        sums[SIDES[number]] = next((row.by_part for row in rows if row.is_total), _nothing())
    balance: dict[str, Planned] = {part: sums[REVENUE][part].minus(sums[EXPENDITURE][part]) for part in PARTS}
    shown = {REVENUE: sums[REVENUE], EXPENDITURE: sums[EXPENDITURE], "balance": balance, FINANCING: sums[FINANCING]}
    return [
        PlanRow(code=code, article="", names=Names(hy=""), level=0, by_part=parts, is_total=code == "balance")
        for code, parts in shown.items()
    ]


def _matrix(sides: Mapping[str, SidePlan], lines: Classifications, totals: Totals, year: int) -> list[PlanRow]:
    """Every function, and under each that has facts of its own their economic items."""
    figures = figures_of(sides[EXPENDITURE])
    items: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.economic:
            items.setdefault(figure.code, []).append(figure)
    found: list[PlanRow] = []
    for row in _rows(figures, EXPENDITURE, lines["functional"], totals["functional"], year):
        found.append(row)
        found.extend(_items(items.get(row.code, []), row.level + 1, lines["economic"], year))
    return found


def _items(figures: list[Figure], level: int, lines: Mapping[str, Line], year: int) -> list[PlanRow]:
    rules = eliminations(year)
    sums: dict[str, dict[str, Planned]] = {}
    for figure in figures:
        parts = sums.setdefault(figure.economic, _nothing())
        for part in PARTS:
            gone = rules.eliminated(EXPENDITURE, figure.code, figure.economic, figure.part)
            if (part == "total" and not gone) or part == figure.part:
                before = parts[part]
                approved = before.approved + (figure.approved_plan or ZERO)
                parts[part] = Planned(approved, before.adjusted + figure.year_plan)
    return [
        PlanRow(
            code=code, article=line.article, names=line.names, level=level, by_part=parts, is_economic=True,
        )
        for code, parts in sorted(sums.items())
        for line in (lines.get(code) or unknown_line(code),)
    ]  # fmt: skip


def _nothing() -> dict[str, Planned]:
    parts: tuple[str, ...] = PARTS
    return dict.fromkeys(parts, NOTHING)
