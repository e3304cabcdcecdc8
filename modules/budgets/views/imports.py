"""Import in the office: upload, reading in the background, preview with its problems, confirmation."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hamaynk.common.money import Unit
from hamaynk.contract import permission_required
from modules.budgets import actions, background, presentation, selectors
from modules.budgets.classification import all_lines
from modules.budgets.forms.imports import ImportForm
from modules.budgets.importing.plans import PlanRow, quarters_of
from modules.budgets.importing.reader import is_large
from modules.budgets.models import (
    KIND_OF_SIDE,
    BatchState,
    ClassificationKind,
    ImportBatch,
    ImportProgress,
    Part,
    Purpose,
    Side,
)
from modules.budgets.views.desk import attempt, in_language, language, month_address, month_of, name_of, officer
from modules.budgets.views.tables import shown_table

SHOWN_ROWS = 500


@permission_required("budgets.import")
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """Upload: the file is read and checked, nothing is taken over yet. A large one is read in the background."""
    may_plan = officer(request).has_permission("budgets.plan")
    purposes = list(Purpose.values) if may_plan else [Purpose.EXECUTION.value]
    if request.method != "POST":
        chosen = {name: value for name in ("purpose", "side", "year", "month") if (value := request.GET.get(name))}
        form = ImportForm(today=timezone.localdate(), purposes=purposes, initial=chosen)
        return render(request, "budgets/office/import.html", {"form": form})
    form = ImportForm(request.POST, request.FILES, purposes=purposes)
    if not form.is_valid():
        return render(request, "budgets/office/import.html", {"form": form}, status=422)
    values = form.cleaned_data
    content = values["file"].read()
    file: dict[str, Any] = {
        "actor": officer(request),
        "file_name": values["file"].name,
        "content": content,
        "unit": Unit(values["unit"]),
        "source": {"hy": values["source"]} if values["source"] else None,
        **{name: values[name] for name in ("purpose", "side", "year", "month")},
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
    background.start_again(actor=officer(request), progress=_reading(progress_id))
    return redirect("budgets:reading", progress_id=progress_id)


@permission_required("budgets.import")
@require_GET
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """What a file holds: every problem at its line, and the table as it will look."""
    found = _batch(batch_id)
    problems = selectors.batch_problems(found)
    is_waiting = found.state == BatchState.PREVIEWED
    may = officer(request).has_permission("budgets.plan" if found.is_plan else "budgets.import")
    context = {
        "batch": found,
        "period": _period(found),
        "errors": [problem for problem in problems if problem.is_error],
        "warnings": [problem for problem in problems if not problem.is_error],
        "has_cells": any(problem.cell for problem in problems),
        "can_confirm": may and is_waiting and not found.has_errors,
        "is_waiting": is_waiting,
        "target": _target(found),
        **(_plan_preview(found) if found.is_plan else shown_table(selectors.preview_table(found))),
    }
    return render(request, "budgets/office/batch.html", context)


@permission_required("budgets.import")
@require_POST
def confirm(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Takes the file over: as the month's draft, or into the draft of the plan."""
    found = _batch(batch_id)
    said = (
        gettext("The amounts are taken over into the draft of the plan.")
        if found.is_plan
        else gettext("The figures are taken over as a draft. Residents see them once you publish.")
    )
    taken = attempt(request, said, lambda: actions.confirm_import(actor=officer(request), batch=found))
    if taken is None:
        return redirect("budgets:batch", batch_id=batch_id)
    return redirect(_target(taken))


@permission_required("budgets.import")
@require_POST
def reject(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Discards a file that is not confirmed."""
    found = _batch(batch_id)
    said = gettext("The file is discarded.")
    if attempt(request, said, lambda: actions.reject_import(actor=officer(request), batch=found)) is None:
        return redirect("budgets:batch", batch_id=batch_id)
    return redirect("budgets:index")


def _target(batch: ImportBatch) -> str:
    """Where a file's figures stand once it is taken over."""
    if not batch.is_plan:
        return month_address(batch.budget_year.year, batch.month, batch.side).removesuffix("?side=revenue")
    if batch.version is None:
        return reverse("budgets:year", args=[batch.budget_year.year])
    page = "plan_edit" if batch.version.is_adoption and batch.version.can_change else "plan"
    return reverse(f"budgets:{page}", args=[batch.version.pk]) + f"?side={batch.side}"


def _period(batch: ImportBatch) -> str:
    if batch.is_plan:
        return gettext("plan of %(year)s") % {"year": batch.budget_year.year}
    return presentation.period_text(month_of(batch.budget_year.year, batch.month))


def _plan_preview(batch: ImportBatch) -> dict[str, object]:
    """Rows of a plan's file as it states them: year and quarters, by part."""
    year = batch.budget_year.year
    lines = all_lines(KIND_OF_SIDE[Side(batch.side)], year=year)
    items = all_lines(ClassificationKind.ECONOMIC, year=year) if batch.side == Side.EXPENDITURE else {}
    rows = [PlanRow.from_json(row) for row in batch.rows[:SHOWN_ROWS]]
    return {
        "plan_rows": [
            {
                "row": row,
                "name": name_of(row.code, lines) if row.code in lines else row.names.get(language()) or row.code,
                "item": name_of(row.economic, items) if row.economic else "",
                "part": Part(row.part).label,
                "quarters": quarters_of(row.flows),
            }
            for row in rows
        ],
        "has_items": any(row.economic for row in rows),
        "all_rows": len(batch.rows),
        "is_cut": len(batch.rows) > SHOWN_ROWS,
        "source": in_language(batch.source) if batch.source else "",
    }


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
