"""A plan version as a workbook for the office, the six sections of the official form; drafts too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from hamaynk.contract import permission_required
from modules.budgets import official_form, plan_files
from modules.budgets.ledger import ZERO
from modules.budgets.models import Side, VersionState
from modules.budgets.plan_sections import SECTIONS, section
from modules.budgets.presentation import plan_row_name
from modules.budgets.selectors.planning import VersionPlans, version_plans
from modules.budgets.selectors.public_plan import PublicPlan, SidePlan
from modules.budgets.views.desk import version_of
from modules.budgets.views.plan import classifications, section_titles, totals


@permission_required("budgets.view")
@require_GET
def plan_workbook(request: HttpRequest, version_id: int) -> HttpResponse:
    """The plan as it is with this version. An amendment's columns are the plan before it, what it changes, and after."""
    found = version_plans(version_of(version_id))
    version = found.version
    year = version.budget_year.year
    sides = {side: _side(found, side) for side in Side.values}
    shown = PublicPlan(
        budget_year=version.budget_year, as_of=version.effective_from or timezone.localdate(),
        is_draft=version.state != VersionState.IN_FORCE, sides=sides, versions=(), changes=(),
    )  # fmt: skip
    lines = classifications(year)
    rows = {number: section(number, sides, lines, totals(), year) for number in SECTIONS}
    content = plan_files.workbook(shown, rows, section_titles(), plan_row_name)
    response = HttpResponse(content, content_type=official_form.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="plan-{year}-{version.number}.xlsx"'
    return response


def _side(found: VersionPlans, side: str) -> SidePlan:
    """Year's drams of every fact before and with the version; of the budget itself both are the same."""
    after, before = found.after[side], found.before[side]
    adopted = after if found.version.is_adoption else before
    return SidePlan(
        adopted={key: sum(adopted.get(key, ()), ZERO) for key in after},
        adjusted={key: sum(months, ZERO) for key, months in after.items()},
        months={},
    )
