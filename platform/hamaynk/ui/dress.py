"""What a town wears: theme, colour, typeface, coat of arms, picture of the head. Asked for once a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.http import HttpRequest

from hamaynk.ui.themes import DEFAULT, THEMES, theme_css


@dataclass(frozen=True)
class Shown:
    """A picture in one size."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Dress:
    """As pages use it. crest: the coat of arms in the head; icon and touch_icon: the same, small; header: wide, narrow."""

    colour: str
    theme: str = DEFAULT
    typeface: str = ""
    crest: Shown | None = None
    icon: Shown | None = None
    touch_icon: Shown | None = None
    header: Shown | None = None
    header_narrow: Shown | None = None
    header_words: str = ""

    @property
    def css(self) -> str:
        """Its style sheet."""
        return _css(self.theme, self.colour, self.typeface)

    @property
    def version(self) -> str:
        """Changes with the style sheet, so that browsers may keep it for good."""
        return sha256(self.css.encode()).hexdigest()[:12]


@lru_cache(maxsize=1024)
def _css(theme: str, colour: str, typeface: str) -> str:
    return theme_css(THEMES.get(theme, THEMES[DEFAULT]), colour, typeface)


# The application that keeps what towns chose puts its answer here when it is loaded.
sources: list[Callable[[Any], Dress]] = []


def dress_of(request: HttpRequest) -> Dress | None:
    """The present town's dress; None on the surfaces of the platform."""
    town = getattr(request, "town", None)
    if town is None:
        return None
    kept = getattr(request, "_dress", None)
    if kept is None:
        kept = sources[-1](town) if sources else Dress(colour=town.colour)
        request._dress = kept  # type: ignore[attr-defined]
    return kept
