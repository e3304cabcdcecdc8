"""Overview, comparison, plan and what a dram buys in a real browser: accessible, within the screen, without JavaScript."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from hamaynk.statistics.models import ReferenceValue
from hamaynk.statistics.reference_values import keep_references
from modules.budgets import actions
from tenants.context import in_town
from tests.modules.budgets.filling import adopt, demo_year, draft, execute
from tests.support.axe import look_through
from tests.support.remembered import remembered

PAGES = (
    "/budget/",
    "/budget/?year=2024&function=2100",
    "/budget/compare/?scope=country",
    "/budget/what-it-buys/?paid=25001",
    "/budget/what-it-buys/?paid=nothing",
    "/budget/plan/?year=2025",
    "/budget/plan/?year=2025&section=6",
    "/budget/plan/?year=2025&section=4",
    "/budget/plan/amendment/1/?year=2025",
    "/budget/plan/?year=2026",
)
EMPTY = ("/budget/", "/budget/compare/", "/budget/what-it-buys/", "/budget/plan/")


@pytest.fixture
@remembered
def filled(towns):
    """Sevan has two years, means to compare with, and the next year's draft at its hearing; Dilijan has nothing."""
    with in_town("sevan"):
        for year, months in ((2024, (10, 11, 12)), (2025, (1, 2, 3))):
            made = demo_year("sevan", 19229, year, months[-1])
            adopt(made)
            execute(made, months)
        draft(demo_year("sevan", 19229, 2026, 12))
        actions.start_hearing(
            actor=None, year=2026, hearing_from=dt.date(2025, 11, 20), hearing_until=dt.date(2025, 12, 10),
            place="Հանդիսությունների սրահ",
        )  # fmt: skip
        now = timezone.now()
        lines = {"": 52000, "2100": 14000, "2400": 5200, "2500": 4100, "2600": 6000, "2800": 7000, "2900": 12000}
        keep_references(
            dt.date(2025, 3, 1),
            [
                ReferenceValue(
                    indicator="budgets.expenditure_executed", item=item, period=dt.date(2025, 3, 1), scope=scope,
                    mean=Decimal(amount * 1000), per_inhabitant=Decimal(amount) / 10, towns=towns_, computed_at=now,
                )
                for item, amount in lines.items()
                for scope, towns_ in (("marz", 2), ("country", 7))
            ],
            computed_at=now,
        )  # fmt: skip


@pytest.mark.parametrize("language", ["hy", "en", "ru"])
def test_axe_finds_nothing(filled, chromium, address, language):
    """WCAG 2.2 AA as far as a machine can tell; and nothing sticks out of a phone's screen or a desk's."""
    for town, paths in (("sevan", PAGES), ("dilijan", EMPTY)):
        look_through(chromium, address(f"{town}.localhost"), paths, language)


def test_drill_down_and_choices_without_javascript(filled, chromium, address):
    """A tile leads below itself; a resident's amount comes back shared out; the content security policy is content."""
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address("sevan.localhost") + "/language/en/")
    page.goto(address("sevan.localhost") + "/budget/?year=2025")
    page.locator("svg.chart-wide a.chart-tile[href*='function=2100']").click()
    assert "function=2100" in page.url
    assert page.locator("#spending-title").inner_text() == "General public services"
    page.goto(address("sevan.localhost") + "/budget/what-it-buys/")
    page.locator("#id_paid").fill("10 000")
    page.locator("form.filter-bar button").click()
    assert "paid=10" in page.url
    assert page.locator("tr.total td").first.inner_text() == "10000"
    context.close()
