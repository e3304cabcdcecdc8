"""Five looks, each legible in every town's colour, light and dark (R49; WCAG 2.2, 1.4.3)."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamaynk.ui import themes
from hamaynk.ui.themes import DEFAULT, FACES, PARTS, THEMES, faults, theme_css, tokens

colours = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")
CSS = Path(themes.__file__).parent / "static" / "ui" / "tokens.css"


def test_there_are_five():
    """A choice, not a construction kit."""
    assert len(THEMES) == 5
    assert DEFAULT in THEMES


@given(colours, st.sampled_from(sorted(THEMES)))
def test_everything_is_legible(colour: str, code: str) -> None:
    """Whatever colour the coat of arms holds."""
    assert faults(THEMES[code], colour) == []


def test_what_is_not_legible_is_found() -> None:
    """The control of the test above: a theme that nobody could read."""
    pale = replace(THEMES["civic"], light={"ink-muted": "#c0c0c0"})
    assert {pair[:2] for pair in faults(pale, "#1f5a7a")} >= {
        ("ink-muted", "ground"),
        ("header-muted", "header-ground"),
    }


@given(colours, st.sampled_from(sorted(THEMES)), st.sampled_from(["", *FACES]))
def test_the_style_sheet_holds_colours_and_our_own_faces_alone(colour: str, code: str, face: str) -> None:
    """Nothing that came in reaches it but six hexadecimal digits."""
    css = theme_css(THEMES[code], colour, face)
    assert re.sub(r"  --[a-z-]+: (#[0-9a-f]{6}|\d+(px)?|[A-Za-z\", -]+);\n", "", css).count("--") == 0


@pytest.mark.parametrize("value", ["", "red", "#12", "#fff;}body{display:none", "url(x)"])
def test_anything_but_a_colour_is_refused(value: str) -> None:
    """The style sheet served at /town.css can hold nothing but colours."""
    with pytest.raises(ValueError, match="not a colour"):
        theme_css(THEMES["civic"], value)


def test_every_token_is_one_of_the_style_sheets() -> None:
    """A theme names what `tokens.css` names."""
    named = set(re.findall(r"--([a-z0-9-]+):", CSS.read_text(encoding="utf-8")))
    assert set(tokens(THEMES["mountain"], "#1f5a7a")) <= named
    assert set(PARTS) <= named
    for theme in THEMES.values():
        assert {*theme.light, *theme.dark} <= named


def test_the_common_colours_are_those_of_the_tokens() -> None:
    """Contrast is computed against the grounds that pages really have."""
    css = CSS.read_text(encoding="utf-8")
    for name, value in themes.LIGHT.items():
        assert re.findall(rf"--{name}: (#[0-9a-f]{{6}});", css)[:2] == [value, themes.DARK[name]], name
