"""The editor of the budget's draft: rows of one side with year and quarters, a line with its months, totals, balance."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from hamaynk.contract import permission_required
from modules.budgets import actions
from modules.budgets.actions import PlanItem
from modules.budgets.classification import all_lines, total_code
from modules.budgets.forms.fields import amount_text
from modules.budgets.forms.planning import (
    MAX_ROWS,
    AddFactForm,
    MonthsForm,
    PlanTable,
    SpreadForm,
    key_from,
    key_text,
    shown_text,
)
from modules.budgets.importing.plans import spread
from modules.budgets.ledger import Key
from modules.budgets.models import KIND_OF_SIDE, ClassificationKind, Part, PlanVersion, Side
from modules.budgets.planning import (
    NOTHING,
    PlanRow,
    balance,
    branches,
    in_branch,
    part_totals,
    plan_rows,
)
from modules.budgets.selectors import planning as selectors
from modules.budgets.selectors.planning import VersionPlans
from modules.budgets.selectors.published import eliminated_in
from modules.budgets.tables import Line
from modules.budgets.views.desk import (
    fact_words,
    name_of,
    offered,
    officer,
    rights,
    side_links,
    side_of,
    version_name,
    version_of,
)

DEEPEST = 5  # the tables have no deeper indent


@permission_required("budgets.plan")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, version_id: int) -> HttpResponse:
    """One side of the draft, row by row. A wrong amount is named at its field and nothing is written (422); where
    somebody else saved meanwhile nothing is written either (409), and what was typed stays."""
    version = version_of(version_id)
    if not version.can_change:
        return redirect("budgets:plan", version_id=version_id)
    if not version.is_adoption:
        return redirect("budgets:moves", version_id=version_id)
    side = side_of(request)
    found = selectors.version_plans(version)
    if request.method != "POST":
        return _page(request, found, side)
    table = PlanTable(request.POST, found.own[side])
    if not table.is_valid:
        return _page(request, found, side, table=table, status=422)
    items = [PlanItem(side=side, key=row.key, months=row.months) for row in table.touched if row.months is not None]
    try:
        changed = actions.set_amounts(actor=officer(request), version=version, items=items, seen=table.seen)
    except actions.ChangedMeanwhile:
        fresh = selectors.version_plans(version)
        return _page(request, fresh, side, table=table, since=table.seen, status=409)
    except actions.BudgetError as error:
        messages.error(request, str(error))
        return _page(request, found, side, table=table, status=422)
    messages.success(
        request, ngettext("%(count)s line is saved.", "%(count)s lines are saved.", changed) % {"count": changed}
    )
    return redirect(_address(version, request.GET, side))


@permission_required("budgets.plan")
@require_POST
def add(request: HttpRequest, version_id: int) -> HttpResponse:
    """A new line of the draft, its amount spread over the year."""
    version = version_of(version_id)
    side = side_of(request)
    codes, items = selectors.choices_of(version.budget_year.year, side)
    form = AddFactForm(
        request.POST, prefix="new", codes=offered(codes), economics=None if items is None else offered(items)
    )
    found = selectors.version_plans(version)
    if form.is_valid() and form.key in found.own[side]:
        form.add_error("code", gettext("This line is in the plan already. Change its amount in the table."))
    if form.is_valid():
        item = PlanItem(side=side, key=form.key, months=spread(form.cleaned_data["amount"]))
        try:
            actions.set_amounts(actor=officer(request), version=version, items=[item])
        except actions.BudgetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("The line %(code)s is added.") % {"code": form.key.code})
            return redirect(reverse("budgets:plan_edit", args=[version_id]) + f"?side={side}&at={form.key.code}")
    return _page(request, found, side, add_form=form, status=422)


@permission_required("budgets.plan")
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, version_id: int) -> HttpResponse:
    """Twelve months of one fact; a helper spreads an amount of the year or of quarters without saving."""
    version = version_of(version_id)
    side = side_of(request)
    key = key_from(request.GET.get("key", ""))
    if key is None or not version.can_change:
        raise Http404
    found = selectors.version_plans(version)
    months = found.own[side].get(key, NOTHING)
    form = MonthsForm(initial=_month_texts(months))
    spread_form = SpreadForm(prefix="spread")
    seen = found.seen
    status = 200
    if request.method == "POST":
        sent = request.POST.get("seen", "")
        seen = int(sent) if sent.isdecimal() else 0
        form, spread_form, status, done = _line_sent(request, version, side, key, seen)
        if done:
            return redirect(_address(version, QueryDict(), side, at=key.code))
    context = {
        **_line_context(version, side, key),
        "form": form,
        "spread_form": spread_form,
        "key": key_text(key),
        "seen": found.seen if status == 409 else seen,
        "changes": selectors.changes_since(version, seen) if status == 409 else [],
        "before": found.before[side].get(key, NOTHING),
        "quarters": [[form[f"m{number}"] for number in range(first, first + 3)] for first in (1, 4, 7, 10)],
    }
    return render(request, "budgets/office/plan_line.html", context, status=status)


def _line_sent(
    request: HttpRequest, version: PlanVersion, side: str, key: Key, seen: int
) -> tuple[MonthsForm, SpreadForm, int, bool]:
    """Forms to show again, the status, and whether it is saved."""
    form, spread_form = MonthsForm(request.POST), SpreadForm(prefix="spread")
    if "spread" in request.POST:
        spread_form = SpreadForm(request.POST, prefix="spread")
        if not spread_form.is_valid():
            return form, spread_form, 422, False
        return MonthsForm(initial=_month_texts(spread_form.flows())), spread_form, 200, False
    if not form.is_valid():
        return form, spread_form, 422, False
    item = PlanItem(side=side, key=key, months=form.months)
    try:
        actions.set_amounts(actor=officer(request), version=version, items=[item], seen=seen)
    except actions.ChangedMeanwhile:
        return form, spread_form, 409, False
    except actions.BudgetError as error:
        form.add_error(None, str(error))
        return form, spread_form, 422, False
    messages.success(request, gettext("The line %(code)s is saved.") % {"code": key.code})
    return form, spread_form, 200, True


def _line_context(version: PlanVersion, side: str, key: Key) -> dict[str, Any]:
    year = version.budget_year.year
    lines = all_lines(KIND_OF_SIDE[Side(side)], year=year)
    items = all_lines(ClassificationKind.ECONOMIC, year=year) if key.economic else {}
    if key.code not in lines or key.part not in Part.values:
        raise Http404
    return {"version": version, "name": version_name(version), "side": side, "words": fact_words(key, lines, items)}


def _page(
    request: HttpRequest,
    found: VersionPlans,
    side: str,
    *,
    table: PlanTable | None = None,
    add_form: AddFactForm | None = None,
    since: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """The editor. since: number of the change that the writer had seen, where there are later ones."""
    version = found.version
    year = version.budget_year.year
    codes, items = selectors.choices_of(year, side)
    lines = all_lines(KIND_OF_SIDE[Side(side)], year=year)
    item_lines = all_lines(ClassificationKind.ECONOMIC, year=year) if items is not None else {}
    total = total_code(KIND_OF_SIDE[Side(side)])
    eliminated = eliminated_in(year, side)
    rows = plan_rows(found.own[side], lines, total_code=total, eliminated=eliminated)
    tops, branch, page, shown = _chosen_rows(request, found, side, rows, lines, total)
    form = add_form or AddFactForm(
        prefix="new", codes=offered(codes), economics=None if items is None else offered(items)
    )
    facts = [row for row in shown if row.key is not None]
    context: dict[str, Any] = {
        "version": version,
        "name": version_name(version),
        "side": side,
        "sides": side_links(request.path, side),
        "rows": _shown_rows(shown, table, lines, item_lines),
        "count": len(facts),
        "seen": found.seen,
        "errors": [row for row in table.touched if row.errors] if table else [],
        "changes": selectors.changes_since(version, since) if since is not None else [],
        "branches": [{"code": code, "name": name_of(code, lines), "is_here": code == branch} for code in tops],
        "branch": branch,
        "page_obj": page,
        "query": request.GET.urlencode(),
        "add_form": form,
        "add_is_open": add_form is not None or not facts,
        "codes": offered(codes),
        "items": offered(items or {}),
        **totals_context(found, side),
        **rights(request),
    }
    return render(request, "budgets/office/plan_edit.html", context, status=status)


def totals_context(found: VersionPlans, side: str) -> dict[str, Any]:
    """Totals of a side by part and the balance of all sides, with the version in force."""
    eliminated = eliminated_in(found.version.budget_year.year, side)
    after = found.after
    totals = part_totals(after[side], eliminated)
    rows = balance(after)
    return {
        "totals": [
            {"part": part, "label": Part(part).label, "amount": totals[part], "text": amount_text(totals[part]) or "0"}
            for part in Part.values
            if totals[part] or any(key.part == part for key in after[side])
        ],
        "total": totals["total"],
        "total_text": amount_text(totals["total"]) or "0",
        "balance": [
            {"row": row, "label": Part(row.part).label if row.part else "", "rest": amount_text(row.rest) or "0"}
            for row in rows
        ],
        "is_even": not rows[-1].rest,
    }


def _chosen_rows(
    request: HttpRequest, found: VersionPlans, side: str, rows: list[PlanRow], lines: dict[str, Line], total: str
) -> tuple[list[str], str, Any, list[PlanRow]]:
    """Branches to choose from, the one chosen ("" for all), the page, and its rows: a request holds so many fields."""
    tops = branches(found.own[side], lines, total)
    facts = [row for row in rows if row.key is not None]
    if len(facts) <= MAX_ROWS:
        return [], "", None, rows
    wanted = request.GET.get("branch") or _branch_of(request.GET.get("at", ""), tops, lines, total)
    branch = wanted if wanted in tops else tops[0]
    rows = [row for row in rows if row.is_total or in_branch(row.code, branch, lines, total)]
    facts = [row for row in rows if row.key is not None]
    page = Paginator(facts, MAX_ROWS).get_page(request.GET.get("page"))
    on_page = {row.key for row in page.object_list}
    codes = {row.code for row in page.object_list}
    shown = [
        row
        for row in rows
        if row.key in on_page
        or (row.key is None and (row.is_total or any(in_branch(code, row.code, lines, total) for code in codes)))
    ]
    return tops, branch, page, shown


def _branch_of(code: str, tops: list[str], lines: dict[str, Line], total: str) -> str:
    return next((top for top in tops if code and in_branch(code, top, lines, total)), "")


def _shown_rows(
    rows: list[PlanRow], table: PlanTable | None, lines: dict[str, Line], items: dict[str, Line]
) -> list[dict[str, Any]]:
    """Rows for the template; what was typed stands in the place of what is kept."""
    shown: list[dict[str, Any]] = []
    number = 0
    for row in rows:
        one: dict[str, Any] = {
            "row": row, "name": name_of(row.code, lines), "level": min(row.level, DEEPEST), "code": row.code,
        }  # fmt: skip
        if row.key is not None:
            typed = table.rows.get(row.key) if table else None
            kept = _texts(row)
            texts = typed.typed if typed and typed.is_touched else kept
            errors = typed.errors if typed else {}
            one |= {
                "number": number,
                "key": key_text(row.key),
                "item": f"{row.key.economic} {name_of(row.key.economic, items)}" if row.key.economic else "",
                "part": Part(row.key.part).label,
                "was": shown_text(kept),
                "kept": kept["year"],
                "is_gone": bool(typed and typed.is_taken_away),
                "cells": [{"name": name, "text": texts.get(name, ""), "error": errors.get(name, "")} for name in kept],
            }
            number += 1
        shown.append(one)
    return shown


def _texts(row: PlanRow) -> dict[str, str]:
    names = ("q1", "q2", "q3", "q4")
    return {"year": amount_text(row.year)} | dict(zip(names, map(amount_text, row.quarters), strict=True))


def _month_texts(months: tuple[Any, ...]) -> dict[str, str]:
    return {f"m{number}": amount_text(amount) for number, amount in enumerate(months, start=1)}


def _address(version: PlanVersion, query: Any, side: str, *, at: str = "") -> str:
    kept = {name: query[name] for name in ("branch", "page") if name in query} | ({"at": at} if at else {})
    found = QueryDict(mutable=True)
    found.update({"side": side, **kept})
    page = "plan_edit" if version.is_adoption else "moves"
    return reverse(f"budgets:{page}", args=[version.pk]) + "?" + found.urlencode()
