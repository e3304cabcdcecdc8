"""A line's own page on the public site: its months and years, amendments, explanation, questions; and asking one."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from hamaynk.accounts.limits import within_limit
from hamaynk.common.money import percent_of
from hamaynk.contract import public
from hamaynk.ui.formats import month_name, percent, thousands
from modules.budgets import actions, charts, presentation
from modules.budgets.charts_overview import line_years
from modules.budgets.charts_shares import drams_text
from modules.budgets.forms.lines import QuestionForm
from modules.budgets.models import Part, Side
from modules.budgets.selectors.comparison import per_inhabitant
from modules.budgets.selectors.line import ECONOMIC, LINE_SIDES, LinePage, Share, line_kind, read_line
from modules.budgets.tables import Amounts, Line, Row
from modules.budgets.views.kept import content, kept_page
from modules.budgets.views.overview import csv_file, inhabitants, line_address
from modules.budgets.views.site import files, pages

QUESTIONS_AN_HOUR = 5
HOUR = 3600


class Figures(NamedTuple):
    """A row of a small table: name, where it leads, plan of the year, plan and actual to date, percent."""

    name: str
    link: str
    year_plan: str
    period_plan: str
    actual: str
    percent: str


@public
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, side: str, code: str) -> HttpResponse:
    """The page; by POST a question, which the office reads before anybody else does."""
    if side not in LINE_SIDES:
        raise Http404(side)
    year = _year(request)
    form, status = QuestionForm(), 200
    if request.method == "POST":
        form = QuestionForm(request.POST)
        status = _ask(request, side, code, year, form)
        if status == 302:
            messages.success(
                request, gettext("Thank you. Your question is with the town hall; it is shown here once answered.")
            )
            return redirect(f"{line_address(side, code)}{f'?year={year}' if year else ''}#questions")
    people = inhabitants(request)
    key = {"page": "line", "side": side, "code": code, "year": year, "people": people}
    return kept_page(
        request, key, lambda: _content(side, code, year, people), template="budgets/site/line_page.html",
        beside={"form": form, "address": request.get_full_path()}, status=status if status != 200 else None,
    )  # fmt: skip


@public
@require_safe
def line_csv(request: HttpRequest, side: str, code: str) -> HttpResponse:
    """Every published month of the line, exact drams."""
    found = read_line(side, code) if side in LINE_SIDES else None
    if found is None:
        raise Http404(code)
    names = [found.line.names.get(language) for language in ("hy", "en", "ru")]
    heads = ["year", "month", "side", "code", "name_hy", "name_en", "name_ru", "unit", "year_plan_adjusted",
             "period_plan_cumulative", "period_actual_cumulative", "month_plan", "month_actual"]  # fmt: skip
    rows = [
        [
            point.month.year, point.month.month, side, code, *names, "drams", point.cumulative.year_plan,
            point.cumulative.period_plan, point.cumulative.actual,
            *((point.flow.period_plan, point.flow.actual) if point.flow else ("", "")),
        ]
        for point in found.points
        if point.cumulative is not None
    ]  # fmt: skip
    return csv_file(f"line-{side}-{code}.csv", heads, rows)


def _year(request: HttpRequest) -> int | None:
    asked = request.GET.get("year", "").strip()
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) == 4):
        raise Http404(asked)
    return int(asked)


def _ask(request: HttpRequest, side: str, code: str, year: int | None, form: QuestionForm) -> int:
    """Sends the question: 302 done, 422 something is wrong with it, 429 too many from one address."""
    if not form.is_valid():
        return 422
    if form.is_of_a_program:
        return 302
    if not within_limit(request, "budgets.ask", most=QUESTIONS_AN_HOUR, seconds=HOUR):
        form.add_error(None, gettext("Too many questions came from here within an hour. Please try again later."))
        return 429
    values = form.cleaned_data
    try:
        actions.ask(
            kind=line_kind(side), code=code, year=year, author=values["author"], words=values["words"],
            email=values["email"], language=(get_language() or "hy").split("-")[0],
        )  # fmt: skip
    except actions.BudgetError as error:
        form.add_error(None, str(error))
        return 422
    return 302


def _content(side: str, code: str, year: int | None, people: int | None) -> dict[str, Any]:
    found = read_line(side, code, year)
    if found is None:
        raise Http404(code)
    name = _name(found.line)
    context = _shown(found, name, people)
    crumbs = [(str(Side(found.fact_side).label), _table_address(found))]
    crumbs += [(_name(one), _address(found, one.code)) for one in found.path if one.parent]
    return content("budgets/site/line.html", context, title=name, here=name, crumbs=tuple(crumbs))


def _table_address(found: LinePage) -> str:
    address = reverse(f"budgets:{found.fact_side}")
    query = [f"year={found.month.year}", f"month={found.month.month}"] if found.month else []
    query += ["by=economic"] if found.side == ECONOMIC else []
    return f"{address}?{'&'.join(query)}" if query else address


def _address(found: LinePage, code: str, side: str = "") -> str:
    return f"{line_address(side or found.side, code)}{f'?year={found.year}' if found.year else ''}"


def _shown(found: LinePage, name: str, people: int | None) -> dict[str, Any]:
    year = found.year
    published = [month.month for month in found.periods if month.year == year]
    drawn = None
    if year is not None:
        flows = charts.flows_of_year(found.points, year, published)
        drawn = charts.monthly(found.fact_side, year, name, flows)
    unit = gettext("Whole community")
    return {
        "found": found,
        "name": name,
        "pages": pages(""),
        "period": presentation.period_text(found.month) if found.month else "",
        "sentences": _sentences(found, people),
        "months": drawn,
        "years": _years(found),
        "years_chart": line_years(found.points, found.fact_side),
        "children": [_of_row(row, _address(found, row.code)) for row in found.children],
        "parts": [_of_share(one, str(Part(one.code).label), "") for one in found.parts],
        "settlements": [_of_share(one, one.code or unit, "") for one in found.settlements],
        "accounts": [_of_share(one, one.code or gettext("Without an account of its own"), "") for one in found.accounts],
        "across": [_of_share(one, _name(one.line), _across(found, one)) for one in found.across if one.line],
        "actual_head": presentation.actual_word(found.fact_side, by_month=False),
        "amendments": [
            {"version": one.version, "amount": one.amount, "title": presentation.in_language(one.version.title)
             if one.version.title else ""}
            for one in found.amendments
        ],
        "explanation": presentation.in_language(found.explanation.words) if found.explanation else "",
        "table_address": _table_address(found),
        "csv": reverse("budgets:line_csv", kwargs={"side": found.side, "code": found.code}),
        "files": files(found.fact_side, found.month, None) if found.month else [],
        "source": presentation.in_language(found.published.source) if found.published else "",
        "inhabitants": people,
    }  # fmt: skip


def _sentences(found: LinePage, people: int | None) -> list[str]:
    row = found.row
    if row is None or row.actual is None or found.month is None:
        return []
    words = {
        "month": month_name(found.month.month), "year": found.month.year,
        "amount": thousands(row.actual, 1, "prose"), "plan": thousands(row.year_plan, 1, "prose"),
        "percent": percent(row.percent, "prose"),
    }  # fmt: skip
    said = [
        gettext("January–%(month)s %(year)s: %(amount)s thousand drams; the plan of the year is %(plan)s thousand.")
        % words
    ]
    if row.percent is not None:
        said.append(gettext("That is %(percent)s %% of the plan of the period.") % words)
    each = per_inhabitant(row.actual, people)
    if each:
        said.append(gettext("For each inhabitant: %(drams)s drams.") % {"drams": drams_text(each)})
    return said


def _years(found: LinePage) -> list[dict[str, Any]]:
    """The newest published month of every year, the newest year first."""
    ends = {point.month.year: point for point in found.points if point.cumulative is not None}
    return [
        {
            "figures": _figures(
                presentation.period_text(point.month) if point.month.month < 12 else str(year),
                f"?year={year}" if year != found.year else "",
                point.cumulative,
            ),
            "is_here": year == found.year,
        }
        for year, point in sorted(ends.items(), reverse=True)
        if point.cumulative is not None
    ]


def _of_row(row: Row, link: str) -> Figures:
    amounts = Amounts(year_plan=row.year_plan, period_plan=row.period_plan, actual=row.actual)
    return _figures(presentation.row_name(row), link, amounts)


def _of_share(share: Share, name: str, link: str) -> Figures:
    return _figures(name, link, share.amounts)


def _figures(name: str, link: str, one: Amounts) -> Figures:
    share = percent_of(one.actual, one.period_plan) if one.actual is not None and one.period_plan is not None else None
    return Figures(
        name, link, thousands(one.year_plan), thousands(one.period_plan), thousands(one.actual), percent(share)
    )


def _across(found: LinePage, share: Share) -> str:
    return _address(found, share.code, Side.EXPENDITURE.value if found.side == ECONOMIC else ECONOMIC)


def _name(line: Line) -> str:
    return line.names.get(get_language() or "hy")
