"""Reads of a line's own page: its figures through the months and years, what changed its plan, what is said of it.

Figures from published snapshots, plan versions only those in force, questions only those answered. A fixed number of
queries, eleven at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from hamaynk.common.periods import Month
from modules.budgets.classification import all_lines, total_code
from modules.budgets.models import (
    ClassificationKind,
    LineExplanation,
    LineQuestion,
    PlanAmount,
    PlanVersion,
    PublishedMonth,
    QuestionState,
    Side,
    VersionState,
)
from modules.budgets.selectors.public_execution import Publications, explanation, publications
from modules.budgets.selectors.published import SeriesPoint, below, eliminated_in, figures_of, kind_of, line_series
from modules.budgets.tables import (
    Amounts,
    Axis,
    Eliminated,
    Figure,
    Line,
    Row,
    ancestors,
    build_rows,
    counts,
    rolled_up,
    unknown_line,
)

ECONOMIC = "economic"
LINE_SIDES = (*Side.values, ECONOMIC)  # what the address of a line's page may name
QUESTIONS = 50


@dataclass(frozen=True, kw_only=True)
class Share:
    """What of a line belongs to a settlement, an account, a part of the budget, an item or a function."""

    code: str
    line: Line | None
    amounts: Amounts


@dataclass(frozen=True, kw_only=True)
class Amended:
    """An amendment that touches the line, and by how much over the year: drams."""

    version: PlanVersion
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class LinePage:
    """A line of the classification with everything published of it.

    month and published: the newest of the year chosen; None where nothing is published. row: the line itself in that
    month, children: the lines right below it. across: of a function the economic items, of an item the functions.
    """

    side: str
    code: str
    line: Line
    path: tuple[Line, ...]
    year: int | None
    month: Month | None
    published: PublishedMonth | None
    periods: tuple[Month, ...]
    row: Row | None
    children: tuple[Row, ...]
    points: tuple[SeriesPoint, ...]
    settlements: tuple[Share, ...]
    accounts: tuple[Share, ...]
    parts: tuple[Share, ...]
    across: tuple[Share, ...]
    amendments: tuple[Amended, ...]
    explanation: LineExplanation | None
    questions: tuple[LineQuestion, ...]

    @property
    def fact_side(self) -> str:
        """The side of the budget that the line is of."""
        return fact_side(self.side)

    @property
    def is_demo(self) -> bool:
        """True for demonstration data."""
        return self.published is not None and self.published.is_demo


def fact_side(side: str) -> str:
    """The side that a line's page is about; economic items are of the expenditure."""
    return Side.EXPENDITURE.value if side == ECONOMIC else side


def line_kind(side: str) -> ClassificationKind:
    """The classification of a line's page."""
    return ClassificationKind.ECONOMIC if side == ECONOMIC else kind_of(side)


def read_line(side: str, code: str, year: int | None = None) -> LinePage | None:
    """The page of a line in a year (None: the newest published), or None: no such line, or nothing of that year."""
    known = publications(fact_side(side))
    years = sorted({month.year for month in known.periods})
    if year is not None and year not in years:
        return None
    chosen = year if year is not None else (years[-1] if years else None)
    kind, axis = line_kind(side), _axis(side)
    lines = all_lines(kind, year=chosen)
    if code not in lines:
        return None
    month = max((one for one in known.periods if one.year == chosen), default=None)
    published = known.in_force[month] if month else None
    total = total_code(kind)
    codes = list(lines) if code == total else below(code, lines)
    facts = _facts(published, codes, total, code, axis)
    mine = [one for one in facts if getattr(one, axis) in set(codes)]
    rows = _rows(facts, lines, code, total, month, fact_side(side), axis)
    eliminated = eliminated_in(month.year, fact_side(side)) if month else _never
    return LinePage(
        side=side, code=code, line=lines[code], year=chosen, month=month, published=published,
        path=tuple(lines[one] for one in reversed(ancestors(code, lines)) if one in lines),
        periods=tuple(known.periods),
        row=next((row for row in rows if row.code == code), None),
        children=tuple(row for row in rows if row.parent == code),
        points=tuple(_points(known, side, code, lines)),
        settlements=_shares(mine, "settlement", eliminated), accounts=_shares(mine, "account", eliminated),
        parts=_parts(mine), across=_across(mine, side, eliminated, chosen),
        amendments=_amendments(fact_side(side), codes, axis),
        explanation=explanation(kind, code, chosen or 0),
        questions=tuple(_questions(kind, code)),
    )  # fmt: skip


def _axis(side: str) -> Axis:
    return "economic" if side == ECONOMIC else "code"


def _never(code: str, economic: str, part: str) -> bool:
    return False


def _facts(published: PublishedMonth | None, codes: Sequence[str], total: str, code: str, axis: Axis) -> list[Figure]:
    """Figures of the line and what lies below it, and what the total states beyond its lines."""
    if published is None:
        return []
    wanted = None if code == total else [*codes, total, *([""] if axis == "economic" else [])]
    return figures_of([published.pk], wanted, axis=axis).get(published.pk, [])


def _rows(
    facts: Sequence[Figure],
    lines: Mapping[str, Line],
    code: str,
    total: str,
    month: Month | None,
    side: str,
    axis: Axis,
) -> tuple[Row, ...]:
    if month is None:
        return ()
    amounts = rolled_up(
        facts, lines, part="total", total_code=total, axis=axis, eliminated=eliminated_in(month.year, side)
    )
    return build_rows(lines, amounts, total_code=total, kind=code)


def _points(known: Publications, side: str, code: str, lines: Mapping[str, Line]) -> list[SeriesPoint]:
    return line_series(fact_side(side), code, axis=_axis(side), in_force=known.in_force, lines=lines)


def _shares(figures: Sequence[Figure], column: str, eliminated: Eliminated) -> tuple[Share, ...]:
    """Sums by a column, what names none last; nothing where no figure names one."""
    sums = _sums(figures, column, eliminated)
    if not any(sums):
        return ()
    return tuple(
        Share(code=name, line=None, amounts=sums[name]) for name in sorted(sums, key=lambda one: (not one, one))
    )


def _sums(figures: Sequence[Figure], column: str, eliminated: Eliminated) -> dict[str, Amounts]:
    sums: dict[str, Amounts] = {}
    for figure in figures:
        if counts(figure, "total", eliminated):
            name = getattr(figure, column)
            sums[name] = sums[name].plus(figure.amounts) if name in sums else figure.amounts
    return sums


def _parts(figures: Sequence[Figure]) -> tuple[Share, ...]:
    """Each part by itself, eliminated transfers too; nothing where the source does not divide."""
    sums: dict[str, Amounts] = {}
    for figure in figures:
        sums[figure.part] = sums[figure.part].plus(figure.amounts) if figure.part in sums else figure.amounts
    divided = [one for one in sums if one in ("administrative", "fund")]
    return tuple(Share(code=one, line=None, amounts=sums[one]) for one in sorted(sums)) if divided else ()


def _across(figures: Sequence[Figure], side: str, eliminated: Eliminated, year: int | None) -> tuple[Share, ...]:
    """The other way that expenditure is divided, the largest first."""
    if fact_side(side) != Side.EXPENDITURE or not figures:
        return ()
    column = "code" if side == ECONOMIC else "economic"
    sums = {name: one for name, one in _sums(figures, column, eliminated).items() if name and not one.is_nothing}
    if not sums:
        return ()
    kind = ClassificationKind.FUNCTIONAL if side == ECONOMIC else ClassificationKind.ECONOMIC
    lines = all_lines(kind, year=year)
    order = sorted(sums, key=lambda name: (-(sums[name].actual or Decimal(0)), name))
    return tuple(Share(code=name, line=lines.get(name) or unknown_line(name), amounts=sums[name]) for name in order)


def _amendments(side: str, codes: Sequence[str], axis: Axis) -> tuple[Amended, ...]:
    """Amendments in force that move anything of the line, the newest first. Two queries."""
    rows = (
        PlanAmount.objects.filter(
            version__state=VersionState.IN_FORCE, version__number__gt=0, side=side, **{f"{axis}__in": list(codes)}
        )
        .order_by()
        .values("version_id")
        .annotate(moved=Sum("amount"))
        .values_list("version_id", "moved")
    )
    moved = dict(rows)
    versions = PlanVersion.objects.filter(pk__in=moved).select_related("budget_year")
    found = [Amended(version=version, amount=moved[version.pk]) for version in versions]
    return tuple(sorted(found, key=lambda one: (one.version.budget_year.year, one.version.number), reverse=True))


def _questions(kind: str, code: str) -> list[LineQuestion]:
    rows = LineQuestion.objects.filter(kind=kind, code=code, state=QuestionState.ANSWERED).defer("email")
    return list(rows.order_by("-asked_at", "-pk")[:QUESTIONS])
