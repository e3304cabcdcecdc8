"""Bars and columns start at zero, grow with their value, and keep their words on the sheet."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamaynk.ui.charts import About, Bar, Column, Panel, Point, Reference, bars, columns, multiples
from hamaynk.ui.charts.lettering import fits, room_of, syllables, wrap
from hamaynk.ui.charts.scale import from_zero, ticks

ABOUT = About(slug="x", title="Title", sentence="Sentence.")
AMOUNTS = st.decimals(-(10**14), 10**14, places=2)
NAMES = st.text(min_size=1, max_size=80).filter(str.strip)
BARS = st.lists(st.builds(Bar, name=NAMES, actual=st.none() | AMOUNTS, plan=st.none() | AMOUNTS), max_size=12)


@given(BARS)
def test_longer_means_more(items: list[Bar]) -> None:
    """Lengths follow the amounts on either side of zero; all bars touch the zero line."""
    for drawing in bars(ABOUT, items, write=str).drawings:
        drawn = [(item.actual, row.actual) for item, row in zip(items, drawing.rows, strict=True) if row.actual]
        for amount, box in drawn:
            assert drawing.zero == (box.x if amount >= 0 else box.right)
        for sign in (1, -1):
            side = sorted((abs(amount), box.width) for amount, box in drawn if amount * sign >= 0)
            assert [width for _amount, width in side] == sorted(width for _amount, width in side)


@given(BARS)
def test_rows_do_not_run_into_each_other(items: list[Bar]) -> None:
    """Every bar below the one before, names above the next row, boxes and values on the sheet."""
    for drawing in bars(ABOUT, items, write=lambda _value: "1 234,5").drawings:
        floor = 0
        for row in drawing.rows:
            boxes = [box for box in (row.actual, row.plan) if box]
            assert all(box.y >= floor and box.bottom <= drawing.height for box in boxes)
            assert all(box.x >= 0 and box.right <= drawing.width for box in boxes)
            floor = max([row.name.placed[-1][1], *[box.bottom for box in boxes]])
            room = room_of(row.value.lines[0], 14) if row.value.lines[0] else 0
            if row.value.anchor == "start":
                assert row.value.x + room <= drawing.width
            else:
                assert row.value.x - room >= 0


@given(st.lists(AMOUNTS, min_size=1), st.integers(0, 500), st.integers(1, 500))
def test_a_scale_keeps_order_and_ends(values: list[Decimal], start: int, length: int) -> None:
    """Monotone, within its ends, zero always on it."""
    scale = from_zero(values, start, start + length)
    places = [scale.at(value) for value in sorted(values)]
    assert places == sorted(places)
    assert all(start <= place <= start + length for place in [*places, scale.zero])


@given(AMOUNTS, AMOUNTS)
def test_ticks_are_round_and_hold_the_values(one: Decimal, other: Decimal) -> None:
    """From at or below the least to at or above the greatest, in equal steps of 1, 2 or 5, zero among them."""
    low, high = min(one, other, Decimal(0)), max(one, other, Decimal(1))
    marks = ticks(low, high)
    assert marks[0] <= low
    assert marks[-1] >= high
    assert Decimal(0) in marks
    assert 2 <= len(marks) <= 7
    steps = {Fraction(b) - Fraction(a) for a, b in zip(marks, marks[1:], strict=False)}
    assert len(steps) == 1
    assert str(steps.pop().numerator).rstrip("0") in {"1", "2", "5"}


@given(NAMES, st.integers(30, 400))
def test_wrapping_loses_no_letter(text: str, room: int) -> None:
    """All letters in order, no line wider than the room."""
    lines = wrap(text, room, 14)
    kept = "".join("".join(lines).split()).replace("-", "").replace("֊", "")
    assert kept == "".join(text.split()).replace("-", "").replace("֊", "")
    assert all(room_of(line, 14) <= room for line in lines)


def test_words_are_parted_as_armenian_is() -> None:
    """R50: between syllables, with the Armenian hyphen."""
    assert syllables("պաշտպանություն") == ["պաշտ", "պա", "նութ", "յուն"]
    assert wrap("պաշտպանություն", 90, 14) == ("պաշտպա֊", "նություն")
    assert fits("պաշտպանություն", 90, 14) is None
    assert fits("պաշտպանություն", 90, 14, parted=1) == ("պաշտպա֊", "նություն")


def _year(*actual: int | None) -> list[Column]:
    return [
        Column(name=f"m{at}", short=str(at), actual=None if value is None else Decimal(value), note="later")
        for at, value in enumerate(actual)
    ]


def test_missing_months_are_one_gap_with_a_word() -> None:
    """A run of months not told is a gap in the columns and a line in the bars; the others keep their places."""
    chart = columns(ABOUT, _year(3, 4, None, None, None, 5), write=str)
    wide, narrow = chart.drawings
    assert [gap.label.lines for gap in wide.gaps] == [("later",)]
    assert len(wide.columns) == 3
    assert len(wide.names) == 6
    assert [row.name.lines for row in narrow.rows] == [("m0",), ("m1",), ("m2 – m4",), ("m5",)]
    assert narrow.rows[2].value.lines == ("later",)


def test_negative_months_hang_below_the_line() -> None:
    """A month of repayments is not drawn as income."""
    wide = columns(ABOUT, _year(10, -5), write=str).drawings[0]
    above, below = wide.columns
    assert above.actual.bottom == wide.zero == below.actual.y
    assert below.actual.height * 2 in range(above.actual.height - 1, above.actual.height + 2)


@given(st.lists(st.none() | AMOUNTS, min_size=1, max_size=12))
def test_columns_stand_on_the_sheet(values: list[Decimal | None]) -> None:
    """Inside the drawing, from the zero line, side by side."""
    items = [Column(name="n", short="s", actual=value, plan=value, note="-") for value in values]
    wide = columns(ABOUT, items, write=lambda _value: "1,0").drawings[0]
    edge = wide.left
    for mark in wide.columns:
        assert mark.plan is not None
        assert mark.plan.x >= edge
        assert mark.plan.right <= wide.width
        assert wide.zero in (mark.actual.y, mark.actual.bottom)
        assert 0 <= mark.actual.y <= mark.actual.bottom <= wide.height
        edge = mark.plan.right


def test_all_panels_have_one_scale() -> None:
    """A line twice as high means twice as much, whichever panel it is in; holes stay holes."""
    panels = [
        Panel(title="a", points=[Point(name="1", value=Decimal(50)), Point(name="2", value=None)]),
        Panel(title="b", points=[Point(name="1", value=Decimal(100)), Point(name="2", value=Decimal(0))]),
    ]
    wide = multiples(ABOUT, panels, write=str).drawings[0]
    first, second = wide.panels
    assert (first.zero - first.spots[0][1]) * 2 == second.zero - second.spots[0][1]
    assert (first.lines, len(first.alone), len(second.lines)) == ((), 1, 1)
    with pytest.raises(ValueError):
        multiples(ABOUT, [panels[0], Panel(title="c", points=[])], write=str)


def test_the_reference_stands_where_the_scale_says() -> None:
    """100 percent is where a bar of 100 ends."""
    items = [Bar(name="a", actual=Decimal(100)), Bar(name="b", actual=Decimal("70.5"))]
    for drawing in bars(ABOUT, items, write=str, reference=Reference(Decimal(100), "100 %")).drawings:
        assert drawing.rows[0].actual is not None
        assert drawing.reference_x == drawing.rows[0].actual.right


@pytest.mark.parametrize("value", [1.5, 2.0])
def test_no_float_gets_in(value: object) -> None:
    """Money is Decimal."""
    with pytest.raises(TypeError):
        bars(ABOUT, [Bar(name="a", actual=value)], write=str)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        columns(ABOUT, [Column(name="a", short="a", actual=value)], write=str)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_only_finite_amounts(value: str) -> None:
    with pytest.raises(ValueError):
        bars(ABOUT, [Bar(name="a", actual=Decimal(value))], write=str)
