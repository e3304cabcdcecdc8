"""Section 6 of the official form, function by economic item, put into an execution table. Pure, drams throughout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from modules.budgets.tables import Amounts, Eliminated, Figure, Line, PartFilter, Row, ancestors, counts, unknown_line

JOINT = "/"  # between a function and an item; no code holds one


def item_amounts(figures: Iterable[Figure], *, part: PartFilter, eliminated: Eliminated) -> dict[str, Amounts]:
    """What each function itself divides by item, by "function/item": without the functions below it."""
    sums: dict[str, Amounts] = {}
    for figure in figures:
        if figure.economic and counts(figure, part, eliminated):
            key = f"{figure.code}{JOINT}{figure.economic}"
            sums[key] = sums[key].plus(figure.amounts) if key in sums else figure.amounts
    return sums


def nested_amounts(
    figures: Iterable[Figure],
    lines: Mapping[str, Line],
    economic_lines: Mapping[str, Line],
    *,
    part: PartFilter,
    eliminated: Eliminated,
) -> dict[str, Amounts]:
    """The same with all that stands below, in either tree: what a file that is read back has to state.

    A pair of function and item is there where it has an amount of its own.
    """
    own: dict[tuple[str, str], Amounts] = {}
    for figure in figures:
        if figure.economic and counts(figure, part, eliminated):
            pair = figure.code, figure.economic
            own[pair] = own[pair].plus(figure.amounts) if pair in own else figure.amounts
    sums = dict(own)
    for (code, economic), amounts in own.items():
        above = product([code, *ancestors(code, lines)], [economic, *ancestors(economic, economic_lines)])
        for pair in above:
            if pair in own and pair != (code, economic):
                sums[pair] = sums[pair].plus(amounts)
    return {f"{code}{JOINT}{economic}": amounts for (code, economic), amounts in sums.items()}


def with_items(rows: Sequence[Row], amounts: Mapping[str, Amounts], lines: Mapping[str, Line]) -> tuple[Row, ...]:
    """`rows` of functions, each followed by a row for every item of its own, in the order of the codes."""
    of_function: dict[str, list[tuple[str, Amounts]]] = {}
    for key, one in sorted(amounts.items()):
        code, _, economic = key.partition(JOINT)
        of_function.setdefault(code, []).append((economic, one))
    found: list[Row] = []
    for row in rows:
        found.append(row)
        found += [_row(row, lines.get(economic) or unknown_line(economic), one)
                  for economic, one in of_function.get(row.code, [])]  # fmt: skip
    return tuple(found)


def _row(function: Row, line: Line, amounts: Amounts) -> Row:
    return Row(
        code=function.code, parent=function.code, article=line.article, names=line.names, level=function.level + 1,
        year_plan=amounts.year_plan, period_plan=amounts.period_plan, actual=amounts.actual,
        approved_plan=amounts.approved_plan, unverified=line.unverified, economic=line.code,
    )  # fmt: skip
