"""Small files to take away: a text that any office program opens, a table for whoever reckons with it."""

import csv
from io import BytesIO, StringIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from public_sites.demo.words import lines_of, without_links

TYPE = "application/vnd.oasis.opendocument.text"
MADE = (2026, 1, 1, 0, 0, 0)  # the same text gives the same file
NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
MANIFEST = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="{NAMES}manifest:1.0" '
    f'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:version="1.2" '
    f'manifest:media-type="{TYPE}"/><manifest:file-entry manifest:full-path="content.xml" '
    f'manifest:media-type="text/xml"/></manifest:manifest>'
)
HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content xmlns:office="{NAMES}office:1.0" '
    f'xmlns:text="{NAMES}text:1.0" xmlns:style="{NAMES}style:1.0" xmlns:fo="{NAMES}xsl-fo-compatible:1.0" '
    'office:version="1.2"><office:automatic-styles>'
    '<style:style style:name="P" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.3cm"/>'
    '<style:text-properties fo:font-size="11pt"/></style:style>'
    '<style:style style:name="H" style:family="paragraph"><style:paragraph-properties fo:margin-top="0.5cm" '
    'fo:margin-bottom="0.3cm"/><style:text-properties fo:font-size="14pt" fo:font-weight="bold"/></style:style>'
    '<style:style style:name="S" style:family="paragraph"><style:paragraph-properties fo:margin-top="0.8cm"/>'
    '<style:text-properties fo:font-size="9pt" fo:font-style="italic"/></style:style>'
    "</office:automatic-styles><office:body><office:text>"
)
TAIL = "</office:text></office:body></office:document-content>"


def as_odt(*, above: str, title: str, text: str, remark: str) -> bytes:
    """An OpenDocument text: who speaks, what it is called, what it says, and that it is a demonstration."""
    parts = [_line("P", above), _line("H", title, level=1)]
    number = 0
    for tag, around, words in lines_of(text):
        number = number + 1 if around == "ol" else 0
        mark = f"{number}. " if number else "– " if around else ""
        said = mark + without_links(words)
        parts.append(_line("H", said, level=2) if tag == "h2" else _line("P", said))
    content = HEAD + "".join([*parts, _line("S", remark)]) + TAIL
    data = BytesIO()
    with ZipFile(data, "w") as packed:
        # The type comes first and unpacked: by it programs know the file (OpenDocument 1.2, part 3, 3.3).
        packed.writestr(ZipInfo("mimetype", MADE), TYPE, ZIP_STORED)
        packed.writestr(ZipInfo("content.xml", MADE), content, ZIP_DEFLATED)
        packed.writestr(ZipInfo("META-INF/manifest.xml", MADE), MANIFEST, ZIP_DEFLATED)
    return data.getvalue()


def _line(style: str, words: str, level: int = 0) -> str:
    if level:
        return f'<text:h text:style-name="{style}" text:outline-level="{level}">{escape(words)}</text:h>'
    return f'<text:p text:style-name="{style}">{escape(words)}</text:p>'


def as_csv(rows: str) -> bytes:
    """A table from lines with ";" between the cells; the mark at the start tells spreadsheets that it is UTF-8."""
    held = StringIO()
    csv.writer(held).writerows([cell.strip() for cell in row.split(";")] for row in rows.strip().splitlines())
    return ("\ufeff" + held.getvalue()).encode()
