"""The leaves that budgets stand on: money, periods, the Armenian text key."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamaynk.common.money import (
    AmountError,
    Unit,
    deviation,
    parse_amount,
    parse_number,
    percent_of,
    thousands_text,
)
from hamaynk.common.periods import Month
from hamaynk.common.text_key import text_key

drams = st.integers(-(10**17), 10**17).map(lambda n: Decimal(n).scaleb(-2))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("760414.500", "760414.5"),
        ("760,414.5", "760414.5"),
        ("760 414,5", "760414.5"),
        ("760\u00a0414,5", "760414.5"),
        ("760\u202f414", "760414"),
        ("760.414,5", "760414.5"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("760414,500", "760414.5"),
        ("0,123", "0.123"),
        ("31,624.6", "31624.6"),
        ("-129442.797", "-129442.797"),
        ("\u2212129442,797", "-129442.797"),
        ("0.000", "0"),
    ],
)
def test_official_number_styles(written: str, value: str) -> None:
    """R58: every style that official tables and decisions use is read exactly."""
    assert parse_number(written) == Decimal(value)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("760,414", "ambiguous"),
        ("x", "not_a_number"),
        ("1e5", "not_a_number"),
        ("NaN", "not_a_number"),
        ("12 34", "not_a_number"),
        ("1,23,456", "not_a_number"),
        ("--5", "not_a_number"),
        ("٣", "not_a_number"),
        ("5%", "not_a_number"),
    ],
)
def test_what_is_no_number(written: str, code: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_number(written)
    assert caught.value.code == code


def test_thousands_become_drams_exactly() -> None:
    """R58: thousand drams with three decimals are whole drams; a hundredth of a dram is the end."""
    assert parse_amount("760414.500", Unit.THOUSANDS) == Decimal("760414500.00")
    assert parse_amount("0.00001", Unit.THOUSANDS) == Decimal("0.01")
    with pytest.raises(AmountError, match="too_precise"):
        parse_amount("0.000001", Unit.THOUSANDS)
    with pytest.raises(AmountError, match="too_large"):
        parse_amount("1" + "0" * 16, Unit.DRAMS)


@given(drams.filter(lambda d: abs(d) < Decimal(10) ** 16))
def test_every_amount_survives_writing_and_reading(amount: Decimal) -> None:
    assert parse_amount(str(amount), Unit.DRAMS) == amount
    assert parse_amount(thousands_text(amount), Unit.THOUSANDS) == amount
    assert parse_amount(f"{amount:,}", Unit.DRAMS) == amount or "," not in f"{amount:,}"


@given(drams, drams.filter(bool))
def test_percent_is_the_exact_ratio_rounded_half_up(actual: Decimal, plan: Decimal) -> None:
    """R58: two decimals, half up (away from zero), never rounded twice."""
    percent = percent_of(actual, plan)
    assert percent is not None
    exact = Fraction(actual) / Fraction(plan) * 100
    assert abs(Fraction(percent) - exact) <= Fraction(1, 200)
    if abs(Fraction(percent) - exact) == Fraction(1, 200):
        assert abs(Fraction(percent)) > abs(exact)


def test_percent_ties_and_zero_plan() -> None:
    """R58: 0.125 % is 0.13; without a plan there is no percent."""
    assert percent_of(Decimal("1.00"), Decimal("800.00")) == Decimal("0.13")
    assert percent_of(Decimal("-1.00"), Decimal("800.00")) == Decimal("-0.13")
    assert percent_of(Decimal("22444.00"), Decimal("0.00")) is None
    seed = percent_of(Decimal("389782993"), Decimal("519225790"))
    assert (
        seed == (Decimal(389782993) / Decimal(5192257.90)).quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal("75.07")
    )


@given(drams, drams)
def test_deviation_leads_back_to_the_actual(actual: Decimal, plan: Decimal) -> None:
    assert plan + deviation(actual, plan) == actual


months = st.builds(Month, st.integers(1992, 2099), st.integers(1, 12))


@given(months)
def test_months_follow_one_another(month: Month) -> None:
    assert month.next.previous == month == month.previous.next
    assert month.previous < month < month.next
    assert month.last_day + dt.timedelta(days=1) == month.next.first_day
    assert Month.parse(str(month)) == month == Month.of(month.last_day)


@pytest.mark.parametrize("bad", [(2015, 0), (2015, 13), (0, 1), (10_000, 1)])
def test_no_such_month(bad: tuple[int, int]) -> None:
    with pytest.raises(ValueError):
        Month(*bad)


@pytest.mark.parametrize("bad", ["2015-9", "2015-13", "15-09", "2015-09-01", ""])
def test_no_month_written_so(bad: str) -> None:
    with pytest.raises(ValueError):
        Month.parse(bad)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Երևան", "ԵՐԵՎԱՆ"),
        ("Երևան", "ԵՐԵՒԱՆ"),
        ("եւ", "և"),
        ("ﬓ", "մն"),
        ("ՀԱՐԿԵՐ ԵՎ ՏՈՒՐՔԵՐ", "Հարկեր և տուրքեր"),
        ("Ի՞նչ արեցիք։", "ինչ արեցիք:"),
        ("ժամը 24.00-ից՝ հետո", "ժամը 24 00 ից` հետո"),
        ("հա\u00admayn", "հաmayn"),
    ],
)
def test_texts_a_reader_takes_for_the_same(one: str, other: str) -> None:
    assert text_key(one) == text_key(other) != ""


def test_different_words_stay_different() -> None:
    assert text_key("տուրք") != text_key("տուրքեր")
    assert text_key("գույք") != text_key("գուք")


@given(st.text())
def test_key_of_a_key_is_the_key(value: str) -> None:
    assert text_key(text_key(value)) == text_key(value)
