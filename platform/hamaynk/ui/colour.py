"""A town's colour made legible: one hex value from its coat of arms in, a checked palette for light and dark out.

Every pair a reader has to read passes WCAG 2 AA (4.5 : 1). The grounds named here are those of `static/ui/tokens.css`;
`tests/hamaynk/ui/test_colour.py` holds the two together.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable
from typing import Final

AA_TEXT: Final = 4.5
WHITE: Final = "#ffffff"
BLACK: Final = "#000000"
LIGHT_GROUNDS: Final = ("#ffffff", "#f4f6f8")
DARK_GROUNDS: Final = ("#14171b", "#1e2328")
DARK_INK: Final = "#0d1013"

_HEX: Final = re.compile(r"#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_STEP: Final = 0.01

Channels = tuple[float, float, float]


def parse_hex(value: str) -> Channels:
    """Red, green and blue as 0..1 from "#3a6" or "#33aa66"; anything else is refused."""
    text = value.strip()
    if not _HEX.fullmatch(text):
        raise ValueError(f"not a colour: {value!r}")
    digits = text.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def to_hex(channels: Channels) -> str:
    """The inverse of `parse_hex`, always seven characters."""
    return "#" + "".join(f"{round(min(max(channel, 0.0), 1.0) * 255):02x}" for channel in channels)


def luminance(value: str) -> float:
    """Relative luminance as WCAG defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parse_hex(value)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1..21."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, ground: str, share: float) -> str:
    """`share` of the colour over the ground."""
    pairs = zip(parse_hex(colour), parse_hex(ground), strict=True)
    red, green, blue = (top * share + below * (1 - share) for top, below in pairs)
    return to_hex((red, green, blue))


def shift_until(colour: str, grounds: Iterable[str], ratio: float, step: float) -> str:
    """Move the lightness by `step` until the colour stands out from every ground; hue stays, black or white ends it."""
    targets = tuple(grounds)
    hue, lightness, saturation = colorsys.rgb_to_hls(*parse_hex(colour))
    candidate = to_hex(parse_hex(colour))
    while any(contrast(candidate, ground) < ratio for ground in targets):
        lightness += step
        if not 0 < lightness < 1:
            return BLACK if step < 0 else WHITE
        candidate = to_hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return candidate


def town_palette(
    value: str, *, light_grounds: tuple[str, ...] = LIGHT_GROUNDS, dark_grounds: tuple[str, ...] = DARK_GROUNDS
) -> dict[str, str]:
    """The town's tokens without their dashes; those of dark mode begin with `dark_`.

    `town` links, buttons, focus · `town_strong` the same, pressed · `town_on` text upon `town` · `town_bar` the menu's
    ground · `town_bar_on` text upon it · `town_tint` a pale wash behind the current line.
    """
    tint = mix(value, light_grounds[0], 0.08)
    town = shift_until(value, (*light_grounds, WHITE, tint), AA_TEXT, -_STEP)
    dark_tint = mix(value, dark_grounds[-1], 0.16)
    dark_town = shift_until(value, (*dark_grounds, dark_tint), AA_TEXT + 1, _STEP)
    return {
        "town": town,
        "town_strong": mix(town, BLACK, 0.75),
        "town_on": WHITE,
        "town_bar": town,
        "town_bar_on": WHITE,
        "town_tint": tint,
        "dark_town": dark_town,
        "dark_town_strong": mix(dark_town, WHITE, 0.7),
        "dark_town_on": DARK_INK,
        "dark_town_bar": shift_until(value, (WHITE,), 8.0, -_STEP),
        "dark_town_bar_on": WHITE,
        "dark_town_tint": dark_tint,
    }
