"""What a file held, as values: figures, rows that sum up, problems, notes; and where each stood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as text
from django.utils.translation import override

from modules.budgets.importing import headings
from modules.budgets.importing.headings import Layout
from modules.budgets.importing.plans import PlanRow
from modules.budgets.importing.problems import Problem
from modules.budgets.importing.sheets import address

SIDES = {1: "revenue", 2: "expenditure", 3: "expenditure", 5: "financing", 6: "expenditure"}
Progress = Callable[[int, int], None]
STAND_IN = text("The source states no plan of the period; the adjusted plan of the year stands in its place.")


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """One figure of a file. line: its number there; amounts in drams, cumulative since 1 January.

    code: line of revenue, function or financing, "" in a table by economic lines alone; economic: economic line, ""
    where the row is none. settlement: its name as written, without the word for it; account: of the treasury.
    """

    line: int
    code: str
    part: str
    year_plan: Decimal
    period_plan: Decimal
    actual: Decimal
    approved_plan: Decimal | None = None
    name_hy: str = ""
    name_en: str = ""
    name_ru: str = ""
    economic: str = ""
    settlement: str = ""
    account: str = ""

    def to_json(self) -> dict[str, Any]:
        """Form kept in ImportBatch.rows; amounts as decimal strings."""
        return {key: (str(value) if isinstance(value, Decimal) else value) for key, value in self.__dict__.items()}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> FileRow:
        """The reverse of to_json; what was kept before there were economic lines and settlements has none."""
        amounts = {key: Decimal(value[key]) for key in ("year_plan", "period_plan", "actual")}
        approved = value["approved_plan"]
        return cls(**(value | amounts | {"approved_plan": None if approved is None else Decimal(approved)}))


@dataclass
class FileContent:
    """What a file holds: rows that could be read, problems of those that could not, notes above the head.

    totals: rows without a code that sum up others; they are checked, never taken over. has_own_period: False where
    the file states no plan of the period and that of the year stands in its place. section: of the official form,
    1 revenue, 2 by function, 3 by economic line, 5 financing, 6 function by economic line; 0 where no table was found.
    plan_rows: of a plan, one beside each of `rows`.
    """

    rows: list[FileRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    source: dict[str, str] = field(default_factory=dict)
    totals: list[FileRow] = field(default_factory=list)
    has_own_period: bool = True
    is_text: bool = True
    layout: Layout | None = None
    section: int = 0
    plan_rows: list[PlanRow] = field(default_factory=list)

    @property
    def side(self) -> str:
        """ "revenue", "expenditure" or "financing"; "" where no table was found."""
        return SIDES.get(self.section, "")

    def placed(self, problems: list[Problem]) -> list[Problem]:
        """Problems found later by line and column name, with the heading and the cell of this file."""
        return [self._placed(problem) for problem in problems]

    def at(self, name: str, part: str = "") -> tuple[int, str]:
        """Index and heading of the column of a field; (-1, its name) where the file has none."""
        column = None
        if self.layout is not None:
            names = {"economic": ("economic", "article", "code"), "code": ("code", "article", "division")}.get(
                name, (name,)
            )
            if self.section == 3 and name == "economic":
                names = ("economic", "code", "article")
            tried = (self.layout.column(one, part) or self.layout.column(one) for one in names)
            column = next(filter(None, tried), None)
        return (-1, headings.NAMES.get(name, name)) if column is None else (column.index, column.heading)

    def cell(self, line: int | None, index: int) -> str:
        """ "B12", or "" in a text and where there is no one cell."""
        return "" if self.is_text or line is None or index < 0 else address(line, index)

    def _placed(self, problem: Problem) -> Problem:
        if problem.line is None or problem.cell:
            return problem
        index, heading = self.at(problem.column or "code")
        return replace(problem, column=heading if problem.column else "", cell=self.cell(problem.line, index))


def with_stand_in(source: dict[str, str]) -> dict[str, str]:
    """The source as residents read it, with the sentence that the plan of the year stands in for that of the period."""
    told = {}
    for language in ("hy", "en", "ru"):
        with override(language):
            told[language] = f"{source.get(language) or source.get('hy', '')} {STAND_IN}".strip()
    return told
