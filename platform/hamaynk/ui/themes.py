"""Five looks of a public site, as values of tokens. A town chooses one; no town has templates or style sheets of its own.

What a theme says is checked together with the town's colour whenever either is saved: every pair that is read passes
WCAG 2 AA (`faults`). The names of the tokens are those of `static/ui/tokens.css`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from hamaynk.ui.colour import AA_TEXT, contrast, mix, town_palette

LIGHT = {
    "ground": "#ffffff",
    "ground-soft": "#f4f6f8",
    "ground-raised": "#ffffff",
    "ink": "#1a1e23",
    "ink-muted": "#525b66",
    "good": "#19653a",
    "warn": "#7a4d00",
    "bad": "#ac1f1a",
}
DARK = {
    "ground": "#14171b",
    "ground-soft": "#1e2328",
    "ground-raised": "#1e2328",
    "ink": "#e7eaee",
    "ink-muted": "#a9b3be",
    "good": "#7fcf9c",
    "warn": "#ecbd62",
    "bad": "#ff9d94",
}
FACES = {
    "sans": (_("Without serifs"), '"Segoe UI", "Noto Sans Armenian", "Noto Sans", Mshtakan, system-ui, sans-serif'),
    "serif": (_("With serifs"), '"Noto Serif Armenian", "Noto Serif", Sylfaen, "Segoe UI", Mshtakan, Georgia, serif'),
    "mixed": (_("Headings with serifs, text without"), ""),
}
# Parts of the page and the pair of tokens they are written in, where the theme does not say otherwise.
PARTS = {
    "header-ground": "ground",
    "header-ink": "ink",
    "header-muted": "ink-muted",
    "menu-ground": "town-bar",
    "menu-ink": "town-bar-on",
    "footer-ground": "ground-soft",
    "footer-ink": "ink",
}
READ = (
    ("ink", "ground"),
    ("ink", "ground-soft"),
    ("ink-muted", "ground"),
    ("ink-muted", "ground-soft"),
    ("good", "ground"),
    ("warn", "ground"),
    ("bad", "ground"),
    ("town", "ground"),
    ("town", "ground-soft"),
    ("town", "town-tint"),
    ("town-on", "town"),
    ("town-on", "town-strong"),
    ("header-ink", "header-ground"),
    ("header-muted", "header-ground"),
    ("menu-ink", "menu-ground"),
    ("footer-ink", "footer-ground"),
    ("footer-link", "footer-ground"),
)


@dataclass(frozen=True, kw_only=True)
class Theme:
    """One look. `parts` name a token for a part of the page; `light` and `dark` replace colours of the common tokens."""

    code: str
    label: Any
    says: Any
    radius: str = "4px"
    face: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    light: dict[str, str] = field(default_factory=dict)
    dark: dict[str, str] = field(default_factory=dict)
    wash: float = 0.0  # share of the town's colour in the soft ground


THEMES: dict[str, Theme] = {
    theme.code: theme
    for theme in (
        Theme(
            code="civic",
            label=_("Civic"),
            says=_("White pages, the menu in the town's colour. Suits every town."),
        ),
        Theme(
            code="calm",
            label=_("Calm"),
            says=_("A light menu, round corners, grounds with a breath of the town's colour."),
            radius="10px",
            wash=0.05,
            parts={"menu-ground": "ground-soft", "menu-ink": "town"},
        ),
        Theme(
            code="stone",
            label=_("Tuff stone"),
            says=_("Warm grounds as of tuff, headings with serifs."),
            radius="2px",
            face="mixed",
            parts={"header-ground": "ground-soft"},
            light={"ground": "#fffdfa", "ground-soft": "#f6eee6", "ground-raised": "#fffdfa", "ink-muted": "#5d5248"},
            dark={"ground": "#191512", "ground-soft": "#241f1b", "ground-raised": "#241f1b", "ink-muted": "#bdb1a6"},
        ),
        Theme(
            code="mountain",
            label=_("Mountain"),
            says=_("The whole head of the page in the town's colour, with white words."),
            radius="6px",
            parts={
                "header-ground": "town-bar",
                "header-ink": "town-bar-on",
                "header-muted": "town-bar-on",
                "menu-ground": "ground",
                "menu-ink": "ink",
                "footer-ground": "town-bar",
                "footer-ink": "town-bar-on",
                "footer-link": "town-bar-on",
            },
        ),
        Theme(
            code="paper",
            label=_("Paper"),
            says=_("Black on white with straight lines, as a good newspaper; the colour is kept for links."),
            radius="0",
            light={"ground-soft": "#f5f5f5", "ink": "#101010", "ink-muted": "#4a4a4a"},
            dark={"ground": "#101010", "ground-soft": "#1c1c1c", "ground-raised": "#1c1c1c", "ink-muted": "#b6b6b6"},
            parts={"menu-ground": "ground", "menu-ink": "ink", "footer-ground": "ground"},
        ),
    )
}
DEFAULT = "civic"


def tokens(theme: Theme, colour: str, *, is_dark: bool = False) -> dict[str, str]:
    """Every colour of a page by the name of its token, parts of the page included."""
    values = {**(DARK if is_dark else LIGHT), **(theme.dark if is_dark else theme.light)}
    if theme.wash and not is_dark:
        values["ground-soft"] = mix(colour, values["ground-soft"], theme.wash)
    grounds = (values["ground"], values["ground-soft"])
    palette = town_palette(colour, **{"dark_grounds" if is_dark else "light_grounds": grounds})
    prefix = "dark_" if is_dark else ""
    own = {name.replace("_", "-"): palette[f"{prefix}{name}"] for name in TOWN}
    values |= own
    parts = {"footer-link": "town", **PARTS, **theme.parts}
    return values | {part: values[token] for part, token in parts.items()}


TOWN = ("town", "town_strong", "town_on", "town_bar", "town_bar_on", "town_tint")


def faults(theme: Theme, colour: str) -> list[tuple[str, str, float]]:
    """Pairs of tokens that cannot be read upon each other, light or dark, each with its contrast; [] as a rule."""
    found = []
    for is_dark in (False, True):
        values = tokens(theme, colour, is_dark=is_dark)
        for ink, ground in READ:
            ratio = contrast(values[ink], values[ground])
            if ratio < AA_TEXT:
                found.append((ink, ground, round(ratio, 2)))
    return found


def theme_css(theme: Theme, colour: str, typeface: str = "") -> str:
    """The style sheet of one town: its tokens, light and dark. Holds nothing but checked colours and our own faces."""
    chosen = typeface or theme.face or "sans"
    heading, text = ("serif", "sans") if chosen == "mixed" else (chosen, chosen)
    form = [
        f"  --radius: {theme.radius};",
        f"  --face: {FACES[text][1]};",
        f"  --face-heading: {FACES[heading][1]};",
    ]
    light = [f"  --{name}: {value};" for name, value in tokens(theme, colour).items()]
    dark = [f"    --{name}: {value};" for name, value in tokens(theme, colour, is_dark=True).items()]
    # On paper the print style says what is black and what is white.
    return "\n".join(
        [
            ":root {",
            *form,
            "}",
            "@media screen {",
            "  :root {",
            *light,
            "  }",
            "}",
            "@media screen and (prefers-color-scheme: dark) {",
            "  :root {",
            *dark,
            "  }",
            "}",
            "",
        ]
    )
