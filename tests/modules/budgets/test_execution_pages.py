"""Expenditure, financing and balance on the public site, over HTTP, with two towns (R54-R59; sections 2 to 6)."""

import csv
import io
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Any

import pytest

from modules.budgets import selectors
from modules.budgets.models import ExecutionEntry, PublishedMonth
from tenants.context import in_town
from tests.modules.budgets.filling import SIDES, adopt, demo_year, execute
from tests.modules.budgets.support import plain, publish, rows
from tests.support.remembered import remembered

MARCH = "?year=2025&month=3"


@pytest.fixture
@remembered
def filled(towns: Any) -> None:
    """Sevan: January to March 2025, all three sides; Dilijan: revenue of January alone."""
    made = demo_year("sevan", 19229, 2025, 3)
    with in_town("sevan"):
        adopt(made)
        execute(made, (1, 2, 3), sides=SIDES)
    with in_town("dilijan"):
        publish(1, "1000,100,10,8", year=2025)


def _shown(drams: Decimal | None) -> str:
    assert drams is not None
    return _rounded(drams)


def _rounded(drams: Decimal) -> str:
    return str((drams / 1000).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP))


TITLES = {
    "hy": "Համայնքի բյուջեի ծախսերի կատարողական, մարտ 2025, աճողական",
    "en": "Expenditure execution of the budget, March 2025, cumulative",
    "ru": "Исполнение расходов бюджета, март 2025, нарастающим итогом",
}


def test_expenditure_in_three_languages(filled: None, visitor: Callable[..., Any]) -> None:
    """R50, R54: the title in Armenian, English and Russian; no inline style or script."""
    client = visitor("sevan")
    for language, title in TITLES.items():
        client.get(f"/language/{language}/")
        markup = client.get(f"/budget/expenditure/{MARCH}").content.decode()
        assert title in markup
        assert " style=" not in markup
        assert "<script" not in markup.replace('<script src="/static/', "")


def test_six_columns_of_every_side(filled: None, visitor: Callable[..., Any]) -> None:
    """R58: the total as the snapshot has it, percent and deviation worked out, demo label, version, digest, downloads."""
    for side in SIDES:
        _check_page(visitor("sevan"), side)


def _check_page(client: Any, side: str) -> None:
    with in_town("sevan"):
        table = selectors.execution_table(year=2025, month=3, side=side)
        digest = PublishedMonth.objects.get(side=side, month=3).digest
    assert table is not None
    total = table.total
    assert total is not None
    answer = client.get(f"/budget/{side}/{MARCH}")
    markup = answer.content.decode()
    shown = rows(answer)[0]
    assert shown[1:4] == [_shown(total.year_plan), _shown(total.period_plan), _shown(total.actual)]
    assert shown[4] == ("–" if total.percent is None else f"{total.percent:.2f}")
    assert shown[5] == _shown(total.deviation)
    assert markup.count('<th scope="col"') >= 6
    assert 'class="notice"' in markup
    assert digest in markup
    for form in ("csv", "xlsx", "json", "zip"):
        assert f'"/budget/data/2025/3/{side}.{form}"' in markup
        assert client.get(f"/budget/data/2025/3/{side}.{form}").status_code == 200


def test_filters_change_the_table(filled: None, visitor: Callable[..., Any]) -> None:
    """R55, R57: the page shows what the selector says for these filters."""
    for side, part, view in product(SIDES, ("total", "administrative", "fund"), ("cumulative", "month")):
        with in_town("sevan"):
            table = selectors.execution_table(year=2025, month=3, side=side, part=part, view=view)  # type: ignore[arg-type]
        assert table is not None
        shown = rows(visitor("sevan").get(f"/budget/{side}/{MARCH}&part={part}&view={view}&detail=1"))
        assert [row[1] for row in shown] == [_shown(row.year_plan) for row in table.rows], (side, part, view)
        assert [row[3] for row in shown] == [_shown(row.actual) for row in table.rows], (side, part, view)


def test_the_three_ways_to_divide_expenditure_have_one_total(filled: None, visitor: Callable[..., Any]) -> None:
    """Sections 2, 3 and 6: the same total; under a function the items of section 6 sum to what it holds itself."""
    client = visitor("sevan")
    totals = {tuple(rows(client.get(f"/budget/expenditure/{MARCH}&by={by}"))[0][1:]) for by in
              ("function", "economic", "both")}  # fmt: skip
    assert len(totals) == 1
    markup = client.get(f"/budget/expenditure/{MARCH}&by=both&kind=2111").content.decode()
    lines = markup.split("<tbody>")[1].split("</tbody>")[0]
    figures = [[plain(cell) for cell in row.split("</td>")[:3]] for row in lines.split("<tr ")[1:]]
    amounts = [Decimal(row[2].split()[-1]) for row in figures]
    assert len(amounts) > 3
    assert amounts[0] == sum(amounts[1:])
    assert 'class="level-1 item"' in lines


def test_another_division_drops_the_line(filled: None, visitor: Callable[..., Any]) -> None:
    """R57: a function means nothing among items; changing the division in the form must not end in an error."""
    client = visitor("sevan")
    assert client.get(f"/budget/expenditure/{MARCH}&by=economic&was_by=function&kind=2100").status_code == 200
    assert client.get(f"/budget/expenditure/{MARCH}&by=function&was_by=function&kind=2100").status_code == 200
    assert client.get(f"/budget/expenditure/{MARCH}&by=economic&kind=2100").status_code == 400


def test_settlement(filled: None, visitor: Callable[..., Any]) -> None:
    """R57: settlements that the figures name are offered, and each shows its own figures; none where none is named."""
    with in_town("sevan"):
        named = ExecutionEntry.objects.filter(side="revenue").exclude(settlement="")
        settlement = named.values_list("settlement", flat=True).first()
        expected = selectors.published_figures(selectors.published_periods()[-1])
    assert settlement
    assert expected is not None
    own = sum((one.actual for one in expected.figures if one.settlement == settlement), Decimal(0))
    client = visitor("sevan")
    assert f'value="{settlement}"' in client.get(f"/budget/revenue/{MARCH}").content.decode()
    answer = client.get("/budget/revenue/", {"year": 2025, "month": 3, "settlement": settlement})
    assert rows(answer)[0][3] == _shown(own)
    assert b"id_settlement" not in visitor("dilijan").get("/budget/revenue/").content


def test_other_town_shows_none_of_it(filled: None, visitor: Callable[..., Any]) -> None:
    """R49: Dilijan has no expenditure and no financing; its pages are true empty states, its balance has dashes."""
    client = visitor("dilijan")
    for path in ("expenditure/", "financing/"):
        answer = client.get(f"/budget/{path}")
        assert answer.status_code == 200
        assert b'class="empty"' in answer.content
        assert rows(answer) == []
    assert client.get("/budget/expenditure.csv").status_code == 400
    shown = rows(client.get("/budget/balance/"))
    assert shown[0][3] == "8.000"
    assert shown[1][1:] == ["–"] * 5
    assert shown[2][1:] == ["–"] * 5


def test_balance_is_revenue_less_expenditure(filled: None, visitor: Callable[..., Any]) -> None:
    """Section 4: every amount of the balance is the difference of the two rows above it; financing has its lines.

    Exact in the download, and the page prints the same, rounded half up.
    """
    columns = ("year_plan_adjusted", "period_plan", "period_actual")
    client = visitor("sevan")
    for part in ("total", "administrative", "fund"):
        text = client.get(f"/budget/balance.csv{MARCH}&part={part}").content.decode().removeprefix("\ufeff")
        table = list(csv.DictReader(io.StringIO(text)))
        exact = [[Decimal(row[column]) for column in columns] for row in table]
        received, spent, balance, financing, *lines, left = exact
        assert balance == [one - other for one, other in zip(received, spent, strict=True)]
        assert left == [one + other for one, other in zip(balance, financing, strict=True)]
        assert lines
        if part == "total":
            assert left[0] == 0
        shown = rows(client.get(f"/budget/balance/{MARCH}&part={part}"))
        assert [row[1:4] for row in shown[:4]] == [[_rounded(one) for one in row] for row in exact[:4]]
        assert [row[4] for row in shown[2:]] == ["–"] * len(shown[2:])


def test_wrong_choices_of_the_balance_are_said(filled: None, visitor: Callable[..., Any]) -> None:
    """R57: at the field, with status 400. Control: the balance of March above."""
    client = visitor("sevan")
    for query in ("year=1999", "month=13", "part=x", "view=x", "year=2025&month=8"):
        answer = client.get(f"/budget/balance/?{query}")
        assert answer.status_code == 400
        assert b'class="error-summary"' in answer.content
        assert client.get(f"/budget/balance.csv?{query}").status_code == 400


def test_the_table_can_be_taken_away(filled: None, visitor: Callable[..., Any]) -> None:
    """R41: the table of the filters as CSV, the whole month as a workbook."""
    client = visitor("sevan")
    for side in SIDES:
        answer = client.get(f"/budget/{side}.csv{MARCH}")
        table = list(csv.DictReader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
        assert Decimal(table[0]["year_plan_adjusted"]) == Decimal(rows(client.get(f"/budget/{side}/{MARCH}"))[0][1])
        assert client.get(f"/budget/{side}.xlsx{MARCH}").content[:2] == b"PK"


def test_expenditure_by_both_as_csv_names_the_item(filled: None, visitor: Callable[..., Any]) -> None:
    """Section 6 in the download: rows of items bear function and item."""
    text = visitor("sevan").get(f"/budget/expenditure.csv{MARCH}&by=both").content.decode().removeprefix("\ufeff")
    table = list(csv.DictReader(io.StringIO(text)))
    assert any(row["code"] == "2111" and row["economic"] for row in table)
    assert table[0]["economic"] == ""


def test_a_line_leads_below_itself_or_to_its_own_page(filled: None, visitor: Callable[..., Any]) -> None:
    """R56: what has lines below it narrows the table, a leaf leads to its own page; both addresses answer."""
    client = visitor("sevan")
    markup = client.get(f"/budget/expenditure/{MARCH}&detail=1").content.decode()
    assert "kind=2110" in markup
    assert "/budget/line/expenditure/2111/?year=2025" in markup
    assert client.get("/budget/line/expenditure/2111/?year=2025").status_code == 200
    narrowed = rows(client.get(f"/budget/expenditure/{MARCH}&kind=2110"))
    assert 1 < len(narrowed) < 20
