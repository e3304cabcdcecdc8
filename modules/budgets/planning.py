"""The plan as the editor shows it: rows of the tree with sums, totals by part, balance. Pure, drams, Decimal, no float."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from modules.budgets.importing.plans import quarters_of
from modules.budgets.ledger import MONTHS, ZERO, Key
from modules.budgets.models.kinds import Part, Side
from modules.budgets.tables import Eliminated, Line, Names, ancestors, unknown_line

Flows = tuple[Decimal, ...]
SidePlan = Mapping[Key, Flows]
NOTHING: Flows = (ZERO,) * 12


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """A row of the editor: a line with the sum of what is below it, or (key given) one fact that can be edited.

    quarters: four sums, drams. is_taken_out: it counts in its part and not in the total of both.
    """

    code: str
    names: Names
    level: int
    quarters: Flows
    key: Key | None = None
    is_total: bool = False
    is_taken_out: bool = False

    @property
    def year(self) -> Decimal:
        """The year's amount."""
        return sum(self.quarters, ZERO)


@dataclass(frozen=True, kw_only=True)
class BalanceRow:
    """Revenue and financing less expenditure of a part ("" for all together); rest must be zero."""

    part: str
    revenue: Decimal
    financing: Decimal
    expenditure: Decimal

    @property
    def rest(self) -> Decimal:
        """What is left over, negative is missing."""
        return self.revenue + self.financing - self.expenditure


def flows_of(months: Mapping[int, Decimal]) -> Flows:
    """Twelve flows out of months that may be missing."""
    return tuple(months.get(month, ZERO) for month in MONTHS)


def plus(one: Flows, other: Flows) -> Flows:
    """The sum month by month."""
    return tuple(a + b for a, b in zip(one, other, strict=True))


def added(one: SidePlan, other: SidePlan) -> dict[Key, Flows]:
    """Both plans together, fact by fact."""
    return {key: plus(one.get(key, NOTHING), other.get(key, NOTHING)) for key in one.keys() | other.keys()}


def plan_rows(plan: SidePlan, lines: Mapping[str, Line], *, total_code: str, eliminated: Eliminated) -> list[PlanRow]:
    """The tree in the order of its codes: each line with its sum, its facts right below it.

    A line that has one fact and nothing below it is that fact's row. Sums leave out what is eliminated.
    """
    facts: dict[str, list[Key]] = {}
    sums: dict[str, Flows] = {total_code: (ZERO,) * 4}
    for key in sorted(plan):
        facts.setdefault(key.code, []).append(key)
        counted = (ZERO,) * 4 if eliminated(key.code, key.economic, key.part) else quarters_of(plan[key])
        for code in dict.fromkeys((key.code, *_above(key.code, lines, total_code))):
            sums[code] = plus(sums.get(code, (ZERO,) * 4), counted)
    rows: list[PlanRow] = []
    with_lines_below = {code for one in sums for code in _above(one, lines, total_code)}
    for code in sorted(sums, key=lambda one: (one != total_code, one)):
        line = lines.get(code) or unknown_line(code)
        level = len(_above(code, lines, total_code))
        own = facts.get(code, [])
        heads = code == total_code or code in with_lines_below or len(own) > 1
        if heads:
            rows.append(
                PlanRow(code=code, names=line.names, level=level, quarters=sums[code], is_total=code == total_code)
            )
        rows += [
            PlanRow(
                code=code, names=line.names, level=level + (1 if heads else 0), key=key,
                quarters=quarters_of(plan[key]), is_taken_out=eliminated(key.code, key.economic, key.part),
            )
            for key in own
        ]  # fmt: skip
    return rows


def branches(plan: SidePlan, lines: Mapping[str, Line], total_code: str) -> list[str]:
    """The lines right below the total that have amounts, and the total itself where it has some of its own."""
    found = {next((one for one in (code, *_above(code, lines, total_code)) if _is_top(one, lines, total_code)), code)
             for code in {key.code for key in plan}}  # fmt: skip
    return sorted(found)


def in_branch(code: str, branch: str, lines: Mapping[str, Line], total_code: str) -> bool:
    """True for a line at or below `branch`; the total as a branch is itself alone."""
    return code == branch or (branch != total_code and branch in _above(code, lines, total_code))


def part_totals(plan: SidePlan, eliminated: Eliminated) -> dict[str, Decimal]:
    """Year's sums by part, and "total": all parts less what is eliminated."""
    found = dict.fromkeys((*Part.values, "total"), ZERO)
    for key, months in plan.items():
        year = sum(months, ZERO)
        found[key.part] += year
        if not eliminated(key.code, key.economic, key.part):
            found["total"] += year
    return found


def balance(plans: Mapping[str, SidePlan]) -> list[BalanceRow]:
    """One row for each part that has amounts, and the last for all of them: the one that must be even to hand in."""
    sums: dict[str, dict[str, Decimal]] = {}
    for side in Side.values:
        for key, months in plans.get(side, {}).items():
            for part in (key.part, ""):
                of_part = sums.setdefault(part, dict.fromkeys(Side.values, ZERO))
                of_part[side] += sum(months, ZERO)
    order = [*Part.values, ""]
    if "" not in sums:
        sums[""] = dict.fromkeys(Side.values, ZERO)
    return [
        BalanceRow(
            part=part, revenue=sums[part][Side.REVENUE], financing=sums[part][Side.FINANCING],
            expenditure=sums[part][Side.EXPENDITURE],
        )
        for part in sorted(sums, key=order.index)
    ]  # fmt: skip


def even(amount: Decimal, first: int, last: int) -> Flows:
    """Twelve flows: `amount` spread evenly over the months first to last, the last one gets what is left."""
    count = last - first + 1
    each = (amount / count).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    rest = amount - each * (count - 1)
    return tuple(ZERO if not first <= month <= last else rest if month == last else each for month in MONTHS)


def below_zero(before: SidePlan, change: SidePlan) -> list[Key]:
    """Facts from which an amendment takes more than they have in the year."""
    found = []
    for key, months in change.items():
        had = sum(before.get(key, NOTHING), ZERO)
        if 0 <= had < -sum(months, ZERO):
            found.append(key)
    return sorted(found)


def quarters_changed(months: Sequence[Decimal], quarters: Sequence[Decimal]) -> Flows:
    """Twelve flows: months stay where their quarter has the same sum, else the quarter is spread evenly."""
    flows: list[Decimal] = []
    for number, (old, new) in enumerate(zip(quarters_of(months), quarters, strict=True)):
        first = number * 3
        flows += months[first : first + 3] if old == new else even(new, 1, 3)[:3]
    return tuple(flows)


def _above(code: str, lines: Mapping[str, Line], total_code: str) -> list[str]:
    if code == total_code:
        return []
    return ancestors(code, lines) if code in lines else [total_code]


def _is_top(code: str, lines: Mapping[str, Line], total_code: str) -> bool:
    return code == total_code or _above(code, lines, total_code) in ([], [total_code])
