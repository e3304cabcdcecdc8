"""How much room text takes, and where its lines break: nothing in a chart may be cut.

The server does not know which face the reader's machine has. The widths are those of the widest of the faces named in
tokens.css and their usual stand-ins, in thousandths of the size, so text takes at most the room reckoned here.
"""

from __future__ import annotations

import re

_CLASSES = (
    (410, "lij|!.,:;'’·()[]/ \u00a0Iլյչ֊-"),
    (520, "cfrstzгւշ՝"),
    (830, "ֆևM"),
    (980, "mwատփխպшщжыюф%—"),
    (1100, "WЩШЮЖФЫ"),
)
_WIDTHS = {letter: width for width, letters in _CLASSES for letter in letters}
_DIGIT, _SMALL, _CAPITAL, _UNKNOWN = 640, 700, 850, 1000
_PIECES = re.compile(r"[^\s\-/–]+[\-/–]?|[\-/–]")
_ARMENIAN = re.compile(r"[\u0531-\u058a]")
_VOWELS = frozenset("աեէըիոօևԱԵԷԸԻՈՕаеёиоуыэюяАЕЁИОУЫЭЮЯaeiouyAEIOUY")
_NEVER_FIRST = frozenset("ւьъйЬЪЙ")


def room_of(text: str, size: int) -> int:
    """Units that a line of text takes at most, rounded up."""
    return -(-sum(map(_letter, text)) * size // 1000)


def wrap(text: str, room: int, size: int) -> tuple[str, ...]:
    """The text in lines no wider than `room`, at spaces and hyphens; a word that is too long is parted by a hyphen."""
    lines: list[str] = []
    for word in text.split():
        for place, piece in enumerate(_PIECES.findall(word) or [word]):
            glue = " " if place == 0 else ""
            if lines and room_of(lines[-1] + glue + piece, size) <= room:
                lines[-1] += glue + piece
            else:
                lines.extend(_parted(piece, room, size))
    return tuple(lines)


def fits(text: str, room: int, size: int, *, parted: int = 0) -> tuple[str, ...] | None:
    """The text in lines as `wrap`, or None where more than `parted` words would have to be parted by syllables."""
    pieces = [piece for word in text.split() for piece in _PIECES.findall(word)]
    too_long = [piece for piece in pieces if room_of(piece, size) > room]
    if len(too_long) > parted or not all(_has_room_by_syllables(piece, room, size) for piece in too_long):
        return None
    return wrap(text, room, size)


def syllables(word: str) -> list[str]:
    """The word parted before every consonant that a vowel follows, as Armenian is parted; no part under two letters."""
    cuts = [0]
    for at in range(2, len(word) - 1):
        opens = word[at].isalpha() and word[at] not in _VOWELS and word[at] not in _NEVER_FIRST
        if opens and word[at + 1] in _VOWELS and at - cuts[-1] >= 2 and not _VOWELS.isdisjoint(word[cuts[-1] : at]):
            cuts.append(at)
    return [word[one:other] for one, other in zip(cuts, [*cuts[1:], len(word)], strict=True)]


def _has_room_by_syllables(piece: str, room: int, size: int) -> bool:
    parts = syllables(piece)
    return len(parts) > 1 and all(room_of(part, size) + room_of("-", size) <= room for part in parts)


def _parted(piece: str, room: int, size: int) -> list[str]:
    """Between syllables where that helps, else wherever the room ends."""
    parts: list[str] = []
    hyphen = "֊" if _ARMENIAN.search(piece) else "-"
    while room_of(piece, size) > room and len(piece) > 1:
        able = [at for at in range(1, len(piece)) if room_of(piece[:at] + hyphen, size) <= room]
        furthest = max(able, default=1)
        ends, so_far = [], 0
        for syllable in syllables(piece)[:-1]:
            so_far += len(syllable)
            ends.append(so_far)
        cut = max((end for end in ends if end <= furthest), default=furthest)
        parts.append(piece[:cut] + hyphen)
        piece = piece[cut:]
    return [*parts, piece]


def _letter(letter: str) -> int:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if letter.isdecimal():
        return _DIGIT
    if ord(letter) > 0x2100:
        return _UNKNOWN
    return _CAPITAL if letter.isupper() else _SMALL
