"""Public pages of the execution: revenue, expenditure, financing, and their downloads (R41, R54-R60)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from hamaynk.common.periods import Month
from hamaynk.contract import public
from hamaynk.ui.formats import percent, thousands
from modules.budgets import charts, official_form, presentation, selectors
from modules.budgets.charts_shares import drams_text
from modules.budgets.forms.execution import FilterForm
from modules.budgets.models import Side
from modules.budgets.opendata.files import FORMS
from modules.budgets.selectors.comparison import per_inhabitant
from modules.budgets.selectors.public_execution import Execution, Publications, publications
from modules.budgets.tables import SUMMARY_LEVEL, Row, visible
from modules.budgets.views.kept import content, kept_page
from modules.budgets.views.overview import inhabitants, line_address

FILTERS = ("year", "month", "part", "by", "was_by", "kind", "settlement", "view", "detail", "version")
LONGEST = 100  # letters of a filter that can mean anything
DEEPEST = 5  # levels that the style sheet sets in


class TableLine(NamedTuple):
    """A row of the table as printed: every cell a text, so that four hundred rows are drawn quickly."""

    css: str
    code: str
    name: str
    link: str
    year_plan: str
    period_plan: str
    actual: str
    percent: str
    deviation: str
    is_short: bool
    not_told: bool


@public
@require_safe
def revenue(request: HttpRequest) -> HttpResponse:
    """What came in, line by line."""
    return _page(request, Side.REVENUE.value)


@public
@require_safe
def expenditure(request: HttpRequest) -> HttpResponse:
    """What was spent: by function, by economic item, or both (sections 2, 3 and 6 of the official form)."""
    return _page(request, Side.EXPENDITURE.value)


@public
@require_safe
def financing(request: HttpRequest) -> HttpResponse:
    """What filled the deficit (section 5)."""
    return _page(request, Side.FINANCING.value)


@public
@require_safe
def side_csv(request: HttpRequest, side: str) -> HttpResponse:
    """The table of the same filters as a CSV file, all levels, UTF-8 with a mark for spreadsheets."""
    form = FilterForm(request.GET, publications(side))
    if not form.is_valid() or form.table is None:
        return _faults(form)
    table = form.table
    response = HttpResponse("\ufeff" + presentation.csv_text(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{side}-{table.month}-{table.view}.csv"'
    return response


@public
@require_safe
def side_xlsx(request: HttpRequest, side: str) -> HttpResponse:
    """The month of the same filters as a workbook in the layout of official reports, every part, cumulative."""
    form = FilterForm(request.GET, publications(side))
    found = None
    if form.is_valid() and form.table is not None:
        found = selectors.published_figures(form.table.month, side, form.table.version)
    if found is None:
        return _faults(form)
    response = HttpResponse(official_form.workbook(found), content_type=official_form.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{side}-{found.month}.xlsx"'
    return response


def page_words(side: str) -> str:
    """What the page of a side is called where no month is told."""
    words = {
        "revenue": gettext("Revenue execution of the budget"),
        "expenditure": gettext("Expenditure execution of the budget"),
        "financing": gettext("Financing of the deficit"),
    }
    return words[side]


def _page(request: HttpRequest, side: str) -> HttpResponse:
    """The table with its filters. A wrong filter keeps the others and is named at its field (status 400)."""
    people = inhabitants(request)
    asked = {name: value[:LONGEST] for name in FILTERS if (value := request.GET.get(name, "").strip())}
    return kept_page(
        request, {"page": "execution", "side": side, "people": people, **asked}, lambda: _content(side, asked, people)
    )


def _content(side: str, asked: dict[str, str], people: int | None) -> dict[str, Any]:
    here = str(Side(side).label)
    known = publications(side)
    if not known.rows:
        nothing = {"title": page_words(side), "pages": pages(side)}
        return content("budgets/site/execution_empty.html", nothing, title=page_words(side), here=here)
    form = FilterForm(asked, known)
    valid = form.is_valid() and form.found is not None
    context: dict[str, Any] = {
        "form": form,
        "action": reverse(f"budgets:{side}"),
        "title": page_words(side),
        "pages": pages(side),
    }
    if form.found is not None and valid:
        context |= _shown(form.found, known, bool(form.cleaned_data["detail"]), people)
    title = str(context["title"])
    return content("budgets/site/execution.html", context, title=title, here=here, status=200 if valid else 400)


def pages(chosen: str) -> list[dict[str, Any]]:
    """The way to the other pages of the execution."""
    words = [(side.value, str(side.label)) for side in Side] + [("balance", gettext("Balance"))]
    return [{"label": label, "url": reverse(f"budgets:{name}"), "is_here": name == chosen} for name, label in words]


def _shown(found: Execution, known: Publications, detail: bool, people: int | None) -> dict[str, Any]:
    """What the template shows of an execution."""
    table, asked = found.table, found.asked
    detail = detail or asked.by == "both"
    lines = table_lines(found, detail)

    def query(**changes: object) -> str:
        return presentation.asked_query(asked, **{"detail": "1" if detail else "", **changes})

    return {
        "found": found,
        "table": table,
        "title": presentation.title(table, by=asked.by),
        "subtitle": ", ".join(_narrowed(found)),
        "summary": presentation.summary(table) if not asked.settlement else "",
        "each": each_inhabitant(table.side, table.rows[0].actual, people)
        if table.rows and not asked.settlement
        else "",
        "inhabitants": people,
        "heads": presentation.heads(table),
        "lines": lines,
        "detail": detail,
        "has_more": any(row.level > SUMMARY_LEVEL for row in table.rows),
        "source": presentation.source_text(table),
        "previous_month": presentation.period_text(table.month.previous),
        "bar": presentation.bar(table.total.percent if table.total else None),
        "by_month": charts.by_month(table, known.periods, found.points) if found.points else None,
        "main_lines": charts.main_lines(table, {line.code: line.link for line in lines}),
        "line_page": line_page(table.side, asked.by, table.kind, table.month.year) if table.kind else "",
        "explanation": presentation.in_language(found.explanation.words) if found.explanation else "",
        "files": files(table.side, table.month, None if not found.is_older else table.version),
        "query": {
            "here": query(),
            "cumulative": query(view="cumulative"),
            "month": query(view="month"),
            "detail": query(detail="1"),
            "brief": query(detail=""),
            "all_kinds": query(kind=""),
            "whole_budget": query(part="total"),
            "in_force": query(version=""),
        },
        "csv": reverse(f"budgets:{table.side}_csv"),
        "xlsx": reverse(f"budgets:{table.side}_xlsx"),
        "versions": [
            {"row": row, "url": query(version=row.version if number else ""), "is_here": row.version == table.version}
            for number, row in enumerate(found.versions)
        ],
    }


def _narrowed(found: Execution) -> list[str]:
    """Which part, line and settlement the page is narrowed to, in words."""
    parts = {"administrative": gettext("Administrative part"), "fund": gettext("Fund part")}
    kind = next((presentation.row_name(row) for row in found.table.rows if row.code == found.asked.kind), "")
    return [words for words in (kind, parts.get(found.asked.part, ""), found.asked.settlement) if words]


def table_lines(found: Execution, detail: bool) -> list[TableLine]:
    """Rows of the table, each leading to what lies below it, or where nothing does to the line's own page (R56)."""
    table, asked = found.table, found.asked
    own = "economic" if asked.by == "economic" else table.side
    return [
        _line(row, _link(row, found, own)) for row in visible(table.rows, detail=detail)
    ]  # fmt: skip


def _link(row: Row, found: Execution, own: str) -> str:
    if row.is_total or not row.code:
        return ""
    year = found.table.month.year
    if row.economic:
        return f"{line_address('economic', row.economic)}?year={year}"
    if row.has_children and row.code != found.table.kind:
        return presentation.asked_query(found.asked, detail="1", kind=row.code)
    return f"{line_address(own, row.code)}?year={year}"


def _line(row: Row, link: str) -> TableLine:
    css = f"level-{min(row.level, DEEPEST)}"
    css += " total" if row.is_total else " unitemised" if row.is_unitemised else " item" if row.economic else ""
    return TableLine(
        css=css, code="" if row.economic else row.code, name=presentation.row_name(row), link=link,
        year_plan=thousands(row.year_plan), period_plan=thousands(row.period_plan), actual=thousands(row.actual),
        percent=percent(row.percent), deviation=thousands(row.deviation),
        is_short=row.deviation is not None and row.deviation < 0, not_told=row.not_by_month,
    )  # fmt: skip


def line_page(side: str, by: str, code: str, year: int) -> str:
    """The own page of a line of a table."""
    return f"{line_address('economic' if by == 'economic' else side, code)}?year={year}"


def each_inhabitant(side: str, drams: Decimal | None, people: int | None) -> str:
    """A sentence on what that is for each inhabitant, or ""."""
    each = per_inhabitant(drams, people)
    if each is None or side == Side.FINANCING:
        return ""
    words = {"drams": drams_text(each)}
    if side == Side.EXPENDITURE:
        return gettext("For each inhabitant %(drams)s drams were spent.") % words
    return gettext("For each inhabitant %(drams)s drams came in.") % words


def files(side: str, month: Month, version: int | None) -> list[tuple[str, str]]:
    """Open data of a month: name of the form, address."""
    where = {"year": month.year, "month": month.month, "side": side}
    query = f"?version={version}" if version else ""
    return [
        (form.name, reverse("budgets:open_file", kwargs={**where, "form": code}) + query)
        for code, form in FORMS.items()
    ]


def _faults(form: FilterForm) -> HttpResponse:
    """What is wrong with the filters, as plain text."""
    faults = "\n".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
    return HttpResponse(faults + "\n", content_type="text/plain; charset=utf-8", status=400)
