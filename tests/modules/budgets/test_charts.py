"""Plan against actual by month on the public page (R55): what is drawn, what is told in words, and at what cost."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from modules.budgets import charts, demo, selectors
from tenants.context import in_town
from tests.modules.budgets.support import publish

PAGE = "/budget/revenue/?year=2015&month="


def _flows(*published: int) -> list[charts.MonthFlow]:
    return charts.month_flows(2015, "revenue", "1000", "code", "total", published)


def test_flows_add_up_and_gaps_say_why(towns: Any) -> None:
    """cumulative(m) = cumulative(m - 1) + flow(m); a month is told only where the one before is published."""
    with in_town("sevan"):
        publish(1, "1000,100,10,8")
        publish(2, "1000,100,20,21")
        publish(4, "1000,100,40,30")
        publish(5, "1000,100,50,29")
        found = _flows(1, 2, 4, 5)
    assert [flow.actual for flow in found[:5]] == [Decimal(8000), Decimal(13000), None, None, Decimal(-1000)]
    assert [flow.plan for flow in found[:5]] == [Decimal(10000), Decimal(10000), None, None, Decimal(10000)]
    notes = [flow.note for flow in found]
    assert len({notes[2], notes[3], notes[5]}) == 3
    assert notes[5:] == [notes[5]] * 7


def test_a_correction_moves_the_column(towns: Any) -> None:
    """The version in force is drawn, never an older one, even where the new one leaves the line out."""
    with in_town("sevan"):
        publish(1, "1000,100,10,8", "1100,100,10,8")
        publish(1, "1000,100,10,9")
        assert _flows(1)[0].actual == Decimal(9000)
        assert charts.month_flows(2015, "revenue", "1100", "code", "total", [1])[0].actual is None


def test_three_queries_whatever_the_months(towns: Any) -> None:
    """The chart costs the page three queries more."""
    with in_town("sevan"):
        demo.seed("sevan")
        periods = selectors.published_periods()
        table = selectors.execution_table(year=2015, month=9)
        assert table is not None
        with CaptureQueriesContext(connection) as queries:
            drawn = charts.by_month(table, periods)
        assert len(queries) <= 3
    assert drawn is not None
    assert len(drawn.chart.drawings[0].columns) == len(drawn.table.rows) == 9


@pytest.mark.parametrize("language", ["hy", "en", "ru"])
def test_the_page_shows_it_from_two_months_on(towns: Any, visitor: Callable[..., Any], language: str) -> None:
    """One published month is no comparison; with two the chart stands there with its table."""
    client = visitor("sevan")
    client.get(f"/language/{language}/")
    with in_town("sevan"):
        publish(1, "1000,100,10,8")
    assert b"chart-by-month" not in client.get(PAGE + "1").content
    with in_town("sevan"):
        publish(2, "1000,100,20,21")
    markup = client.get(PAGE + "2").content.decode()
    figure = markup[markup.index('<figure class="chart">') : markup.index("</figure>")]
    assert figure.count('<svg class="chart-sheet') == 2
    assert "style=" not in figure
    assert "13.000" in figure
    assert "130.00" in figure


def test_the_chart_follows_the_filters(towns: Any, visitor: Callable[..., Any]) -> None:
    """R57: of the line and the part that the page shows; where the source does not divide by part, none."""
    with in_town("sevan"):
        for month in (1, 2):
            publish(month, f"1000,100,{month * 10},{month * 9}", f"1100,50,{month * 5},{month * 4}")
    client = visitor("sevan")
    assert "4.000" in client.get(PAGE + "2&kind=1100").content.decode()
    assert b"chart-by-month" not in client.get(PAGE + "2&part=fund").content


def test_the_other_town_shows_none_of_it(towns: Any, visitor: Callable[..., Any]) -> None:
    """R49: figures of one town are drawn on its own page only."""
    with in_town("sevan"):
        for month in (1, 2):
            publish(month, f"1000,100,{month * 10},{month * 9}")
    with in_town("dilijan"):
        publish(2, "1000,777,70,7")
    assert b"chart-by-month" not in visitor("dilijan").get(PAGE + "2").content
