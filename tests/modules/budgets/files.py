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


def head(title: str, first: Sequence[str], groups: Sequence[str] = GROUPS) -> list[list[Any]]:
    """The head of a section of the official form: a title, the unit, three rows of names, the numbers of the columns."""
    width, names = len(first) + 3 * len(groups), len(first)
    return [
        [title],
        [None] * (width - 1) + ["(հազար դրամ)"],
        [*first, *(cell for group in groups for cell in (group, None, None))],
        [None] * names + ["Ընդամենը", "այդ թվում՝", None] * len(groups),
        [None] * names + [None, "վարչական մաս", "ֆոնդային մաս"] * len(groups),
        list(range(1, width + 1)),
    ]


def amounts(total: Any, administrative: Any = None, fund: Any = None) -> list[Any]:
    """The nine cells of a row: approved plan, adjusted plan and half of it received or spent."""
    three = [total, total if administrative is None and fund is None else administrative, fund]
    return [*three, *three, *(None if cell is None else cell / 2 for cell in three)]


FUNCTIONAL: list[list[Any]] = [
    *head("ՀԱՏՎԱԾ 2. ՀԱՄԱՅՆՔԻ ԲՅՈՒՋԵԻ ԾԱԽՍԵՐԸ ԸՍՏ ԳՈՐԾԱՌԱԿԱՆ ԴԱՍԱԿԱՐԳՄԱՆ",
          ["Տողի NN", "Բաժին", "Խումբ", "Դաս", "Ծախսերի գործառական դասակարգման բաժինների, խմբերի և դասերի անվանումները"]),
    [2000, "X", "X", "X", "Ընդամենը ծախսեր", *amounts(500, 400, 100)],
    [2100, "01", "X", "X", "Ընդհանուր բնույթի հանրային ծառայություններ", *amounts(300, 300)],
    [None, None, None, None, "այդ թվում՝"],
    [2111, "01", "1", "1", None, *amounts(300, 300)],
    [None, "04", "9", "1", "Տնտեսական հարաբերություններ (այլ դասերին չպատկանող)", *amounts(-50, None, -50)],
    [2911, "09", "1", "1", "Նախադպրոցական կրթություն", *amounts(250, 100, 150)],
]  # fmt: skip
ECONOMIC: list[list[Any]] = [
    *head("ՀԱՏՎԱԾ 3. ԾԱԽՍԵՐԸ ԸՍՏ ՏՆՏԵՍԱԳԻՏԱԿԱՆ ԴԱՍԱԿԱՐԳՄԱՆ",
          ["Տողի NN", "Տնտեսագիտական դասակարգման հոդվածների անվանումները", "Հոդվածի NN"]),
    [4000, "Ընդամենը ծախսեր", None, *amounts(500, 400, 100)],
    [4050, "Ա. Ընթացիկ ծախսեր", None, *amounts(400, 400)],
    [4111, "Աշխատողների աշխատավարձեր և հավելավճարներ", 4111, *amounts(300, 300)],
    [4212, "-Էներգետիկ ծառայություններ", 4212, *amounts(60, 60)],
    [4411, "Սուբսիդիաներ ոչ ֆինանսական պետական (համայնքային) կազմակերպություններին", 4511, *amounts(30, 30)],
    [None, "Ներքին արժեթղթերի տոկոսավճարներ", 4411, *amounts(10, 10)],
    [5000, "Բ. Ոչ ֆինանսական ակտիվների գծով ծախսեր", None, *amounts(150, None, 150)],
    [6410, "Հողի իրացումից մուտքեր", 8411, *amounts(-50, None, -50)],
]  # fmt: skip
BOTH: list[list[Any]] = [
    *head("ՀԱՏՎԱԾ 6. ԾԱԽՍԵՐԸ ԸՍՏ ԳՈՐԾԱՌԱԿԱՆ ԵՎ ՏՆՏԵՍԱԳԻՏԱԿԱՆ ԴԱՍԱԿԱՐԳՄԱՆ",
          ["Տողի NN", "Բաժին", "Խումբ", "Դաս", "Ծախսերի անվանումները", "Հոդված"]),
    [2000, None, None, None, "Ընդամենը ծախսեր", None, *amounts(460, 360, 100)],
    [2111, "01", "1", "1", None, None, *amounts(360, 360)],
    [None, None, None, None, "այդ թվում՝"],
    [None, None, None, None, "- Աշխատողների աշխատավարձեր և հավելավճարներ", 4111, *amounts(300, 300)],
    [4212, None, None, None, "Էներգետիկ ծառայություններ", None, *amounts(40, 40)],
    [None, None, None, None, "Կապի ծառայություններ", None, *amounts(15, 15)],
    [None, None, None, None, "Ներքին արժեթղթերի տոկոսավճարներ 4411", None, *amounts(5, 5)],
    [2911, "09", "1", "1", "Նախադպրոցական կրթություն", None, *amounts(100, None, 100)],
    [None, None, None, None, "Շենքերի և շինությունների կառուցում", 5112, *amounts(100, None, 100)],
]  # fmt: skip
FINANCING: list[list[Any]] = [
    *head("ՀԱՏՎԱԾ 5. ԴԵՖԻՑԻՏԻ ՖԻՆԱՆՍԱՎՈՐՈՒՄՆ ԸՍՏ ԱՂԲՅՈՒՐՆԵՐԻ", ["Տողի NN", "Աղբյուրների անվանումները", "Հոդված"]),
    [8010, None, None, *amounts(30, 20, 10)],
    [8122, "Վարկերի ստացում", 9112, *amounts(50, 40, 10)],
    [8130, "Ստացված վարկերի հիմնական գումարի մարում", 6112, *amounts(-20, -20)],
]  # fmt: skip
SETTLEMENTS: list[list[Any]] = [
    *HEAD,
    [1000, "ԸՆԴԱՄԵՆԸ", None, *amounts(100, 100)],
    [1110, "1.1 Գույքային հարկեր անշարժ գույքից", 7131, *amounts(100, 100)],
    [1110, "1.1 Գույքային հարկեր անշարժ գույքից (Արթիկ բնակավայր) 900205003016", 7131, *amounts(60, 60)],
    [None, "Պեմզաշեն բնակավայր 900205103022", 7131, *amounts(40, 40)],
]
PLAN_HEAD = ["Տողի NN", "Եկամտատեսակները", "Տարեկան պլան", "1-ին եռամսյակ", "1-ին կիսամյակ", "9 ամիս", "Տարի"]
