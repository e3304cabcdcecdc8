"""Horizontal bars from zero, each with its name and value: the plan as an outline, what came of it as the fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from hamaynk.ui.charts.frame import (
    NARROW,
    WIDE,
    About,
    Box,
    Chart,
    Drawing,
    Format,
    Label,
    Writer,
    box_between,
    checked_link,
)
from hamaynk.ui.charts.lettering import room_of, wrap
from hamaynk.ui.charts.scale import Scale, extent, from_zero

BAR, INNER, GAP, PAD = 22, 12, 6, 8


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One line of a bar chart. actual None: not told, and `note`, a few words, stands in its place.

    link: where the name leads, or "".
    """

    name: str
    actual: Decimal | None
    plan: Decimal | None = None
    link: str = ""
    note: str = ""


@dataclass(frozen=True)
class Reference:
    """A value that all bars are held against, with what stands at its line ("100 %")."""

    value: Decimal
    text: str


@dataclass(frozen=True, kw_only=True)
class BarRow:
    """One bar as drawn. hint: name and figures in one line."""

    name: Label
    link: str
    hint: str
    actual: Box | None
    plan: Box | None
    value: Label
    is_told: bool


@dataclass(frozen=True, kw_only=True)
class BarDrawing(Drawing):
    """Bars on one sheet; `zero` is the line they start from, `spans` the heights where upright lines are drawn."""

    rows: tuple[BarRow, ...]
    zero: int
    spans: tuple[tuple[int, int], ...]
    bottom: int
    reference_x: int | None = None
    reference_label: Label | None = None


@dataclass(frozen=True, kw_only=True)
class BarChart(Chart):
    """Drawn by ui/charts/bars.html."""

    template: ClassVar[str] = "ui/charts/bars.html"


def bars(about: About, items: Sequence[Bar], *, write: Writer, reference: Reference | None = None) -> BarChart:
    """A bar for every item, in the order given."""
    for item in items:
        checked_link(item.link)
    return BarChart(
        about=about,
        drawings=tuple(draw_bars(items, sheet, write, reference) for sheet in (WIDE, NARROW)),
        has_links=any(item.link for item in items),
        has_plan=any(item.plan is not None for item in items),
    )


def draw_bars(items: Sequence[Bar], sheet: Format, write: Writer, reference: Reference | None = None) -> BarDrawing:
    """Names to the left of the bars on a wide sheet, above them on a narrow one."""
    beside = sheet.width >= WIDE.width
    column = _name_column(items, sheet) if beside else 0
    scale = _scale(items, sheet, write, reference, column + (PAD if beside else 0))
    rows: list[BarRow] = []
    top = 4
    for item in items:
        name = wrap(item.name, column or sheet.width, sheet.letters)
        row, top = _row(item, name, scale, sheet, write, top, column)
        rows.append(row)
    drawing = BarDrawing(
        name=sheet.name, width=sheet.width, height=top + (sheet.line + 4 if reference else 2), rows=tuple(rows),
        zero=scale.zero, bottom=top,
        # Names above the bars: the line would run through them.
        spans=((0, top),) if beside else tuple((row.value.y - 20, row.value.y + 10) for row in rows),
    )  # fmt: skip
    return _with_reference(drawing, reference, scale, sheet) if reference else drawing


def _name_column(items: Sequence[Bar], sheet: Format) -> int:
    """As wide as the longest line of a name, two fifths of the sheet at most."""
    most = sheet.width * 2 // 5
    lines = [line for item in items for line in wrap(item.name, most, sheet.letters)]
    return max((room_of(line, sheet.letters) for line in lines), default=0)


def _scale(items: Sequence[Bar], sheet: Format, write: Writer, reference: Reference | None, left: int) -> Scale:
    """Leaves room for the values beyond the ends of the bars, on the left too where some are negative."""
    values = [value for item in items for value in (item.actual, item.plan) if value is not None]
    low, _high = extent(values)
    rooms = {False: 0, True: 0}
    for item in items:
        if item.actual is None and item.plan is None and not low:
            continue  # a note alone begins at the zero line, where all the room of the bars is
        is_below = item.actual is not None and item.actual < 0
        rooms[is_below] = max(rooms[is_below], room_of(_value_text(item, write), sheet.letters) + GAP)
    right = sheet.width - min(rooms[False], sheet.width // 2) - 2
    start = left + min(rooms[True], sheet.width // 2) + 2
    return from_zero([*values, *([reference.value] if reference else [])], start, right)


def _row(
    item: Bar, name: tuple[str, ...], scale: Scale, sheet: Format, write: Writer, top: int, column: int
) -> tuple[BarRow, int]:
    """The row and where the next one begins."""
    text = sheet.line * len(name)
    if column:
        height = max(text, BAR)
        bar_top = top + (height - BAR) // 2
        label = Label(column, top + (height - text) // 2 + 14, name, "end", sheet.line)
    else:
        bar_top, height = top + text + 3, text + 3 + BAR
        label = Label(0, top + 14, name, "start", sheet.line)
    inset = (BAR - INNER) // 2 if item.plan is not None else 1
    actual = plan = None
    if item.actual is not None:
        actual = box_between(scale.zero, scale.at(item.actual), bar_top + inset, BAR - 2 * inset)
    if item.plan is not None:
        plan = box_between(scale.zero, scale.at(item.plan), bar_top, BAR)
    row = BarRow(
        name=label, link=item.link, hint=_hint(item, write), actual=actual, plan=plan,
        value=_value_label(item, scale, write, bar_top + 16), is_told=item.actual is not None,
    )  # fmt: skip
    return row, top + height + (10 if column else 14)


def _value_label(item: Bar, scale: Scale, write: Writer, y: int) -> Label:
    """Beyond the end of the bar and of its outline, on the side to which the bar points."""
    ends = [scale.zero, *(scale.at(value) for value in (item.actual, item.plan) if value is not None)]
    text = (_value_text(item, write),)
    if item.actual is not None and item.actual < 0:
        return Label(min(ends) - GAP, y, text, "end")
    return Label(max(ends) + GAP, y, text, "start")


def _value_text(item: Bar, write: Writer) -> str:
    return item.note if item.actual is None else write(item.actual)


def _hint(item: Bar, write: Writer) -> str:
    plan = f" / {write(item.plan)}" if item.plan is not None else ""
    return f"{item.name}: {_value_text(item, write)}{plan}"


def _with_reference(drawing: BarDrawing, reference: Reference, scale: Scale, sheet: Format) -> BarDrawing:
    x = scale.at(reference.value)
    half = room_of(reference.text, sheet.letters) // 2
    label = Label(min(x, sheet.width - half), drawing.bottom + 16, (reference.text,), "middle")
    return replace(drawing, reference_x=x, reference_label=label)
