"""A plan version in the office: its decision, the moves of an amendment, the check, handing in, approval."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hamaynk.contract import permission_required
from modules.budgets import actions
from modules.budgets.actions import PlanItem
from modules.budgets.classification import all_lines
from modules.budgets.forms.entries import ReturnForm
from modules.budgets.forms.fields import words_of
from modules.budgets.forms.planning import ChangeForm, MoveForm, key_from, key_text, told
from modules.budgets.forms.years import DecisionForm
from modules.budgets.ledger import ZERO, Key
from modules.budgets.models import KIND_OF_SIDE, ClassificationKind, PlanVersion, Side, VersionState
from modules.budgets.planning import NOTHING, Flows, below_zero, plus
from modules.budgets.selectors import planning as selectors
from modules.budgets.selectors import plans
from modules.budgets.selectors.planning import VersionPlans
from modules.budgets.tables import Line
from modules.budgets.views.desk import (
    attempt,
    fact_words,
    in_language,
    offered,
    officer,
    rights,
    side_links,
    side_of,
    version_name,
    version_of,
)
from modules.budgets.views.plan_editor import totals_context


@permission_required("budgets.view")
@require_GET
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """The check before handing in, and what the approver sees: decision, amounts before and after, balance."""
    return _version_page(request, version_of(version_id), ReturnForm())


@permission_required("budgets.plan")
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, version_id: int) -> HttpResponse:
    """Number, day and link of the council's decision, title and reason in three languages."""
    found = version_of(version_id)
    if not found.can_change:
        return redirect("budgets:plan", version_id=version_id)
    if request.method != "POST":
        form = DecisionForm(initial=_decision_initial(found))
        return render(request, "budgets/office/decision.html", _named(found) | {"form": form})
    form = DecisionForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            actions.describe_version(
                actor=officer(request), version=found, title=words_of(values, "title"),
                reason=words_of(values, "reason"),
                **{name: values[name] for name in ("decision_number", "decision_date", "effective_from", "decision_link")},
            )  # fmt: skip
        except actions.BudgetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("The decision is kept."))
            return redirect("budgets:plan" if found.is_adoption else "budgets:moves", version_id=version_id)
    return render(request, "budgets/office/decision.html", _named(found) | {"form": form}, status=422)


@permission_required("budgets.plan")
@require_http_methods(["GET", "HEAD", "POST"])
def moves(request: HttpRequest, version_id: int) -> HttpResponse:
    """Moves of an amendment, one side at a time: from line to line, or more and less of single lines."""
    found = version_of(version_id)
    if not found.can_change or found.is_adoption:
        return redirect("budgets:plan", version_id=version_id)
    side = side_of(request)
    version_plans = selectors.version_plans(found)
    move, change = _move_forms(request, version_plans, side)
    if request.method == "POST":
        sent: MoveForm | ChangeForm = change if request.POST.get("form") == "change" else move
        if sent.is_valid() and _take(request, version_plans, side, sent):
            return redirect(reverse("budgets:moves", args=[version_id]) + f"?side={side}")
        return _moves_page(request, version_plans, side, move, change, status=422)
    return _moves_page(request, version_plans, side, move, change)


@permission_required("budgets.plan")
@require_POST
def undo_move(request: HttpRequest, version_id: int) -> HttpResponse:
    """Takes the change of one line out of an amendment again."""
    found = version_of(version_id)
    side, key = side_of(request), key_from(request.POST.get("key", ""))
    if key is not None:
        item = PlanItem(side=side, key=key, months=NOTHING)
        said = gettext("The change is taken out.")
        attempt(request, said, lambda: actions.set_amounts(actor=officer(request), version=found, items=[item]))
    return redirect(reverse("budgets:moves", args=[version_id]) + f"?side={side}")


@permission_required("budgets.plan")
@require_POST
def submit(request: HttpRequest, version_id: int) -> HttpResponse:
    """Hands a draft in for approval."""
    found = version_of(version_id)
    said = gettext("The plan is handed in. It comes into force once it is approved.")
    attempt(request, said, lambda: actions.submit_version(actor=officer(request), version=found))
    return redirect("budgets:plan", version_id=version_id)


@permission_required("budgets.publish")
@require_POST
def approve(request: HttpRequest, version_id: int) -> HttpResponse:
    """Brings a version handed in into force."""
    found = version_of(version_id)
    said = gettext("The plan is in force.")
    attempt(request, said, lambda: actions.approve_version(actor=officer(request), version=found))
    return redirect("budgets:plan", version_id=version_id)


@permission_required("budgets.publish")
@require_POST
def give_back(request: HttpRequest, version_id: int) -> HttpResponse:
    """Returns a version handed in, with a word why."""
    found = version_of(version_id)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _version_page(request, found, form, status=422)
    note = form.cleaned_data["note"]
    said = gettext("The plan is given back to be corrected.")
    attempt(request, said, lambda: actions.return_version(actor=officer(request), version=found, note=note))
    return redirect("budgets:plan", version_id=version_id)


def _version_page(request: HttpRequest, found: PlanVersion, form: ReturnForm, status: int = 200) -> HttpResponse:
    version_plans = selectors.version_plans(found)
    side = side_of(request)
    user = officer(request)
    own_submission = found.submitted_by_id == user.pk and found.budget_year.needs_second_person
    context = {
        **_named(found),
        "side": side,
        "sides": side_links(request.path, side),
        "rows": _changes(version_plans, side),
        "too_little": _too_little(version_plans),
        "amounts": {one: len(version_plans.own[one]) for one in Side.values},
        "has_amounts": any(version_plans.own.values()),
        "has_decision": bool(found.decision_number and found.decision_date),
        "title": in_language(found.title),
        "reason": in_language(found.reason),
        "is_waiting": found.state == VersionState.SUBMITTED,
        "is_own": own_submission,
        "changes": plans.plan_changes(found, limit=20),
        "form": form,
        **totals_context(version_plans, side),
        **rights(request),
    }
    return render(request, "budgets/office/plan.html", context, status=status)


def _move_forms(request: HttpRequest, found: VersionPlans, side: str) -> tuple[MoveForm, ChangeForm]:
    year = found.version.budget_year.year
    codes, items = selectors.choices_of(year, side)
    lines, item_lines = _lines(year, side)
    after = found.after[side]
    facts = {key: f"{fact_words(key, lines, item_lines)}: {told(sum(after[key], ZERO))}" for key in sorted(after)}
    sent = request.POST.get("form") if request.method == "POST" else ""
    economics = None if items is None else offered(items)
    return (
        MoveForm(request.POST if sent == "move" else None, prefix="move", facts=facts),
        ChangeForm(
            request.POST if sent == "change" else None, prefix="change", codes=offered(codes), economics=economics
        ),
    )


def _take(request: HttpRequest, found: VersionPlans, side: str, form: MoveForm | ChangeForm) -> bool:
    """Adds what a form says to the amendment; False, with the reason at the form, where it cannot be."""
    changes: dict[Key, Flows]
    if isinstance(form, MoveForm):
        source, target = form.keys
        changes = {source: tuple(-flow for flow in form.flows), target: form.flows}
    else:
        changes = {form.key: form.change}
    own = found.own[side]
    new = {key: plus(own.get(key, NOTHING), flows) for key, flows in changes.items()}
    lacking = below_zero(found.before[side], {key: flows for key, flows in new.items() if _takes(changes[key])})
    if lacking:
        had = sum(found.after[side].get(lacking[0], NOTHING), ZERO)
        words = {"code": lacking[0].code, "amount": told(had)}
        form.add_error("amount", gettext("The line %(code)s has only %(amount)s thousand drams.") % words)
        return False
    items = [PlanItem(side=side, key=key, months=months) for key, months in new.items()]
    try:
        actions.set_amounts(actor=officer(request), version=found.version, items=items)
    except actions.BudgetError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, gettext("The amendment is changed."))
    return True


def _takes(flows: Flows) -> bool:
    return sum(flows, ZERO) < 0


def _moves_page(
    request: HttpRequest, found: VersionPlans, side: str, move: MoveForm, change: ChangeForm, status: int = 200
) -> HttpResponse:
    codes, items = selectors.choices_of(found.version.budget_year.year, side)
    context = {
        **_named(found.version),
        "side": side,
        "sides": side_links(request.path, side),
        "rows": _changes(found, side),
        "move": move,
        "change": change,
        "faulty": move if move.errors else change,
        "has_facts": bool(found.after[side]),
        "codes": offered(codes),
        "items": offered(items or {}),
        **totals_context(found, side),
    }
    return render(request, "budgets/office/moves.html", context, status=status)


def _changes(found: VersionPlans, side: str) -> list[dict[str, Any]]:
    """Lines that a version changes on a side: before, change, after, year's drams."""
    lines, items = _lines(found.version.budget_year.year, side)
    rows = []
    for key in sorted(found.own[side]):
        change = sum(found.own[side][key], ZERO)
        before = sum(found.before[side].get(key, NOTHING), ZERO)
        rows.append(
            {
                "key": key_text(key), "words": fact_words(key, lines, items), "before": before, "change": change,
                "after": before + change, "is_below": _is_below(before, change),
            }
        )  # fmt: skip
    return rows


def _too_little(found: VersionPlans) -> list[str]:
    """Lines that would come below zero by an amendment, on any side."""
    if found.version.is_adoption:
        return []
    return [key.code for side in Side.values for key in below_zero(found.before[side], found.own[side])]


def _is_below(before: Decimal, change: Decimal) -> bool:
    return 0 <= before < -change


def _lines(year: int, side: str) -> tuple[dict[str, Line], dict[str, Line]]:
    items = all_lines(ClassificationKind.ECONOMIC, year=year) if side == Side.EXPENDITURE else {}
    return all_lines(KIND_OF_SIDE[Side(side)], year=year), items


def _decision_initial(found: PlanVersion) -> dict[str, Any]:
    initial = {name: getattr(found, name) for name in ("decision_number", "decision_date", "decision_link")}
    initial["effective_from"] = found.effective_from if found.effective_from != found.decision_date else None
    for name, texts in (("title", found.title), ("reason", found.reason)):
        initial |= {f"{name}_{language}": words for language, words in texts.items()}
    return initial


def _named(found: PlanVersion) -> dict[str, Any]:
    return {"version": found, "name": version_name(found), "year": found.budget_year}
