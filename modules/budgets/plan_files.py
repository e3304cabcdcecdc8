"""The plan as data: every fact as CSV, the six sections of the official form as a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from hamaynk.common.money import thousands_text
from modules.budgets.ledger import MONTHS
from modules.budgets.models import KIND_OF_SIDE, Side
from modules.budgets.plan_sections import PARTS, SECTIONS, Classifications, PlanRow
from modules.budgets.presentation import safe_cell
from modules.budgets.selectors.public_plan import PublicPlan
from modules.budgets.tables import unknown_line

CSV_HEADS = (
    "year", "as_of", "state", "side", "code", "economic", "settlement", "account", "part", "name_hy", "name_en",
    "name_ru", "unit", "approved", "changes", "adjusted", *(f"adjusted_{month:02d}" for month in MONTHS),
)  # fmt: skip
FIELDS = ("approved", "changes", "adjusted")


def csv_text(plan: PublicPlan, lines: Classifications) -> str:
    """Every fact of the plan in exact drams, approved + changes = adjusted, the adjusted plan by month too."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_HEADS)
    state = "draft" if plan.is_draft else "in_force"
    for side, of_side in plan.sides.items():
        known = lines[KIND_OF_SIDE[Side(side)]]
        for key, adjusted in sorted(of_side.adjusted.items()):
            names = (known.get(key.code) or unknown_line(key.code)).names
            approved, months = of_side.adopted[key], of_side.months[key]
            texts = [side, key.code, key.economic, key.settlement, key.account, key.part]
            texts += [names.get(language) for language in ("hy", "en", "ru")]
            amounts = [approved, adjusted - approved, adjusted, *(months.get(month, Decimal(0)) for month in MONTHS)]
            writer.writerow(
                [plan.budget_year.year, plan.as_of, state, *map(safe_cell, texts), "drams", *map(_drams, amounts)]
            )
    return out.getvalue()


def workbook(
    plan: PublicPlan,
    sections: Mapping[int, list[PlanRow]],
    titles: Mapping[int, str],
    name_of: Callable[[PlanRow], str],
) -> bytes:
    """A sheet for each section, in the active language, thousand drams."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for number in SECTIONS:
        sheet: Any = book.create_sheet(f"{number}")
        _head(sheet, plan, titles[number])
        for line, row in enumerate(sections[number], start=6):
            for column, words in enumerate((row.code if row.names.hy else "", name_of(row), row.article), start=1):
                _text(sheet, line, column, words)
            cells = [getattr(row.by_part[part], field) for field in FIELDS for part in PARTS]
            for column, amount in enumerate(cells, start=4):
                cell = sheet.cell(row=line, column=column, value=Decimal(thousands_text(amount)))
                cell.number_format = "0.000##"
        for column in range(1, 13):
            sheet.column_dimensions[chr(64 + column)].width = 60 if column == 2 else 15
        sheet.freeze_panes = "D6"
    book.properties.creator = "Hamaynk"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Any, plan: PublicPlan, title: str) -> None:
    _text(sheet, 1, 1, title).font = Font(bold=True, size=14)
    words = {"year": plan.budget_year.year, "day": plan.as_of.isoformat()}
    state = (
        gettext("Draft for the public hearing") if plan.is_draft else gettext("Plan of %(year)s as of %(day)s") % words
    )
    _text(sheet, 2, 1, state)
    notes = [gettext("Thousand drams")]
    if plan.is_demo:
        notes.append(gettext("Demonstration data, not real figures."))
    _text(sheet, 3, 1, "; ".join(notes))
    groups = [gettext("Approved"), gettext("Changes"), gettext("Adjusted")]
    parts = [gettext("Total"), gettext("Administrative part"), gettext("Fund part")]
    for column, words_ in enumerate((gettext("Line no."), gettext("Line"), gettext("Article no.")), start=1):
        _text(sheet, 5, column, words_)
    for place, (group, part) in enumerate((group, part) for group in groups for part in parts):
        _text(sheet, 5, 4 + place, f"{group}: {part}")
    for cell in sheet[5]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="center")


def _drams(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _text(sheet: Any, line: int, column: int, value: str) -> Any:
    """A cell that is a text whatever it begins with."""
    cell = sheet.cell(row=line, column=column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) or None
    if cell.value is not None:
        cell.data_type = "s"
    return cell
