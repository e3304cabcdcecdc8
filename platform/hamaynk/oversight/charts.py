"""The comparison of towns as a chart: best percent first, 100 percent of the plan marked."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext

from hamaynk.oversight.selectors import TownRevenue
from hamaynk.ui.charts import About, Bar, BarChart, Reference, bars
from hamaynk.ui.formats import percent

MOST = 40  # more bars than that are no picture any more; the table has all of them


def percent_bars(lines: Sequence[TownRevenue]) -> BarChart:
    """Bars of the percentages, in the order given; of very many the first and the last ones."""
    told = [line for line in lines if line.percent is not None]
    shown = told if len(told) <= MOST else [*told[: MOST // 2], *told[-MOST // 2 :]]
    return bars(
        About(
            slug="percent",
            title=gettext("Revenue received as percent of the plan for the period, cumulative since January"),
            sentence=_sentence(told, len(shown)),
        ),
        [Bar(name=str(line.town), actual=line.percent) for line in shown],
        write=lambda value: f"{percent(value)} %",
        reference=Reference(Decimal(100), "100 %"),
    )


def _sentence(told: Sequence[TownRevenue], shown: int) -> str:
    """Who stands first and last, and that the drawing leaves out the middle where it does."""
    if not told:
        return gettext("No community has a plan for the period to be compared with.")
    first, last = told[0], told[-1]
    words = {
        "first": str(first.town),
        "best": percent(first.percent),
        "last": str(last.town),
        "least": percent(last.percent),
    }
    if len(told) == 1:
        return gettext("%(first)s received %(best)s percent of its plan.") % words
    said = gettext("%(first)s stands first with %(best)s percent, %(last)s last with %(least)s percent.") % words
    if shown < len(told):
        rest = gettext("The chart shows the first %(half)s and the last %(half)s of %(count)s communities.")
        said += " " + rest % {"half": shown // 2, "count": len(told)}
    return said
