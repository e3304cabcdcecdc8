"""Small multiples: the same line drawn once a panel, all to one scale, the other panels' lines pale behind it.

For years side by side: a dozen months a panel, a panel a year. Many lines in one frame cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from hamaynk.ui.charts.frame import NARROW, WIDE, About, Chart, Drawing, Format, Label, Writer, checked_link
from hamaynk.ui.charts.lettering import room_of, wrap
from hamaynk.ui.charts.scale import Scale, from_zero

PLOT = {WIDE.name: 110, NARROW.name: 90}
COLUMNS = {WIDE.name: 3, NARROW.name: 2}
BETWEEN, EDGE, DOT = 24, 5, 4


@dataclass(frozen=True, kw_only=True)
class Point:
    """One value of a line; None leaves the line open there."""

    name: str
    value: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One frame: its title, where the title leads or "", and its line. All panels name the same points."""

    title: str
    points: Sequence[Point]
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class PanelMark:
    """One frame as drawn. lines, others: "x,y x,y" of every unbroken piece; spots: where each told value
    stands, with its figure; alone: values between two gaps, which no line shows.
    """

    title: Label
    link: str
    left: int
    right: int
    zero: int
    lines: tuple[str, ...]
    others: tuple[str, ...]
    spots: tuple[tuple[int, int, str], ...]
    alone: tuple[tuple[int, int], ...]
    last: Label | None
    last_dot: tuple[int, int] | None
    first_name: Label
    last_name: Label


@dataclass(frozen=True, kw_only=True)
class MultiplesDrawing(Drawing):
    """All panels on one sheet."""

    panels: tuple[PanelMark, ...]


@dataclass(frozen=True, kw_only=True)
class MultiplesChart(Chart):
    """Drawn by ui/charts/multiples.html."""

    template: ClassVar[str] = "ui/charts/multiples.html"


def multiples(about: About, panels: Sequence[Panel], *, write: Writer) -> MultiplesChart:
    """A panel each, in the order given; one panel alone takes the whole width."""
    for panel in panels:
        checked_link(panel.link)
        if len(panel.points) != len(panels[0].points) or not panel.points:
            raise ValueError("all panels of a chart have the same points")
    return MultiplesChart(
        about=about,
        drawings=tuple(_draw(panels, sheet, write) for sheet in (WIDE, NARROW)),
        has_links=any(panel.link for panel in panels),
    )


def _draw(panels: Sequence[Panel], sheet: Format, write: Writer) -> MultiplesDrawing:
    across = max(1, min(COLUMNS[sheet.name], len(panels)))
    width = (sheet.width - BETWEEN * (across - 1)) // across
    values = [point.value for panel in panels for point in panel.points if point.value is not None]
    plot = PLOT[sheet.name]
    marks: list[PanelMark] = []
    top = 3  # bold titles reach higher than the letters that the sheets are made for
    for start in range(0, len(panels), across):
        row = panels[start : start + across]
        titles = [wrap(panel.title, width, sheet.letters) for panel in row]
        plot_top = top + sheet.line * max(map(len, titles)) + 24
        scale = from_zero(values, plot_top + plot, plot_top)
        for place, (panel, title) in enumerate(zip(row, titles, strict=True)):
            left = place * (width + BETWEEN)
            label = Label(left, top + 14, title, "start", sheet.line)
            marks.append(_panel(panel, panels, label, (left, left + width), scale, sheet, write))
        top = plot_top + plot + 46
    return MultiplesDrawing(name=sheet.name, width=sheet.width, height=max(top - 16, 1), panels=tuple(marks))


def _panel(
    panel: Panel,
    panels: Sequence[Panel],
    title: Label,
    between: tuple[int, int],
    scale: Scale,
    sheet: Format,
    write: Writer,
) -> PanelMark:
    left, right = between
    places = _places(panel, left, right, scale)
    told = [(point, place) for point, place in zip(panel.points, places, strict=True) if place is not None]
    last = told[-1] if told else None
    others = [_pieces(_places(other, left, right, scale)) for other in panels if other is not panel]
    foot = scale.start + 20
    return PanelMark(
        title=title,
        link=panel.link,
        left=left,
        right=right,
        zero=scale.zero,
        lines=_pieces(places),
        others=tuple(piece for pieces in others for piece in pieces),
        spots=tuple(
            (*place, f"{point.name}: {write(point.value)}") for point, place in told if point.value is not None
        ),
        alone=tuple(place for at, place in enumerate(places) if place is not None and _is_alone(places, at)),
        last=_last_label(last[0], last[1], between, sheet, write) if last else None,
        last_dot=last[1] if last else None,
        first_name=Label(left, foot, (panel.points[0].name,), "start"),
        last_name=Label(right, foot, (panel.points[-1].name,), "end"),
    )


def _places(panel: Panel, left: int, right: int, scale: Scale) -> list[tuple[int, int] | None]:
    """Where every value stands, None where it is not told."""
    steps = max(len(panel.points) - 1, 1)
    return [
        None if point.value is None else (left + EDGE + (right - left - 2 * EDGE) * at // steps, scale.at(point.value))
        for at, point in enumerate(panel.points)
    ]


def _is_alone(places: Sequence[tuple[int, int] | None], at: int) -> bool:
    """True where neither neighbour is told."""
    return all(places[near] is None for near in (at - 1, at + 1) if 0 <= near < len(places))


def _pieces(places: Sequence[tuple[int, int] | None]) -> tuple[str, ...]:
    """The line without its gaps, as attribute values of polylines; a value alone between gaps is a dot only."""
    pieces: list[list[str]] = [[]]
    for place in places:
        if place is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{place[0]},{place[1]}")
    return tuple(" ".join(piece) for piece in pieces if len(piece) > 1)


def _last_label(point: Point, place: tuple[int, int], between: tuple[int, int], sheet: Format, write: Writer) -> Label:
    """The newest value above its dot, kept inside the frame."""
    assert point.value is not None
    text = write(point.value)
    half = room_of(text, sheet.letters) // 2
    x = max(between[0] + half, min(place[0], between[1] - half))
    return Label(x, place[1] - 10, (text,), "middle")
