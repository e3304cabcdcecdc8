"""The finance officer's pages: months, import in two steps, publication."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hamaynk.accounts.models import User
from hamaynk.common.money import Unit
from hamaynk.common.periods import Month
from hamaynk.contract import permission_required
from modules.budgets import actions, background, presentation, selectors
from modules.budgets.forms.execution import ImportForm
from modules.budgets.importing.reader import is_large
from modules.budgets.models import BatchState, ImportBatch, ImportProgress, Side
from modules.budgets.selectors.drafts import draft

SHOWN_ROWS = 500


@permission_required("budgets.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Months with their state, files that wait for a decision, and files that are still being read."""
    context = {
        "months": selectors.months(),
        "waiting": selectors.waiting_batches(),
        "readings": selectors.running_readings(),
    }
    return render(request, "budgets/office/months.html", context)


@permission_required("budgets.import")
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """Upload: the file is read and checked, nothing is taken over yet. A large one is read in the background."""
    if request.method != "POST":
        return render(request, "budgets/office/import.html", {"form": ImportForm(today=timezone.localdate())})
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "budgets/office/import.html", {"form": form}, status=422)
    values = form.cleaned_data
    content = values["file"].read()
    file: dict[str, Any] = {
        "actor": _officer(request),
        "file_name": values["file"].name,
        "content": content,
        "year": values["year"],
        "month": values["month"],
        "unit": Unit(values["unit"]),
        "source": {"hy": values["source"]} if values["source"] else None,
    }
    if is_large(content):
        return redirect("budgets:reading", progress_id=background.start_import(**file).pk)
    return redirect("budgets:batch", batch_id=actions.preview_import(**file).pk)


@permission_required("budgets.import")
@require_GET
def reading(request: HttpRequest, progress_id: int) -> HttpResponse:
    """How far the reading of a large file is; renews itself, and leads on to the preview when that is there."""
    progress = _reading(progress_id)
    if progress.batch_id is not None:
        return redirect("budgets:batch", batch_id=progress.batch_id)
    response = render(request, "budgets/office/reading.html", {"progress": progress})
    if progress.is_running:
        response["Refresh"] = "2"
    return response


@permission_required("budgets.import")
@require_POST
def read_again(request: HttpRequest, progress_id: int) -> HttpResponse:
    """Begins the reading again where it got stuck."""
    background.start_again(actor=_officer(request), progress=_reading(progress_id))
    return redirect("budgets:reading", progress_id=progress_id)


@permission_required("budgets.import")
@require_GET
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """What a file holds: every problem at its line, and the table as it will look."""
    found = _batch(batch_id)
    problems = selectors.batch_problems(found)
    context = {
        "batch": found,
        "period": presentation.period_text(_month(found.budget_year.year, found.month)),
        "errors": [problem for problem in problems if problem.is_error],
        "warnings": [problem for problem in problems if not problem.is_error],
        "has_cells": any(problem.cell for problem in problems),
        "can_confirm": found.state == BatchState.PREVIEWED and not found.has_errors,
        "is_waiting": found.state == BatchState.PREVIEWED,
        **_preview(found),
    }
    return render(request, "budgets/office/batch.html", context)


@permission_required("budgets.import")
@require_POST
def confirm(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Takes the file over as the month's draft."""
    found = _batch(batch_id)
    try:
        actions.confirm_import(actor=_officer(request), batch=found)
    except actions.BudgetError as error:
        messages.error(request, str(error))
        return redirect("budgets:batch", batch_id=batch_id)
    messages.success(request, gettext("The figures are taken over as a draft. Residents see them once you publish."))
    return redirect("budgets:month", year=found.budget_year.year, month=found.month)


@permission_required("budgets.import")
@require_POST
def reject(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Discards a file that is not confirmed."""
    try:
        actions.reject_import(actor=_officer(request), batch=_batch(batch_id))
    except actions.BudgetError as error:
        messages.error(request, str(error))
        return redirect("budgets:batch", batch_id=batch_id)
    messages.success(request, gettext("The file is discarded."))
    return redirect("budgets:index")


@permission_required("budgets.view")
@require_GET
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """One month: its draft with the table, its published versions."""
    period = _month(year, month)
    state = selectors.month_state(period)
    found = draft(year, period.month, Side.REVENUE)
    if not found.figures and state.published is None:
        raise Http404
    context = {
        "month": period,
        "period": presentation.period_text(period),
        "state": state,
        "versions": selectors.month_versions(period),
        "next_version": state.published.version + 1 if state.published else 1,
        **_shown(selectors.draft_table(found)),
    }
    return render(request, "budgets/office/month.html", context)


@permission_required("budgets.import")
@require_POST
def submit(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Hands the month in for approval."""
    _month(year, month)
    try:
        actions.submit_month(actor=_officer(request), year=year, month=month)
    except actions.BudgetError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("The month is handed in. It is published once it is approved."))
    return redirect("budgets:month", year=year, month=month)


@permission_required("budgets.publish")
@require_POST
def publish(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Makes the draft public."""
    period = _month(year, month)
    try:
        published = actions.publish_month(actor=_officer(request), year=year, month=month)
    except actions.BudgetError as error:
        messages.error(request, str(error))
        return redirect("budgets:index")
    words = {"period": presentation.period_text(period), "version": published.version}
    messages.success(request, gettext("%(period)s is published, version %(version)s.") % words)
    return redirect("budgets:month", year=year, month=month)


def _officer(request: HttpRequest) -> User:
    """Who is signed in: the gate lets nobody else through, and actions ask again."""
    return cast(User, request.user)


def _batch(batch_id: int) -> ImportBatch:
    found = selectors.access_batch(batch_id)
    if found is None:
        raise Http404
    return found


def _reading(progress_id: int) -> ImportProgress:
    found = selectors.access_reading(progress_id)
    if found is None:
        raise Http404
    return found


def _month(year: int, month: int) -> Month:
    try:
        return Month(year, month)
    except ValueError as error:
        raise Http404 from error


def _preview(batch: ImportBatch) -> dict[str, object]:
    """The table of a file."""
    return _shown(selectors.preview_table(batch))


def _shown(table: selectors.ExecutionTable) -> dict[str, object]:
    """A table, all levels, for the office templates; of a very long one the beginning."""
    rows = presentation.shown_rows(table, detail=True)
    return {
        "table": table,
        "heads": presentation.heads(table),
        "rows": rows[:SHOWN_ROWS],
        "all_rows": len(rows),
        "is_cut": len(rows) > SHOWN_ROWS,
        "source": presentation.source_text(table),
        "has_unverified": any(row.unverified for row in table.rows),
    }
