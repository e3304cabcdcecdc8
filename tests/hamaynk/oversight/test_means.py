"""Means by hand and by property: exact, half up, of the towns that count and no others."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hamaynk.oversight.means import Place, means_of, quotient

DONE = "budgets.expenditure_executed"
PLACES = {"a": Place("TV", 100), "b": Place("TV", 300), "c": Place("GR", None), "d": Place("GR", 50)}
drams = some.decimals(min_value=Decimal("-1e14"), max_value=Decimal("1e14"), places=2)


def _means(*rows: tuple[str, str, str | None], places: dict[str, Place] = PLACES) -> dict[tuple[str, str], tuple]:
    figures = [(DONE, item, town, None if value is None else Decimal(value)) for item, town, value in rows]
    return {(m.item, m.marz): (m.mean, m.per_inhabitant, m.towns) for m in means_of(figures, places)}


def test_country_and_each_marz_with_two_towns() -> None:
    """By hand: (1 + 2 + 2) / 3 = 1.67 half up; per inhabitant the sum by the people, where both are known."""
    found = _means(("", "a", "1.00"), ("", "b", "2.00"), ("", "c", "2.00"))
    assert found == {
        ("", ""): (Decimal("1.67"), Decimal("0.01"), 3),
        ("", "TV"): (Decimal("1.50"), Decimal("0.01"), 2),
    }


def test_one_town_is_no_mean_and_two_are() -> None:
    """The fewest is two: alone it would be that town's figure under another name."""
    assert _means(("", "a", "7.00")) == {}
    assert _means(("", "a", "7.00"), ("", "d", "8.00")) == {("", ""): (Decimal("7.50"), Decimal("0.10"), 2)}


def test_without_known_inhabitants_no_figure_per_inhabitant() -> None:
    """One known number is one town, which is no mean."""
    assert _means(("", "c", "7.00"), ("", "d", "8.00"))[("", "GR")] == (Decimal("7.50"), None, 2)


def test_a_line_that_a_town_lacks_is_zero_and_a_town_without_lines_is_out() -> None:
    """a and b itemise, d tells its total only: the mean of a line is over a and b."""
    found = _means(("", "a", "9"), ("", "b", "6"), ("", "d", "3"), ("2900", "a", "5"), ("2100", "b", "2"))
    assert found[("", "")] == (Decimal("6.00"), Decimal("0.04"), 3)
    assert found[("2900", "")] == (Decimal("2.50"), Decimal("0.01"), 2)
    assert found[("2100", "TV")] == (Decimal("1.00"), Decimal("0.01"), 2)


def test_towns_that_do_not_stand_and_undefined_values_are_out() -> None:
    """An archived town is not among the places; None is no figure. The control: with both, the mean is another."""
    rows = (("", "a", "1"), ("", "b", "2"), ("", "gone", "300"), ("", "d", None))
    assert _means(*rows)[("", "")][0] == Decimal("1.50")
    assert _means(*rows, places={**PLACES, "gone": Place("TV", 1)})[("", "")][0] == Decimal("101.00")


@pytest.mark.parametrize(
    ("amount", "count", "mean"),
    [("0.01", 2, "0.01"), ("-0.01", 2, "-0.01"), ("1", 3, "0.33"), ("0.0149", 3, "0.00"), ("0.0150", 3, "0.01")],
)
def test_half_up_once(amount: str, count: int, mean: str) -> None:
    """Half away from zero at the third place, and nothing is rounded twice."""
    assert quotient(Decimal(amount), count) == Decimal(mean)


def test_a_quotient_of_nothing_is_refused() -> None:
    """Neither by zero nor of an amount finer than stored."""
    for amount, count in (("1", 0), ("0.00001", 2)):
        with pytest.raises(ValueError):
            quotient(Decimal(amount), count)


@given(some.lists(drams, min_size=2, max_size=30))
def test_a_mean_is_within_half_a_hundredth(values: list[Decimal]) -> None:
    """Of the exact fraction, whatever the amounts; and between the smallest and the largest."""
    places = {str(number): Place("TV", None) for number in range(len(values))}
    figures = [(DONE, "", str(number), value) for number, value in enumerate(values)]
    country = next(mean for mean in means_of(figures, places) if mean.marz == "")
    exact = sum(map(Fraction, values), Fraction(0)) / len(values)
    assert abs(Fraction(country.mean) - exact) <= Fraction(1, 200)
    assert min(values) <= country.mean <= max(values)
    assert country.mean.as_tuple().exponent == -2


@given(some.lists(some.tuples(drams, drams), min_size=2, max_size=10))
def test_items_add_up_to_the_mean_of_their_sum(values: list[tuple[Decimal, Decimal]]) -> None:
    """Up to the rounding of each: shares of means are shares of sums."""
    places = {str(number): Place("TV", 1) for number in range(len(values))}
    figures = [
        (DONE, item, str(number), amount)
        for number, (one, other) in enumerate(values)
        for item, amount in (("", one + other), ("2100", one), ("2900", other))
    ]
    means = {mean.item: mean.mean for mean in means_of(figures, places) if mean.marz == ""}
    assert abs(means["2100"] + means["2900"] - means[""]) <= Decimal("0.02")
