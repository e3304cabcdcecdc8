"""Public pages that explain the budget: overview, comparison with other towns, what a dram buys. Published snapshots only."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from hamaynk.common.periods import Month
from hamaynk.contract import public
from modules.budgets import charts_overview as charts
from modules.budgets import charts_shares, presentation
from modules.budgets.forms.overview import CompareForm, PaidForm, YearForm
from modules.budgets.models import Side
from modules.budgets.selectors import overview as reads
from modules.budgets.selectors.comparison import Comparison, comparison
from modules.budgets.selectors.public_plan import public_years
from modules.budgets.tables import Row

EXPENDITURE, REVENUE = Side.EXPENDITURE.value, Side.REVENUE.value


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The year at a glance: what came in, what it was spent on, month by month, year by year."""
    published = reads.published_of_both()
    years = reads.years_of(published)
    plan_years = [one.year for one in public_years()]
    if not years:
        return render(request, "budgets/site/overview_empty.html", {"plan_years": plan_years})
    form = YearForm(request.GET, years)
    overview = reads.year_overview(form.cleaned_data["year"], published) if form.is_valid() else None
    context: dict[str, Any] = {"form": form, "overview": overview, "plan_years": plan_years}
    if overview is None:
        return render(request, "budgets/site/overview.html", context, status=400)
    function = request.GET.get("function", "").strip()[:20]
    spent = overview.sides.get(EXPENDITURE)
    if function and (spent is None or not spent.has(function)):
        return render(request, "budgets/site/overview.html", context | {"no_function": function}, status=400)
    return render(request, "budgets/site/overview.html", context | _overview(overview, function, inhabitants(request)))


@public
@require_safe
def index_csv(request: HttpRequest) -> HttpResponse:
    """Main lines of both sides of the year, drams."""
    published = reads.published_of_both()
    form = YearForm(request.GET, reads.years_of(published))
    month = reads.newest_month(published, form.cleaned_data["year"]) if form.is_valid() else None
    if month is None:
        return _nothing()
    of_month = {side: months[month] for side, months in published.items() if month in months}
    found = reads.side_figures(of_month, month.year)
    heads = ["year", "month", "side", "code", "article", "name_hy", "name_en", "name_ru", "unit", "year_plan_adjusted",
             "period_plan", "period_actual", "drams_per_inhabitant"]  # fmt: skip
    return csv_file(f"budget-overview-{month}.csv", heads, _overview_rows(month, found, inhabitants(request)))


@public
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Main lines beside the mean of marz and country, as share of the total and per inhabitant."""
    published = reads.published_of_both()
    form, found = _compared(request, published)
    context: dict[str, Any] = {"form": form, "comparison": found, "any": any(published.values())}
    if found is not None:
        scope = form.cleaned_data["scope"]
        if found.means[scope] is None and request.GET.get("scope") is None:
            scope = next((one for one in found.means if found.means[one]), scope)
        context |= {
            "period": presentation.period_text(found.month),
            "scope": scope,
            "shown": charts_shares.held_lines(found),
            "marz": found.means["marz"],
            "country": found.means["country"],
            "share_chart": charts_shares.share_chart(found, scope) if found.means[scope] else None,
            "each_chart": charts_shares.each_chart(found, scope) if found.means[scope] else None,
            "inhabitants": inhabitants(request),
            "query": request.GET.urlencode(),
        }
    return render(request, "budgets/site/compare.html", context, status=200 if form.is_valid() else 400)


@public
@require_safe
def compare_csv(request: HttpRequest) -> HttpResponse:
    """The comparison as data: percent of the total and drams per inhabitant."""
    _form, found = _compared(request, reads.published_of_both())
    if found is None:
        return _nothing()
    heads = ["year", "month", "side", "code", "name_hy", "name_en", "name_ru", "share_percent", "marz_share_percent",
             "country_share_percent", "drams_per_inhabitant", "marz_drams_per_inhabitant",
             "country_drams_per_inhabitant", "towns_in_marz", "towns_in_country"]  # fmt: skip
    rows = [
        [
            found.month.year, found.month.month, found.side, one.code, one.names.hy, one.names.en, one.names.ru,
            one.share, one.mean_shares["marz"], one.mean_shares["country"],
            one.per_inhabitant, one.means_per_inhabitant["marz"], one.means_per_inhabitant["country"],
            *(mean.towns if (mean := found.means[scope]) else 0 for scope in ("marz", "country")),
        ]
        for one in (*found.rows, found.total)
    ]  # fmt: skip
    return csv_file(f"comparison-{found.side}-{found.month}.csv", heads, rows)


@public
@require_safe
def what_it_buys(request: HttpRequest) -> HttpResponse:
    """A resident enters what he paid and sees it shared out by function, to the dram."""
    figures = _newest_expenditure()
    if figures is None:
        return render(request, "budgets/site/what_it_buys.html", {"nothing": True})
    form = PaidForm(request.GET) if "paid" in request.GET else PaidForm({})
    context: dict[str, Any] = {"form": form, "asked": "paid" in request.GET, "published": figures.published}
    if not context["asked"]:
        form.errors.clear()
        return render(request, "budgets/site/what_it_buys.html", context)
    if not form.is_valid():
        return render(request, "budgets/site/what_it_buys.html", context, status=400)
    month = Month(figures.published.budget_year.year, figures.published.month)
    paid = charts_shares.paid_for(figures, form.cleaned_data["paid"], form.cleaned_data["basis"])
    links = {row.code: line_address(EXPENDITURE, row.code) for row in figures.below(figures.total_code) if row.code}
    context |= {
        "paid": paid,
        "chart": charts_shares.paid_chart(paid, links) if paid else None,
        "links": links,
        "month": month,
        "period": presentation.period_text(month),
        "query": request.GET.urlencode(),
    }
    return render(request, "budgets/site/what_it_buys.html", context)


@public
@require_safe
def what_it_buys_csv(request: HttpRequest) -> HttpResponse:
    """The shares of what was paid, whole drams."""
    figures, form = _newest_expenditure(), PaidForm(request.GET)
    if figures is None or not form.is_valid():
        return _nothing()
    paid = charts_shares.paid_for(figures, form.cleaned_data["paid"], form.cleaned_data["basis"])
    if paid is None:
        return _nothing()
    heads = ["code", "name_hy", "name_en", "name_ru", "basis", "drams", "percent"]
    rows = [
        [one.row.code, *_names(one.row), paid.basis, one.drams, one.percent]
        for one in paid.lines
    ]  # fmt: skip
    return csv_file("what-it-buys.csv", heads, rows)


def line_address(side: str, code: str) -> str:
    """Address of a line's own page; side "economic" for an economic item of the expenditure."""
    return reverse("budgets:line", kwargs={"side": side, "code": code})


def execution_address(side: str, month: Month) -> str:
    """Address of the execution table of a month."""
    return f"{reverse(f'budgets:{side}')}?year={month.year}&month={month.month}"


def inhabitants(request: HttpRequest) -> int | None:
    """Inhabitants of the town as the platform knows them, None where it does not."""
    return request.town.population or None  # type: ignore[attr-defined]


def csv_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV download, UTF-8 with a mark for spreadsheets; no text cell that a spreadsheet would run."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([presentation.safe_cell(one) if isinstance(one, str) else one for one in row] for row in rows)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _overview(overview: reads.YearOverview, function: str, people: int | None) -> dict[str, Any]:
    month = overview.month
    spent, received = overview.sides.get(EXPENDITURE), overview.sides.get(REVENUE)
    context: dict[str, Any] = {
        "period": presentation.period_text(month),
        "sentences": charts_shares.sentences(overview, people),
        "inhabitants": people,
        "months": [drawn for side in reads.SIDES if (drawn := charts.by_month(overview, side))],
        "years": charts.by_year(overview),
        "tables": {side: execution_address(side, month) for side in overview.sides},
        "today": timezone.localdate(),
    }
    if spent is not None and spent.total is not None:
        context |= _spending(overview, spent, function, people)
    if received is not None and received.total is not None:
        rows = charts.source_rows(received)
        links = {row.code: line_address(REVENUE, row.code) for row in rows if row.code}
        shown = charts.shown_lines(rows, links, people, received.total.actual or Decimal(0))
        context |= {"sources": shown, "received_total": _total(received, people)}
        if any(line.row.actual for line in shown):
            context["by_source"] = charts.by_source(overview, shown)
    return context


def _spending(
    overview: reads.YearOverview, spent: reads.SideFigures, function: str, people: int | None
) -> dict[str, Any]:
    """The treemap of the lines below `function`, its table, and the way up."""
    at = function or spent.total_code
    rows = spent.below(at)
    parents = {row.code for row in rows if row.has_children}
    links = {
        row.code: f"?year={overview.year}&function={row.code}#spending"
        if row.code in parents
        else line_address(EXPENDITURE, row.code)
        for row in rows
        if row.code
    }
    whole = spent.amounts[at]
    shown = charts.shown_lines(rows, links, people, whole.actual or Decimal(0))
    names = {code: charts_shares.name_of(spent, code) for code in spent.path(at)}
    above = [
        (name, f"?year={overview.year}" + (f"&function={code}" if code != spent.total_code else "") + "#spending")
        for code, name in names.items()
        if code != at
    ]
    drawn = any((row.actual or Decimal(0)) > 0 for row in rows)
    within = names[at] if function else ""
    return {
        "spending": shown,
        "spent_total": _total(spent, people, at),
        "function_path": above,
        "function_name": within,
        "function_line": line_address(EXPENDITURE, function) if function else "",
        "by_function": charts.by_function(overview, shown, within) if drawn else None,
    }


def _total(figures: reads.SideFigures, people: int | None, code: str = "") -> charts.ShownLine:
    row = next(row for row in figures.rows(code or figures.total_code) if row.code == (code or figures.total_code))
    return charts.shown_lines([row], {}, people, row.actual or Decimal(0))[0]


def _overview_rows(month: Month, found: dict[str, reads.SideFigures], people: int | None) -> Iterable[Sequence[object]]:
    for side, figures in found.items():
        rows = charts.source_rows(figures) if side == REVENUE else figures.below(figures.total_code)
        links: dict[str, str] = {}
        for line in charts.shown_lines(rows, links, people, Decimal(0)):
            row = line.row
            yield [
                month.year, month.month, side, row.code, row.article, *_names(row), "drams", row.year_plan,
                row.period_plan, row.actual, line.per_inhabitant,
            ]  # fmt: skip


def _names(row: Row) -> list[str]:
    return [presentation.name_in(row, language) for language in ("hy", "en", "ru")]


def _compared(request: HttpRequest, published: reads.Published) -> tuple[CompareForm, Comparison | None]:
    """The form, and what it asks for; the newest published month of the side where no month is asked for."""
    side = request.GET.get("side", "")
    months = published.get(side) or published[EXPENDITURE] or published[REVENUE]
    years = sorted({month.year for month in months}, reverse=True)
    asked = request.GET.get("year", "").strip()
    of_year = [month.month for month in months if not asked or str(month.year) == asked]
    newest = max((month for month in months if month.month in of_year and asked in ("", str(month.year))), default=None)
    query = {key: str(value) for key, value in request.GET.items()}
    if "side" not in query and not published[EXPENDITURE] and published[REVENUE]:
        query["side"] = REVENUE
    form = CompareForm(query, years, newest.month if newest else 1)
    if not years or not form.is_valid():
        return form, None
    values = form.cleaned_data
    row = published[values["side"]].get(Month(values["year"], values["month"]))
    if row is None:
        return form, None
    wanted = Month(values["year"], values["month"])
    return form, comparison(wanted, row, side=values["side"], inhabitants=inhabitants(request))


def _newest_expenditure() -> reads.SideFigures | None:
    """What the newest published month says of expenditure, or None."""
    months = reads.versions_in_force(None, EXPENDITURE)
    if not months:
        return None
    newest = max(months)
    figures = reads.side_figures({EXPENDITURE: months[newest]}, newest.year)[EXPENDITURE]
    return figures if figures.total is not None else None


def _nothing() -> HttpResponse:
    return HttpResponse(
        gettext("Nothing is published for this choice.") + "\n", content_type="text/plain; charset=utf-8", status=400
    )
