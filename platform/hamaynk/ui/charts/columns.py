"""Columns over time, the plan as an outline and what came of it as the fill; what is not told is a gap with a word.

On a phone twelve columns leave no room for their figures, so there the same months run downwards as bars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise
from typing import ClassVar

from hamaynk.ui.charts.bars import Bar, draw_bars
from hamaynk.ui.charts.frame import NARROW, WIDE, About, Box, Chart, Drawing, Format, Label, TickWriter, Writer
from hamaynk.ui.charts.lettering import fits, room_of
from hamaynk.ui.charts.scale import Scale, extent, ticks

PLOT, TOP, FOOT, GUTTER = 240, 24, 26, 8


@dataclass(frozen=True, kw_only=True)
class Column:
    """One period. short: its name below the column. actual None: a gap, `note` says why."""

    name: str
    short: str
    actual: Decimal | None
    plan: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ColumnMark:
    """One column as drawn; value is None where the figures would not find room above all of the columns."""

    hint: str
    actual: Box
    plan: Box | None
    value: Label | None


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Neighbouring periods without figures, for the same reason."""

    box: Box
    label: Label


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A line of the grid with its figure."""

    y: int
    label: Label


@dataclass(frozen=True, kw_only=True)
class ColumnDrawing(Drawing):
    """Columns on a wide sheet."""

    left: int
    zero: int
    ticks: tuple[Tick, ...]
    columns: tuple[ColumnMark, ...]
    gaps: tuple[Gap, ...]
    names: tuple[Label, ...]
    is_columns: bool = True


@dataclass(frozen=True, kw_only=True)
class ColumnChart(Chart):
    """Drawn by ui/charts/columns.html: the first drawing holds columns, the second bars."""

    template: ClassVar[str] = "ui/charts/columns.html"


def columns(
    about: About, items: Sequence[Column], *, write: Writer, write_tick: TickWriter | None = None
) -> ColumnChart:
    """A column for every item, in the order given. write_tick: how a figure of the axis is written, told their step."""
    rows = _as_bars(items)
    return ColumnChart(
        about=about,
        drawings=(
            _draw(items, WIDE, write, write_tick or (lambda value, _step: write(value))),
            draw_bars(rows, NARROW, write),
        ),
        has_plan=any(item.plan is not None for item in items),
    )


def _as_bars(items: Sequence[Column]) -> list[Bar]:
    """The periods as bars; a run of periods without figures for the same reason is one line."""
    found: list[Bar] = []
    for (is_gap, note), group in groupby(
        items, key=lambda item: (item.actual is None and item.plan is None, item.note)
    ):
        run = list(group)
        if is_gap and len(run) > 1:
            found.append(Bar(name=f"{run[0].name} – {run[-1].name}", actual=None, note=note))
        else:
            found.extend(Bar(name=item.name, actual=item.actual, plan=item.plan, note=item.note) for item in run)
    return found


def _draw(items: Sequence[Column], sheet: Format, write: Writer, write_tick: TickWriter) -> ColumnDrawing:
    values = [value for item in items for value in (item.actual, item.plan) if value is not None]
    marks = ticks(*extent(values))
    scale = Scale(marks[0], marks[-1], TOP + PLOT, TOP)
    texts = [write_tick(mark, marks[1] - marks[0]) for mark in marks]
    left = max(room_of(text, sheet.letters) for text in texts) + GUTTER
    slots = _slots(len(items), left, sheet.width)
    with_values = all(
        room_of(write(item.actual), sheet.letters) <= slot.width - 2
        for item, slot in zip(items, slots, strict=True)
        if item.actual is not None
    )
    told = [(item, slot) for item, slot in zip(items, slots, strict=True) if item.actual is not None]
    return ColumnDrawing(
        name=sheet.name,
        width=sheet.width,
        height=TOP + PLOT + FOOT,
        left=left,
        zero=scale.zero,
        ticks=tuple(
            Tick(y=scale.at(mark), label=Label(left - GUTTER, scale.at(mark) + 5, (text,), "end"))
            for mark, text in zip(marks, texts, strict=True)
        ),
        columns=tuple(_column(item, slot, scale, write, with_values) for item, slot in told),
        gaps=tuple(_gaps(items, slots, sheet)),
        names=tuple(
            Label(slot.middle, TOP + PLOT + 20, (item.short,), "middle")
            for item, slot in zip(items, slots, strict=True)
        ),
    )


def _slots(count: int, left: int, right: int) -> list[Box]:
    """The room of each period, side by side without a rest."""
    edges = [left + (right - left) * place // max(count, 1) for place in range(count + 1)]
    return [Box(one, TOP, other - one, PLOT) for one, other in pairwise(edges)]


def _column(item: Column, slot: Box, scale: Scale, write: Writer, with_value: bool) -> ColumnMark:
    assert item.actual is not None
    outline = min(slot.width * 7 // 10, 48)
    fill = outline * 6 // 10 if item.plan is not None else outline
    actual = _standing(slot, fill, scale, item.actual)
    plan = _standing(slot, outline, scale, item.plan) if item.plan is not None else None
    boxes = [box for box in (actual, plan) if box is not None]
    below = item.actual < 0
    y = max(box.bottom for box in boxes) + 16 if below else min(box.y for box in boxes) - 6
    planned = f" / {write(item.plan)}" if item.plan is not None else ""
    return ColumnMark(
        hint=f"{item.name}: {write(item.actual)}{planned}",
        actual=actual,
        plan=plan,
        value=Label(slot.middle, y, (write(item.actual),), "middle") if with_value else None,
    )


def _standing(slot: Box, width: int, scale: Scale, value: Decimal) -> Box:
    """A column of that width in the middle of its slot, from the zero line to the value."""
    at = scale.at(value)
    return Box(slot.x + (slot.width - width) // 2, min(at, scale.zero), width, abs(at - scale.zero))


def _gaps(items: Sequence[Column], slots: Sequence[Box], sheet: Format) -> list[Gap]:
    """Runs of periods that are not told for the same reason, each with its word: across, or upright where narrow."""
    found: list[Gap] = []
    pairs = zip(items, slots, strict=True)
    for (is_gap, note), run in groupby(pairs, key=lambda pair: (pair[0].actual is None, pair[0].note)):
        if not is_gap:
            continue
        boxes = [slot for _item, slot in run]
        box = Box(boxes[0].x + 2, TOP, boxes[-1].right - boxes[0].x - 4, PLOT)
        found.append(Gap(box=box, label=_gap_label(note, box, sheet)))
    return found


def _gap_label(note: str, box: Box, sheet: Format) -> Label:
    across = fits(note, box.width - 8, sheet.letters)
    if across is not None:
        y = box.y + (box.height - sheet.line * len(across)) // 2 + 14
        return Label(box.middle, y, across, "middle", sheet.line)
    lines = fits(note, box.height - 8, sheet.letters) or (note,)
    first = box.middle - sheet.line * (len(lines) - 1) // 2 + 5
    return Label(first, box.y + box.height // 2, lines, "middle", sheet.line, is_upright=True)
