"""Overview, comparison and what a dram buys on the public site (R41, R50, R52, R54): figures, empty states, cost."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hamaynk.statistics import reference_values
from hamaynk.statistics.models import ReferenceValue
from modules.budgets import selectors
from tenants.context import in_town
from tests.modules.budgets.filling import adopt, demo_year, execute
from tests.modules.budgets.support import publish, rows
from tests.support.remembered import remembered

PEOPLE = 19229


@pytest.fixture
@remembered
def filled(towns: Any) -> None:
    """Sevan: 2024 to its end, 2025 through March."""
    with in_town("sevan"):
        for year, months in ((2024, (1, 12)), (2025, (1, 2, 3))):
            made = demo_year("sevan", PEOPLE, year, 12 if year == 2024 else 3)
            adopt(made)
            execute(made, months)


def _csv(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))


@pytest.mark.parametrize("language", ["hy", "en", "ru"])
def test_overview_shows_every_chart_with_its_table(filled: None, visitor: Callable[..., Any], language: str) -> None:
    """The newest year first: functions, sources, months of both sides, years; no style, no script, demo label."""
    client = visitor("sevan")
    client.get(f"/language/{language}/")
    answer = client.get("/budget/")
    markup = answer.content.decode()
    assert answer.status_code == 200
    for slug in ("by-function", "by-source", "months-revenue", "months-expenditure", "years"):
        assert f"chart-{slug}-wide-title" in markup
    assert markup.count("<table") == 5
    assert " style=" not in markup
    assert "<script" not in markup.replace('<script src="/static/', "")
    assert 'class="notice"' in markup
    assert "2025" in markup[: markup.index("</title>")]


def test_overview_says_the_figures_of_the_execution(filled: None, visitor: Callable[..., Any]) -> None:
    """R58: totals of the overview are those of the execution table; drams per inhabitant are whole, half up."""
    with in_town("sevan"):
        table = selectors.execution_table(year=2025, month=3, side="expenditure")
    assert table is not None
    assert table.total is not None
    assert table.total.actual is not None
    found = _csv(visitor("sevan").get("/budget/overview.csv?year=2025"))
    spent = [row for row in found if row["side"] == "expenditure"]
    assert sum(Decimal(row["period_actual"]) for row in spent) == table.total.actual
    row = spent[0]
    assert Decimal(row["drams_per_inhabitant"]) == (Decimal(row["period_actual"]) / PEOPLE).quantize(Decimal(1))


def test_treemap_drills_down_to_the_line(filled: None, visitor: Callable[..., Any]) -> None:
    """A tile leads to what is below it, a leaf to the line's own page; an unknown function is said (400)."""
    client = visitor("sevan")
    top = client.get("/budget/?year=2025").content.decode()
    assert "?year=2025&amp;function=2100#spending" in top
    below = client.get("/budget/?year=2025&function=2110").content.decode()
    assert "/budget/line/expenditure/2111/" in below
    assert client.get("/budget/?year=2025&function=9999").status_code == 400
    assert client.get("/budget/?year=1999").status_code == 400


def test_nothing_is_said_of_inhabitants_that_are_not_known(filled: None, visitor: Callable[..., Any]) -> None:
    """Control: with inhabitants the column is there."""
    client = visitor("sevan")
    client.get("/language/en/")
    assert b"Drams per inhabitant" in client.get("/budget/").content
    from tenants.context import as_owner
    from tenants.models import Community
    from tenants.routing import announce_change, table

    with as_owner():
        Community.objects.filter(slug="sevan").update(population=None)
    announce_change()
    table.forget()
    try:
        assert b"nhabitant" not in client.get("/budget/").content
    finally:
        with as_owner():
            Community.objects.filter(slug="sevan").update(population=PEOPLE)
        announce_change()
        table.forget()


def test_a_town_with_one_side_or_nothing(towns: Any, visitor: Callable[..., Any]) -> None:
    """R49: the other town says that nothing is published; a town with revenue alone shows that."""
    with in_town("dilijan"):
        publish(9, "1000,100,90,80", "1100,60,50,40")
    page = visitor("dilijan").get("/budget/")
    assert page.status_code == 200
    assert b"chart-by-source" in page.content
    assert b"chart-by-function" not in page.content
    for path in ("/budget/", "/budget/compare/", "/budget/what-it-buys/", "/budget/plan/"):
        answer = visitor("sevan").get(path)
        assert answer.status_code == 200
        assert b'class="empty"' in answer.content
    for path in ("overview.csv", "compare.csv", "what-it-buys.csv?paid=5", "plan.csv", "plan.xlsx"):
        assert visitor("sevan").get(f"/budget/{path}").status_code == 400


def test_queries_do_not_grow_with_the_figures(filled: None, visitor: Callable[..., Any], drawn_each_time: None) -> None:
    """No query in a loop: two years more cost none more."""

    def counts() -> list[int]:
        client = visitor("sevan")
        found = []
        for path in ("", "compare/", "what-it-buys/?paid=1000", "plan/", "plan/?section=6"):
            client.get(f"/budget/{path}")
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/budget/{path}").status_code == 200
            found.append(len(queries))
        return found

    before = counts()
    with in_town("sevan"):
        made = demo_year("sevan", PEOPLE, 2023, 12)
        adopt(made)
        execute(made, (11, 12))
    assert counts() == before
    assert max(before) <= 20


# --- Comparison ------------------------------------------------------------------


def _means(period: dt.date, **values: tuple[int, int | None]) -> None:
    now = timezone.now()
    kept = [
        ReferenceValue(
            indicator="budgets.expenditure_executed", item=item.removeprefix("line"), period=period, scope=scope,
            mean=Decimal(mean), per_inhabitant=None if each is None else Decimal(each), towns=towns, computed_at=now,
        )
        for item, (mean, each) in values.items()
        for scope, towns in (("marz", 2), ("country", 5))
    ]  # fmt: skip
    reference_values.keep_references(period, kept, computed_at=now)


def test_comparison_without_others_says_so(filled: None, visitor: Callable[..., Any]) -> None:
    """Fewer than two towns: no mean is shown, the town's own figures are."""
    client = visitor("sevan")
    client.get("/language/en/")
    markup = client.get("/budget/compare/").content.decode()
    assert "fewer than two communities" in markup
    assert "chart-shares" not in markup
    assert "2100" in markup


def test_comparison_holds_shares_and_drams_against_the_means(filled: None, visitor: Callable[..., Any]) -> None:
    """Share of the mean = mean of the line by mean of the total, two places half up; how many towns, and the day."""
    with in_town("sevan"):
        _means(dt.date(2025, 3, 1), line=(3000, 30), line2100=(1000, 11))
    client = visitor("sevan")
    client.get("/language/en/")
    answer = client.get("/budget/compare/?year=2025&month=3&side=expenditure&scope=country")
    cells = {row[0]: row for row in rows(answer)}
    assert "33.33" in cells["General public services"]
    assert "11" in cells["General public services"]
    assert "of 5 communities" in answer.content.decode()
    found = _csv(client.get("/budget/compare.csv?year=2025&month=3&side=expenditure"))
    line = next(row for row in found if row["code"] == "2100")
    assert (line["marz_share_percent"], line["country_drams_per_inhabitant"]) == ("33.33", "11")
    assert line["towns_in_country"] == "5"
    assert client.get("/budget/compare/?side=nothing").status_code == 400


# --- What a dram buys ------------------------------------------------------------


@pytest.mark.parametrize("basis", ["executed", "plan"])
def test_what_was_paid_is_shared_out_to_the_dram(filled: None, visitor: Callable[..., Any], basis: str) -> None:
    """The lines sum to what was paid; the address can be shared."""
    client = visitor("sevan")
    answer = client.get(f"/budget/what-it-buys/?paid=25 001&basis={basis}")
    assert answer.status_code == 200
    shown = rows(answer)
    assert shown[0][1] == "25001"
    assert sum(int(row[1]) for row in shown[1:]) == 25001
    data = _csv(client.get(f"/budget/what-it-buys.csv?paid=25001&basis={basis}"))
    assert sum(int(row["drams"]) for row in data) == 25001
    assert {row["basis"] for row in data} == {basis}


@pytest.mark.parametrize("paid", ["", "abc", "-5", "0", "10.5", "25,000", "9" * 15])
def test_a_wrong_amount_is_said_at_its_field(filled: None, visitor: Callable[..., Any], paid: str) -> None:
    """And nothing is shared out. Control: 25000 is taken above."""
    answer = visitor("sevan").get("/budget/what-it-buys/", {"paid": paid})
    assert answer.status_code == 400
    assert b'id="id_paid_error"' in answer.content
    assert b"chart-paid" not in answer.content
