"""A town's colour stays legible whatever its coat of arms holds (R49 heading of the town, R50 all languages alike)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamaynk.ui import colour

colours = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")
TOKENS = Path(colour.__file__).parent / "static" / "ui" / "tokens.css"


@given(colours)
def test_every_colour_passes_aa_in_light_and_dark(value: str) -> None:
    """R49: header, links and buttons of any town can be read."""
    palette = colour.town_palette(value)
    pairs = [(palette["town"], ground) for ground in (*colour.LIGHT_GROUNDS, palette["town_tint"])]
    pairs += [(palette["dark_town"], ground) for ground in (*colour.DARK_GROUNDS, palette["dark_town_tint"])]
    for mode in ("", "dark_"):
        pairs.append((palette[f"{mode}town_on"], palette[f"{mode}town"]))
        pairs.append((palette[f"{mode}town_on"], palette[f"{mode}town_strong"]))
        pairs.append((palette[f"{mode}town_bar_on"], palette[f"{mode}town_bar"]))
    for ink, ground in pairs:
        assert colour.contrast(ink, ground) >= colour.AA_TEXT, (value, ink, ground)


def test_a_colour_that_passes_is_left_alone() -> None:
    """R49: a town that chose well sees its own colour."""
    assert colour.town_palette("#1f5c3f")["town"] == "#1f5c3f"


def test_a_pale_colour_is_darkened_and_keeps_its_hue() -> None:
    """R49: yellow becomes a dark gold, not grey."""
    red, green, blue = colour.parse_hex(colour.town_palette("#ffd100")["town"])
    assert red > green > blue


def test_contrast_at_its_ends() -> None:
    """R49: the measure itself is right."""
    assert colour.contrast("#000", "#fff") == pytest.approx(21)
    assert colour.contrast("#777777", "#777777") == pytest.approx(1)


def test_the_grounds_are_those_of_the_tokens() -> None:
    """R49: the contrast is computed against the grounds that pages really have."""
    css = TOKENS.read_text(encoding="utf-8")
    assert re.findall(r"--ground: (#[0-9a-f]{6});", css)[:2] == [colour.LIGHT_GROUNDS[0], colour.DARK_GROUNDS[0]]
    assert re.findall(r"--ground-soft: (#[0-9a-f]{6});", css)[:2] == [colour.LIGHT_GROUNDS[1], colour.DARK_GROUNDS[1]]
