"""The public page, its download and the API, over HTTP, with two towns."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import set_urlconf

from modules.budgets import demo, selectors
from modules.budgets.home import revenue_figure
from tenants.context import in_town
from tests.modules.budgets.support import publish, rows

GOLDEN = [
    ["ԸՆԴԱՄԵՆԸ", "760414.500", "519225.790", "389782.993", "75.07", "-129442.797"],
    ["1.1 Գույքային հարկեր անշարժ գույքից", "65440.600", "34311.200", "26693.126", "77.80", "-7618.074"],
    ["1.2 Գույքային հարկեր այլ գույքից", "41679.400", "23000.000", "21232.078", "92.31", "-1767.922"],
    ["Տեղական տուրքեր", "16402.000", "12842.000", "10365.873", "80.72", "-2476.127"],
    ["Պետական տուրքեր", "4500.000", "3400.000", "2779.600", "81.75", "-620.400"],
]
REST = ["632392.500", "445672.590", "328712.316", "73.76", "-116960.274"]
SEPTEMBER = "/budget/revenue/?year=2015&month=9"


@pytest.fixture
def dilijan(towns: Any) -> Iterator[None]:
    """Dilijan with the printed page of September 2015."""
    with in_town("dilijan"):
        demo.seed("dilijan")
    return


def test_the_printed_page_digit_for_digit(dilijan: None, visitor: Callable[..., Any]) -> None:
    """R41, R54, R58, R59: the five printed rows, letter for letter and digit for digit, and the rest as one row."""
    overview = visitor("dilijan").get("/budget/").content.decode()
    assert f'href="{SEPTEMBER.replace("&", "&amp;")}"' in overview
    answer = visitor("dilijan").get(SEPTEMBER)
    found = rows(answer)
    assert found[:5] == GOLDEN
    assert found[5][1:] == REST
    assert len(found) == 6


def test_other_towns_see_none_of_it(dilijan: None, visitor: Callable[..., Any]) -> None:
    """The same address in the second town has its empty state; the API there knows no year."""
    assert rows(visitor("dilijan").get(SEPTEMBER))
    other = visitor("sevan")
    assert other.get(SEPTEMBER).status_code == 200
    assert rows(other.get(SEPTEMBER)) == []
    assert b"760414" not in other.get(SEPTEMBER).content
    assert other.get("/api/v1/budgets/years").json() == []
    assert other.get("/api/v1/budgets/execution?year=2015&month=9").status_code == 404
    assert other.get("/budget/revenue.csv").status_code == 400


@pytest.mark.parametrize(
    ("language", "title", "first", "rest"),
    [
        (
            "hy",
            "Համայնքի բյուջեի եկամուտների կատարողական, սեպտեմբեր 2015, աճողական",
            "ԸՆԴԱՄԵՆԸ",
            "Աղբյուրում չմանրամասնված",
        ),
        (
            "en",
            "Revenue execution of the budget, September 2015, cumulative",
            "Total revenue",
            "Not itemised in the source",
        ),
        (
            "ru",
            "Исполнение доходов бюджета, сентябрь 2015, нарастающим итогом",
            "Всего доходов",
            "Не расписано в источнике",
        ),
    ],
)
def test_three_languages(
    dilijan: None, visitor: Callable[..., Any], language: str, title: str, first: str, rest: str
) -> None:
    """R50, R54: title and names in Armenian, English and Russian."""
    client = visitor("dilijan")
    client.post(f"/language/{language}/", {"next": "/"})
    answer = client.get(SEPTEMBER)
    assert title in answer.content.decode()
    assert (rows(answer)[0][0], rows(answer)[5][0]) == (first, rest)
    assert [row[1:] for row in rows(answer)[:5]] == [row[1:] for row in GOLDEN]


def test_single_month_only_where_the_month_before_is_known(towns: Any, visitor: Callable[..., Any]) -> None:
    """R55: flows from cumulative figures; a line the month before left out is not published by month."""
    with in_town("sevan"):
        publish(1, "1000,100,10,8")
        publish(2, "1000,100,20,17.5", "1110,50,10,9")
        publish(4, "1000,100,40,30")
    client = visitor("sevan")
    january = rows(client.get("/budget/revenue/?year=2015&month=1&view=month"))
    assert january[0][1:] == ["100.000", "10.000", "8.000", "80.00", "-2.000"]
    february = rows(client.get("/budget/revenue/?year=2015&month=2&view=month"))
    assert february[0][1:] == ["100.000", "10.000", "9.500", "95.00", "-0.500"]
    assert len(february[1]) == 3  # name, year plan, and one cell that says why there is no more
    april = rows(client.get("/budget/revenue/?year=2015&month=4&view=month"))
    assert len(april[0]) == 3
    assert rows(client.get("/budget/revenue/?year=2015&month=4"))[0][3] == "30.000"


def test_printed_page_has_no_single_month(dilijan: None, visitor: Callable[..., Any]) -> None:
    """R55: August is not published, so September alone is not told, in no row."""
    answer = visitor("dilijan").get(SEPTEMBER + "&view=month")
    assert [len(row) for row in rows(answer)] == [3] * 6
    assert b"389782.993" not in answer.content


def test_budget_type_and_revenue_type(towns: Any, visitor: Callable[..., Any]) -> None:
    """R57: total is the sum of the parts; a revenue type shows its lines alone."""
    with in_town("sevan"):
        head = "code,part,year_plan_adjusted,period_plan_cumulative,period_actual_cumulative"
        lines = ["1000,administrative,90,9,8", "1110,administrative,90,9,8", "1000,fund,10,1,1", "1260,fund,10,1,1"]
        publish(1, *lines, head=head)
    client = visitor("sevan")
    assert rows(client.get("/budget/revenue/?part=total"))[0][1:4] == ["100.000", "10.000", "9.000"]
    assert rows(client.get("/budget/revenue/?part=fund"))[0][1:4] == ["10.000", "1.000", "1.000"]
    assert rows(client.get("/budget/revenue/?part=administrative"))[0][1:4] == ["90.000", "9.000", "8.000"]
    assert [row[1] for row in rows(client.get("/budget/revenue/?kind=1200"))] == ["10.000", "10.000"]


def test_drill_down(towns: Any, visitor: Callable[..., Any]) -> None:
    """R56: brief first, all lines on demand, and from a line to what lies below it."""
    with in_town("sevan"):
        publish(1, "1000,10,1,1", "1100,10,1,1", "1110,10,1,1", "1111,10,1,1")
    client = visitor("sevan")
    assert len(rows(client.get("/budget/revenue/"))) == 3
    assert len(rows(client.get("/budget/revenue/?detail=1"))) == 4
    assert len(rows(client.get("/budget/revenue/?kind=1110"))) == 2
    assert "kind=1110" in client.get("/budget/revenue/").content.decode()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("year=abc", "year"),
        ("year=2031", "year"),
        ("year=99999999999999999999", "year"),
        ("month=13", "month"),
        ("month=8", "month"),
        ("part=<script>", "part"),
        ("kind=9999", "kind"),
        ("kind=%00", "kind"),
        ("view=sideways", "view"),
    ],
)
def test_wrong_filters_are_named_at_their_field(
    dilijan: None, visitor: Callable[..., Any], query: str, field: str
) -> None:
    """R57: a wrong filter is said, the others stay chosen, and nothing breaks."""
    answer = visitor("dilijan").get(f"/budget/revenue/?{query}")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert field in answer.context["form"].errors
    assert rows(answer) == []
    assert "<script>" not in page.split("<main", 1)[-1]
    assert visitor("dilijan").get(f"/budget/revenue.csv?{query}").status_code == 400


def test_zero_plan_shows_a_dash(towns: Any, visitor: Callable[..., Any]) -> None:
    """R58: money without a plan keeps its row; the percent is a dash."""
    with in_town("sevan"):
        publish(1, "1000,0,0,22.444")
    assert rows(visitor("sevan").get("/budget/revenue/"))[0][1:] == ["0.000", "0.000", "22.444", "–", "22.444"]


def test_download(dilijan: None, visitor: Callable[..., Any]) -> None:
    """R41: the figures can be taken away, exact, for a spreadsheet."""
    answer = visitor("dilijan").get("/budget/revenue.csv?year=2015&month=9")
    assert answer["Content-Disposition"] == 'attachment; filename="revenue-2015-09-cumulative.csv"'
    body = answer.content.decode()
    assert body.startswith("\ufeffyear,month,")
    table = list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))
    assert [row["period_actual"] for row in table][:2] == ["389782.993", "26693.126"]
    assert table[0]["name_hy"] == "ԸՆԴԱՄԵՆԸ"
    assert table[0]["deviation"] == "-129442.797"
    assert len(table) == 6


def test_download_holds_no_formula(towns: Any, visitor: Callable[..., Any]) -> None:
    """A local line may have any name; a spreadsheet must not run it."""
    with in_town("sevan"):
        head = "code,name_hy,year_plan_adjusted,period_plan_cumulative,period_actual_cumulative"
        publish(1, "1000,,10,1,1", '1137ա,"=cmd|calc",1,1,1', head=head)
    assert "'=cmd" in visitor("sevan").get("/budget/revenue.csv").content.decode()


def test_api_gives_drams_as_decimal_strings(dilijan: None, visitor: Callable[..., Any]) -> None:
    """R34: the address of issue 2 answers exact drams."""
    client = visitor("dilijan")
    answer = client.get("/api/v1/budgets/execution?year=2015&month=9&side=revenue&view=cumulative")
    assert answer.status_code == 200
    body = answer.json()
    total = body["rows"][0]
    assert (total["year_plan"], total["period_plan"], total["actual"]) == (
        "760414500.00",
        "519225790.00",
        "389782993.00",
    )
    assert (total["percent"], total["deviation"], body["currency"]) == ("75.07", "-129442797.00", "AMD")
    assert body["rows"][5]["is_unitemised"] is True
    years = client.get("/api/v1/budgets/years").json()
    assert [(one["year"], one["months"], one["sides"]) for one in years] == [(2015, [9], {"revenue": [9]})]
    by_month = client.get("/api/v1/budgets/execution?year=2015&month=9&view=month").json()
    assert (by_month["month_known"], by_month["rows"][0]["actual"]) == (False, None)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("year=2015&month=13", 422),
        ("year=2015", 422),
        ("year=2015&month=9&side=debts", 422),
        ("year=2015&month=9&view=sideways", 422),
        ("year=2015&month=8", 404),
        ("year=2015&month=9&kind=9999", 404),
    ],
)
def test_api_says_what_is_wrong(dilijan: None, visitor: Callable[..., Any], query: str, status: int) -> None:
    answer = visitor("dilijan").get(f"/api/v1/budgets/execution?{query}")
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_openapi_describes_the_address(visitor: Callable[..., Any]) -> None:
    """R34: the OpenAPI document holds the operation with its parameters."""
    document = visitor("dilijan").get("/api/v1/openapi.json").json()
    operation = document["paths"]["/api/v1/budgets/execution"]["get"]
    assert {p["name"] for p in operation["parameters"]} == {
        "year", "month", "side", "by", "view", "part", "kind", "level", "settlement", "version",
    }  # fmt: skip


def test_queries_do_not_grow_with_the_rows(towns: Any) -> None:
    """Three queries for the table, whatever the view and however many lines."""
    with in_town("sevan"):
        demo.seed("sevan")
        for view in ("cumulative", "month"):
            with CaptureQueriesContext(connection) as queries:
                table = selectors.execution_table(year=2015, month=9, view=view)  # type: ignore[arg-type]
            assert table is not None
            assert len(table.rows) > 25
            assert len(queries) <= 3


def test_home_figure(dilijan: None) -> None:
    """R41: the town's home page carries the newest figure."""
    set_urlconf("hamaynk.config.urls.site")
    try:
        with in_town("dilijan"):
            figure = revenue_figure()
        with in_town("sevan"):
            assert revenue_figure() is None
    finally:
        set_urlconf(None)
    assert figure is not None
    assert figure["bar"] == 75
    assert figure["url"] == "/budget/"


def test_demo_is_idempotent_and_labelled(towns: Any, visitor: Callable[..., Any]) -> None:
    with in_town("sevan"):
        demo.seed("sevan")
        demo.seed("sevan")
        periods = selectors.published_periods()
        table = selectors.execution_table(year=2015, month=9)
    assert [period.month for period in periods] == list(range(1, 10))
    assert table is not None
    assert (table.version, table.is_demo) == (1, True)
    assert 'class="notice' in visitor("sevan").get("/budget/", follow=True).content.decode()
