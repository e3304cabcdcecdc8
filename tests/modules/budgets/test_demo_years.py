"""The demo's years in a town: three whole ones and the running one, both sides, labelled, twice is once (issue 3)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext, override

from hamaynk.audit.models import Entry
from modules.budgets import demo, selectors
from modules.budgets.demo.generator import year_of
from modules.budgets.ledger import Measures, digest
from modules.budgets.models import (
    BudgetYear,
    ExecutionEntry,
    LineExplanation,
    LineQuestion,
    PlanVersion,
    PublishedFigure,
    PublishedMonth,
    Side,
    VersionState,
    YearState,
)
from tenants.context import in_town
from tests.modules.budgets.support import rows

TODAY = dt.date(2026, 3, 20)
with override("hy"):
    NOTICE = gettext("These are demonstration figures, not those of a real budget.")


def counts() -> list[int]:
    """How much there is of everything, the audit log included."""
    tables = (BudgetYear, PlanVersion, ExecutionEntry, PublishedMonth, PublishedFigure, LineExplanation, LineQuestion)
    return [table.objects.count() for table in (*tables, Entry)]


def test_a_demo_town_has_whole_years_of_both_sides(towns: Any, visitor: Any) -> None:
    """R41, R54: every month of every side is public, labelled, and the same when it is filled again; then it goes on."""
    with in_town("sevan"):
        demo.seed_demo("sevan", today=TODAY, full=1)
        assert dict(BudgetYear.objects.values_list("year", "state")) == {2025: "closed", 2026: "executing"}
        public = set(PublishedMonth.objects.values_list("budget_year__year", "month", "side"))
        months = [(2025, month) for month in range(1, 13)] + [(2026, 1), (2026, 2)]
        assert public == {(*month, side) for month in months for side in Side.values}
        assert not PublishedMonth.objects.filter(is_demo=False).exists()
        assert PlanVersion.objects.filter(number__gt=0, state=VersionState.IN_FORCE).count() > 1
        assert LineQuestion.objects.filter(state="waiting").count() == 1
        assert LineQuestion.objects.filter(state="answered").exists()
        assert LineExplanation.objects.filter(is_demo=True).count() > 5
        before = counts()
        demo.seed_demo("sevan", today=TODAY, full=1)
        assert counts() == before
        demo.seed_demo("sevan", today=dt.date(2026, 4, 1), full=1)
        assert PublishedMonth.objects.count() == len(public) + 3
    with in_town("dilijan"):
        assert BudgetYear.objects.count() == 0
    page = visitor("sevan").get("/budget/expenditure/?year=2025&month=12")
    assert rows(page)[0][3] != "0.000"
    assert NOTICE in page.content.decode()


def test_figures_in_a_demo_town_are_those_that_were_made(towns: Any) -> None:
    """What is public at the year's end is the sum of what was made, and its digest holds."""
    made = year_of("sevan", 19229, 2025)
    with in_town("sevan"):
        demo.load_classification(actor=None)
        demo.seed_year(made)
        for side in Side.values:
            published = PublishedMonth.objects.get(month=12, side=side)
            kept = {
                figure.key: Measures(
                    year_plan=figure.year_plan, period_plan=figure.period_plan, actual=figure.actual,
                    approved_plan=figure.approved_plan,
                )
                for figure in published.figures.all()
            }  # fmt: skip
            assert digest(kept) == published.digest
            assert sum(one.actual for one in kept.values()) == sum(
                one.amount for one in made.execution if one.side == side
            )
            plans = [made.adopted, *(amendment.items for amendment in made.amendments)]
            assert sum(one.year_plan for one in kept.values()) == sum(
                item.year for plan in plans for item in plan if item.side == side
            )


def test_next_years_draft_is_before_the_residents_in_autumn(towns: Any, visitor: Any) -> None:
    """Issue 3, point 2: public hearing. The town beside has no draft, and its page of that year has nothing to show."""
    made = year_of("sevan", 19229, 2027)
    with in_town("sevan"):
        demo.load_classification(actor=None)
        demo.hearing(made, dt.date(2026, 10, 10))
        demo.hearing(made, dt.date(2026, 10, 12))
        found = BudgetYear.objects.get(year=2027)
        assert found.state == YearState.HEARING
        assert (found.hearing_from, found.hearing_until) == (dt.date(2026, 10, 3), dt.date(2026, 10, 24))
    assert "2027" in visitor("sevan").get("/budget/plan/").content.decode()
    assert "2027" not in visitor("dilijan").get("/budget/plan/").content.decode()


def test_dilijan_shows_its_real_page_besides(towns: Any, visitor: Any) -> None:
    """The printed page of September 2015 digit for digit, beside the made-up years."""
    with in_town("dilijan"):
        demo.seed_demo("dilijan", today=dt.date(2026, 1, 15), full=0)
        assert set(PublishedMonth.objects.values_list("is_demo", "budget_year__year").distinct()) == {
            (False, 2015), (True, 2025),
        }  # fmt: skip
        table = selectors.execution_table(year=2015, month=9)
        assert table is not None
    assert NOTICE not in visitor("dilijan").get("/budget/revenue/?year=2015&month=9").content.decode()
    shown = rows(visitor("dilijan").get("/budget/revenue/?year=2015&month=9"))
    assert shown[0][1:] == ["760414.500", "519225.790", "389782.993", "75.07", "-129442.797"]
