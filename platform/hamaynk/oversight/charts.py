"""Geometry of the comparison chart; the template draws it as SVG with the table beside it."""

from dataclasses import dataclass
from decimal import Decimal

from hamaynk.oversight.selectors import TownRevenue

ROW_HEIGHT, LABEL_WIDTH, BAR_WIDTH = 40, 150, 420


@dataclass(frozen=True)
class Bar:
    """One bar: where it stands and how long it is, in SVG units."""

    label: str
    percent: Decimal
    y: int
    text_y: int
    width: int


@dataclass(frozen=True)
class BarChart:
    """Bars from zero; `plan_x` is where 100 percent of the plan stands."""

    bars: list[Bar]
    height: int
    plan_x: int


def percent_bars(lines: list[TownRevenue]) -> BarChart:
    """Bars of the percentages, to a scale that ends at the longest one or at 100, whichever is more."""
    shown = [line for line in lines if line.percent is not None]
    end = max([Decimal(100), *[line.percent for line in shown if line.percent is not None]])
    bars = [
        Bar(
            str(line.town),
            line.percent or Decimal(0),
            place * ROW_HEIGHT + 8,
            place * ROW_HEIGHT + 25,
            max(0, int((line.percent or 0) * BAR_WIDTH / end)),
        )
        for place, line in enumerate(shown)
    ]
    return BarChart(bars, len(shown) * ROW_HEIGHT + 24, LABEL_WIDTH + int(100 * BAR_WIDTH / end))
