"""Where the money goes: a rectangle shared out by amount, squarified so that tiles can be read and pressed.

Bruls, Huizing, van Wijk, "Squarified treemaps" (2000), on whole numbers: every cut of the rectangle is one number that
the tiles on both sides share, so they cover it exactly, without overlap, whatever the amounts are.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from django.utils.translation import ngettext

from hamaynk.ui.charts.frame import NARROW, WIDE, About, Box, Chart, Drawing, Format, Label, Writer, checked_link
from hamaynk.ui.charts.lettering import fits, room_of
from hamaynk.ui.charts.scale import extent, nearest

FINE = 1000  # parts of a unit in which cuts are made before they are rounded
HEIGHTS = {WIDE.name: 400, NARROW.name: 440}
PAD = 8
ROOMY = 8  # rows of text from which a tile may hold a name with several long words parted
SMALLEST = Fraction(1, 100)


@dataclass(frozen=True, kw_only=True)
class Share:
    """One part of the whole. link: where its tile leads, or ""."""

    name: str
    amount: Decimal
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One tile as drawn; label is None where the name would not fit whole. hint: name and amount in one line."""

    box: Box
    hint: str
    link: str
    label: Label | None
    amount: Label | None
    is_rest: bool = False


@dataclass(frozen=True, kw_only=True)
class TreemapDrawing(Drawing):
    """Tiles on one sheet, the largest first, the rest last."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, kw_only=True)
class TreemapChart(Chart):
    """Drawn by ui/charts/treemap.html. merged: parts in the tile of the rest; left_out: zero or negative parts."""

    template: ClassVar[str] = "ui/charts/treemap.html"

    merged: int = 0
    left_out: int = 0


def rest_name(count: int) -> str:
    """ "7 smaller lines"."""
    return ngettext("%(count)s smaller line", "%(count)s smaller lines", count) % {"count": count}


def treemap(
    about: About,
    shares: Sequence[Share],
    *,
    write: Writer,
    rest_link: str = "",
    name_rest: Callable[[int], str] = rest_name,
) -> TreemapChart:
    """A tile for every share of at least one percent; the smaller ones together are one tile, which comes last.

    Zero and negative shares have no area: they are counted in `left_out` and stand in the table only.
    """
    extent(share.amount for share in shares)
    for link in (rest_link, *(share.link for share in shares)):
        checked_link(link)
    drawn = sorted((share for share in shares if share.amount > 0), key=lambda share: -share.amount)
    shown, small = _parted(drawn)
    if small:
        amount = Decimal(0)
        for share in small:
            amount += share.amount
        shown = [*shown, Share(name=name_rest(len(small)), amount=amount, link=rest_link)]
    return TreemapChart(
        about=about,
        drawings=tuple(_draw(shown, bool(small), sheet, write) for sheet in (WIDE, NARROW)),
        has_links=any(share.link for share in shown),
        merged=len(small),
        left_out=len(shares) - len(drawn),
    )


def squarify(weights: Sequence[int], width: int, height: int) -> list[Box]:
    """Boxes in the order of the weights (positive, best descending) that tile the rectangle from 0, 0 exactly."""
    boxes: list[Box] = []
    free = Box(0, 0, width * FINE, height * FINE)
    left = sum(weights)
    at = 0
    while at < len(weights):
        count = _row_length(weights[at:], left, free)
        row = weights[at : at + count]
        laid, free = _lay(row, left, free, is_last=at + count == len(weights))
        boxes.extend(laid)
        left -= sum(row)
        at += count
    return [_rounded(box) for box in boxes]


def _parted(shares: Sequence[Share]) -> tuple[list[Share], list[Share]]:
    """Shares of one percent and more, and the smaller ones; a single small one stays as it is."""
    whole = sum((Fraction(share.amount) for share in shares), Fraction(0))
    small = [share for share in shares if Fraction(share.amount) < whole * SMALLEST]
    if len(small) < 2:
        return list(shares), []
    return [share for share in shares if Fraction(share.amount) >= whole * SMALLEST], small


def _row_length(weights: Sequence[int], left: int, free: Box) -> int:
    """How many of the next weights make the row whose worst tile is nearest to a square."""
    side = min(free.width, free.height)
    area = free.width * free.height
    total, best = 0, None
    for place, weight in enumerate(weights):
        total += weight
        # Worst of side²·max/(sum²) and sum²/(side²·min), weights scaled to the free area.
        scaled = Fraction(total * area, left)
        largest, smallest = Fraction(weights[0] * area, left), Fraction(weight * area, left)
        if not scaled or not side or not smallest:
            return len(weights)
        worst = max(side * side * largest / scaled**2, scaled**2 / (side * side * smallest))
        if best is not None and worst > best:
            return place
        best = worst
    return len(weights)


def _lay(row: Sequence[int], left: int, free: Box, *, is_last: bool) -> tuple[list[Box], Box]:
    """The row along the shorter side of what is free, and what is free after it."""
    total = sum(row)
    upright = free.width >= free.height
    long_side, short_side = (free.width, free.height) if upright else (free.height, free.width)
    thick = long_side if is_last else nearest(Fraction(long_side * total, left))
    cuts = [0]
    so_far = 0
    for weight in row:
        so_far += weight
        cuts.append(nearest(Fraction(short_side * so_far, total)))
    spans = list(itertools.pairwise(cuts))
    if upright:
        boxes = [Box(free.x, free.y + start, thick, end - start) for start, end in spans]
        return boxes, Box(free.x + thick, free.y, free.width - thick, free.height)
    boxes = [Box(free.x + start, free.y, end - start, thick) for start, end in spans]
    return boxes, Box(free.x, free.y + thick, free.width, free.height - thick)


def _rounded(box: Box) -> Box:
    """From fine parts to units: edges are rounded, not sizes, so neighbours keep their common edge."""
    left, top, right, bottom = (nearest(Fraction(edge, FINE)) for edge in (box.x, box.y, box.right, box.bottom))
    return Box(left, top, right - left, bottom - top)


def _draw(shares: Sequence[Share], has_rest: bool, sheet: Format, write: Writer) -> TreemapDrawing:
    height = HEIGHTS[sheet.name]
    boxes = squarify(_weights(shares), sheet.width, height)
    tiles = [
        _tile(share, box, sheet, write, is_rest=has_rest and place == len(shares) - 1)
        for place, (share, box) in enumerate(zip(shares, boxes, strict=True))
        if box.width and box.height
    ]
    return TreemapDrawing(name=sheet.name, width=sheet.width, height=height, tiles=tuple(tiles))


def _weights(shares: Sequence[Share]) -> list[int]:
    """Amounts as whole numbers in the same proportion."""
    places = max((-int(share.amount.as_tuple().exponent) for share in shares), default=0)
    return [int(share.amount.scaleb(max(places, 0))) for share in shares]


def _tile(share: Share, box: Box, sheet: Format, write: Writer, *, is_rest: bool) -> Tile:
    """Name and amount where both fit, else the name, else nothing: a cut name says nothing."""
    amount = write(share.amount)
    room, rows = box.width - 2 * PAD, (box.height - 2 * PAD) // sheet.line
    name = fits(share.name, room, sheet.letters, parted=1 if rows < ROOMY else 3)
    has_name = name is not None and len(name) <= rows
    has_amount = has_name and len(name or ()) < rows and room_of(amount, sheet.letters) <= room
    x, y = box.x + PAD, box.y + PAD + 13
    return Tile(
        box=box,
        hint=f"{share.name}: {amount}",
        link=share.link,
        label=Label(x, y, name, "start", sheet.line) if has_name and name else None,
        amount=Label(x, y + sheet.line * len(name), (amount,)) if has_amount and name else None,
        is_rest=is_rest,
    )
