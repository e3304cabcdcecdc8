"""The demo's texts: three languages side by side in TOML, given out in one of them."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from typing import Any

from django.utils import translation
from django.utils.formats import date_format

from public_sites.addresses import LANGUAGES, in_language
from tenants.routing import Town

Data = dict[str, Any]
COMMON = "common"
SHARED = ("text", "summary", "entries", "below")  # sections that the common file and a town's own both have
DAY = {"hy": "E j", "en": "j F", "ru": "j E"}  # «սեպտեմբերի 18», to which a text adds its ending: «-ին», «-ը»
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_LINES = ((re.compile(r"^## +"), "h2", ""), (re.compile(r"^- +"), "li", "ul"), (re.compile(r"^\d+\. +"), "li", "ol"))


def read(town_slug: str) -> Data | None:
    """What the file of a town says, with what is said of every town. None where the town has no file."""
    own, common = _file(town_slug), _file(COMMON)
    if own is None or common is None or town_slug == COMMON:
        return None
    joined: Data = {**common, **own}
    for section in SHARED:
        joined[section] = _join(common.get(section, {}), own.get(section, {}))
    return joined


def _file(name: str) -> Data | None:
    file = files("public_sites.demo") / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def _join(common: Data, own: Data) -> Data:
    """Lists: the common entries first. Texts: the town's own words first."""
    joined: Data = {**common, **own}
    for name in common.keys() & own.keys():
        here, there = common[name], own[name]
        joined[name] = here + there if isinstance(here, list) else {c: f"{there[c]}\n{here[c]}" for c in LANGUAGES}
    return joined


def is_words(value: Any) -> bool:
    """One text in its three languages."""
    return isinstance(value, dict) and value.keys() == set(LANGUAGES)


class Voices:
    """The texts of one town, with its own facts put into them."""

    def __init__(self, said: Data, *, town: Town, today: dt.date) -> None:
        self.said, self.town, self.today = said, town, today

    def say(self, value: Any, code: str, **dates: dt.date) -> Any:
        """The same value with one language's text where three stood. dates: days that its texts name."""
        with translation.override(code):
            facts = self._facts(code) | {name: date_format(day, DAY[code]) for name, day in dates.items()}
        return _plain(value, code, facts)

    def _facts(self, code: str) -> dict[str, str]:
        year, council = self.today.year, self.said["entries"]["council"]
        with translation.override(code):
            town = self.town.name
        return {
            "town": town,
            "town_of": self.said["town_of"][code],
            "slug": self.town.slug,
            "root": in_language(code, "").rstrip("/"),
            "members": str(len(council)),
            "year": str(year),
            "last_year": str(year - 1),
            "next_year": str(year + 1),
            "fifth_year": str(year + 5),
        }


def _plain(value: Any, code: str, facts: dict[str, str]) -> Any:
    if is_words(value):
        return value[code].format_map(facts).strip()
    if isinstance(value, dict):
        return {name: _plain(inner, code, facts) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, code, facts) for inner in value]
    return value.format_map(facts) if isinstance(value, str) else value


def lines_of(text: str) -> Iterator[tuple[str, str, str]]:
    """(tag, the tag around it or "", words) of each line: paragraph, heading "## ", item "- " or "1. "."""
    for line in filter(None, map(str.strip, text.splitlines())):
        for start, tag, around in _LINES:
            if start.match(line):
                yield tag, around, start.sub("", line)
                break
        else:
            yield "p", "", line


def as_html(text: str) -> str:
    """The text as the editing screens would store it."""
    parts, is_in = [], ""
    for tag, around, words in lines_of(text):
        if around != is_in:
            parts.append((f"</{is_in}>" if is_in else "") + (f"<{around}>" if around else ""))
            is_in = around
        said = _LINK.sub(r'<a href="\2">\1</a>', escape(words, quote=False))
        parts.append(f"<{tag}>{said}</{tag}>")
    return "".join(parts) + (f"</{is_in}>" if is_in else "")


def without_links(words: str) -> str:
    """The words alone, for paper."""
    return _LINK.sub(r"\1", words)
