"""Public pages of the plan: as adopted and as adjusted on any past day, section by section; an amendment's own page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from hamaynk.contract import public
from modules.budgets import official_form, plan_files
from modules.budgets.classification import all_lines, total_code
from modules.budgets.forms.overview import PlanForm
from modules.budgets.models import KIND_OF_SIDE, BudgetYear, ClassificationKind, Side
from modules.budgets.plan_sections import PARTS, SECTIONS, Classifications, Planned, PlanRow, section
from modules.budgets.presentation import plan_row_name
from modules.budgets.selectors.public_plan import (
    Movement,
    PublicPlan,
    ShownVersion,
    public_plan,
    public_years,
)
from modules.budgets.selectors.public_plan import amendment as read_amendment
from modules.budgets.tables import SUMMARY_LEVEL, Line, unknown_line
from modules.budgets.views.overview import csv_file, line_address

LARGEST = 3  # movements named in the list of versions


@dataclass(frozen=True)
class Cell:
    """One row for the template: its name, where it leads, the drams of the part chosen, those of the other parts."""

    row: PlanRow
    name: str
    link: str
    chosen: Planned
    others: tuple[Planned, ...]


@dataclass(frozen=True)
class ShownMovement:
    """A movement in words."""

    movement: Movement
    name: str
    economic: str
    part: str
    link: str


@dataclass(frozen=True)
class ListedVersion:
    """A version for the list: its words in the active language and what it moves most."""

    shown: ShownVersion
    title: str
    reason: str
    largest: tuple[ShownMovement, ...]
    more: int


@public
@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """A section of the plan as of a day, and the versions behind it."""
    years = public_years()
    if not years:
        return render(request, "budgets/site/plan_empty.html")
    form = _form(request, years)
    if not form.is_valid():
        return render(request, "budgets/site/plan.html", {"form": form}, status=400)
    found = _asked(form, years)
    number, part = form.cleaned_data["section"], form.cleaned_data["part"]
    lines = classifications(found.budget_year.year)
    rows = section(number, found.sides, lines, totals(), found.budget_year.year) if found.sides else []
    detail = bool(form.cleaned_data["detail"]) or number == 6
    kept = [row for row in rows if detail or row.level <= SUMMARY_LEVEL]
    query = f"?year={found.budget_year.year}&as_of={found.as_of.isoformat()}"
    context = {
        "form": form,
        "plan": found,
        "number": number,
        "part": part,
        "title": section_titles()[number],
        "rows": [_cell(row, number, part) for row in kept],
        "other_parts": [dict(form.fields["part"].choices)[one] for one in _others(part)],  # type: ignore[attr-defined]
        "has_more": len(kept) < len(rows),
        "detail": detail and number not in (4, 6),
        "sections": [(one, words, f"{query}&section={one}&part={part}") for one, words in section_titles().items()],
        "query": query,
        "here": f"{query}&section={number}&part={part}",
        "versions": [_listed(shown, lines) for shown in found.versions],
        "changes": found.changes,
    }
    return render(request, "budgets/site/plan.html", context)


@public
@require_safe
def plan_csv(request: HttpRequest) -> HttpResponse:
    """Every fact of the plan as of the day, exact drams."""
    found = _for_download(request)
    if found is None:
        return _nothing()
    text = plan_files.csv_text(found, classifications(found.budget_year.year))
    return _file("\ufeff" + text, "text/csv; charset=utf-8", f"{_stem(found)}.csv")


@public
@require_safe
def plan_xlsx(request: HttpRequest) -> HttpResponse:
    """The six sections of the official form as a workbook."""
    found = _for_download(request)
    if found is None:
        return _nothing()
    lines = classifications(found.budget_year.year)
    rows = {number: section(number, found.sides, lines, totals(), found.budget_year.year) for number in SECTIONS}
    content = plan_files.workbook(found, rows, section_titles(), plan_row_name)
    return _file(content, official_form.CONTENT_TYPE, f"{_stem(found)}.xlsx")


@public
@require_safe
def amendment(request: HttpRequest, number: int) -> HttpResponse:
    """What one amendment moved, by whose decision and why."""
    budget_year, shown = _amendment_or_404(request, number)
    lines = classifications(budget_year.year)
    moved = [_movement(one, lines) for one in shown.movements]
    context = {
        "year": budget_year.year,
        "version": shown.version,
        "listed": _listed(shown, lines),
        "sides": [
            (side.label, [one for one in moved if one.movement.side == side and not one.movement.months_only])
            for side in Side
            if any(one.movement.side == side and not one.movement.months_only for one in moved)
        ],
        "by_month": [one for one in moved if one.movement.months_only],
        "added": sum(one.movement.amount for one in moved if one.movement.amount > 0),
        "taken": -sum(one.movement.amount for one in moved if one.movement.amount < 0),
        "is_demo": budget_year.is_demo or shown.version.is_demo,
    }
    return render(request, "budgets/site/amendment.html", context)


@public
@require_safe
def amendment_csv(request: HttpRequest, number: int) -> HttpResponse:
    """What one amendment moved, exact drams."""
    budget_year, shown = _amendment_or_404(request, number)
    lines = classifications(budget_year.year)
    heads = ["year", "amendment", "decision", "side", "code", "economic", "part", "name_hy", "name_en", "name_ru",
             "unit", "change"]  # fmt: skip
    rows = [
        [
            budget_year.year, number, shown.version.decision_number, one.side, one.code, one.economic, one.part,
            *(_line(one, lines).names.get(language) for language in ("hy", "en", "ru")), "drams", f"{one.amount:.2f}",
        ]
        for one in shown.movements
    ]  # fmt: skip
    return csv_file(f"amendment-{budget_year.year}-{number}.csv", heads, rows)


def classifications(year: int) -> Classifications:
    """Lines of all four classifications as the year has them. Four queries."""
    return {kind.value: all_lines(kind, year=year) for kind in ClassificationKind}


def totals() -> dict[str, str]:
    """Codes of the totals of all four classifications."""
    return {kind.value: total_code(kind) for kind in ClassificationKind}


def section_titles() -> dict[int, str]:
    """Names of the sections of the official form."""
    return {
        1: gettext("Revenue"),
        2: gettext("Expenditure by function"),
        3: gettext("Expenditure by economic item"),
        4: gettext("Surplus or deficit"),
        5: gettext("Financing of the deficit"),
        6: gettext("Expenditure by function and economic item"),
    }


def _form(request: HttpRequest, years: list[BudgetYear]) -> PlanForm:
    sections = [(number, f"{number}. {words}") for number, words in section_titles().items()]
    return PlanForm(request.GET, [one.year for one in years], sections, timezone.localdate())


def _asked(form: PlanForm, years: list[BudgetYear]) -> PublicPlan:
    budget_year = next(one for one in years if one.year == form.cleaned_data["year"])
    day: dt.date = form.cleaned_data["as_of"]
    return public_plan(budget_year, day)


def _for_download(request: HttpRequest) -> PublicPlan | None:
    years = public_years()
    form = _form(request, years)
    found = _asked(form, years) if years and form.is_valid() else None
    return found if found and found.sides else None


def _cell(row: PlanRow, number: int, part: str) -> Cell:
    side = {1: "revenue", 2: "expenditure", 3: "economic", 5: "financing"}.get(number, "")
    link = line_address(side, row.code) if side and not row.is_total else ""
    return Cell(row, plan_row_name(row), link, row.by_part[part], tuple(row.by_part[one] for one in _others(part)))


def _others(part: str) -> list[str]:
    """The whole budget shows its parts beside it; a part stands alone."""
    return [one for one in PARTS if one != part] if part == "total" else []


def _listed(shown: ShownVersion, lines: Classifications) -> ListedVersion:
    moved = [one for one in shown.movements if not one.months_only]
    return ListedVersion(
        shown,
        _words(shown.version.title),
        _words(shown.version.reason),
        tuple(_movement(one, lines) for one in moved[:LARGEST]),
        max(len(moved) - LARGEST, 0),
    )


def _amendment_or_404(request: HttpRequest, number: int) -> tuple[BudgetYear, ShownVersion]:
    asked = request.GET.get("year", "")
    budget_year = next((one for one in public_years() if str(one.year) == asked), None)
    shown = read_amendment(budget_year, number) if budget_year else None
    if budget_year is None or shown is None:
        raise Http404
    return budget_year, shown


def _line(movement: Movement, lines: Classifications) -> Line:
    return lines[KIND_OF_SIDE[Side(movement.side)]].get(movement.code) or unknown_line(movement.code)


def _movement(movement: Movement, lines: Classifications) -> ShownMovement:
    language = get_language() or "hy"
    name = _line(movement, lines).names.get(language)
    economic = ""
    if movement.economic:
        item = lines["economic"].get(movement.economic) or unknown_line(movement.economic)
        economic = item.names.get(language)
    link = line_address(movement.side, movement.code)
    parts = {"administrative": gettext("Administrative part"), "fund": gettext("Fund part")}
    return ShownMovement(movement, name, economic, parts.get(movement.part, gettext("Whole budget")), link)


def _words(texts: dict[str, str]) -> str:
    language = (get_language() or "hy").split("-")[0]
    return texts.get(language) or texts.get("hy") or next(iter(texts.values()), "")


def _stem(found: PublicPlan) -> str:
    state = "draft" if found.is_draft else found.as_of.isoformat()
    return f"plan-{found.budget_year.year}-{state}"


def _file(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _nothing() -> HttpResponse:
    return HttpResponse(
        gettext("No plan is published for this choice.") + "\n", content_type="text/plain; charset=utf-8", status=400
    )
