"""What a row is about: its line, its economic line, its settlement and its treasury account.

In a table of functions by economic lines a row of a function stands above its economic rows; these give the number of
their line, or their article, or their name alone. A number that is one line's own and another's article is taken as the
heading of its column says, else as the name says, else it is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from modules.budgets.codes import is_code
from modules.budgets.importing import vocabulary
from modules.budgets.importing.headings import Layout
from modules.budgets.importing.sheets import Row
from modules.budgets.importing.trees import Tree, article_key

LINE, ARTICLE = "line", "article"
_AT_EITHER_END = re.compile(r"^[^\w]*(\d{3,6})\b|\b(\d{3,6})[^\w]*$")


@dataclass(frozen=True, kw_only=True)
class RowKey:
    """A row's key. name: without what else was found in it. fault: code of a problem, at `column`, about `value`."""

    code: str = ""
    economic: str = ""
    settlement: str = ""
    account: str = ""
    name: str = ""
    fault: str = ""
    column: str = "code"
    value: str = ""

    @property
    def is_line(self) -> bool:
        """True where the row names a line."""
        return is_code(self.code) or is_code(self.economic) or bool(self.fault)


@dataclass
class KeyReader:
    """Reads keys row by row, in the order of the file."""

    layout: Layout
    section: int
    trees: Mapping[str, Tree]
    function: str = ""
    last: RowKey = field(default_factory=RowKey)
    evidence: dict[str, str] = field(default_factory=dict)

    def learn(self, rows: Sequence[Row]) -> None:
        """What the numbers of economic lines in each column are: of lines or articles, where the heading says it.

        A heading that other numbers of its column contradict says nothing.
        """
        if self.section not in (3, 6):
            return
        economic = self.trees["economic"]
        for name, said in (("economic", LINE), ("code", LINE), ("article", ARTICLE)):
            column = self.layout.column(name)
            if column is None:
                continue
            if name == "code" and not self.layout.is_own and not vocabulary.meaning(column.heading, ("line_number",)):
                continue
            numbers = {row.cell(column.index).text for row in rows}
            as_lines = {number for number in numbers if number in economic.lines}
            as_articles = {number for number in numbers if number.isdigit() and economic.by_article(number)}
            contrary = as_articles - as_lines if said == LINE else as_lines - as_articles
            self.evidence[name] = "" if contrary else said

    def read(self, row: Row) -> RowKey:
        """The key of one row; what it names as a function, or as a line with settlements, counts for those below."""
        name, settlement, account = self._parted(self._text(row, "name_hy"))
        written, fault = self._written_account(row)
        key = self._line(row, name)
        place = {"settlement": self._settlement(row) or settlement, "account": written or account}
        key = replace(key, name=key.name or name, **place)
        if not key.is_line and not self._text(row, "code") and not vocabulary.is_total(name):
            key = self._below_the_last(key, name)
        elif key.is_line:
            self.last = key
        return replace(key, fault="unknown_account", column="account", value=fault) if fault and not key.fault else key

    # --- the line ---

    def _line(self, row: Row, name: str) -> RowKey:
        if self.section == 3:
            return self._economic_of(row, name, ("economic", "code", "article"), "")
        if self.section == 6:
            return self._of_function_or_economic(row, name)
        code = self._text(row, "code")
        if not code and self.section == 2:
            return RowKey(code=self._by_class(row))
        return RowKey(code=code)

    def _of_function_or_economic(self, row: Row, name: str) -> RowKey:
        code = self._text(row, "code")
        functional = self.trees["functional"]
        is_function = functional.holds(code) if is_code(code) else False
        if not code and not self._number(row, ("economic", "article")):
            code = self._by_class(row)
            is_function = bool(code)
        if is_function or (is_code(code) and not self._is_economic(code)):
            self.function = code
            if self._number(row, ("economic", "article")):  # both on one row
                return self._economic_of(row, name, ("economic", "article"), code)
            return RowKey(code=code)
        found = self._economic_of(row, name, ("economic", "article", "code"), self.function)
        if found.is_line and not found.fault and not self.function:
            return replace(found, fault="no_function", column="code", value=found.economic)
        return found if found.is_line else RowKey()

    def _economic_of(self, row: Row, name: str, columns: Iterable[str], function: str) -> RowKey:
        """The economic line that a row names by number or article, else by its name."""
        for column in columns:
            written = self._text(row, column)
            if not written or (column == "article" and not self._is_economic(written)):
                continue
            if column == "code" and not is_code(written):
                return RowKey(code=written)
            code, fault = self._resolved(written, self.evidence.get(column, ""), name)
            return RowKey(code=function, economic=code, fault=fault, column=column, value=written)
        if not name or vocabulary.is_total(name):
            return RowKey()
        number = _AT_EITHER_END.search(name)
        if number and self._is_economic(number[1] or number[2]):
            written = number[1] or number[2]
            bare = (name[: number.start()] + name[number.end() :]).strip()
            code, fault = self._resolved(written, "", bare)
            return RowKey(code=function, economic=code, fault=fault, column="name_hy", value=written, name=bare)
        codes = self.trees["economic"].by_name(name)
        if len(codes) == 1:
            return RowKey(code=function, economic=codes[0])
        return RowKey(code=function, fault="ambiguous_code", column="name_hy", value=name[:40]) if codes else RowKey()

    def _resolved(self, number: str, said: str, name: str) -> tuple[str, str]:
        """The line that a number means, or "" and the code of a problem."""
        economic = self.trees["economic"]
        as_article = economic.by_article(number) if number.isdigit() else []
        readings = {LINE: [number] if number in economic.lines else [], ARTICLE: as_article}
        both = list(dict.fromkeys(readings[LINE] + as_article))
        if len(both) < 2:
            return (both[0] if both else number), ""
        called = [code for code in both if economic.is_called(code, name)]
        chosen = readings.get(said) or both
        if len(chosen) == 1:
            contradicted = bool(called) and chosen[0] not in called
            return ("", "ambiguous_code") if contradicted else (chosen[0], "")
        named = [code for code in chosen if code in called]
        return (named[0], "") if len(named) == 1 else ("", "ambiguous_code")

    def _is_economic(self, written: str) -> bool:
        economic = self.trees["economic"]
        return is_code(written) and (
            economic.holds(written) or (written.isdigit() and bool(economic.by_article(written)))
        )

    def _number(self, row: Row, columns: Iterable[str]) -> bool:
        return any(self._is_economic(self._text(row, column)) for column in columns)

    def _by_class(self, row: Row) -> str:
        """The function that division, group and class name, in three columns or in one; "" without."""
        parts = [self._text(row, name) for name in ("division", "group", "class")]
        article = "-".join(part or "0" for part in parts) if any(parts) else self._text(row, "article")
        if not article_key(article):
            return ""
        codes = self.trees["functional"].by_article(article)
        return codes[0] if len(codes) == 1 else ""

    # --- settlement and account ---

    def _parted(self, text: str) -> tuple[str, str, str]:
        """A name without settlement, account and references to other lines; the settlement; the account."""
        name, account = _cut(text, "account")
        name, settlement = _cut(name, "settlement")
        for pattern in vocabulary.patterns("reference"):
            name = pattern.sub(" ", name)
        return " ".join(name.split()).rstrip(" -–—,;:"), settlement, account

    def _below_the_last(self, key: RowKey, name: str) -> RowKey:
        """A row without a code that is a settlement belongs to the line above it."""
        rest, settlement = _cut(name, "settlement_row") if not key.settlement else ("", key.settlement)
        if not settlement or not self.last.is_line:
            return key
        return replace(self.last, settlement=settlement, account=key.account, name=rest.strip(), fault="")

    def _settlement(self, row: Row) -> str:
        written = self._text(row, "settlement")
        for pattern in vocabulary.patterns("settlement_word"):
            written = pattern.sub(" ", written)
        return " ".join(written.split())[:120]

    def _written_account(self, row: Row) -> tuple[str, str]:
        """The account in its own column; the second is what stands there and is none."""
        written = re.sub(r"[\s\-]", "", self._text(row, "account"))
        known = vocabulary.patterns("account")
        if not written or not known or any(pattern.fullmatch(written) for pattern in known):
            return written[:20], ""
        return "", written[:40]

    def _text(self, row: Row, name: str) -> str:
        column = self.layout.column(name)
        return "" if column is None else row.cell(column.index).text


def _cut(text: str, meaning: str) -> tuple[str, str]:
    """The text without what is meant, and that: the named group of the pattern, or all it finds."""
    for pattern in vocabulary.patterns(meaning):
        found = pattern.search(text)
        if found:
            value = found[meaning.split("_")[0]] if pattern.groupindex else found[0]
            return text[: found.start()] + " " + text[found.end() :], " ".join(value.split())[:120]
    return text, ""
