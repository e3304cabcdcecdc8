"""What was received, spent and drawn month by month: lines late, early, above and below their plan."""

from collections.abc import Iterator
from itertools import pairwise

from modules.budgets.demo import planning
from modules.budgets.demo.numbers import allocate, between, pick, rounded
from modules.budgets.demo.planning import Draft
from modules.budgets.demo.values import ADMINISTRATIVE, EXPENDITURE, FINANCING, FUND, Key

HUNDREDTHS = 100  # of a dram: the amounts of this file
TENTH = 10
NOTHING = frozenset({"unreceived", "unpaid", "reserve"})  # roles with a plan and no money; the reserve is only moved
# Thousandths of the adjusted year plan that come in or go out by the end of the year.
RECEIVED = (860, 1080)
BY_ROLE = {"equalisation": (1000, 1000), "subvention": (940, 1000), "donation": (930, 1000), "opening": (1000, 1000)}
SPENT = {ADMINISTRATIVE: (930, 990), FUND: (800, 930)}
LATE = {ADMINISTRATIVE: 20, FUND: 45}  # percent of a month's expenditure that is paid in the next
Flow = tuple[Key, int, int]  # key, month, hundredths of a dram


def flows(draft: Draft, adjusted: dict[Key, list[int]]) -> Iterator[Flow]:
    """All flows of the year. The closing balances make revenue, expenditure and financing meet every month."""
    balance = {(part, month): 0 for part in (ADMINISTRATIVE, FUND) for month in range(1, 13)}
    for key in planning.in_order(draft):
        role = draft.roles[key]
        if role == "closing":  # of financing and last, so all else has passed
            found = [(key, month, -balance[key.part, month]) for month in range(1, 13)]
        else:
            found = list(_of_line(draft, key, role, adjusted.get(key)))
        for _, month, amount in found:
            balance[key.part, month] += -amount if key.side == EXPENDITURE else amount
        yield from (flow for flow in found if flow[2])


def _of_line(draft: Draft, key: Key, role: str, plan: list[int] | None) -> Iterator[Flow]:
    """Flows of a line whose adjusted monthly plan, in drams, is `plan`; None for a line without one."""
    if role == "unplanned":
        yield from _unplanned(draft, key)
        return
    if plan is None or role in NOTHING:
        return
    monthly = _spread(draft, key, role, plan)
    for month, amount in enumerate(monthly, start=1):
        yield key, month, amount
    if role == "refund":
        month = between(4, 10, draft.town, draft.year, *_words(key), "refund")
        share = between(5, 30, draft.town, draft.year, *_words(key), "refunded")
        yield key, month, -rounded(monthly[month - 1] * share // 1000, HUNDREDTHS)


def _spread(draft: Draft, key: Key, role: str, plan: list[int]) -> list[int]:
    """Twelve amounts: part of the year plan, by the plan of the months, later by some and with months that differ.

    The transfer between the parts goes out and comes in with the same amounts, so it draws by role, not by key.
    """
    words = (draft.town, draft.year, *((role,) if role == "transfer" else _words(key)))
    least, most = _range(key, role)
    unit = TENTH if role == "tenths" else HUNDREDTHS
    total = rounded(sum(plan) * HUNDREDTHS * between(least, most, *words) // 1000, unit)
    side, part = (EXPENDITURE, ADMINISTRATIVE) if role == "transfer" else (key.side, key.part)
    late = LATE[part] if side == EXPENDITURE else 0
    before = [0, *(abs(amount) for amount in plan)]
    weights = [now * (100 - late) + last * late for last, now in pairwise(before)]
    weights[-1] += before[-1] * late
    if role not in BY_ROLE or part == FUND:
        weights = [
            weight * between(88, 112, *words, month) * _of_month(draft, side, part, month)
            for month, weight in enumerate(weights)
        ]
    return allocate(total, weights, unit) if any(weights) else [0] * 12


def _of_month(draft: Draft, side: str, part: str, month: int) -> int:
    """Percent by which a month is good or bad for all lines of a side and part: what a chart of months shows."""
    if part == ADMINISTRATIVE and side == EXPENDITURE:
        return between(95, 105, draft.town, draft.year, side, month)
    if part == ADMINISTRATIVE:
        return between(84, 116, draft.town, draft.year, side, month)
    return between(72, 128, draft.town, draft.year, part, month)  # money comes into the fund part and goes in one month


def _range(key: Key, role: str) -> tuple[int, int]:
    if role in BY_ROLE and key.side != EXPENDITURE:
        return BY_ROLE[role]
    if key.side == FINANCING:
        return (1000, 1000)
    if key.side == EXPENDITURE or role == "transfer":
        return SPENT[ADMINISTRATIVE if role == "transfer" else key.part]
    return RECEIVED


def _unplanned(draft: Draft, key: Key) -> Iterator[Flow]:
    """Money in three months on a line that no plan has."""
    for month in (3, 7, 11):
        at = month - pick(2, draft.town, draft.year, month)
        share = between(1, 4, draft.town, draft.year, month, "unplanned")
        yield key, at, rounded(draft.revenue * share * HUNDREDTHS // 10_000, HUNDREDTHS)


def _words(key: Key) -> tuple[str, ...]:
    return (key.code, key.economic, key.settlement, key.part)
