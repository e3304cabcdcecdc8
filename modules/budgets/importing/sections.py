"""Which table of the official form a sheet holds: found by its codes, else by what its title says.

1 revenue, 2 spending by function, 3 by economic line, 4 surplus or deficit (worked out, never read), 5 financing of the
deficit, 6 function by economic line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modules.budgets.importing import headings, vocabulary
from modules.budgets.importing.content import SIDES
from modules.budgets.importing.headings import Layout
from modules.budgets.importing.problems import Problem
from modules.budgets.importing.sheets import Row
from modules.budgets.importing.trees import Tree

SAMPLE = 2_000
_FIRST = {"revenue": 1, "expenditure": 2, "financing": 5, "": 1}
_PREFERRED = (6, 2, 3)  # of the tables of spending: the one that tells most


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the caller asks for: a side ("revenue", "expenditure", "financing"), a section, or neither."""

    side: str = ""
    section: int = 0

    def accepts(self, section: int) -> bool:
        """True where a table of this section is what was asked for; 0 is one of which nothing is known."""
        if section == 0 or (not self.side and not self.section):
            return section != 4
        return section == self.section if self.section else SIDES.get(section, "") == self.side

    def rank(self, section: int) -> int:
        """How well a table fits: where nothing is asked for, revenue does best."""
        if section == 4 or not self.accepts(section):
            return 0
        if not self.side and not self.section:
            return {1: 4, 0: 3}.get(section, 2)
        return 9 - _PREFERRED.index(section) if section in _PREFERRED else 5 if section else 4

    def or_else(self, section: int) -> int:
        """The section found, or where none was, the one to read the table as."""
        return section or self.section or _FIRST[self.side]

    def problems(self, section: int) -> list[Problem]:
        """A table of another side or section than was asked for."""
        if self.accepts(section):
            return []
        if section == 4:
            return [Problem(code="balance_is_derived")]
        if self.side and SIDES[section] != self.side:
            return [Problem(code=f"wrong_side_{SIDES[section]}")]
        return [Problem(code="wrong_section", params={"found": str(section), "expected": str(self.section)})]


def guess(layout: Layout, rows: Sequence[Row], head: Sequence[Row], name: str, trees: Mapping[str, Tree]) -> int:
    """The section of a table. rows: of the sheet, head: down to the names of the columns; 0 where nothing shows it."""
    titled = vocabulary.SECTIONS.get(headings.said(head, name, vocabulary.SECTIONS), 0)
    below = [row for row in rows if row.number > layout.line][:SAMPLE]
    counts = _counts(layout, [row for row in below if not headings.is_numbering(row)], trees)
    most = max(counts, key=lambda kind: counts[kind])
    if not counts[most]:
        return titled
    if most in ("functional", "economic"):
        if not counts["functional"]:
            return 3
        return 6 if counts["economic"] and titled != 2 else (6 if titled == 6 else 2)
    return 1 if most == "revenue" else 5


def _counts(layout: Layout, rows: Sequence[Row], trees: Mapping[str, Tree]) -> dict[str, int]:
    """How many rows name a line of each kind. A number that two kinds know counts for both."""
    counts = dict.fromkeys(trees, 0)
    code, article, economic = (layout.column(name) for name in ("code", "article", "economic"))
    for row in rows:
        written = row.cell(code.index).text if code else ""
        found = [kind for kind, tree in trees.items() if written in tree.lines]
        if not found and written:
            found = [kind for kind, tree in trees.items() if written[:1].isdigit() and tree.holds(written)]
        for kind in found:
            counts[kind] += 1
        text = row.cell(economic.index).text if economic else ""
        if not text and article and "financing" not in found and "revenue" not in found:
            text = row.cell(article.index).text
        tree = trees["economic"]
        if text[:1].isdigit() and (tree.holds(text) if economic else text in tree.lines or tree.by_article(text)):
            counts["economic"] += "economic" not in found
        elif article and not found and trees["functional"].by_article(text):
            counts["functional"] += 1
    return counts
