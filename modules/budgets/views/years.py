"""Budget years in the office: the front page with what waits, a year with its moves and plan versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as text
from django.views.decorators.http import require_GET, require_POST

from hamaynk.contract import permission_required
from modules.budgets import actions
from modules.budgets.actions.years import BACK, BY_OTHER_MEANS, MOVES
from modules.budgets.forms.years import HearingForm, MoveYearForm, OpenYearForm
from modules.budgets.models import BudgetYear, Side, YearState
from modules.budgets.selectors import desk, plans
from modules.budgets.views.desk import attempt, in_language, officer, rights, version_name, year_of

MOVE_WORDS = {
    (YearState.HEARING, YearState.DRAFT): text("Back to draft"),
    (YearState.ADOPTED, YearState.EXECUTING): text("Begin the execution"),
    (YearState.EXECUTING, YearState.CLOSED): text("Close the year"),
    (YearState.CLOSED, YearState.EXECUTING): text("Open the year again"),
}
CLOSING = {(YearState.EXECUTING, YearState.CLOSED), (YearState.CLOSED, YearState.EXECUTING)}


@permission_required("budgets.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What waits for somebody, the years, and the months of one year by side."""
    years = plans.years()
    chosen = _chosen(request, years)
    context: dict[str, Any] = {
        "waiting": desk.waiting(),
        "years": years,
        "year": chosen,
        "sides": [label for _, label in Side.choices],
        "matrix": desk.month_matrix(chosen.year) if chosen else [],
        "form": OpenYearForm(initial={"year": _next_year(years)}),
        **rights(request),
    }
    return render(request, "budgets/office/index.html", context)


@permission_required("budgets.plan")
@require_POST
def open_year(request: HttpRequest) -> HttpResponse:
    """Begins a budget year."""
    form = OpenYearForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("The year must lie between 1991 and 2100."))
        return redirect("budgets:index")
    number = form.cleaned_data["year"]
    attempt(request, "", lambda: actions.open_year(actor=officer(request), year=number))
    return redirect("budgets:year", year=number)


@permission_required("budgets.view")
@require_GET
def year(request: HttpRequest, year: int) -> HttpResponse:
    """A year: its state and moves, the second person, its plan versions, what was moved when."""
    return _year_page(request, year_of(year))


@permission_required("budgets.plan")
@require_POST
def hearing(request: HttpRequest, year: int) -> HttpResponse:
    """Puts the draft before the residents."""
    found = year_of(year)
    form = HearingForm(request.POST)
    if not form.is_valid():
        return _year_page(request, found, hearing_form=form, status=422)
    try:
        actions.start_hearing(actor=officer(request), year=year, **form.cleaned_data)
    except actions.BudgetError as error:
        form.add_error(None, str(error))
        return _year_page(request, found, hearing_form=form, status=422)
    messages.success(request, gettext("The draft is before the residents."))
    return redirect("budgets:year", year=year)


@permission_required("budgets.view")
@require_POST
def move(request: HttpRequest, year: int) -> HttpResponse:
    """Moves the year on, or back with a reason; the action asks for the right of that move."""
    year_of(year)
    form = MoveYearForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        if values["state"] in YearState.values:
            attempt(
                request,
                gettext("The year is now: %(state)s.") % {"state": YearState(values["state"]).label},
                lambda: actions.change_state(actor=officer(request), year=year, **values),
            )
    return redirect("budgets:year", year=year)


@permission_required("budgets.publish")
@require_POST
def second_person(request: HttpRequest, year: int) -> HttpResponse:
    """Says whether who hands in may also approve."""
    year_of(year)
    needed = request.POST.get("needed") == "1"
    said = (
        gettext("Approval needs a second person now.") if needed else gettext("Who hands in may now approve as well.")
    )
    attempt(request, said, lambda: actions.set_second_person(actor=officer(request), year=year, needed=needed))
    return redirect("budgets:year", year=year)


@permission_required("budgets.plan")
@require_POST
def begin_plan(request: HttpRequest, year: int) -> HttpResponse:
    """Opens the draft of the plan, or of the next amendment."""
    version = attempt(request, "", lambda: actions.draft_of(actor=officer(request), year=year))
    if version is None:
        return redirect("budgets:year", year=year)
    if version.can_change:
        return redirect("budgets:plan_edit" if version.is_adoption else "budgets:decision", version_id=version.pk)
    return redirect("budgets:plan", version_id=version.pk)


def _year_page(
    request: HttpRequest, found: BudgetYear, *, hearing_form: HearingForm | None = None, status: int = 200
) -> HttpResponse:
    versions = plans.versions(found.year)
    may = rights(request)
    moves = [
        {
            "state": state,
            "label": MOVE_WORDS[(YearState(found.state), YearState(state))],
            "is_back": (found.state, state) in BACK,
        }
        for state in MOVES[found.state]
        if (found.state, state) not in BY_OTHER_MEANS
        and state != YearState.HEARING
        and may["may_publish" if (found.state, state) in CLOSING else "may_plan"]
    ]
    initial = {name: getattr(found, name) for name in ("hearing_from", "hearing_until")}
    open_version = next((version for version in versions if version.state in ("draft", "submitted")), None)
    context = {
        "year": found,
        "states": YearState,
        "moves": moves,
        "can_hear": found.state == YearState.DRAFT and may["may_plan"] and bool(versions),
        "form": hearing_form or HearingForm(initial=initial | {"place": found.hearing_place}),
        "versions": [
            {"version": version, "name": version_name(version), "title": in_language(version.title)}
            for version in versions
        ],
        "open_version": open_version,
        "is_closed": found.state == YearState.CLOSED,
        "changes": plans.state_changes(found.year),
        **may,
    }
    return render(request, "budgets/office/year.html", context, status=status)


def _chosen(request: HttpRequest, years: list[BudgetYear]) -> BudgetYear | None:
    wanted = request.GET.get("year", "")
    now = timezone.localdate().year
    past = next((one for one in years if one.year <= now), years[-1] if years else None)
    return next((one for one in years if str(one.year) == wanted), past)


def _next_year(years: list[BudgetYear]) -> int:
    return max((one.year + 1 for one in years), default=timezone.localdate().year)
