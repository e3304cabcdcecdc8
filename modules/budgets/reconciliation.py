"""What does not agree in the books of a month, difference by difference. Pure functions, drams, Decimal, no float."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from modules.budgets.ledger import ZERO, Key, Measures, year_sum
from modules.budgets.tables import Line, ancestors

REVENUE, EXPENDITURE, FINANCING = SIDES = ("revenue", "expenditure", "financing")
UNDIVIDED = "undivided"
# What each check compares: the first amount with the second.
CHECKS = (
    "parts",  # total of the line with the sum of its parts
    "transfers",  # transfers between the parts: received with given
    "itemised",  # a line with the sum of the lines below it
    "december",  # plan of the period at December with the plan of the year
    "adjusted",  # plan in the published month with the plan in force
    "file",  # what the file states with what is posted
    "sections",  # section 2 with section 3, section 6 with section 2
    "balance",  # revenue and financing with expenditure
)
Eliminated = Callable[[str, str, str, str], bool]  # side, code, economic, part


@dataclass(frozen=True, kw_only=True)
class SideBooks:
    """A side at the end of a month. figures: own cumulative amounts by fact, as they would be published now.

    plan: the plan in force by that day, None where there is none. stated: what the file in force states of each fact,
    None without a file. published_plan: the year's plan by fact in the snapshot in force, None without one.
    """

    figures: Mapping[Key, Measures]
    lines: Mapping[str, Line]
    total_code: str
    plan: Mapping[Key, Mapping[int, Decimal]] | None = None
    stated: Mapping[Key, Decimal] | None = None
    published_plan: Mapping[Key, Decimal] | None = None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that does not agree: drams on both hands. measure: "plan" (of the year) or "actual" (to the month)."""

    check: str
    side: str
    measure: str
    first: Decimal
    second: Decimal
    code: str = ""
    key: Key | None = None
    section: int = field(default=0)

    @property
    def amount(self) -> Decimal:
        """The first less the second."""
        return self.first - self.second


def differences(books: Mapping[str, SideBooks], *, month: int, eliminated: Eliminated) -> list[Difference]:
    """Everything that does not agree, in the order of CHECKS, then side and line."""
    found: list[Difference] = []
    for side in SIDES:
        if side in books:
            one = books[side]
            found += _parts(side, one)
            found += _itemised(side, one)
            found += _december(side, one, month)
            found += _adjusted(side, one)
            found += _file(side, one)
    if EXPENDITURE in books:
        found += _sections(books[EXPENDITURE])
    found += _transfers(books, eliminated)
    found += _balance(books)
    return sorted(found, key=lambda row: (CHECKS.index(row.check), SIDES.index(row.side), row.code, row.measure))


def _measures(figures: Mapping[Key, Measures]) -> Iterator[tuple[str, dict[Key, Decimal]]]:
    yield "plan", {key: one.year_plan for key, one in figures.items()}
    yield "actual", {key: one.actual for key, one in figures.items()}


def _parts(side: str, books: SideBooks) -> Iterator[Difference]:
    """A line told as a whole besides its parts: the whole is more, or less, than the parts come to."""
    for measure, amounts in _measures(books.figures):
        whole: dict[str, Decimal] = {}
        parts: dict[str, Decimal] = {}
        for key, amount in amounts.items():
            of = whole if key.part == UNDIVIDED else parts
            of[key.code] = of.get(key.code, ZERO) + amount
        for code in sorted(whole.keys() & parts.keys()):
            if whole[code]:
                yield Difference(
                    check="parts", side=side, measure=measure, code=code, first=whole[code] + parts[code],
                    second=parts[code],
                )  # fmt: skip


def _itemised(side: str, books: SideBooks) -> Iterator[Difference]:
    """A line with amounts of its own besides those of the lines below it: it is not itemised to the end."""
    for measure, amounts in _measures(books.figures):
        own: dict[str, Decimal] = {}
        below: dict[str, Decimal] = {}
        for key, amount in amounts.items():
            own[key.code] = own.get(key.code, ZERO) + amount
            for code in ancestors(key.code, books.lines):
                below[code] = below.get(code, ZERO) + amount
        for code in sorted(own.keys() & below.keys()):
            if own[code]:
                first = own[code] + below[code]
                yield Difference(
                    check="itemised", side=side, measure=measure, code=code, first=first, second=below[code]
                )


def _december(side: str, books: SideBooks, month: int) -> Iterator[Difference]:
    if month == 12:
        for key, one in sorted(books.figures.items()):
            if one.period_plan != one.year_plan:
                yield Difference(
                    check="december", side=side, measure="plan", code=key.code, key=key, first=one.period_plan,
                    second=one.year_plan,
                )  # fmt: skip


def _adjusted(side: str, books: SideBooks) -> Iterator[Difference]:
    """What is published with the plan that is in force: another one after a late amendment."""
    if books.plan is None or books.published_plan is None:
        return
    for key in sorted(books.plan.keys() | books.published_plan.keys()):
        first, second = books.published_plan.get(key, ZERO), year_sum(books.plan.get(key, {}))
        if first != second:
            yield Difference(
                check="adjusted", side=side, measure="plan", code=key.code, key=key, first=first, second=second
            )


def _file(side: str, books: SideBooks) -> Iterator[Difference]:
    if books.stated is None:
        return
    for key in sorted(books.stated.keys() | books.figures.keys()):
        posted = books.figures[key].actual if key in books.figures else ZERO
        stated = books.stated.get(key, ZERO)
        if posted != stated:
            yield Difference(
                check="file", side=side, measure="actual", code=key.code, key=key, first=stated, second=posted
            )


def _sections(books: SideBooks) -> Iterator[Difference]:
    """Sections 2, 3 and 6 are one expenditure seen by function, by item and by both."""
    for measure, amounts in _measures(books.figures):
        by_function = _sum(amount for key, amount in amounts.items() if key.code != books.total_code)
        by_item = _sum(amount for key, amount in amounts.items() if key.economic)
        by_both = _sum(amount for key, amount in amounts.items() if key.economic and key.code != books.total_code)
        for section, other in ((3, by_item), (6, by_both)):
            if by_function != other:
                yield Difference(
                    check="sections", side=EXPENDITURE, measure=measure, first=by_function, second=other,
                    section=section,
                )  # fmt: skip


def _transfers(books: Mapping[str, SideBooks], eliminated: Eliminated) -> Iterator[Difference]:
    """What leaves one part for the other is received there: both hands are taken out of the total."""
    sums: dict[str, dict[str, Decimal]] = {}
    for side in (REVENUE, EXPENDITURE):
        for measure, amounts in _measures(books[side].figures if side in books else {}):
            sums.setdefault(measure, {})[side] = _sum(
                amount for key, amount in amounts.items() if eliminated(side, key.code, key.economic, key.part)
            )
    for measure, by_side in sums.items():
        if by_side[REVENUE] != by_side[EXPENDITURE]:
            yield Difference(
                check="transfers", side=REVENUE, measure=measure, first=by_side[REVENUE], second=by_side[EXPENDITURE]
            )


def _balance(books: Mapping[str, SideBooks]) -> Iterator[Difference]:
    """The plan in force is even; what was really received and spent need not be, its rest is the money on the account."""
    plans = {side: one.plan for side, one in books.items()}
    if any(plan is None for plan in plans.values()) or not plans:
        return
    sums = {side: _sum(year_sum(months) for months in (plans.get(side) or {}).values()) for side in SIDES}
    have = sums[REVENUE] + sums[FINANCING]
    if have != sums[EXPENDITURE]:
        yield Difference(check="balance", side=REVENUE, measure="plan", first=have, second=sums[EXPENDITURE])


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
