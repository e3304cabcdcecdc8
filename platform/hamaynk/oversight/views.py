"""Pages of oversight: a sentence, then the chart, then the table; each table as CSV too."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from hamaynk.accounts.access import signed_in
from hamaynk.oversight import asked, charts, downloads, lateness, selectors
from hamaynk.oversight.asked import Asked


@signed_in
def execution(request: HttpRequest) -> HttpResponse:
    """Planned, executed and percent of every town, marz and the country in one month (R2, R41)."""
    choice = asked.read(request.GET)
    lines = _executions(choice)
    context = {
        **_common(request, choice),
        "lines": lines,
        "marz_sums": selectors.by_marz(lines),
        "total": selectors.sum_of(lines, marz=choice.marz),
        "chart": charts.percent_bars(lines, choice.side),
        "sort_links": _sort_links(request, choice.sort),
    }
    return render(request, "oversight/execution.html", context)


@signed_in
def execution_csv(request: HttpRequest) -> HttpResponse:
    """The same month as a file."""
    choice = asked.read(request.GET)
    month = choice.month
    rows = downloads.execution_rows(_executions(choice), month, choice.side) if month else []
    return _file(downloads.EXECUTION, rows, f"{choice.side}-{month:%Y-%m}" if month else choice.side)


@signed_in
def months(request: HttpRequest) -> HttpResponse:
    """Twelve months of a town, a marz or the country."""
    choice = asked.read(request.GET)
    lines = _year(choice)
    context = {
        **_common(request, choice),
        "lines": lines,
        "place": choice.place or _("the whole country"),
        "towns": sorted(asked.standing_towns().values(), key=lambda town: town.name),
        "chart": charts.year_columns(lines, choice.side),
    }
    return render(request, "oversight/months.html", context)


@signed_in
def months_csv(request: HttpRequest) -> HttpResponse:
    """The same twelve months as a file."""
    choice = asked.read(request.GET)
    place = choice.town.slug if choice.town else choice.marz or "country"
    rows = downloads.month_rows(_year(choice), place, choice.side)
    return _file(downloads.MONTHS, rows, f"{choice.side}-{place}-{choice.year}")


@signed_in
def late(request: HttpRequest) -> HttpResponse:
    """Who is behind with publishing, the longest first."""
    choice = asked.read(request.GET)
    lines = _publishers(choice)
    context = {
        **_common(request, choice),
        "lines": lines,
        "days": settings.PUBLICATION_DAYS,
        "expected": lateness.expected_month(timezone.localdate(), settings.PUBLICATION_DAYS),
        "chart": charts.delay_bars(lines),
    }
    return render(request, "oversight/late.html", context)


@signed_in
def late_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    choice = asked.read(request.GET)
    return _file(downloads.LATE, downloads.late_rows(_publishers(choice), choice.side), f"late-{choice.side}")


def _executions(choice: Asked) -> list[selectors.TownExecution]:
    if choice.month is None:
        return []
    return selectors.list_executions(choice.month, choice.side, marz=choice.marz, sort=choice.sort)


def _year(choice: Asked) -> list[selectors.MonthExecution]:
    slug = choice.town.slug if choice.town else ""
    return selectors.list_year(choice.year, choice.side, slug=slug, marz=choice.marz)


def _publishers(choice: Asked) -> list[lateness.Publisher]:
    return lateness.list_publishers(
        choice.side, today=timezone.localdate(), days=settings.PUBLICATION_DAYS, year=choice.year, marz=choice.marz
    )


def _common(request: HttpRequest, choice: Asked) -> dict[str, Any]:
    return {"choice": choice, "marzes": asked.marzes(), "query": request.GET.urlencode(), "numbers": range(1, 13)}


def _sort_links(request: HttpRequest, now: str) -> dict[str, dict[str, str]]:
    """Column -> address that sorts by it, the other way round where it is sorted by it already; and `aria-sort`."""
    found = {}
    for column in selectors.SORTS:
        is_word = column in ("name", "marz")
        first = column if is_word else f"-{column}"
        other = f"-{column}" if is_word else column
        query = request.GET.copy()
        query["sort"] = other if now == first else first
        state = "" if now not in (first, other) else ("descending" if now.startswith("-") else "ascending")
        found[column] = {"url": f"?{query.urlencode()}", "state": state}
    return found


def _file(heads: tuple[str, ...], rows: list[list[str]], name: str) -> HttpResponse:
    response = HttpResponse("\ufeff" + downloads.csv_text(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
