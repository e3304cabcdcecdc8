"""Pages of oversight: a sentence, then the chart, then the table."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hamaynk.accounts.access import signed_in
from hamaynk.oversight import selectors
from hamaynk.oversight.charts import percent_bars


@signed_in
def revenue(request: HttpRequest) -> HttpResponse:
    """Planned and executed revenue of all towns in one month (R2, R41)."""
    months = selectors.list_months()
    chosen = _month(request.GET.get("month", ""), months)
    lines = selectors.compare_revenue(chosen) if chosen else []
    published = [line for line in lines if line.executed is not None]
    context = {
        "months": months,
        "chosen": chosen,
        "lines": lines,
        "published": published,
        "total": selectors.total_of(lines),
        "chart": percent_bars(published),
    }
    return render(request, "oversight/revenue.html", context)


def _month(wanted: str, months: list[date]) -> date | None:
    """The asked-for month where it is known, else the newest."""
    try:
        asked = date.fromisoformat(f"{wanted}-01")
    except ValueError:
        asked = None
    return asked if asked in months else (months[0] if months else None)
