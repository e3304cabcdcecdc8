"""Stated figures to own amounts: what each key holds beyond the keys below it, so that rolling up gives the file back.

An own amount is what is stated less all own amounts strictly below; with own amounts no figure counts twice, whatever a
file repeats by line, economic line, settlement and account (see `lattice`). Per part: administrative and fund from the
parts as stated; undivided is what the stated whole holds beyond all parts, less what is eliminated from totals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from modules.budgets.importing.content import FileRow
from modules.budgets.importing.lattice import Eliminated, Key, Lattice, eliminates, key_of
from modules.budgets.importing.plans import MONTHS, PlanRow, quarters_of, spread
from modules.budgets.tables import UNDIVIDED, Line

MEASURES = ("year_plan", "period_plan", "actual", "approved_plan")
Vector = tuple[Decimal, ...]
R = TypeVar("R", FileRow, PlanRow)


def own_amounts(
    rows: Sequence[FileRow],
    lines: Mapping[str, Line],
    economic_lines: Mapping[str, Line] | None = None,
    eliminated: Eliminated | None = None,
) -> list[FileRow]:
    """Own amounts of stated rows, in drams, in the order of the file; rolled up they give every stated figure exactly.

    economic_lines: for expenditure alone; then rows without code get that of the functional total, rows without
    economic code that of the economic total, and every key has both. lines: revenue, functional or financing lines with
    the new local ones. eliminated: a predicate of (code, economic, part), or such keys, "" for any: amounts that count
    in their part and not in the total. approved_plan stays None where none is stated. A row without amounts stays, so
    that its line shows; only the undivided one goes where a part of the same key is there.
    """

    def own_of(row: FileRow, below: Vector) -> Vector:
        return tuple(Decimal(0) if s is None else s - b for s, b in zip(_stated(row), below, strict=True))

    found = _solved(_placed(rows, lines, economic_lines), lines, economic_lines, eliminated, own_of, len(MEASURES))
    result = []
    for row, own in found:
        approved = None if row.approved_plan is None else own[3]
        result.append(replace(row, year_plan=own[0], period_plan=own[1], actual=own[2], approved_plan=approved))
    return result


def own_plan_rows(
    rows: Sequence[PlanRow],
    lines: Mapping[str, Line],
    economic_lines: Mapping[str, Line] | None = None,
    eliminated: Eliminated | None = None,
) -> list[PlanRow]:
    """The same for a plan; every row returned has its twelve months, and year and quarters that are their sums.

    Rolled up they give each figure as finely as the file states it: by month, by quarter, or the year alone. What is
    stated less finely is spread after what stands below it was taken off, so that nothing is left over by rounding.
    """

    def own_of(row: PlanRow, below: Vector) -> Vector:
        if row.months is not None:
            return tuple(s - b for s, b in zip(row.months, below, strict=True))
        if row.quarters is not None:
            return spread([s - b for s, b in zip(row.quarters, quarters_of(below), strict=True)])
        return spread(row.year - sum(below, Decimal(0)))

    found = _solved(_placed(rows, lines, economic_lines), lines, economic_lines, eliminated, own_of, MONTHS)
    return [replace(row, months=own, quarters=quarters_of(own), year=sum(own, Decimal(0))) for row, own in found]


def _placed(rows: Sequence[R], lines: Mapping[str, Line], economic_lines: Mapping[str, Line] | None) -> list[R]:
    """The rows with both codes where a key has both."""
    if not economic_lines:
        return list(rows)
    code, economic = _total(lines), _total(economic_lines)
    return [replace(row, code=row.code or code, economic=row.economic or economic) for row in rows]


def _total(lines: Mapping[str, Line]) -> str:
    return next(code for code, line in lines.items() if not line.parent and not line.is_local)


def _solved(
    rows: Sequence[R],
    lines: Mapping[str, Line],
    economic_lines: Mapping[str, Line] | None,
    eliminated: Eliminated | None,
    own_of: Callable[[R, Vector], Vector],
    size: int,
) -> list[tuple[R, Vector]]:
    """Each row with its own amounts. A key and part that stands twice counts once, as it stands first."""
    nothing, is_eliminated = (Decimal(0),) * size, eliminates(eliminated)
    nodes: dict[Key, dict[str, R]] = {}
    for row in rows:
        nodes.setdefault(key_of(row), {}).setdefault(row.part, row)
    lattice = Lattice(nodes, lines, economic_lines or {})
    below: dict[tuple[Key, str], Vector] = {}  # sums of own amounts below a key; under UNDIVIDED, of all parts
    own: dict[tuple[Key, str], Vector] = {}
    for key in lattice.bottom_up():
        whole = nothing
        for part, row in nodes[key].items():
            if part == UNDIVIDED:
                continue
            own[key, part] = own_of(row, below.get((key, part), nothing))
            if not is_eliminated(key[0], key[1], part):
                whole = _plus(whole, own[key, part])
        if UNDIVIDED in nodes[key]:
            rest = own_of(nodes[key][UNDIVIDED], _plus(whole, below.get((key, UNDIVIDED), nothing)))
            own[key, UNDIVIDED] = rest
            whole = _plus(whole, rest)
        for up in lattice.above(key):
            for part in nodes[key]:
                if part != UNDIVIDED:
                    below[up, part] = _plus(below.get((up, part), nothing), own[key, part])
            below[up, UNDIVIDED] = _plus(below.get((up, UNDIVIDED), nothing), whole)
    return [
        (row, amounts)
        for key, parts in nodes.items()
        for part, row in parts.items()
        if any(amounts := own[key, part]) or part != UNDIVIDED or len(parts) == 1
    ]


def _stated(row: FileRow) -> tuple[Decimal | None, ...]:
    return row.year_plan, row.period_plan, row.actual, row.approved_plan


def _plus(one: Vector, other: Vector) -> Vector:
    return tuple(a + b for a, b in zip(one, other, strict=True))
