"""The ministry's pictures: percent of the plan by town, plan against execution by month, days of delay."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from hamaynk.oversight.lateness import Publisher
from hamaynk.oversight.selectors import MonthExecution, TownExecution
from hamaynk.ui.charts import About, Bar, BarChart, Column, ColumnChart, Reference, bars, columns
from hamaynk.ui.formats import month_name, month_short, percent, thousands

MOST = 40  # more bars than that are no picture any more; the table has all of them


def percent_bars(lines: Sequence[TownExecution], side: str) -> BarChart:
    """Bars of the percentages, best first; of very many the first and the last ones."""
    told = sorted((line for line in lines if line.percent is not None), key=lambda line: -(line.percent or 0))
    shown = told if len(told) <= MOST else [*told[: MOST // 2], *told[-MOST // 2 :]]
    title = (
        gettext("Expenditure as percent of the plan for the period, cumulative since January")
        if side == "expenditure"
        else gettext("Revenue received as percent of the plan for the period, cumulative since January")
    )
    return bars(
        About(slug="percent", title=title, sentence=_ends(told, len(shown))),
        [Bar(name=line.town.name, actual=line.percent) for line in shown],
        write=lambda value: f"{percent(value)} %",
        reference=Reference(Decimal(100), "100 %"),
    )


def year_columns(months: Sequence[MonthExecution], side: str) -> ColumnChart:
    """Cumulative plan as outline and execution as fill, month by month; what is not published is a gap."""
    items = [
        Column(
            name=month_name(line.month.month),
            short=month_short(line.month.month),
            actual=line.executed,
            plan=line.planned,
            note=gettext("not published"),
        )
        for line in months
    ]
    about = About(
        slug="year",
        title=gettext("Plan and execution since the start of the year, by month"),
        unit=gettext("million drams"),
        sentence=_newest(months),
        plan_word=gettext("Plan for the period"),
        actual_word=gettext("Spent") if side == "expenditure" else gettext("Received"),
    )
    return columns(
        about, items, write=lambda drams: _millions(drams, 1), write_tick=lambda drams, _: _millions(drams, 0)
    )


def delay_bars(lines: Sequence[Publisher]) -> BarChart:
    """Days of delay of the towns that are late, longest first; those that never published say so."""
    late = [line for line in lines if line.is_late][:MOST]
    items = [
        Bar(
            name=line.town.name,
            actual=None if line.days_late is None else Decimal(line.days_late),
            note=gettext("has never published") if line.days_late is None else "",
        )
        for line in late
    ]
    about = About(
        slug="delay",
        title=gettext("Days since the next month was due"),
        sentence=_delay(lines),
    )
    return bars(about, items, write=str)


def _ends(told: Sequence[TownExecution], shown: int) -> str:
    """Who stands first and last, and that the drawing leaves out the middle where it does."""
    if not told:
        return gettext("No community has a plan for the period to be compared with.")
    first, last = told[0], told[-1]
    words = {
        "first": first.town.name,
        "best": percent(first.percent),
        "last": last.town.name,
        "least": percent(last.percent),
    }
    if len(told) == 1:
        return gettext("%(first)s carried out %(best)s percent of its plan.") % words
    said = gettext("%(first)s stands first with %(best)s percent, %(last)s last with %(least)s percent.") % words
    if shown < len(told):
        rest = gettext("The chart shows the first %(half)s and the last %(half)s of %(count)s communities.")
        said += " " + rest % {"half": shown // 2, "count": len(told)}
    return said


def _newest(months: Sequence[MonthExecution]) -> str:
    told = [line for line in months if line.is_published]
    if not told:
        return gettext("Nothing is published for this year.")
    last = told[-1]
    words = {
        "month": month_name(last.month.month),
        "executed": thousands(last.executed, 1, "prose"),
        "percent": percent(last.percent),
    }
    return (
        gettext("By the end of the newest month, %(month)s: %(executed)s thousand drams, %(percent)s percent.") % words
    )


def _delay(lines: Sequence[Publisher]) -> str:
    late = sum(line.is_late for line in lines)
    if not late:
        return gettext("Nobody is late.")
    said = ngettext("%(late)s community of %(all)s is late.", "%(late)s communities of %(all)s are late.", late)
    return said % {"late": late, "all": len(lines)}


def _millions(drams: Decimal, places: int) -> str:
    return thousands(drams.scaleb(-3), places, "prose")
