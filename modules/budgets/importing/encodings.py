"""Bytes to text as Armenian offices save it: UTF-8, UTF-16, ARMSCII-8; and letters that a program took for Latin.

ARMSCII-8 is the national one-byte standard (AST 34.002): from 0xB2 on capital and small letters take turns.
"""

from __future__ import annotations

import codecs
import re
from itertools import pairwise

_SIGNS = "\u00a0\u058d\u0587\u0589)(\u00bb\u00ab\u2014.\u055d,-\u058a\u2026\u055c\u055b\u055e"  # 0xA0 to 0xB1
_LETTERS = "".join(chr(0x531 + n) + chr(0x561 + n) for n in range(38))  # 0xB2 to 0xFD
ARMSCII8 = {0xA0 + n: sign for n, sign in enumerate(_SIGNS + _LETTERS + "\u055a")}
_LATIN = {chr(byte): sign for byte, sign in ARMSCII8.items()}
_REPAIR = str.maketrans(_LATIN)
_LATIN_PAIR = re.compile("[\u00a1-\u00fe]{2}")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnknownEncoding(ValueError):
    """Bytes that are text in no way we know. `offset`: the first byte that is not UTF-8."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"unknown encoding at byte {offset}")
        self.offset = offset


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding ("utf-8", "utf-16", "armscii-8"); raises UnknownEncoding."""
    for mark, codec in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(codec), codec.removesuffix("-sig")
            except UnicodeDecodeError as error:
                raise UnknownEncoding(error.start) from error
    bare = _utf16_without_mark(content)
    if bare:
        return bare, "utf-16"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        text = decode_armscii8(content)
        if text is None or not _reads_as_armenian(text):
            raise UnknownEncoding(error.start) from error
        return text, "armscii-8"


def decode_armscii8(content: bytes) -> str | None:
    """The text of ARMSCII-8 bytes, or None where a byte has no sign in it."""
    if any(byte >= 0x80 and byte not in ARMSCII8 for byte in content):
        return None
    return content.decode("latin-1").translate(_REPAIR)


def repaired(text: str) -> str:
    """The text, with ARMSCII-8 letters that were taken for Latin-1 ("ØÝ³ó³Í", an old font) put right."""
    if not _LATIN_PAIR.search(text):
        return text
    strange = sum(character in _LATIN for character in text)
    if strange < 3 or any("\u0531" <= character <= "\u0587" for character in text):
        return text
    letters = sum(character.isalpha() or character in _LATIN for character in text)
    armenian = text.translate(_REPAIR)
    return armenian if strange * 2 > letters and _reads_as_armenian(armenian) else text


def _reads_as_armenian(text: str) -> bool:
    """True where capitals stand where they stand in Armenian; Cyrillic of one byte mixes them inside of words."""
    pairs = [(one, other) for one, other in pairwise(text) if _armenian(one) and _armenian(other)]
    if not pairs:
        return False
    mixed = sum(one.islower() and other.isupper() for one, other in pairs)
    return mixed * 20 <= len(pairs)


def _armenian(character: str) -> bool:
    return "\u0531" <= character <= "\u0587"


def _utf16_without_mark(content: bytes) -> str:
    """Text saved as UTF-16 without its mark: every other byte of the head is zero. "" where it is not that."""
    head = content[:200]
    if len(head) < 4 or len(content) % 2:
        return ""
    for codec, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        other = head[::2] if codec == "utf-16-le" else head[1::2]
        if zeros.count(0) * 4 > len(zeros) and not other.count(0):
            try:
                return content.decode(codec)
            except UnicodeDecodeError:
                return ""
    return ""
