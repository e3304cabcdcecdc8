"""The balance on the public site: revenue less expenditure against the financing (section 4 of the official form)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from hamaynk.contract import public
from hamaynk.ui.charts import About, Bar, BarChart, bars
from hamaynk.ui.formats import month_name, percent, thousands
from modules.budgets import official_form, presentation
from modules.budgets.charts_overview import in_millions
from modules.budgets.forms.execution import MonthForm
from modules.budgets.models import Side
from modules.budgets.selectors import published_figures
from modules.budgets.selectors.balance import Balance, BalanceRow, balance_periods, read_balance
from modules.budgets.selectors.public_execution import publications_of
from modules.budgets.tables import SUMMARY_LEVEL
from modules.budgets.views.kept import content, kept_page
from modules.budgets.views.overview import csv_file, inhabitants, line_address
from modules.budgets.views.site import LONGEST, TableLine, each_inhabitant, files, pages

FILTERS = ("year", "month", "part", "view")


@public
@require_safe
def balance(request: HttpRequest) -> HttpResponse:
    """What came in less what went out, and what filled the gap."""
    people = inhabitants(request)
    asked = {name: value[:LONGEST] for name in FILTERS if (value := request.GET.get(name, "").strip())}
    return kept_page(request, {"page": "balance", "people": people, **asked}, lambda: _content(asked, people))


@public
@require_safe
def balance_csv(request: HttpRequest) -> HttpResponse:
    """The rows of the balance, exact drams."""
    known = publications_of(Side.values)
    form = MonthForm(request.GET, balance_periods(known))
    if not form.is_valid():
        said = "\n".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
        return HttpResponse(said + "\n", content_type="text/plain; charset=utf-8", status=400)
    found = read_balance(known, form.month_asked, form.cleaned_data["view"], form.cleaned_data["part"])
    heads = ["year", "month", "view", "part", "row", "name_hy", "name_en", "name_ru", "unit", "year_plan_adjusted",
             "period_plan", "period_actual", "percent_of_period_plan", "deviation"]  # fmt: skip
    rows = [
        [
            found.month.year, found.month.month, found.view, found.part, row.code,
            *((row.line.names.get(one) for one in ("hy", "en", "ru")) if row.line else ("", "", "")), "drams",
            *((row.amounts.year_plan, row.amounts.period_plan, row.amounts.actual) if row.amounts else ("", "", "")),
            row.percent, row.deviation,
        ]
        for row in found.rows
    ]  # fmt: skip
    return csv_file(f"balance-{found.month}-{found.view}.csv", heads, rows)


@public
@require_safe
def balance_xlsx(request: HttpRequest) -> HttpResponse:
    """Section 4 of the official form; 400 where revenue or expenditure of the month is not published."""
    form = MonthForm(request.GET, balance_periods(publications_of(Side.values)))
    found = {}
    if form.is_valid():
        for side in Side.values:
            figures = published_figures(form.month_asked, side)
            if figures is not None:
                found[side] = figures
    if not {Side.REVENUE.value, Side.EXPENDITURE.value} <= found.keys():
        said = gettext("Revenue and expenditure of this month are not both published.")
        return HttpResponse(said + "\n", content_type="text/plain; charset=utf-8", status=400)
    response = HttpResponse(official_form.balance_workbook(found), content_type=official_form.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="balance-{form.month_asked}.xlsx"'
    return response


def _content(asked: dict[str, str], people: int | None) -> dict[str, Any]:
    here = gettext("Balance")
    known = publications_of(Side.values)
    periods = balance_periods(known)
    title = gettext("Balance of the budget")
    if not periods:
        context: dict[str, Any] = {"title": title, "pages": pages("balance")}
        return content("budgets/site/execution_empty.html", context, title=title, here=here)
    form = MonthForm(asked, periods)
    valid = form.is_valid()
    context = {"form": form, "action": reverse("budgets:balance"), "title": title, "pages": pages("balance")}
    if valid:
        found = read_balance(known, form.month_asked, form.cleaned_data["view"], form.cleaned_data["part"])
        context |= _shown(found, people)
    return content("budgets/site/balance.html", context, title=str(context["title"]), here=here,
                   status=200 if valid else 400)  # fmt: skip


def _shown(found: Balance, people: int | None) -> dict[str, Any]:
    words = {"month": month_name(found.month.month), "year": found.month.year}
    title = gettext("Balance of the budget, %(month)s %(year)s, cumulative")
    if found.view == "month":
        title = gettext("Balance of the budget, %(month)s %(year)s, single month")
    query = f"?year={found.month.year}&month={found.month.month}"
    if found.part != "total":
        query += f"&part={found.part}"
    by_month = found.view == "month"
    return {
        "found": found,
        "title": title % words,
        "sentences": [sentence for sentence in (_both(found), _sentence(found)) if sentence],
        "each": each_inhabitant(Side.EXPENDITURE, _actual(found, "expenditure"), people)
        if found.part == "total"
        else "",
        "inhabitants": people,
        "heads": [
            gettext("Part of the balance"), gettext("Adjusted plan of the year"),
            presentation.plan_word(by_month=by_month), presentation.actual_word(Side.FINANCING, by_month=by_month),
            gettext("Percent of the plan"), gettext("Deviation, minus is less than planned"),
        ],
        "lines": [_line(row, found) for row in found.rows if row.line is None or row.line.level <= SUMMARY_LEVEL],
        "missing": [str(Side(side).label) for side in found.missing],
        "chart": _chart(found),
        "previous_month": presentation.period_text(found.month.previous),
        "query": {"here": query + (f"&view={found.view}" if by_month else ""), "cumulative": query,
                  "month": f"{query}&view=month"},
        "sides": [
            {"label": Side(side).label, "table": table, "files": files(side, found.month, None),
             "source": presentation.source_text(table)}
            for side, table in found.tables.items()
        ],
    }  # fmt: skip


def row_name(row: BalanceRow) -> str:
    """A row's name in the active language."""
    if row.line is not None:
        return presentation.row_name(row.line)
    words = {
        "revenue": gettext("Revenue"),
        "expenditure": gettext("Expenditure"),
        "balance": gettext("Surplus, or below zero the deficit"),
        "financing": gettext("Financing of the deficit"),
        "left": gettext("Balance and financing together"),
    }
    return words[row.code]


def _line(row: BalanceRow, found: Balance) -> TableLine:
    query = f"?year={found.month.year}&month={found.month.month}"
    link = ""
    if row.line is not None:
        link = f"{line_address('financing', row.code)}?year={found.month.year}" if row.code else ""
    elif row.code in found.tables:
        link = reverse(f"budgets:{row.code}") + query
    one = row.amounts
    css = "level-2" if row.line and row.line.level > 1 else "level-1" if row.line else "level-0"
    return TableLine(
        css=f"{css} total" if row.code in ("balance", "left") else css, code=row.code, name=row_name(row), link=link,
        year_plan=thousands(one.year_plan if one else None), period_plan=thousands(one.period_plan if one else None),
        actual=thousands(one.actual if one else None), percent=percent(row.percent), deviation=thousands(row.deviation),
        is_short=row.deviation is not None and row.deviation < 0, not_told=bool(one and not one.known),
    )  # fmt: skip


def _actual(found: Balance, code: str) -> Any:
    amounts = found.row(code).amounts
    return amounts.actual if amounts else None


def _both(found: Balance) -> str:
    received, spent = _actual(found, "revenue"), _actual(found, "expenditure")
    if received is None or spent is None or found.view == "month":
        return ""
    words = {
        "month": month_name(found.month.month), "year": found.month.year,
        "received": in_millions(received), "spent": in_millions(spent),
    }  # fmt: skip
    said = gettext(
        "From January to %(month)s %(year)s the community received %(received)s million drams "
        "and spent %(spent)s million drams."
    )
    return said % words


def _sentence(found: Balance) -> str:
    actual = _actual(found, "balance")
    if actual is None:
        return ""
    words = {"amount": in_millions(abs(actual))}
    if actual > 0:
        return gettext("That is a surplus of %(amount)s million drams: more came in than went out.") % words
    if actual < 0:
        return gettext("That is a deficit of %(amount)s million drams: more went out than came in.") % words
    return gettext("Revenue and expenditure are equal.")


def _chart(found: Balance) -> BarChart | None:
    rows = [found.row(code) for code in ("revenue", "expenditure", "balance", "financing")]
    told = [row for row in rows if row.amounts is not None and row.amounts.known]
    if len(told) < 2:
        return None
    by_month = found.view == "month"
    about = About(
        slug="balance",
        title=gettext("Revenue, expenditure and financing"),
        sentence=_sentence(found) or gettext("Plan as the outline, execution as the fill."),
        unit=gettext("Million drams"),
        plan_word=presentation.plan_word(by_month=by_month),
        actual_word=presentation.actual_word(Side.FINANCING, by_month=by_month),
    )
    items = [
        Bar(name=row_name(row), actual=row.amounts.actual, plan=row.amounts.period_plan)
        for row in told
        if row.amounts is not None
    ]
    return bars(about, items, write=in_millions)
