"""Dates and figures as the towns' own pages print them (R50, R51, R58)."""

from __future__ import annotations

import datetime as dt
import importlib
from decimal import ROUND_HALF_UP, Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamaynk.ui import formats

SEED_DAY = dt.date(2015, 9, 18)
WIDE = Context(prec=120)
amounts = st.decimals(
    min_value=Decimal("-1e18"), max_value=Decimal("1e18"), places=2, allow_nan=False, allow_infinity=False
)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("hy", "Ուրբաթ, 18 Սեպտեմբերի 2015թ."),
        ("en", "Friday, 18 September 2015"),
        ("ru", "Пятница, 18 сентября 2015 г."),
    ],
)
def test_long_date_is_the_header_of_the_seed_page(language: str, text: str) -> None:
    """R50, R51: the date with its weekday in three languages."""
    assert formats.long_date(SEED_DAY, language) == text


def test_an_unknown_language_falls_back_to_armenian() -> None:
    """R50: Armenian is the default language."""
    assert formats.long_date(SEED_DAY, "fr") == formats.long_date(SEED_DAY, "hy")
    assert formats.long_date(SEED_DAY, "en-gb") == formats.long_date(SEED_DAY, "en")


def test_month_names_have_two_cases() -> None:
    """R51: the genitive in dates, the nominative alone."""
    assert formats.month_name(9, language="hy") == "սեպտեմբեր"
    assert formats.month_name(9, "genitive", "hy") == "սեպտեմբերի"
    assert formats.month_name(5, "genitive", "ru") == "мая"
    assert formats.month_name(5, "genitive", "en") == "May"


@pytest.mark.parametrize("month", [0, 13, -1])
def test_a_month_outside_the_year_is_refused(month: int) -> None:
    """R51: a wrong month never prints another month's name."""
    with pytest.raises(ValueError, match="month"):
        formats.month_name(month, language="hy")


@pytest.mark.parametrize(
    ("drams", "text"),
    [
        (Decimal("760414500"), "760414.500"),
        (Decimal("-129442797"), "-129442.797"),
        (Decimal("0.50"), "0.001"),
        (Decimal("0.49"), "0.000"),
        (Decimal("-0.49"), "0.000"),
        (Decimal("-0.50"), "-0.001"),
        (0, "0.000"),
        (None, "–"),
    ],
)
def test_thousands_in_the_official_style(drams: Decimal | int | None, text: str) -> None:
    """R58: thousand drams, three decimals, a dot, no grouping, a plain hyphen."""
    assert formats.thousands(drams) == text


def test_thousands_in_prose_follow_the_language() -> None:
    """R58: in a sentence the figure is grouped and has a true minus sign."""
    drams = Decimal("-760414540")
    assert formats.thousands(drams, 1, "prose", "hy") == "−760\u00a0414,5"
    assert formats.thousands(drams, 1, "prose", "ru") == "−760\u00a0414,5"
    assert formats.thousands(drams, 1, "prose", "en") == "−760\u00a0414.5"
    assert formats.thousands(drams, 0, "prose", "en") == "−760\u00a0415"


@given(amounts, st.integers(min_value=0, max_value=4))
def test_thousands_round_half_up(drams: Decimal, places: int) -> None:
    """R58: whatever the sum, the text is the exact value rounded half away from zero, and it reads back."""
    text = formats.thousands(drams, places)
    unit = Decimal(1).scaleb(-places)
    assert Decimal(text) == (WIDE.divide(drams, Decimal(1000))).quantize(unit, ROUND_HALF_UP, WIDE)
    assert not text.startswith("-0") or Decimal(text) < 0
    assert len(text.partition(".")[2]) == places


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_percent_rounds_half_up_at_the_half(hundredths: int) -> None:
    """R58: exactly half a hundredth goes away from zero, never to the even neighbour."""
    step = Decimal("0.005") if hundredths >= 0 else Decimal("-0.005")
    value = Decimal(hundredths).scaleb(-2)
    away = value + 2 * step
    assert Decimal(formats.percent(value + step)) == away
    assert formats.percent(value) == f"{value:.2f}".replace("-0.00", "0.00")


def test_percent_without_a_plan_is_a_dash() -> None:
    """R58: no plan, no percentage."""
    assert formats.percent(None) == "–"
    assert formats.percent(Decimal("82.977")) == "82.98"


@pytest.mark.parametrize("value", [1.5, "100", True])
def test_only_exact_numbers_are_formatted(value: object) -> None:
    """R58: a float has already lost drams, so it is refused."""
    with pytest.raises(TypeError):
        formats.thousands(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["hy", "en", "ru"])
def test_every_language_has_formats_with_monday_first(language: str) -> None:
    """R50: Django ships no Armenian formats; ours are complete for all three."""
    module = importlib.import_module(f"hamaynk.ui.locale_formats.{language}.formats")
    assert module.FIRST_DAY_OF_WEEK == 1
    assert module.NUMBER_GROUPING == 3
    assert SEED_DAY.strftime(module.DATE_INPUT_FORMATS[0]) == "18.09.2015"
