"""A published month as XLSX: the flat table, and the data dictionary beside it. Texts are texts, never formulas.

openpyxl writes the time of day into the file; it is taken out again, so that the same month gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from modules.budgets.opendata.dictionary import COLUMNS, as_json
from modules.budgets.opendata.packing import packed
from modules.budgets.opendata.table import Value, rows
from modules.budgets.opendata.values import OpenMonth

LANGUAGES = ("hy", "en", "ru")
WIDE = 45
_MOMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def xlsx_bytes(month: OpenMonth) -> bytes:
    """Sheets "data" and "dictionary"; amounts are numbers in drams with two places."""
    book = Workbook(write_only=True)
    data: Any = book.create_sheet("data")
    _widths(data, {name: WIDE for name in COLUMNS if "name" in name})
    data.freeze_panes = "A2"
    data.append([_cell(data, name, bold=True) for name in COLUMNS])
    for row in rows(month):
        data.append([_cell(data, value) for value in row.values()])
    _dictionary(book.create_sheet("dictionary"), month)
    book.properties.creator = "Hamaynk"
    book.properties.title = month.name
    out = io.BytesIO()
    book.save(out)
    return _without_time(out.getvalue(), month.published_at)


def _dictionary(sheet: Any, month: OpenMonth) -> None:
    said = as_json(month.currency)
    heads = ["field", "type", "unit", *(f"title_{c}" for c in LANGUAGES), *(f"description_{c}" for c in LANGUAGES)]
    _widths(sheet, {name: WIDE for name in heads if "_" in name}, heads)
    sheet.append([_cell(sheet, head, bold=True) for head in heads])
    for item in said["fields"]:
        texts = [item[what][language] for what in ("title", "description") for language in LANGUAGES]
        sheet.append([_cell(sheet, value) for value in (item["name"], item["type"], item["unit"], *texts)])
    about = {"town": month.town, "version": str(month.version), "digest": f"sha256:{month.digest}"}
    about |= {"currency": month.currency, "licence": month.licence, "demo": str(month.is_demo).lower()}
    about |= {f"source_{language}": month.source.get(language, "") for language in LANGUAGES}
    about |= {f"rows_{language}": said["rows"][language] for language in LANGUAGES}
    sheet.append([])
    for name, value in about.items():
        sheet.append([_cell(sheet, name, bold=True), _cell(sheet, value)])


def _widths(sheet: Any, wide: dict[str, int], heads: Any = COLUMNS) -> None:
    for column, name in enumerate(heads, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = wide.get(name, 15)


def _cell(sheet: Any, value: Value, *, bold: bool = False) -> Any:
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value) or None)
        if cell.value is not None:
            cell.data_type = "s"
    else:
        cell = WriteOnlyCell(sheet, cast(Any, value))  # a Decimal goes in as it is
        if isinstance(value, Decimal):
            cell.number_format = "0.00"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _without_time(content: bytes, moment: dt.datetime) -> bytes:
    """The same workbook with `moment` as the time it was made."""
    stamp = moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(name, archive.read(name)) for name in sorted(archive.namelist(), key=_order)]
    return packed(
        (name, _MOMENT.sub(rb"\g<1>" + stamp + rb"\g<3>", body) if name == "docProps/core.xml" else body)
        for name, body in members
    )


def _order(name: str) -> tuple[bool, str]:
    """The list of types first, as readers of the format expect."""
    return (name != "[Content_Types].xml", name)
