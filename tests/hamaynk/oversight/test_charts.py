"""The ministry's chart: the order of the table, those without a plan left out, the ends of a long list."""

from decimal import Decimal

from django.utils import translation

from hamaynk.oversight.charts import MOST, percent_bars
from hamaynk.oversight.selectors import TownExecution
from tests.hamaynk.oversight.towns import a_town


def _line(number: int, percent: str | None) -> TownExecution:
    planned = Decimal(0) if percent is None else Decimal(10000)
    return TownExecution(
        town=a_town(f"t{number}", f"Town {number}"), planned=planned, executed=Decimal(percent or 80) * 100
    )


def test_order_values_and_reference() -> None:
    """Best first; a town without a plan for the period has no bar."""
    with translation.override("en"):
        chart = percent_bars([_line(1, "101.20"), _line(2, "75.07"), _line(3, None)], "revenue")
    rows = chart.drawings[0].rows
    assert [row.name.lines for row in rows] == [("Town 1",), ("Town 2",)]
    assert [row.value.lines for row in rows] == [("101.20 %",), ("75.07 %",)]
    assert "Town 1" in chart.about.sentence
    assert "75.07" in chart.about.sentence


def test_a_long_list_shows_both_ends_and_says_so() -> None:
    """Hundreds of bars are no picture: the first and the last ones stand there, the sentence tells the count."""
    with translation.override("en"):
        chart = percent_bars([_line(at, str(500 - at)) for at in range(500)], "revenue")
    rows = chart.drawings[0].rows
    assert len(rows) == MOST
    assert (rows[0].name.lines, rows[-1].name.lines) == (("Town 0",), ("Town 499",))
    assert "of 500 communities" in chart.about.sentence


def test_nobody_to_compare() -> None:
    """No bar, and a sentence all the same."""
    chart = percent_bars([_line(1, None)], "expenditure")
    assert chart.drawings[0].rows == ()
    assert chart.about.sentence
