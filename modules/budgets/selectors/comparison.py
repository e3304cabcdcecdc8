"""Reads of the comparison: a published month of this town beside the means of marz and country. A fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hamaynk.common.money import percent_of, round_half_up
from hamaynk.common.periods import Month
from hamaynk.statistics import Mean, Reference, references
from modules.budgets.models import PublishedMonth
from modules.budgets.selectors.overview import SideFigures, side_figures
from modules.budgets.tables import Names

TOTAL_ITEM = ""
SCOPES = ("marz", "country")


@dataclass(frozen=True, kw_only=True)
class Held:
    """One line of this town beside a mean: percent of the total spent or received, and drams per inhabitant.

    None where it is not told: nobody to compare with, no total, inhabitants not known.
    """

    code: str
    names: Names
    share: Decimal | None
    per_inhabitant: Decimal | None
    mean_shares: dict[str, Decimal | None]
    means_per_inhabitant: dict[str, Decimal | None]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A month of a side beside the means. total: the mean of the totals by scope, None where fewer than two towns."""

    month: Month
    side: str
    published: PublishedMonth
    rows: tuple[Held, ...]
    total: Held
    means: dict[str, Mean | None]

    @property
    def has_means(self) -> bool:
        """True where there is anything to compare with."""
        return any(self.means.values())


def comparison(month: Month, published: PublishedMonth, *, side: str, inhabitants: int | None) -> Comparison | None:
    """Main lines of what a month states beside the means; None where it states no total. Three queries."""
    figures = side_figures({side: published}, month.year)[side]
    if figures.total is None:
        return None
    heads = [row for row in figures.below(figures.total_code) if row.code]
    found = references(
        indicator=f"budgets.{side}_executed",
        period=month.first_day,
        items=[TOTAL_ITEM, *(row.code for row in heads)],
    )
    total = found[TOTAL_ITEM]
    return Comparison(
        month=month,
        side=side,
        published=published,
        means={scope: getattr(total, scope) for scope in SCOPES},
        total=_held(figures, figures.total_code, total, total, inhabitants),
        rows=tuple(_held(figures, row.code, found[row.code], total, inhabitants) for row in heads),
    )


def per_inhabitant(drams: Decimal | None, inhabitants: int | None) -> Decimal | None:
    """Whole drams for each inhabitant, half up; None where either is not known."""
    return None if drams is None or not inhabitants else round_half_up(drams / inhabitants, 0)


def _held(figures: SideFigures, code: str, line: Reference, total: Reference, inhabitants: int | None) -> Held:
    own = figures.amounts[code].actual or Decimal(0)
    whole = (figures.total.actual if figures.total else None) or Decimal(0)
    shares: dict[str, Decimal | None] = {}
    each: dict[str, Decimal | None] = {}
    for scope in SCOPES:
        mean: Mean | None = getattr(line, scope)
        of_total: Mean | None = getattr(total, scope)
        shares[scope] = percent_of(mean.mean, of_total.mean) if mean and of_total else None
        each[scope] = None if mean is None or mean.per_inhabitant is None else round_half_up(mean.per_inhabitant, 0)
    return Held(
        code=code,
        names=figures.lines[code].names if code in figures.lines else Names(hy=code),
        share=percent_of(own, whole),
        per_inhabitant=per_inhabitant(own, inhabitants),
        mean_shares=shares,
        means_per_inhabitant=each,
    )
