"""The words of real reports, from the country pack's `headings.csv`: what a heading, a unit or a total row says.

A row is a meaning and words: each must begin a word of the text, in any order; a word that ends in "$" must be whole,
"=" at the start asks for the whole text. The first row that fits wins. Texts are compared by their text key.

What stands inside names, an account number or a settlement, is found by the regular expressions of `patterns.csv`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from hamaynk.common.text_key import text_key
from modules.budgets.packs import FOLDER

FIELDS = frozenset(
    {"code", "name", "article", "part", "percent", "deviation", "year_plan", "approved_plan", "period_plan", "actual",
     "ordinal", "division", "group", "class", "settlement", "account"}
)  # fmt: skip
PERIODS = (
    *(f"month_{month}" for month in range(1, 13)),
    *(f"quarter_{quarter}" for quarter in range(1, 5)),
    *("to_3", "to_6", "to_9", "to_12"),  # cumulative: from January to the end of this month
)
PLAN_FIELDS = FIELDS | set(PERIODS)
PARTS = {"total": "undivided", "administrative": "administrative", "fund": "fund"}
UNITS = frozenset({"thousands", "millions", "drams"})
SECTIONS = {f"section_{number}": number for number in range(1, 7)}


@dataclass(frozen=True)
class Phrase:
    """One row of the file."""

    meaning: str
    words: tuple[str, ...]
    is_whole: bool

    def fits(self, key: str) -> bool:
        """True where `key`, a text key, says this."""
        found = key.split()
        if self.is_whole:
            return found == list(self.words)
        return all(any(_begins(one, word) for one in found) for word in self.words)


def meaning(text: str, among: Collection[str]) -> str:
    """What `text` means, of the meanings asked for, or ""."""
    key = text_key(text.replace("%", " percent ").replace("№", " no "))
    return next((phrase.meaning for phrase in phrases() if phrase.meaning in among and phrase.fits(key)), "")


def is_total(name: str) -> bool:
    """True for the name of a total row: it begins with "total"."""
    first = text_key(name).split(" ", 1)[0]
    return bool(first) and meaning(first, ("total",)) == "total"


def phrases() -> tuple[Phrase, ...]:
    """The phrases of the deployment's country; none where its pack has no such file."""
    return _load(getattr(settings, "COUNTRY_PACK", "am"))


def patterns(meaning: str) -> tuple[re.Pattern[str], ...]:
    """The regular expressions for `meaning`, in order; none where the country's pack has none."""
    return _patterns(getattr(settings, "COUNTRY_PACK", "am")).get(meaning, ())


@cache
def _patterns(country: str) -> dict[str, tuple[re.Pattern[str], ...]]:
    """Deployment data, the same for every town."""
    path = FOLDER / country / "patterns.csv"
    found: dict[str, tuple[re.Pattern[str], ...]] = {}
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as source:
            for row in csv.DictReader(source):
                made = re.compile(row["pattern"], re.IGNORECASE)
                found[row["meaning"]] = (*found.get(row["meaning"], ()), made)
    return found


@cache
def _load(country: str) -> tuple[Phrase, ...]:
    """Deployment data, the same for every town."""
    path = FOLDER / country / "headings.csv"
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as source:
        return tuple(_phrase(row["meaning"], row["words"]) for row in csv.DictReader(source))


def _phrase(meaning: str, words: str) -> Phrase:
    is_whole = words.startswith("=")
    parts = words.removeprefix("=").split()
    return Phrase(meaning, tuple(text_key(part) + ("$" if part.endswith("$") else "") for part in parts), is_whole)


def _begins(word: str, stem: str) -> bool:
    return word == stem[:-1] if stem.endswith("$") else word.startswith(stem)
