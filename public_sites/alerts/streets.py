"""Is it my street? Names as people write them, compared without what they write differently."""

import re
from collections.abc import Iterable

from hamaynk.common.text_key import text_key

# Words for "street" and its like, folded, in the endings that stand beside a name.
_KINDS = (
    r"փողոց\w*|փող|պողոտա\w*|պող|նրբանցք\w*|նրբ|փակուղի\w*|փակ|խճուղի\w*|խճ"
    r"|улиц[аеуы]|улицей|улицах|ул|проспекте?|просп|пр|прт|переул(?:ок|ке)|пер|тупике?|туп|шоссе"
    r"|streets?|str|st|avenue|ave|lanes?|ln|roads?|rd"
)
_KIND = re.compile(rf"^(?:{_KINDS})$")
_HYPHENED = re.compile(r"\b(пр)-(т|кт|те)\b", re.IGNORECASE)  # "пр-т"
_HOUSE = re.compile(r"^\d+[^\W\d_]?$")


def street_key(name: str) -> str:
    """What two spellings of one street share: without the word for street, punctuation, letter case and house numbers."""
    words = text_key(_HYPHENED.sub("прт", name)).replace("ё", "е").split()
    named = [word for word in words if not _KIND.match(word)]
    while len(named) > 1 and _HOUSE.match(named[-1]):
        named.pop()
    return " ".join(named)


def street_keys(lines: str) -> frozenset[str]:
    """Keys of the streets in a text, one a line."""
    return frozenset(key for key in map(street_key, lines.splitlines()) if key)


def share_a_street(mine: str, concerned: Iterable[str]) -> bool:
    """One of my streets (a text, one a line) is among the keys of those concerned."""
    return not street_keys(mine).isdisjoint(concerned)
