"""What can be wrong with an imported file: a code with parameters, put into words in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as text

ERROR = "error"
WARNING = "warning"

MESSAGES: dict[str, Any] = {
    "empty_file": text("The file is empty."),
    "too_big": text("The file is larger than %(limit)s MB."),
    "too_many_rows": text("The file has more than %(limit)s rows."),
    "not_utf8": text(
        "The letters of the file cannot be read: it is neither in UTF-8 or UTF-16 nor in ARMSCII-8. "
        "Save it as “CSV UTF-8” and upload it again."
    ),
    "old_or_locked": text(
        "The file has a password or is of an old kind. Save it as XLSX, ODS or CSV, without a password."
    ),
    "no_sheet": text("The file holds no table: XLSX, ODS and CSV can be read."),
    "broken_sheet": text("The file is damaged: the spreadsheet in it cannot be read."),
    "bomb": text("The file unpacks to far more than a budget needs. Save the table alone in a new file."),
    "sheet_chosen": text("The file has several sheets. “%(name)s” was read."),
    "hidden_sheet": text("The hidden sheet “%(name)s” was not read."),
    "formula_unknown": text("The formula has no saved result. Open the file in its program and save it again."),
    "error_value": text("The cell shows the error “%(value)s”."),
    "empty_is_zero": text("The cell is empty and counts as zero."),
    "adjusted_is_approved": text("The file has no adjusted plan: the approved plan stands in its place."),
    "period_is_year": text(
        "The file has no plan of the period: the adjusted plan of the year stands in its place, and percent and "
        "deviation are counted against it."
    ),
    "part_incomplete": text("The columns of a part are not complete and are left out: “%(name)s”."),
    "rounded": text("“%(value)s” is rounded to a hundredth of a dram."),
    "unit_may_differ": text("The heading says “%(unit)s”, but another unit was chosen. Please check it."),
    "total_differs": text("The total row says %(found)s, the lines it sums up give %(expected)s."),
    "broken_csv": text("The file cannot be read as CSV from this line on."),
    "no_header": text("There is no line with the names of the columns."),
    "missing_column": text("The column “%(name)s” is missing."),
    "double_column": text("The column “%(name)s” stands twice."),
    "unknown_column": text("The column “%(name)s” is not known and is left out."),
    "wrong_width": text("The line has %(found)s cells, the head has %(expected)s."),
    "no_rows": text("The file has no lines with figures."),
    "unit_differs": text("The file says “%(unit)s”, but another unit was chosen."),
    "missing_code": text("The line number is missing."),
    "unknown_code": text("The classification has no line %(code)s."),
    "not_valid_then": text("Line %(code)s does not belong to the classification of %(year)s."),
    "new_local_line": text("%(code)s is new in this town and will be added below %(parent)s."),
    "local_name_missing": text("%(code)s is new in this town: it needs a name in the column “name_hy”."),
    "name_differs": text("The classification calls line %(code)s “%(name)s”."),
    "duplicate": text("Line %(code)s stands already on line %(first)s of the file."),
    "unknown_part": text("The budget type “%(value)s” is not known: leave it empty, or write administrative or fund."),
    "other_month": text("The line is for month %(found)s, but month %(expected)s was chosen."),
    "other_year": text("The line is for year %(found)s, but year %(expected)s was chosen."),
    "empty": text("An amount is missing."),
    "not_a_number": text("“%(value)s” is not a number."),
    "ambiguous": text("“%(value)s” can be read in two ways: write it with a dot and without grouping."),
    "too_precise": text("“%(value)s” is more exact than a hundredth of a dram."),
    "too_large": text("“%(value)s” is too large."),
    "negative_plan": text("A plan of revenue cannot be negative."),
    "negative_actual": text("The revenue received is negative: more was paid back than received?"),
    "plan_above_year": text("The plan of the period is larger than the plan of the year."),
    "percent_differs": text("The file says %(found)s %%, the figures give %(expected)s."),
    "deviation_differs": text("The file says a deviation of %(found)s, the figures give %(expected)s."),
    "negative_spending": text("The amount is negative: only what the sale of assets brings in is written so."),
    "ambiguous_code": text("“%(value)s” can be the number of one line and the article of another."),
    "no_function": text("The economic line %(value)s stands before any line of a function."),
    "unknown_account": text("“%(value)s” is no number of a treasury account."),
    "wrong_side_revenue": text("The table holds revenue, but another side of the budget was chosen."),
    "wrong_side_expenditure": text("The table holds expenditure, but another side of the budget was chosen."),
    "wrong_side_financing": text("The table holds the financing of the deficit, but another side was chosen."),
    "wrong_section": text("The table is section %(found)s of the official form, but section %(expected)s was chosen."),
    "balance_is_derived": text("Surplus and deficit are worked out from revenue and expenditure and are not imported."),
    "plan_differs": text("Months, quarters and year do not agree: %(found)s and %(expected)s drams."),
    "quarters_differ": text("The months of a quarter do not add up to the quarter."),
    "plan_falls": text("The plan to the end of this period is smaller than that to the end of the one before."),
    "settlements_differ": text("The settlements and accounts of line %(code)s do not add up to it."),
    "economics_differ": text("The economic lines of %(code)s do not add up to it."),
    "no_total": text("The file has no total, line %(code)s."),
    "children_below": text("The lines below %(code)s add up to less than it."),
    "children_above": text("The lines below %(code)s add up to more than it."),
    "parts_differ": text("The two parts of line %(code)s do not add up to its total."),
}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One finding.

    line: number in the file, from 1, or None for the whole file; column: its head, "" for the line; cell: its address
    in a spreadsheet ("B12"), "" in a CSV file.
    """

    code: str
    severity: str = ERROR
    line: int | None = None
    column: str = ""
    cell: str = ""
    params: dict[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The finding in the active language."""
        return str(MESSAGES[self.code]) % self.params

    @property
    def is_error(self) -> bool:
        """True where the file cannot be taken over."""
        return self.severity == ERROR

    def to_json(self) -> dict[str, Any]:
        """Form kept in ImportBatch.problems."""
        return {
            "code": self.code,
            "severity": self.severity,
            "line": self.line,
            "column": self.column,
            "cell": self.cell,
            "params": self.params,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Problem:
        """The reverse of to_json."""
        return cls(**value)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By line in the file, those of the whole file first, errors before warnings."""
    return sorted(problems, key=lambda p: (p.line or 0, not p.is_error, p.column))
