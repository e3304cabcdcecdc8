"""R41 and the chart rules: tiles cover the rectangle exactly, in proportion, and say nothing that is cut."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamaynk.ui.charts import About, Share, treemap
from hamaynk.ui.charts.frame import Box
from hamaynk.ui.charts.lettering import room_of
from hamaynk.ui.charts.treemap import PAD, squarify

ABOUT = About(slug="where", title="Where", sentence="Where it goes.")
WEIGHTS = st.lists(st.integers(1, 10**16), min_size=1, max_size=40).map(lambda found: sorted(found, reverse=True))
AMOUNTS = st.decimals(-(10**12), 10**14, places=2)
SHARES = st.lists(st.builds(Share, name=st.text(min_size=1, max_size=60), amount=AMOUNTS), max_size=40)


def overlap(one: Box, other: Box) -> bool:
    """True where two boxes have ground in common."""
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


@given(WEIGHTS, st.integers(1, 900), st.integers(1, 900))
def test_tiles_cover_the_rectangle_exactly(weights: list[int], width: int, height: int) -> None:
    """Areas add up, nothing overlaps, nothing sticks out: so there is no hole either."""
    boxes = squarify(weights, width, height)
    assert len(boxes) == len(weights)
    assert sum(box.width * box.height for box in boxes) == width * height
    assert all(box.x >= 0 and box.y >= 0 and box.right <= width and box.bottom <= height for box in boxes)
    with_area = [box for box in boxes if box.width and box.height]
    assert not any(overlap(one, other) for one, other in combinations(with_area, 2))


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=40))
def test_areas_are_in_proportion(found: list[int]) -> None:
    """Every tile has its share of the area, but for the rounding of its four edges."""
    weights = sorted(found, reverse=True)
    boxes = squarify(weights, 720, 400)
    for weight, box in zip(weights, boxes, strict=True):
        exact = Fraction(weight * 720 * 400, sum(weights))
        assert abs(box.width * box.height - exact) <= box.width + box.height + 4


def test_a_large_tile_comes_first_and_no_tile_is_a_sliver() -> None:
    """Squarified: the classic example of the paper stays within three to one."""
    boxes = squarify([6, 6, 4, 3, 2, 2, 1], 600, 400)
    assert (boxes[0].x, boxes[0].y) == (0, 0)
    assert all(max(box.width, box.height) <= 3 * min(box.width, box.height) for box in boxes)


@given(SHARES)
def test_the_whole_is_shown_whatever_the_amounts(shares: list[Share]) -> None:
    """Every positive amount is in a tile, the small ones together; the rest is counted as left out."""
    chart = treemap(ABOUT, shares, write=str)
    positive = [share for share in shares if share.amount > 0]
    assert chart.left_out == len(shares) - len(positive)
    for drawing in chart.drawings:
        tiles = drawing.tiles
        if positive:
            assert sum(tile.box.width * tile.box.height for tile in tiles) == drawing.width * drawing.height
        else:
            assert tiles == ()
        assert [tile.is_rest for tile in tiles[:-1]] == [False] * len(tiles[:-1])
        named = [tile for tile in tiles if not tile.is_rest]
        assert len(named) <= len(positive) - chart.merged


@given(SHARES)
def test_no_label_is_cut(shares: list[Share]) -> None:
    """A label stands inside its tile with all of its letters, or not at all; the hint always has all."""
    for drawing in treemap(ABOUT, shares, write=str).drawings:
        for tile in drawing.tiles:
            for label in filter(None, (tile.label, tile.amount)):
                assert all(room_of(line, 14) <= tile.box.width - PAD for line in label.lines)
                assert label.placed[-1][1] <= tile.box.bottom - PAD + 4
            if tile.label:
                shown = "".join(tile.label.lines).replace("֊", "").replace("-", "")
                assert "".join(tile.hint.split()).replace("֊", "").replace("-", "").startswith("".join(shown.split()))


def test_small_ones_are_merged_and_counted() -> None:
    """Tiles under one percent are one tile with their number and their sum; a single one stays itself."""
    small = [Share(name=f"s{at}", amount=Decimal("0.50")) for at in range(3)]
    chart = treemap(ABOUT, [*small, Share(name="big", amount=Decimal(998))], write=str, rest_link="#table")
    rest = chart.drawings[0].tiles[-1]
    assert (chart.merged, rest.is_rest, rest.link, chart.has_links) == (3, True, "#table", True)
    assert rest.hint.startswith("3 ")
    assert rest.hint.endswith("1.50")
    alone = treemap(ABOUT, [small[0], Share(name="big", amount=Decimal(998))], write=str)
    assert (alone.merged, alone.drawings[0].tiles[-1].is_rest) == (0, False)


@pytest.mark.parametrize("amount", [1.5, True])
def test_no_float_gets_in(amount: object) -> None:
    """Money is Decimal."""
    with pytest.raises(TypeError):
        treemap(ABOUT, [Share(name="x", amount=amount)], write=str)  # type: ignore[arg-type]
