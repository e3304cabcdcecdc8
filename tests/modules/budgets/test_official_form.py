"""A published month as a workbook in the layout of official reports."""

import io
from collections.abc import Callable
from typing import Any

from openpyxl import load_workbook

from modules.budgets import actions, selectors
from tenants.context import in_town
from tests.modules.budgets.support import publish


def test_a_published_month_as_a_workbook_and_back(towns: Any, visitor: Callable[..., Any]) -> None:
    """R41: official layout, numbers as numbers; what is read back is what was published."""
    head = "code,part,year_plan_adjusted,period_plan_cumulative,period_actual_cumulative,year_plan_approved"
    parts = ["1000,administrative,90,9,8.001,80", "1000,fund,10,1,1,10", "1110,administrative,90,9,8.00001,80"]
    with in_town("dilijan"):
        publish(9, *parts, head=head)
    client = visitor("dilijan")
    assert "/budget/revenue.xlsx?year=2015&amp;month=9" in client.get("/budget/revenue/").content.decode()
    for language in ("hy", "en", "ru"):
        client.get(f"/language/{language}/?next=/")
        answer = client.get("/budget/revenue.xlsx?year=2015&month=9")
        assert answer["Content-Disposition"] == 'attachment; filename="revenue-2015-09.xlsx"'
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        assert [sheet.cell(6, column).value for column in (4, 5, 6, 13)] == [90, 80, 10, 9.001]
        assert sheet["D6"].number_format == "0.000##"
        with in_town("sevan"):
            again = actions.preview_import(
                actor=None, file_name="a.xlsx", content=answer.content, year=2015, month=int(language == "hy") + 8
            )
            assert {p.code for p in selectors.batch_problems(again)} == {"children_below"}  # as in what was published
            table = selectors.preview_table(again)
        with in_town("dilijan"):
            original = selectors.execution_table(year=2015, month=9)
        assert original is not None
        amounts = [(row.code, row.year_plan, row.period_plan, row.actual) for row in original.rows]
        assert [(row.code, row.year_plan, row.period_plan, row.actual) for row in table.rows] == amounts


def test_the_workbook_holds_no_formula(towns: Any, visitor: Callable[..., Any]) -> None:
    head = "code,name_hy,year_plan_adjusted,period_plan_cumulative,period_actual_cumulative"
    with in_town("dilijan"):
        publish(1, "1000,,10,1,1", '1137ա,"=cmd|calc",1,1,1', head=head)
    sheet = load_workbook(io.BytesIO(visitor("dilijan").get("/budget/revenue.xlsx").content)).active
    assert sheet is not None
    assert (sheet["B7"].value, sheet["B7"].data_type) == ("=cmd|calc", "s")
    assert visitor("dilijan").get("/budget/revenue.xlsx?month=13").status_code == 400
    assert visitor("sevan").get("/budget/revenue.xlsx").status_code == 400
