"""Shares: of one town beside the means of others, and of what a resident paid; and the overview in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, gettext

from hamaynk.common.money import percent_of
from hamaynk.ui.charts import About, Bar, Chart, bars
from hamaynk.ui.formats import NBSP, month_name, percent
from modules.budgets.charts_overview import in_millions, line_name
from modules.budgets.models import Side
from modules.budgets.selectors.comparison import Comparison, Held, per_inhabitant
from modules.budgets.selectors.overview import SIDES, SideFigures, YearOverview
from modules.budgets.spread import spread
from modules.budgets.tables import Row

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class HeldLine:
    """A line of the comparison's table."""

    name: str
    held: Held
    is_total: bool


@dataclass(frozen=True, kw_only=True)
class PaidLine:
    """What of the amount goes to a function: whole drams, and percent of all that was shared out."""

    row: Row
    name: str
    drams: int
    percent: Decimal


@dataclass(frozen=True, kw_only=True)
class Paid:
    """An amount shared out: the lines sum to it to the dram. basis: "executed" or "plan".

    left_out: names of functions without a positive amount, which get nothing.
    """

    drams: int
    basis: str
    lines: tuple[PaidLine, ...]
    left_out: tuple[str, ...]


def drams_text(drams: Decimal | int) -> str:
    """Whole drams for a sentence: "25 000"."""
    return f"{drams:,.0f}".replace(",", NBSP).replace("-", "−")


def name_of(figures: SideFigures, code: str) -> str:
    """Name of a line in the active language."""
    line = figures.lines.get(code)
    return line.names.get(get_language() or "hy") if line else code


def sentences(overview: YearOverview, people: int | None) -> list[str]:
    """The year in sentences: what came in and went out, the balance, per inhabitant."""
    received, spent = (overview.sides[side].total if side in overview.sides else None for side in SIDES)
    words: dict[str, object] = {"month": month_name(overview.month.month), "year": overview.year}
    said = []
    if received is not None and received.actual is not None:
        words["received"] = in_millions(received.actual)
    if spent is not None and spent.actual is not None:
        words["spent"] = in_millions(spent.actual)
    if "received" in words and "spent" in words:
        said.append(
            gettext(
                "From January to %(month)s %(year)s the community received %(received)s million drams "
                "and spent %(spent)s million drams."
            )
            % words
        )
    elif "received" in words:
        said.append(
            gettext("From January to %(month)s %(year)s the community received %(received)s million drams.") % words
        )
    elif "spent" in words:
        said.append(gettext("From January to %(month)s %(year)s the community spent %(spent)s million drams.") % words)
    balance = overview.balance
    if balance is not None:
        words["amount"] = in_millions(abs(balance))
        if balance > 0:
            said.append(gettext("That is a surplus of %(amount)s million drams: more came in than went out.") % words)
        elif balance < 0:
            said.append(gettext("That is a deficit of %(amount)s million drams: more went out than came in.") % words)
        else:
            said.append(gettext("Revenue and expenditure are equal."))
    each = per_inhabitant(spent.actual if spent else None, people)
    if each is not None:
        said.append(gettext("For each inhabitant %(drams)s drams were spent.") % {"drams": drams_text(each)})
    return said


def held_lines(found: Comparison) -> list[HeldLine]:
    """Lines of the table, the total first."""
    language = get_language() or "hy"
    return [
        HeldLine(name=one.names.get(language), held=one, is_total=one is found.total)
        for one in (found.total, *found.rows)
    ]


def share_chart(found: Comparison, scope: str) -> Chart:
    """Shares of the total: the town's as the fill, the mean as the outline."""
    language = get_language() or "hy"
    items = [
        Bar(name=one.names.get(language), actual=one.share or ZERO, plan=one.mean_shares[scope]) for one in found.rows
    ]
    about = About(
        slug="shares",
        title=gettext("Shares of everything spent")
        if found.side == Side.EXPENDITURE
        else gettext("Shares of everything received"),
        sentence=_furthest(found, scope),
        unit="%",
        plan_word=_mean_word(scope),
        actual_word=gettext("This community"),
    )
    return bars(about, items, write=lambda value: percent(value, "prose"))


def each_chart(found: Comparison, scope: str) -> Chart | None:
    """Drams per inhabitant; None where inhabitants are not known, here or there."""
    told = [one for one in found.rows if one.per_inhabitant is not None]
    if not told or all(one.means_per_inhabitant[scope] is None for one in told):
        return None
    language = get_language() or "hy"
    total, mean = found.total.per_inhabitant, found.total.means_per_inhabitant[scope]
    words = {"own": drams_text(total or ZERO), "mean": drams_text(mean or ZERO)}
    about = About(
        slug="each",
        title=gettext("Per inhabitant"),
        sentence=gettext("In all %(own)s drams for each inhabitant here, %(mean)s drams on the mean.") % words,
        unit=gettext("Drams per inhabitant"),
        plan_word=_mean_word(scope),
        actual_word=gettext("This community"),
    )
    items = [
        Bar(name=one.names.get(language), actual=one.per_inhabitant, plan=one.means_per_inhabitant[scope])
        for one in told
    ]
    return bars(about, items, write=drams_text)


def paid_for(figures: SideFigures, drams: int, basis: str) -> Paid | None:
    """The amount shared out over the main functions, to the dram; None where nothing was spent or planned.

    Nothing spent yet: by the plan of the year.
    """
    rows = figures.below(figures.total_code)
    if basis == "executed" and not any((row.actual or ZERO) > 0 for row in rows):
        basis = "plan"
    amounts = [(row.year_plan if basis == "plan" else row.actual) or ZERO for row in rows]
    kept = [(row, amount) for row, amount in zip(rows, amounts, strict=True) if amount > 0]
    if not kept:
        return None
    shares = spread(drams, [int(amount.scaleb(2)) for _, amount in kept])
    whole = sum((amount for _, amount in kept), ZERO)
    lines = [
        PaidLine(row=row, name=line_name(row), drams=share, percent=percent_of(amount, whole) or ZERO)
        for (row, amount), share in zip(kept, shares, strict=True)
    ]
    return Paid(
        drams=drams,
        basis=basis,
        lines=tuple(sorted(lines, key=lambda line: -line.percent)),
        left_out=tuple(line_name(row) for row, amount in zip(rows, amounts, strict=True) if amount < 0),
    )


def paid_chart(paid: Paid, links: Mapping[str, str]) -> Chart:
    """Bars of what the amount pays for, the largest first."""
    most = paid.lines[0]
    words = {"paid": drams_text(paid.drams), "line": most.name, "drams": drams_text(most.drams)}
    about = About(
        slug="paid",
        title=gettext("Where %(paid)s drams go") % words,
        sentence=gettext("The largest part: %(line)s, %(drams)s drams.") % words,
        unit=gettext("Drams"),
    )
    items = [Bar(name=one.name, actual=Decimal(one.drams), link=links.get(one.row.code, "")) for one in paid.lines]
    return bars(about, items, write=drams_text)


def _mean_word(scope: str) -> str:
    return gettext("Mean of the marz") if scope == "marz" else gettext("Mean of the country")


def _furthest(found: Comparison, scope: str) -> str:
    """The line whose share differs most from the mean."""
    pairs = [
        (one, one.share, mean)
        for one in found.rows
        if (mean := one.mean_shares[scope]) is not None and one.share is not None
    ]
    if not pairs:
        return _mean_word(scope)
    line, own, mean = max(pairs, key=lambda pair: abs(pair[1] - pair[2]))
    words = {
        "line": line.names.get(get_language() or "hy"),
        "own": percent(own, "prose"),
        "mean": percent(mean, "prose"),
    }
    return gettext("The greatest difference: %(line)s, %(own)s %% here and %(mean)s %% on the mean.") % words
