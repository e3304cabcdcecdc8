"""Numbers as columns write them, and what cannot be told."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamaynk.common.money import AmountError
from modules.budgets.importing.numbers import DECIMAL, GROUP, Style, read_number, style_of

amounts = st.integers(-(10**13), 10**13)
WRITTEN = {
    "dot": (",", ".", Style(comma=GROUP, dot=DECIMAL)),
    "comma": (".", ",", Style(comma=DECIMAL, dot=GROUP)),
    "space and comma": ("\u00a0", ",", Style(comma=DECIMAL)),
    "space and dot": (" ", ".", Style(dot=DECIMAL)),
    "no groups": ("", ".", Style(dot=DECIMAL)),
    "no groups, comma": ("", ",", Style(comma=DECIMAL)),
}


@pytest.mark.parametrize("name", WRITTEN)
@given(number=amounts, places=st.integers(0, 5))
def test_each_style_is_read_exactly(name: str, number: int, places: int) -> None:
    """Whatever the column's style, what was written comes back, with three places too."""
    group, sign, style = WRITTEN[name]
    exact = Decimal(number).scaleb(-places)
    text = f"{exact:,f}".translate(str.maketrans({",": group, ".": sign}))
    assert read_number(text, style) == exact


@pytest.mark.parametrize(
    ("texts", "style"),
    [
        (["31,624.6", "760,414"], Style(comma=GROUP, dot=DECIMAL)),
        (["1234,5", "760,414"], Style(comma=DECIMAL)),
        (["1 234,5", "0,123"], Style(comma=DECIMAL)),
        (["1,234,567"], Style(comma=GROUP)),
        (["760,414", "5", ""], Style()),
        (["1.5", "1,5"], Style()),
        (["1.234,5", "1,234.5"], Style()),
        (["այդ թվում՝", "-", "12.3.4"], Style(dot=GROUP)),
    ],
)
def test_a_column_shows_its_style(texts: list[str], style: Style) -> None:
    assert style_of(texts) == style


def test_one_cell_explains_the_other() -> None:
    assert read_number("760,414", style_of(["31,624.6"])) == 760414
    assert read_number("760,414", style_of(["31624,6"])) == Decimal("760.414")
    assert read_number("760.414", style_of([])) == Decimal("760.414")  # as official tables write it
    for text, style in (("760,414", Style()), ("760.414", Style(comma=DECIMAL))):
        with pytest.raises(AmountError, match="ambiguous"):
            read_number(text, style)


@pytest.mark.parametrize(("text", "number"), [("-", 0), ("—", 0), ("(1 234,5)", "-1234.5"), ("−5", -5), ("1․5", "1.5")])
def test_signs_of_accountants(text: str, number: int | str) -> None:
    assert read_number(text, Style()) == Decimal(number)


@given(st.text(max_size=20))
def test_no_text_breaks_it(text: str) -> None:
    style_of([text])
    for style in (Style(), Style(comma=DECIMAL), Style(comma=GROUP, dot=DECIMAL)):
        with suppress(AmountError):
            assert read_number(text, style).is_finite()
