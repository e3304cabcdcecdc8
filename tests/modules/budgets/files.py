"""Files as finance officers have them, built for the tests: the official form as XLSX, ODS, and ARMSCII-8 text."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook

from modules.budgets.importing.encodings import ARMSCII8

GROUPS = ("ՀԱՍՏԱՏՎԱԾ ՊԼԱՆ", "ՃՇՏՎԱԾ ՊԼԱՆ", "ՓԱՍՏԱՑԻ")
HEAD: list[list[Any]] = [
    ["ՀԱՏՎԱԾ 1. ՀԱՄԱՅՆՔԻ ԲՅՈՒՋԵԻ ԵԿԱՄՈՒՏՆԵՐԸ"],
    [None] * 11 + ["(հազար դրամ)"],
    ["Տողի NN", "Եկամտատեսակները", "Հոդվածի NN", GROUPS[0], None, None, GROUPS[1], None, None, GROUPS[2], None, None],
    [None] * 3 + ["Ընդամենը (ս.5+ս.6)", "այդ թվում՝", None] * 3,
    [None] * 4 + ["վարչական մաս", "ֆոնդային մաս", None] * 2 + ["վարչական մաս", "ֆոնդային մաս"],
    list(range(1, 13)),
]
MERGED = (
    "A1:L1", "A3:A5", "B3:B5", "C3:C5", "D3:F3", "G3:I3", "J3:L3", "D4:D5", "E4:F4", "G4:G5", "H4:I4", "J4:J5", "K4:L4",
)  # fmt: skip
OFFICIAL: list[list[Any]] = [
    *HEAD,
    [1000, "ԸՆԴԱՄԵՆԸ", None, 700000, 600000, 100000, 760414.5, 660414.5, 100000, 389782.993, 339782.993, 50000],
    [None, "այդ թվում՝"],
    ["1110", "1.1 Գույքային հարկեր անշարժ գույքից", 7131, 60000, 60000, None, 65440.6, 65440.6, None, 26693.126,
     26693.126, None],
    [1120, "1.2 Գույքային հարկեր այլ գույքից", 7136],
    [1260, None, 7332, 640000, 540000, 100000, 694973.9, 594973.9, 100000, 363089.867, 313089.867, 50000],
    [None, "Ընդամենը եկամուտներ", None, 700000, 600000, 100000, 760414.5, 660414.5, 100000, 389782.993, 339782.993,
     50000],
    ["Ֆինանսական բաժնի պետ՝", "Ա. Պետրոսյան"],
]  # fmt: skip
_ENCODE = {letter: byte for byte, letter in ARMSCII8.items()}
_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)


def xlsx(rows: Iterable[Sequence[Any]], merged: Iterable[str] = (), **more: Any) -> bytes:
    """A workbook with one sheet; more: name -> rows of further sheets, hidden where the name begins with "hidden"."""
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    for name, others in more.items():
        other = book.create_sheet(name)
        other.sheet_state = "hidden" if name.startswith("hidden") else "visible"
        for row in others:
            other.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: Iterable[Sequence[Any]], *, tail: str = "", before: str = "") -> bytes:
    """An OpenDocument spreadsheet with one sheet; tail: further rows, before: what stands ahead of the root element."""
    body = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {_NAMESPACES}>'
        f'<office:body><office:spreadsheet><table:table table:name="Եկամուտներ">{body}{tail}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": document.encode()})


def archive(members: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


def changed(content: bytes, name: str, change: Any) -> bytes:
    """The zip with one member changed by `change(bytes)`."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        members = {one: packed.read(one) for one in packed.namelist()}
    return archive(members | {name: change(members[name])})


def armscii(text: str) -> bytes:
    """ARMSCII-8 bytes of an Armenian text."""
    return bytes(ord(c) if ord(c) < 0x80 else _ENCODE[c] for c in text)


def csv_text(rows: Iterable[Sequence[Any]], separator: str = ";", comma: bool = True) -> str:
    """The rows as a spreadsheet in an Armenian locale saves them: semicolons, decimal commas, all rows of one width."""
    rows = list(rows)
    width = max(map(len, rows))
    lines = []
    for row in rows:
        texts = ["" if value is None else str(value) for value in row] + [""] * (width - len(row))
        if comma:
            floats = {number for number, value in enumerate(row) if isinstance(value, float)}
            texts = [text.replace(".", ",") if number in floats else text for number, text in enumerate(texts)]
        lines.append(separator.join(texts))
    return "\r\n".join(lines) + "\r\n"


def _cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        kind = f'office:value-type="float" office:value={quoteattr(str(value))}'
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
