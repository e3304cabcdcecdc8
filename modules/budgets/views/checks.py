"""Reconciliation of a month, and who changed what."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as text
from django.views.decorators.http import require_GET

from hamaynk.contract import permission_required
from modules.budgets import presentation
from modules.budgets.classification import all_lines
from modules.budgets.forms.entries import KINDS, HistoryForm
from modules.budgets.ledger import ZERO
from modules.budgets.models import KIND_OF_SIDE, ClassificationKind, Part, PlanVersion, Side, VersionState
from modules.budgets.reconciliation import CHECKS, Difference
from modules.budgets.selectors import history as histories
from modules.budgets.selectors import reconciling
from modules.budgets.selectors.history import Event, Wanted
from modules.budgets.tables import Line
from modules.budgets.views.desk import fact_words, month_address, month_of, name_of, version_name, year_of

# What each check asks, and what its two amounts are called.
CHECK_WORDS = {
    "parts": (text("Total against parts"), text("Total"), text("Sum of the parts")),
    "transfers": (
        text("Transfers between the parts"), text("Received by the other part"), text("Given by one part"),
    ),
    "itemised": (text("Line against the lines below it"), text("Line"), text("Lines below it")),
    "december": (
        text("Plan at December against plan of the year"), text("Plan at December"), text("Plan of the year"),
    ),
    "adjusted": (text("Published plan against plan in force"), text("Published"), text("In force")),
    "file": (text("File against postings"), text("In the file"), text("Posted")),
    "sections": (text("Sections of the official form"), text("Section 2"), text("Other section")),
    "balance": (text("Balance of the plan"), text("Revenue and financing"), text("Expenditure")),
}  # fmt: skip
MEASURES = {"plan": text("Plan of the year"), "actual": text("Actual")}


@permission_required("budgets.view")
@require_GET
def reconciliation(request: HttpRequest, year: int) -> HttpResponse:
    """What does not agree at the end of a month, check by check; those that agree say so."""
    found_year = year_of(year)
    wanted = request.GET.get("month", "")
    month = int(wanted) if wanted.isdecimal() else reconciling.last_month_with_entries(year)
    period = month_of(year, month)
    found = reconciling.reconcile(year, month)
    lines = {side: all_lines(KIND_OF_SIDE[Side(side)], year=year) for side in Side.values}
    items = all_lines(ClassificationKind.ECONOMIC, year=year)
    groups = []
    for check in CHECKS:
        title, first, second = CHECK_WORDS[check]
        rows = [_shown(one, period.month, year, lines, items) for one in found if one.check == check]
        groups.append({"title": title, "first": first, "second": second, "rows": rows[:200], "all_rows": len(rows)})
    context = {
        "year": found_year,
        "month": period,
        "months": [{"number": number, "is_here": number == month} for number in range(1, 13)],
        "period": presentation.period_text(period),
        "groups": groups,
        "count": len(found),
    }
    return render(request, "budgets/office/reconciliation.html", context)


@permission_required("budgets.view")
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """One time line of everything that was done to the budgets, with a filter by year, kind, person and line."""
    form = HistoryForm(request.GET or None, people=histories.people())
    is_valid = form.is_valid() if request.GET else True
    values = form.cleaned_data if request.GET else {}
    person = values.get("person") or ""
    wanted = Wanted(
        year=values.get("year"), kind=values.get("kind") or "", line=values.get("line") or "",
        person=int(person) if person else None,
    )  # fmt: skip
    asked = request.GET.get("page", "")
    page = min(max(int(asked), 1), histories.LAST_PAGE) if asked.isdecimal() else 1
    events, has_more = histories.history(wanted, page) if is_valid else ([], False)
    context = {
        "form": form,
        "events": [_told(event) for event in events],
        "page": page,
        "older": page + 1 if has_more and page < histories.LAST_PAGE else None,
        "newer": page - 1 if page > 1 else None,
    }
    return render(request, "budgets/office/history.html", context, status=200 if is_valid else 422)


def _shown(
    one: Difference, month: int, year: int, lines: dict[str, dict[str, Line]], items: dict[str, Line]
) -> dict[str, Any]:
    if one.key is not None:
        words = fact_words(one.key, lines[one.side], items)
    elif one.code:
        words = f"{one.code} {name_of(one.code, lines[one.side])}"
    elif one.section:
        words = gettext("Section 2 and section %(number)s") % {"number": one.section}
    else:
        words = gettext("Whole budget")
    is_plan = one.check in ("balance", "adjusted")
    link = reverse("budgets:year", args=[year]) if is_plan else month_address(year, month, one.side)
    return {"row": one, "words": words, "side": Side(one.side).label, "measure": MEASURES[one.measure], "link": link}


def _told(event: Event) -> dict[str, Any]:
    """An event in words: what it is, of which thing, what changed, and where it stands."""
    words, link, before, after = _TELL[event.kind](event)
    kinds = dict(KINDS)
    return {
        "at": event.at, "person": event.person, "kind": kinds[event.kind], "words": words, "link": link,
        "before": before, "after": after,
    }  # fmt: skip


Told = tuple[str, str, Any, Any]  # words, address, amounts before and after (None: no amounts)


def _plan(event: Event) -> Told:
    row = event.row
    before, after = (sum(map(Decimal, amounts), ZERO) for amounts in (row.before, row.after))
    words = _fact(row)
    year = row.version.budget_year.year
    return (
        f"{words}, {version_name(row.version)} {year}",
        reverse("budgets:plan", args=[row.version_id]) + f"?side={row.side}", before, after,
    )  # fmt: skip


def _year(event: Event) -> Told:
    row = event.row
    words = f"{row.budget_year.year}: {row.get_state_before_display()} → {row.get_state_after_display()}"
    if row.reason:
        words = f"{words}. {row.reason}"
    return words, reverse("budgets:year", args=[row.budget_year.year]), None, None


def _version(event: Event) -> Told:
    row: PlanVersion = event.row
    acts = {
        "begun": VersionState.DRAFT.label, "submitted": gettext("Handed in"), "approved": VersionState.IN_FORCE.label,
    }  # fmt: skip
    words = f"{version_name(row)} {row.budget_year.year}: {acts[event.act]}"
    return words, reverse("budgets:plan", args=[row.pk]), None, None


def _entry(event: Event) -> Told:
    row = event.row
    words = _fact(row)
    if row.corrects_id:
        words = gettext("Correction: %(what)s") % {"what": words}
    if row.note:
        words = f"{words}. {row.note}"
    return words, month_address(row.budget_year.year, row.month, row.side), None, row.amount


def _file(event: Event) -> Told:
    row = event.row
    what = f"{row.get_purpose_display()}, {row.get_side_display()}, {row.budget_year.year}"
    if row.month:
        what = f"{what}-{row.month:02d}"
    words = f"{row.file_name}: {what}, {row.get_state_display()}"
    return words, reverse("budgets:batch", args=[row.pk]), None, None


def _submission(event: Event) -> Told:
    row = event.row
    state = gettext("Handed in") if event.act == "submitted" else row.get_state_display()
    words = f"{_month_words(row)}: {state}"
    if event.act == "decided" and row.note:
        words = f"{words}. {row.note}"
    return words, month_address(row.budget_year.year, row.month, row.side), None, None


def _publication(event: Event) -> Told:
    row = event.row
    version = gettext("version %(version)s") % {"version": row.version}
    words = f"{_month_words(row)}: {version}"
    return words, month_address(row.budget_year.year, row.month, row.side), None, None


def _explanation(event: Event) -> Told:
    row = event.row
    return f"{row.code}, {row.get_kind_display()}", reverse("budgets:explain", args=[row.kind, row.code]), None, None


def _question(event: Event) -> Told:
    row = event.row
    return f"{row.code}: {row.get_state_display()}", reverse("budgets:question", args=[row.pk]), None, None


def _fact(row: Any) -> str:
    words = [row.code, row.economic, str(Part(row.part).label), row.settlement, row.account]
    return f"{Side(row.side).label}: " + ", ".join(word for word in words if word)


def _month_words(row: Any) -> str:
    return f"{presentation.period_text(month_of(row.budget_year.year, row.month))}, {row.get_side_display()}"


_TELL = {
    "plan": _plan, "year": _year, "version": _version, "entry": _entry, "file": _file, "submission": _submission,
    "publication": _publication, "explanation": _explanation, "question": _question,
}  # fmt: skip
