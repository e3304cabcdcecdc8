"""The execution table, worked out: sums up the tree, parts, flows of one month, percent, deviation, what is not itemised.

Pure functions over values, drams throughout; selectors fetch, this module counts. Used for the public page, the API,
the download and the preview of an import alike, so that all four show the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from hamaynk.common.money import deviation, percent_of

View = Literal["cumulative", "month"]
PartFilter = Literal["total", "administrative", "fund"]
Axis = Literal["code", "economic"]
Eliminated = Callable[[str, str, str], bool]  # (code, economic, part) -> counts in its part, not in the total
UNDIVIDED = "undivided"
SUMMARY_LEVEL = 2  # deeper lines are shown on "View in detail" (R56)


@dataclass(frozen=True, kw_only=True)
class Names:
    """A name in the three languages; those a source leaves out fall back to Armenian (R50)."""

    hy: str
    en: str = ""
    ru: str = ""

    def get(self, language: str) -> str:
        """The name in `language` ("hy", "en", "ru"; a region is ignored)."""
        return getattr(self, language.split("-")[0], "") or self.hy


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the classification. parent "" marks the total."""

    code: str
    parent: str
    article: str
    names: Names
    unverified: bool = False
    is_local: bool = False


@dataclass(frozen=True)
class Figure:
    """What is told of one fact: drams, cumulative since 1 January; of a snapshot without the lines below it."""

    code: str
    part: str
    year_plan: Decimal
    period_plan: Decimal
    actual: Decimal
    approved_plan: Decimal | None = None
    economic: str = ""
    settlement: str = ""
    account: str = ""

    @property
    def amounts(self) -> Amounts:
        """Its drams, without whose they are."""
        return Amounts(
            year_plan=self.year_plan,
            period_plan=self.period_plan,
            actual=self.actual,
            approved_plan=self.approved_plan,
        )


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """Drams of one line. period_plan and actual are None where a single month cannot be told, approved_plan where no
    source tells it."""

    year_plan: Decimal
    period_plan: Decimal | None
    actual: Decimal | None
    approved_plan: Decimal | None = None

    def plus(self, other: Amounts) -> Amounts:
        """The sum; unknown where either is unknown."""
        return Amounts(
            year_plan=self.year_plan + other.year_plan,
            period_plan=_sum(self.period_plan, other.period_plan),
            actual=_sum(self.actual, other.actual),
            approved_plan=_sum(self.approved_plan, other.approved_plan),
        )

    def minus(self, other: Amounts) -> Amounts:
        """The difference; unknown where either is unknown."""
        return Amounts(
            year_plan=self.year_plan - other.year_plan,
            period_plan=_difference(self.period_plan, other.period_plan),
            actual=_difference(self.actual, other.actual),
            approved_plan=_difference(self.approved_plan, other.approved_plan),
        )

    @property
    def is_nothing(self) -> bool:
        """True where every amount is zero."""
        return not any((self.year_plan, self.period_plan, self.actual, self.approved_plan))

    @property
    def known(self) -> bool:
        """True where plan and actual of the period are both told."""
        return self.period_plan is not None and self.actual is not None


NOTHING = Amounts(year_plan=Decimal(0), period_plan=Decimal(0), actual=Decimal(0))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row as shown (R58): amounts in drams, percent of the period plan (None: no plan, or not told), deviation.

    code is "" for the row that holds what the source does not itemise; names are then empty and the page says so.
    economic: the item, in a row that divides a function by economic items.
    """

    code: str
    parent: str
    article: str
    names: Names
    level: int
    year_plan: Decimal
    period_plan: Decimal | None
    actual: Decimal | None
    approved_plan: Decimal | None = None
    is_total: bool = False
    is_unitemised: bool = False
    has_children: bool = False
    unverified: bool = False
    economic: str = ""

    @property
    def percent(self) -> Decimal | None:
        """Actual in percent of the period plan, two places half up; None without a plan."""
        if self.period_plan is None or self.actual is None:
            return None
        return percent_of(self.actual, self.period_plan)

    @property
    def deviation(self) -> Decimal | None:
        """Actual less period plan in drams, negative is a shortfall."""
        if self.period_plan is None or self.actual is None:
            return None
        return deviation(self.actual, self.period_plan)

    @property
    def not_by_month(self) -> bool:
        """True where the single month cannot be told because the month before is not known."""
        return self.period_plan is None or self.actual is None


def counts(figure: Figure, part: PartFilter, eliminated: Eliminated) -> bool:
    """True for a figure that belongs to a budget type (R57): total = parts - eliminations."""
    if part == "total":
        return not eliminated(figure.code, figure.economic, figure.part)
    return figure.part == part


def rolled_up(
    figures: Iterable[Figure],
    lines: Mapping[str, Line],
    *,
    part: PartFilter,
    total_code: str,
    axis: Axis = "code",
    eliminated: Eliminated = lambda code, economic, part: False,
) -> dict[str, Amounts]:
    """Amounts of every line: its own figures and those of the lines below it (parent = sum of children).

    axis: by the code of the side, or by economic item. A line that no figure names is there where it can be told: not
    where a line above it holds something that its source does not itemise, for then its own sum would be cut.
    """
    own: dict[str, Amounts] = {}
    for figure in figures:
        if counts(figure, part, eliminated):
            code = getattr(figure, axis) or total_code
            own[code] = own[code].plus(figure.amounts) if code in own else figure.amounts
    above = {code: _above(code, lines, total_code) for code in own}
    sums = dict(own)
    for code, amounts in own.items():
        for ancestor in above[code]:
            sums[ancestor] = sums[ancestor].plus(amounts) if ancestor in sums else amounts
    uncut = {code for code in sums if code in own or not _is_cut(code, own, lines, total_code)}
    return {code: amounts for code, amounts in sums.items() if code in uncut}


def is_cut(figures: Iterable[Figure], total_code: str) -> bool:
    """True where a source states a total beyond its lines, so that a line it leaves out is not nothing but unknown."""
    at_total = [figure.amounts for figure in figures if figure.code == total_code]
    return any(not amounts.is_nothing for amounts in at_total)


def _above(code: str, lines: Mapping[str, Line], total_code: str) -> list[str]:
    """Lines above; a code that the classification does not hold hangs under the total."""
    if code in lines or code == total_code:
        return ancestors(code, lines)
    return [total_code]


def _is_cut(code: str, own: Mapping[str, Amounts], lines: Mapping[str, Line], total_code: str) -> bool:
    return any(above in own and not own[above].is_nothing for above in _above(code, lines, total_code))


def by_part(figures: Iterable[Figure], part: PartFilter) -> dict[str, Amounts]:
    """Amounts per code for a budget type (R57).

    "total" takes the undivided figure where the source states one (it nets transfers between the parts), else the sum
    of the parts.
    """
    stated: dict[str, Amounts] = {}
    summed: dict[str, Amounts] = {}
    for figure in figures:
        amounts = figure.amounts
        if figure.part == (UNDIVIDED if part == "total" else part):
            stated[figure.code] = amounts
        elif part == "total":
            before = summed.get(figure.code)
            summed[figure.code] = before.plus(amounts) if before else amounts
    return summed | stated


def flows(
    current: Mapping[str, Amounts],
    previous: Mapping[str, Amounts] | None,
    *,
    month: int,
    absent_is_zero: bool = False,
) -> dict[str, Amounts]:
    """The single month out of cumulative amounts (R55): cumulative(m) = cumulative(m - 1) + flow(m).

    January is its own flow. A line that the month before does not state stays unknown, for a source may have left it
    out, unless absent_is_zero. previous None means that the month before is not published.
    """
    if month == 1:
        return dict(current)
    absent = NOTHING if absent_is_zero and previous is not None else None
    earlier = previous or {}
    return {code: _flow(amounts, earlier.get(code, absent)) for code, amounts in current.items()}


def build_rows(
    lines: Mapping[str, Line], amounts: Mapping[str, Amounts], *, total_code: str, kind: str = ""
) -> tuple[Row, ...]:
    """Rows in the order of the codes, the total first; only `kind` and what lies below it where one is given.

    A line hangs under its nearest ancestor that has figures, so a source may leave levels out.
    """
    chosen = sorted(code for code in amounts if not kind or code == kind or kind in ancestors(code, lines))
    present = set(chosen)
    parents = {code: next((a for a in ancestors(code, lines) if a in present), "") for code in chosen}
    with_children = set(parents.values())
    rows = [
        _row(lines.get(code) or unknown_line(code), amounts[code], parents, code in with_children, total_code)
        for code in chosen
    ]
    if not kind and total_code in present:
        rest = _remainder(amounts, parents, total_code)
        if rest is not None:
            rows.append(rest)
    return tuple(sorted(rows, key=lambda row: not row.is_total))


def ancestors(code: str, lines: Mapping[str, Line]) -> list[str]:
    """Codes above `code`, the nearest first, the total last."""
    found: list[str] = []
    at = lines[code].parent if code in lines else ""
    while at and at not in found:
        found.append(at)
        at = lines[at].parent if at in lines else ""
    return found


def kinds(lines: Mapping[str, Line], codes: Iterable[str], total_code: str) -> list[str]:
    """Codes offered in the filter "revenue type" (R57): every line that has something below it, and the top ones."""
    offered: set[str] = set()
    for code in codes:
        above = [a for a in ancestors(code, lines) if a != total_code]
        offered.update(above)
        if not above and code != total_code:
            offered.add(code)
    return sorted(offered)


def visible(rows: Iterable[Row], *, detail: bool) -> list[Row]:
    """All rows, or those down to the summary level (R56)."""
    return [row for row in rows if detail or row.level <= SUMMARY_LEVEL]


def unknown_line(code: str) -> Line:
    """A stand-in for a code that the classification does not hold: the code is its name."""
    return Line(code=code, parent="", article="", names=Names(hy=code))


def _row(line: Line, amounts: Amounts, parents: Mapping[str, str], has_children: bool, total_code: str) -> Row:
    return Row(
        code=line.code,
        parent=parents[line.code],
        article=line.article,
        names=line.names,
        level=_level(line.code, parents),
        year_plan=amounts.year_plan,
        period_plan=amounts.period_plan,
        actual=amounts.actual,
        approved_plan=amounts.approved_plan,
        is_total=line.code == total_code,
        has_children=has_children,
        unverified=line.unverified,
    )


def _level(code: str, parents: Mapping[str, str]) -> int:
    level = 0
    while code := parents.get(code, ""):
        level += 1
    return level


def _remainder(amounts: Mapping[str, Amounts], parents: Mapping[str, str], total_code: str) -> Row | None:
    """What the total holds beyond the lines printed directly below it; None where nothing is left."""
    total = amounts[total_code]
    itemised = Amounts(year_plan=Decimal(0), period_plan=Decimal(0), actual=Decimal(0))
    for code, parent in parents.items():
        if parent == total_code:
            itemised = itemised.plus(_told(amounts[code]) if total.known else amounts[code])
    rest = total.minus(itemised)
    if not any((rest.year_plan, rest.period_plan, rest.actual)):
        return None
    return Row(
        code="", parent=total_code, article="", names=Names(hy=""), level=1, is_unitemised=True,
        year_plan=rest.year_plan, period_plan=rest.period_plan, actual=rest.actual,
    )  # fmt: skip


def _told(amounts: Amounts) -> Amounts:
    """Unknown flows count as nothing, so that they fall into what is not itemised and the total still adds up."""
    return replace(amounts, period_plan=amounts.period_plan or Decimal(0), actual=amounts.actual or Decimal(0))


def _flow(amounts: Amounts, earlier: Amounts | None) -> Amounts:
    if earlier is None:
        return replace(amounts, period_plan=None, actual=None)
    return replace(amounts.minus(earlier), year_plan=amounts.year_plan, approved_plan=amounts.approved_plan)


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


def _difference(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other
