"""How a column writes its numbers, learnt from the column itself: which sign ends the whole drams, which parts groups.

"760,414" alone can be read in two ways. Where another cell of its column (or else of the table) shows what the comma
does there ("31,624.6" or "1234,5"), it can be read in one. What nothing shows stays ambiguous, and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from hamaynk.common.money import AmountError, parse_number

DECIMAL = "decimal"
GROUP = "group"
_DASHES = ("-", "–", "—", "−")
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f](?=\d{3}(\D|$))")
_BODY = re.compile(r"\d[\d.,]*")
_ONE_GROUP = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


@dataclass(frozen=True, kw_only=True)
class Style:
    """What the comma and the dot do: DECIMAL, GROUP, or "" where nothing shows it."""

    comma: str = ""
    dot: str = ""

    def or_else(self, other: Style) -> Style:
        """This style; what it does not know, as `other` has it, unless the two are at odds."""
        both = Style(comma=self.comma or other.comma, dot=self.dot or other.dot)
        return self if both.comma == both.dot == DECIMAL else both


def style_of(texts: Iterable[str]) -> Style:
    """The style that the numbers among `texts` agree on; cells at odds with one another show nothing."""
    seen: dict[str, set[str]] = {",": set(), ".": set()}
    for text in texts:
        for sign, role in _evidence(_bare(text)).items():
            seen[sign].add(role)
    if DECIMAL in seen[","] and DECIMAL in seen["."]:
        return Style()
    roles = {sign: next(iter(found)) if len(found) == 1 else "" for sign, found in seen.items()}
    return Style(comma=roles[","], dot=roles["."])


def read_number(text: str, style: Style) -> Decimal:
    """The number as the column writes it; a dash alone is nothing, brackets are a minus. Raises AmountError."""
    body = text.strip().replace("\u2024", ".")
    if body in _DASHES:
        return Decimal(0)
    bracketed = body.startswith("(") and body.endswith(")")
    if bracketed:
        body = "-" + body[1:-1].strip()
    bare = _bare(body)
    if _ONE_GROUP.fullmatch(bare):
        role, other = (style.comma, style.dot) if "," in bare else (style.dot, style.comma)
        sign = "-" if body[:1] in "-−‒–" else ""
        if role == GROUP:
            return parse_number(sign + re.sub("[.,]", "", bare))
        if role == DECIMAL:
            return parse_number(sign + bare.replace(",", "."))
        if "." in bare and other == DECIMAL:  # a dot alone is the decimal sign, unless the column uses the comma
            raise AmountError("ambiguous", text)
    try:
        return parse_number(body)
    except AmountError as error:
        raise AmountError(error.code, text) from error


def _bare(text: str) -> str:
    """Digits, commas and dots of a number; "" of what is none. Groups parted by spaces close up."""
    body = text.strip().strip("()").lstrip("-−‒–+ ")
    body = _SPACES.sub("", body)
    return body if _BODY.fullmatch(body) else ""


def _evidence(bare: str) -> dict[str, str]:
    """What one number shows: two kinds of signs, one sign twice, or digits that make no group."""
    commas, dots = bare.count(","), bare.count(".")
    if not bare or commas + dots == 0:
        return {}
    if commas and dots:
        last = "," if bare.rfind(",") > bare.rfind(".") else "."
        first = "." if last == "," else ","
        return {last: DECIMAL, first: GROUP} if bare.count(last) == 1 else {}
    sign = "," if commas else "."
    if commas + dots > 1:
        return {sign: GROUP}
    return {} if _ONE_GROUP.fullmatch(bare) else {sign: DECIMAL}
