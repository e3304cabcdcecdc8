"""Zipped spreadsheets, looked at before anything of them is unpacked: what they are, and whether they are bombs."""

from __future__ import annotations

import io
import zipfile

from modules.budgets.importing.problems import Problem

MAX_MEMBERS = 2_000
MAX_UNPACKED = 64 * 1024 * 1024
MAX_RATIO = 400  # a sheet of 20,000 like rows packs about 30 to 1; the best that deflate can do is about 1,000 to 1
_SMALL = 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and every workbook with a password
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


class Refused(Exception):
    """A file that is not read any further; `problem` says why."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.problem = Problem(code=code, params=params)


def kind_of(content: bytes) -> str:
    """What the bytes are, whatever the file is called: "xlsx", "ods" or "text"; raises Refused."""
    if content.startswith(_OLE):
        raise Refused("old_or_locked")
    if content.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")):
        raise Refused("no_sheet")
    if not content.startswith(b"PK\x03\x04"):
        return "text"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_size(archive)
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "content.xml" in names and archive.read("mimetype").strip().startswith(ODS_TYPE):
                return "ods"
    except Refused:
        raise
    except Exception as error:  # zipfile raises BadZipFile, KeyError, NotImplementedError, zlib.error ...
        raise Refused("broken_sheet") from error
    raise Refused("no_sheet")


def counted(content: bytes, kind: str) -> int:
    """About how many rows the largest sheet has, without reading cells."""
    if kind == "text":
        return content.count(b"\n") + 1
    mark = b"<row" if kind == "xlsx" else b"<table:table-row"
    largest = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name == "content.xml" or name.startswith("xl/worksheets/"):
                largest = max(largest, _count(archive, name, mark))
    return largest


def has_formulas(content: bytes) -> bool:
    """True where a sheet of an XLSX file holds a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(_count(archive, name, mark) for name in names for mark in (b"<f>", b"<f ", b"<f/>"))


def _check_size(archive: zipfile.ZipFile) -> None:
    """Refuses bombs by the sizes the members declare: zipfile unpacks no byte beyond them."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
        raise Refused("bomb")
    for member in members:
        if member.file_size > _SMALL and member.file_size > MAX_RATIO * max(1, member.compress_size):
            raise Refused("bomb")
        if member.flag_bits & 1:
            raise Refused("old_or_locked")


def _count(archive: zipfile.ZipFile, name: str, mark: bytes) -> int:
    found, tail = 0, b""
    with archive.open(name) as source:
        while piece := source.read(1 << 16):
            found += (tail + piece).count(mark)
            tail = piece[-(len(mark) - 1) :]
    return found


def unpacked(content: bytes) -> int:
    """How many bytes the file unpacks to; its own size where it is no archive."""
    if kind_of(content) == "text":
        return len(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(member.file_size for member in archive.infolist())
