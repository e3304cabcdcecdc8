"""The forms a published month is offered in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from modules.budgets.opendata.fiscal_package import SPECIFICATION, package_bytes
from modules.budgets.opendata.table import csv_bytes, json_bytes
from modules.budgets.opendata.values import OpenMonth
from modules.budgets.opendata.workbook import xlsx_bytes


@dataclass(frozen=True, kw_only=True)
class Form:
    """code: end of the file's name. file_type: of the EU's list. build: the whole file of a month."""

    code: str
    name: str
    media_type: str
    file_type: str
    build: Callable[[OpenMonth], bytes]
    conforms_to: tuple[str, ...] = ()


FORMS = {
    form.code: form
    for form in (
        Form(
            code="csv", name="CSV", media_type="text/csv", file_type="CSV", build=csv_bytes,
            conforms_to=("https://www.rfc-editor.org/rfc/rfc4180",),
        ),
        Form(
            code="xlsx", name="XLSX", file_type="XLSX", build=xlsx_bytes,
            media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        Form(code="json", name="JSON", media_type="application/json", file_type="JSON", build=json_bytes),
        Form(
            code="zip", name="Fiscal Data Package", media_type="application/zip", file_type="ZIP", build=package_bytes,
            conforms_to=(SPECIFICATION,),
        ),
    )
}  # fmt: skip
