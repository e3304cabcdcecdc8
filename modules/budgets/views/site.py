"""Public pages: the execution of revenue and its download (R41, R54-R59)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hamaynk.contract import public
from modules.budgets import charts, official_form, presentation, selectors
from modules.budgets.forms.execution import FilterForm
from modules.budgets.tables import SUMMARY_LEVEL


@public
@require_safe
def revenue(request: HttpRequest) -> HttpResponse:
    """The table with its filters. A wrong filter keeps the others and is named at its field (status 400)."""
    periods = selectors.published_periods()
    if not periods:
        return render(request, "budgets/site/revenue_empty.html")
    form = FilterForm(request.GET, periods)
    valid = form.is_valid()
    context: dict[str, object] = {"form": form, "table": form.table}
    if valid and form.table is not None:
        context |= _page(form.table, detail=form.cleaned_data["detail"])
        context["by_month"] = charts.by_month(form.table, periods)
    return render(request, "budgets/site/revenue.html", context, status=200 if valid else 400)


@public
@require_safe
def revenue_csv(request: HttpRequest) -> HttpResponse:
    """The table of the same filters as a CSV file, all levels, UTF-8 with a mark for spreadsheets."""
    form = FilterForm(request.GET, selectors.published_periods())
    if not form.is_valid() or form.table is None:
        return _faults(form)
    table = form.table
    response = HttpResponse("\ufeff" + presentation.csv_text(table), content_type="text/csv; charset=utf-8")
    name = f"revenue-{table.month}-{table.view}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@public
@require_safe
def revenue_xlsx(request: HttpRequest) -> HttpResponse:
    """The month of the same filters as a workbook in the layout of official reports, every part, cumulative."""
    form = FilterForm(request.GET, selectors.published_periods())
    found = selectors.published_figures(form.table.month) if form.is_valid() and form.table is not None else None
    if found is None:
        return _faults(form)
    response = HttpResponse(official_form.workbook(found), content_type=official_form.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="revenue-{found.month}.xlsx"'
    return response


def _faults(form: FilterForm) -> HttpResponse:
    """What is wrong with the filters, as plain text."""
    faults = "\n".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
    return HttpResponse(faults + "\n", content_type="text/plain; charset=utf-8", status=400)


def _page(table: selectors.ExecutionTable, *, detail: bool) -> dict[str, object]:
    """What the template shows of a table."""
    return {
        "title": presentation.title(table),
        "summary": presentation.summary(table),
        "heads": presentation.heads(table),
        "rows": presentation.shown_rows(table, detail=detail),
        "detail": detail,
        "has_more": any(row.level > SUMMARY_LEVEL for row in table.rows),
        "source": presentation.source_text(table),
        "previous_month": presentation.period_text(table.month.previous),
        "bar": presentation.bar(table.total.percent if table.total else None),
        "query": {
            "cumulative": presentation.query(table, view="cumulative", detail="1" if detail else ""),
            "month": presentation.query(table, view="month", detail="1" if detail else ""),
            "detail": presentation.query(table, detail="1"),
            "brief": presentation.query(table),
            "all_kinds": presentation.query(table, kind="", detail="1" if detail else ""),
            "whole_budget": presentation.query(table, part="total", detail="1" if detail else ""),
        },
    }
