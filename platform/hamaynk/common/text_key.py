"""One key for texts that a reader takes for the same: search, slugs, duplicates, comparison of names.

Armenian writes one sound as և, եւ or եվ, has ligatures, and marks of stress and question inside words; typists put
":" and "`" for ։ and ՝. Never use the key as a text to show.
"""

import re
import unicodedata

# ՛ ՜ ՞ stand on a vowel inside a word, ՚ and ' join its parts: they fall away. All other marks part words.
_INSIDE_WORDS = dict.fromkeys(map(ord, "\u055a\u055b\u055c\u055e'\u2019\u02bc"))
_SPACE = re.compile(r"\s+")


def text_key(value: str) -> str:
    """Folded form of `value`: letters, digits and single spaces only. Applying it twice changes nothing."""
    key = _fold(value)
    while (again := _fold(key)) != key:
        key = again
    return key


def _fold(value: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
    folded = folded.translate(_INSIDE_WORDS)
    parted = "".join(_kept(character) for character in folded)
    return _SPACE.sub(" ", parted).strip().replace("եւ", "եվ")


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # soft hyphen, joiners, direction marks
        return ""
    return character if category[0] in "LNM" else " "
