"""What all charts share: what a chart says about itself, its two formats, boxes and labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

Anchor = Literal["start", "middle", "end"]
Writer = Callable[[Decimal], str]
TickWriter = Callable[[Decimal, Decimal], str]  # a figure of an axis, and the step between its figures

_SLUG = re.compile(r"[a-z][a-z0-9-]*")
_LINK = re.compile(r"(?:/(?!/)|\?|#|https://)[^\s]*")


@dataclass(frozen=True, kw_only=True)
class About:
    """What a chart says about itself. slug: stem of its ids, one of a kind on the page.

    sentence: what there is to see, for eyes and as the description for screen readers. plan_word and actual_word: what
    outline and fill stand for; shown as the key where a plan is drawn.
    """

    slug: str
    title: str
    sentence: str
    unit: str = ""
    plan_word: str = ""
    actual_word: str = ""

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.slug):
            raise ValueError(f"a chart's slug is lower-case letters, digits and hyphens, not {self.slug!r}")
        if not self.title or not self.sentence:
            raise ValueError("a chart has a title and a sentence")


@dataclass(frozen=True)
class Format:
    """A sheet to draw on. Letters keep 12 px or more as long as the sheet is shown at 6/7 of its width or wider."""

    name: str
    width: int
    letters: int = 14
    line: int = 18


WIDE = Format("wide", 720)
NARROW = Format("narrow", 328)


@dataclass(frozen=True)
class Box:
    """A rectangle in units of the drawing."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Where it ends."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Where it ends below."""
        return self.y + self.height

    @property
    def middle(self) -> int:
        """Half its width, from the left of the drawing."""
        return self.x + self.width // 2


@dataclass(frozen=True)
class Label:
    """Lines of text; y is the baseline of the first. is_upright: turned to run from below upwards."""

    x: int
    y: int
    lines: tuple[str, ...]
    anchor: Anchor = "start"
    line: int = 18
    is_upright: bool = False

    @property
    def placed(self) -> list[tuple[str, int]]:
        """Every line with its baseline."""
        return [(text, self.y + place * self.line) for place, text in enumerate(self.lines)]


@dataclass(frozen=True)
class Table:
    """The figures of a chart as text, for the table beside it: the first cell of a row is its head."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One sheet; each kind of chart adds its marks."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart ready to be shown. has_links: some of its marks can be followed. has_plan: outlines are drawn."""

    template: ClassVar[str]

    about: About
    drawings: tuple[Drawing, ...]
    has_links: bool = False
    has_plan: bool = False

    @property
    def role(self) -> str:
        """An image to a screen reader, unless there are links in it: an image may not hold any."""
        return "group" if self.has_links else "img"


def checked_link(link: str) -> str:
    """The address as it is, or ValueError where it could be anything but a page ("javascript:", "//host")."""
    if link and not _LINK.fullmatch(link):
        raise ValueError(f"a link of a chart is a path or an https address, not {link!r}")
    return link


def box_between(one: int, other: int, y: int, height: int) -> Box:
    """A horizontal bar from one place to another, whichever is further left."""
    return Box(min(one, other), y, abs(one - other), height)
