"""The official form of every side: its sections and headings, and read back what was published (issue: export XLSX)."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from modules.budgets import actions, official_form, selectors
from modules.budgets.models import PlanVersion
from tenants.context import in_town
from tests.modules.budgets.filling import SIDES, adopt, demo_year, execute
from tests.modules.budgets.office import OFFICER

MONTH = 5
SHEETS = {"revenue": 1, "expenditure": 3, "financing": 1}
LANGUAGES = ("hy", "en", "ru")


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_of_a_side_reads_back(
    towns: Any, staff: Callable[..., Any], visitor: Callable[..., Any], side: str, language: str
) -> None:
    """R41: what the office gives out as the official form, another town takes in with the same figures."""
    made = demo_year()
    with in_town("sevan"):
        adopt(made)
        execute(made, [MONTH], sides=[side])
        original = selectors.execution_table(year=made.year, month=MONTH, side=side)
    client = visitor("sevan")
    client.get(f"/language/{language}/?next=/")
    answer = client.get(f"/budget/{side}.xlsx?year={made.year}&month={MONTH}")
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.content))
    assert len(book.sheetnames) == SHEETS[side]
    with in_town("dilijan"):
        batch = actions.preview_import(
            actor=None, file_name="a.xlsx", content=answer.content, year=made.year, month=MONTH, side=side
        )
        errors = [problem.message for problem in selectors.batch_problems(batch) if problem.is_error]
        assert errors == []
        table = selectors.preview_table(batch)
        actions.confirm_import(actor=None, batch=batch)
        actions.publish_month(actor=None, year=made.year, month=MONTH, side=side)
        again = selectors.execution_table(year=made.year, month=MONTH, side=side)
    assert original is not None
    assert again is not None
    facts = [(row.code, row.year_plan, row.period_plan, row.actual) for row in original.rows]
    assert facts
    assert any(row.actual for row in original.rows)
    for other in (table, again):
        assert [(row.code, row.year_plan, row.period_plan, row.actual) for row in other.rows] == facts


def test_the_balance_is_a_form_too(towns: Any, visitor: Callable[..., Any]) -> None:
    """Section 4: revenue less expenditure, thousand drams; without one of them there is none."""
    made = demo_year()
    client = visitor("sevan")
    with in_town("sevan"):
        adopt(made)
        execute(made, [MONTH], sides=["revenue"])
    address = f"/budget/balance.xlsx?year={made.year}&month={MONTH}"
    assert client.get(address).status_code == 400
    with in_town("sevan"):
        actions.publish_month(actor=None, year=made.year, month=MONTH, side="expenditure")
    book = load_workbook(io.BytesIO(client.get(address).content))
    (sheet,) = book.worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=official_form.HEAD_LINE + 2, max_row=8)]
    received, spent, balance = (Decimal(str(row[12])) for row in rows)  # executed, total
    assert received - spent == balance
    assert received == Decimal(sum(one.amount for one in made.execution if one.side == "revenue" and one.month <= MONTH
                                   and (one.code, one.part) != ("1392", "fund"))) / 1000  # fmt: skip
    assert visitor("dilijan").get(address).status_code == 400


def test_a_plan_leaves_the_office_as_the_official_form(towns: Any, staff: Callable[..., Any]) -> None:
    """Six sections of a version, a draft among them; without the role it is refused."""
    made = demo_year()
    with in_town("sevan"):
        adopt(made)
        numbers = list(PlanVersion.objects.order_by("number").values_list("pk", flat=True))
    officer = staff("sevan", roles=OFFICER)
    book = load_workbook(io.BytesIO(officer.get(f"/budget/plan/{numbers[0]}/plan.xlsx").content))
    assert book.sheetnames == ["1", "2", "3", "4", "5", "6"]
    total = [cell.value for cell in book["1"][6]]
    whole = sum(
        item.year for item in made.adopted if item.side == "revenue" and (item.code, item.part) != ("1392", "fund")
    )
    assert Decimal(str(total[3])) == whole / 1000
    assert officer.get(f"/budget/plan/{numbers[-1]}/plan.xlsx").status_code == 200
    assert staff("sevan", email="other@example.am").get(f"/budget/plan/{numbers[0]}/plan.xlsx").status_code == 403
    assert (
        staff("dilijan", roles=OFFICER, email="third@example.am")
        .get(f"/budget/plan/{numbers[0]}/plan.xlsx")
        .status_code
        == 404
    )
