"""A month of a side in the office: its table, postings by hand, handing in, approval, published versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hamaynk.common.periods import Month
from hamaynk.contract import permission_required
from modules.budgets import actions, official_form, presentation, selectors
from modules.budgets.actions.common import YEARS
from modules.budgets.classification import all_lines
from modules.budgets.forms.entries import CorrectionForm, EntryForm, ReturnForm
from modules.budgets.models import KIND_OF_SIDE, ClassificationKind, ExecutionEntry, Side, YearState
from modules.budgets.opendata.source import present_town
from modules.budgets.selectors import plans
from modules.budgets.selectors.drafts import draft
from modules.budgets.selectors.planning import choices_of
from modules.budgets.selectors.postings import access_entry, entries_of_month
from modules.budgets.selectors.reconciling import changed_figures
from modules.budgets.views.desk import (
    attempt,
    fact_words,
    month_address,
    month_of,
    offered,
    officer,
    rights,
    side_links,
    side_of,
)
from modules.budgets.views.tables import shown_table
from tenants.addresses import site_url

PUBLIC_PAGES = {Side.REVENUE: "revenue/", Side.EXPENDITURE: "expenditure/", Side.FINANCING: "financing/"}


@permission_required("budgets.view")
@require_GET
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """A month of a side: the table as it would be published, its entries, its versions."""
    return _month_page(request, _period(year, month), side_of(request))


@permission_required("budgets.import")
@require_POST
def post(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Posts money received or spent on a day of the month (R60)."""
    period, side = _period(year, month), side_of(request)
    form = _entry_form(period, side, request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            actions.post_entry(
                actor=officer(request), side=side, key=form.key, day=values["day"], amount=values["amount"],
                note=values["note"],
            )  # fmt: skip
        except actions.BudgetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("The entry is posted."))
            return redirect(month_address(year, month, side) + "#post")
    return _month_page(request, period, side, entry_form=form, status=422)


@permission_required("budgets.import")
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Takes an entry back by an opposite one, and posts the right amount; the entry itself stays."""
    entry = access_entry(entry_id)
    if entry is None:
        raise Http404
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_entry(actor=officer(request), entry=entry, **form.cleaned_data)
        except actions.BudgetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("The entry is corrected."))
            return redirect(month_address(entry.budget_year.year, entry.month, entry.side))
    lines, items = _lines(entry.budget_year.year, entry.side)
    context = {
        "entry": entry,
        "words": fact_words(entry.key, lines, items),
        "back": month_address(entry.budget_year.year, entry.month, entry.side),
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "budgets/office/correct.html", context, status=status)


@permission_required("budgets.import")
@require_POST
def submit(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Hands the month in for approval."""
    _period(year, month)
    side = side_of(request)
    said = gettext("The month is handed in. It is published once it is approved.")
    attempt(request, said, lambda: actions.submit_month(actor=officer(request), year=year, month=month, side=side))
    return redirect(month_address(year, month, side))


@permission_required("budgets.publish")
@require_POST
def publish(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Approves the month and makes it public."""
    period, side = _period(year, month), side_of(request)
    published = attempt(
        request, "", lambda: actions.publish_month(actor=officer(request), year=year, month=month, side=side)
    )
    if published is not None:
        words = {"period": presentation.period_text(period), "version": published.version}
        messages.success(request, gettext("%(period)s is published, version %(version)s.") % words)
    return redirect(month_address(year, month, side))


@permission_required("budgets.publish")
@require_POST
def give_back(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Returns a month handed in, with a word why."""
    period, side = _period(year, month), side_of(request)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _month_page(request, period, side, return_form=form, status=422)
    submission = selectors.month_state(period, side).submission
    if submission is None:
        messages.error(request, gettext("This month is not waiting for approval."))
    else:
        waiting, note = submission, form.cleaned_data["note"]
        attempt(
            request, gettext("The month is given back to be corrected."),
            lambda: actions.return_month(actor=officer(request), submission=waiting, note=note),
        )  # fmt: skip
    return redirect(month_address(year, month, side))


@permission_required("budgets.view")
@require_GET
def versions(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Lines that differ between two published versions of a month."""
    period, side = _period(year, month), side_of(request)
    known = {row.version: row for row in selectors.month_versions(period, side)}
    if len(known) < 2:
        raise Http404
    newest = max(known)
    new = known.get(_number(request.GET.get("new", ""), newest), known[newest])
    old = known.get(_number(request.GET.get("old", ""), new.version - 1)) or known[min(known)]
    lines, items = _lines(year, side)
    context = {
        "period": presentation.period_text(period),
        "month": period,
        "side": side,
        "side_label": Side(side).label,
        "old": old,
        "new": new,
        "numbers": sorted(known),
        "rows": [{"row": row, "words": fact_words(row.key, lines, items)} for row in changed_figures(old.pk, new.pk)],
        "back": month_address(year, month, side),
    }
    return render(request, "budgets/office/versions.html", context)


@permission_required("budgets.view")
@require_GET
def workbook(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The published month in the layout of official reports."""
    period, side = _period(year, month), side_of(request)
    found = selectors.published_figures(period, side)
    if found is None:
        raise Http404
    response = HttpResponse(official_form.workbook(found), content_type=official_form.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{side}-{period}.xlsx"'
    return response


def _month_page(
    request: HttpRequest,
    period: Month,
    side: str,
    *,
    entry_form: EntryForm | None = None,
    return_form: ReturnForm | None = None,
    status: int = 200,
) -> HttpResponse:
    state = selectors.month_state(period, side)
    year = plans.budget_year(period.year)
    found = draft(period.year, period.month, side)
    lines, items = _lines(period.year, side)
    codes, economics = choices_of(period.year, side)
    submission = state.submission
    entries = entries_of_month(period.year, period.month, side, by_hand=True)
    user = officer(request)
    context: dict[str, Any] = {
        "month": period,
        "year": year,
        "period": presentation.period_text(period),
        "side": side,
        "side_label": Side(side).label,
        "sides": side_links(request.path if request.method == "GET" else _address(period), side),
        "months": [{"number": number, "is_here": number == period.month} for number in range(1, 13)],
        "state": state,
        "submission": submission,
        "is_changed": submission is not None and submission.digest != found.digest,
        "is_own": submission is not None and submission.submitted_by_id == user.pk
        and (year is None or year.needs_second_person),
        "is_closed": year is not None and year.state == YearState.CLOSED,
        "submissions": selectors.submissions_of(period, side),
        "versions": selectors.month_versions(period, side),
        "next_version": state.published.version + 1 if state.published else 1,
        "entries": [_shown_entry(entry, lines, items) for entry in entries],
        "entry_form": entry_form or _entry_form(period, side, None),
        "form_is_open": entry_form is not None,
        "return_form": return_form or ReturnForm(),
        "codes": offered(codes),
        "items": offered(economics or {}),
        "has_figures": bool(found.figures),
        "public_page": _public_page(period, side) if state.published else "",
        **(shown_table(selectors.draft_table(found)) if found.figures else {}),
        **rights(request),
    }  # fmt: skip
    return render(request, "budgets/office/month.html", context, status=status)


def _shown_entry(entry: ExecutionEntry, lines: Any, items: Any) -> dict[str, Any]:
    corrections = list(entry.corrections.all())
    return {
        "entry": entry,
        "words": fact_words(entry.key, lines, items),
        "can_correct": not corrections and entry.corrects_id is None,
        "is_corrected": bool(corrections),
    }


def _entry_form(period: Month, side: str, data: Any) -> EntryForm:
    codes, items = choices_of(period.year, side)
    return EntryForm(
        data, prefix="entry", year=period.year, month=period.month, codes=offered(codes),
        economics=None if items is None else offered(items),
    )  # fmt: skip


def _public_page(period: Month, side: str) -> str:
    """The month on the town's own site, whose addresses the office does not know by name."""
    page = reverse("budgets:index") + PUBLIC_PAGES[Side(side)]
    return f"{site_url(present_town())}{page}?year={period.year}&month={period.month}"


def _address(period: Month) -> str:
    return reverse("budgets:month", args=[period.year, period.month])


def _lines(year: int, side: str) -> tuple[Any, Any]:
    items = all_lines(ClassificationKind.ECONOMIC, year=year) if side == Side.EXPENDITURE else {}
    return all_lines(KIND_OF_SIDE[Side(side)], year=year), items


def _number(value: str, otherwise: int) -> int:
    return int(value) if value.isdecimal() else otherwise


def _period(year: int, month: int) -> Month:
    if year not in YEARS:
        raise Http404(year)
    return month_of(year, month)
