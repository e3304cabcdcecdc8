"""The classifications as a file's codes are looked up in them: by number of the line, by article, by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from hamaynk.common.text_key import text_key
from modules.budgets import packs
from modules.budgets.codes import split_code
from modules.budgets.tables import Line, Names, ancestors

Lines = Mapping[str, Line]


class Tree:
    """One classification of a year."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self._national = {code for code, line in lines.items() if line.parent and not line.is_local}

    def holds(self, code: str) -> bool:
        """True for a line, and for a line with a local suffix that is not known yet."""
        return code in self.lines or split_code(code, self._national) is not None

    def by_article(self, article: str) -> list[str]:
        """Codes of the lines with this article, however it is written: "01.1.1" is "1-1-1"."""
        return self._articles.get(article_key(article), [])

    def by_name(self, name: str) -> list[str]:
        """Codes of the lines with this name in any language; of lines below one another the lowest alone."""
        codes = self._names.get(text_key(name), [])
        return [one for one in codes if not any(one in ancestors(other, self.lines) for other in codes)]

    def is_called(self, code: str, name: str) -> bool:
        """True where the line has this name in some language."""
        return code in self._names.get(text_key(name), ())

    @cached_property
    def _articles(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, line in self.lines.items():
            if line.article:
                found.setdefault(article_key(line.article), []).append(code)
        return found

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, line in self.lines.items():
            for key in {text_key(name) for name in (line.names.hy, line.names.en, line.names.ru) if name}:
                found.setdefault(key, []).append(code)
        return found


def trees(year: int, lines: Mapping[str, Lines] | None = None) -> dict[str, Tree]:
    """A tree for each kind of classification: of the lines handed in, else those of the country pack in `year`."""
    given = lines or {}
    return {kind: Tree(given[kind] if kind in given else pack_lines(kind, year)) for kind in packs.KINDS}


def pack_lines(kind: str, year: int) -> dict[str, Line]:
    """The country pack's lines of a year, by code; none for a year before it begins."""
    return {
        line.code: Line(
            code=line.code,
            parent=line.parent,
            article=line.article,
            names=Names(hy=line.name_hy, en=line.name_en, ru=line.name_ru),
            unverified=line.unverified,
        )
        for line in packs.load(kind, year)
    }


def article_key(article: str) -> str:
    """An article as it is compared: its numbers without leading zeros, and without zeros at the end ("01-1-0": "1 1")."""
    numbers = [number.lstrip("0") for number in text_key(article).split()]
    while numbers and not numbers[-1]:
        numbers.pop()
    return " ".join(numbers)
