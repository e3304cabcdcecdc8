"""Which stated figure stands above which: by line, by economic line, by settlement and by account at once.

A line with figures for each settlement and lines below it with figures for each settlement is no tree: the figure of
the line in a settlement and that of a line below it both stand below the line, and share what stands below both. So a
key is four ways up, "" at the top of each; one key stands below another where each of its four is the other's or below.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import product
from typing import Protocol

from modules.budgets.tables import Line, ancestors

Key = tuple[str, str, str, str]  # code, economic, settlement, account
Eliminates = Callable[[str, str, str], bool]  # of code, economic, part
Eliminated = Eliminates | Collection[tuple[str, str, str]]


class Keyed(Protocol):
    """A row with a key: of figures or of a plan."""

    @property
    def code(self) -> str: ...
    @property
    def economic(self) -> str: ...
    @property
    def settlement(self) -> str: ...
    @property
    def account(self) -> str: ...


def key_of(row: Keyed) -> Key:
    """The key of a row."""
    return row.code, row.economic, row.settlement, row.account


class Lattice:
    """The keys that a file states, in their order. lines, economic_lines: the trees, by code."""

    def __init__(self, keys: Iterable[Key], lines: Mapping[str, Line], economic_lines: Mapping[str, Line]) -> None:
        self.keys = set(keys)
        self._up = _Ways({key[0] for key in self.keys}, lines), _Ways({key[1] for key in self.keys}, economic_lines)

    def above(self, key: Key) -> list[Key]:
        """The keys strictly above `key`."""
        ways = product(self._up[0].up(key[0]), self._up[1].up(key[1]), _flat(key[2]), _flat(key[3]))
        return [one for one in ways if one in self.keys and one != key]

    def bottom_up(self) -> list[Key]:
        """All keys, each after every one below it."""
        return sorted(self.keys, key=self._depth, reverse=True)

    def _depth(self, key: Key) -> int:
        return self._up[0].depth(key[0]) + self._up[1].depth(key[1]) + bool(key[2]) + bool(key[3])


class _Ways:
    """Ways up one tree, kept: itself first, then the ancestors that are stated, "" last."""

    def __init__(self, stated: set[str], lines: Mapping[str, Line]) -> None:
        self._stated, self._lines = stated | {""}, lines
        self._known: dict[str, tuple[list[str], int]] = {}

    def up(self, code: str) -> list[str]:
        return self._found(code)[0]

    def depth(self, code: str) -> int:
        return self._found(code)[1]

    def _found(self, code: str) -> tuple[list[str], int]:
        if code not in self._known:
            way = [code, *ancestors(code, self._lines), ""] if code else [""]
            self._known[code] = [one for one in way if one in self._stated], len(way)
        return self._known[code]


def eliminates(eliminated: Eliminated | None) -> Eliminates:
    """`eliminated` as a predicate. In a collection of (code, economic, part), "" as code or economic means any."""
    if callable(eliminated):
        return eliminated
    keys = frozenset(eliminated or ())
    if not keys:
        return lambda code, economic, part: False

    def matches(code: str, economic: str, part: str) -> bool:
        return any((c, e, part) in keys for c in {code, ""} for e in {economic, ""})

    return matches


def _flat(value: str) -> tuple[str, ...]:
    return (value, "") if value else ("",)
