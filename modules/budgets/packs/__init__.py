"""Country packs: the dated national classification as data files, found by the setting COUNTRY_PACK (default "am").

A pack is a folder here with `revenue.csv`. Nothing of a country stands in code. Rows with `unverified=yes` come from
no first-hand source: a finance officer checks them before first use.
"""

import csv
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

FOLDER = Path(__file__).parent
COLUMNS = (
    "code", "parent", "article", "name_hy", "name_en", "name_ru", "valid_from", "valid_to", "unverified", "source",
)  # fmt: skip


class PackError(Exception):
    """A pack that cannot be used; the text lists every fault."""


@dataclass(frozen=True, kw_only=True)
class PackLine:
    """One line of the national classification. parent is "" for the total; valid_to None means until further notice."""

    code: str
    parent: str
    article: str
    name_hy: str
    name_en: str
    name_ru: str
    valid_from: dt.date
    valid_to: dt.date | None
    unverified: bool
    source: str


def revenue_pack() -> tuple[PackLine, ...]:
    """The deployment's revenue classification, checked; raises PackError."""
    return load_pack(getattr(settings, "COUNTRY_PACK", "am"))


@cache
def load_pack(country: str) -> tuple[PackLine, ...]:
    """The revenue lines of `country` ("am") in the order of the form. Deployment data, the same for every town."""
    if not re.fullmatch(r"[a-z]{2}", country):
        raise PackError(f"a country pack is named by two letters, not {country!r}")
    path = FOLDER / country / "revenue.csv"
    if not path.is_file():
        raise PackError(f"no country pack {country!r}")
    with path.open(encoding="utf-8", newline="") as source:
        return read_lines(list(csv.reader(source)))


def read_lines(table: Sequence[Sequence[str]]) -> tuple[PackLine, ...]:
    """Lines from the cells of a pack file, its head first; PackError names every fault."""
    if not table or tuple(table[0]) != COLUMNS:
        raise PackError(f"the head must be {','.join(COLUMNS)}")
    lines, faults = [], []
    for number, cells in enumerate(table[1:], start=2):
        try:
            lines.append(_line(dict(zip(COLUMNS, cells, strict=True))))
        except ValueError as error:
            faults.append(f"line {number}: {error}")
    faults += check(lines)
    if faults:
        raise PackError("; ".join(faults))
    return tuple(lines)


def check(lines: Sequence[PackLine]) -> list[str]:
    """Faults of a classification: codes once, one total, parents known and acyclic, names in three languages, dates."""
    faults = []
    parents = {line.code: line.parent for line in lines}
    faults += [f"code {code} twice" for code in parents if sum(line.code == code for line in lines) > 1]
    totals = [line.code for line in lines if not line.parent]
    if len(totals) != 1:
        faults.append(f"exactly one total line is needed, found {totals}")
    for line in lines:
        if line.parent and line.parent not in parents:
            faults.append(f"code {line.code}: parent {line.parent} is not in the pack")
        if _in_circle(line.code, parents):
            faults.append(f"code {line.code} is its own ancestor")
        if not (line.name_hy and line.name_en and line.name_ru):
            faults.append(f"code {line.code}: a name is missing in one of the languages")
        if line.valid_to and line.valid_to < line.valid_from:
            faults.append(f"code {line.code}: ends before it begins")
    return faults


def _line(cells: dict[str, str]) -> PackLine:
    if cells["unverified"] not in ("yes", "no"):
        raise ValueError("unverified is yes or no")
    if not cells["code"]:
        raise ValueError("a code is missing")
    return PackLine(
        code=cells["code"],
        parent=cells["parent"],
        article=cells["article"],
        name_hy=cells["name_hy"].strip(),
        name_en=cells["name_en"].strip(),
        name_ru=cells["name_ru"].strip(),
        valid_from=dt.date.fromisoformat(cells["valid_from"]),
        valid_to=dt.date.fromisoformat(cells["valid_to"]) if cells["valid_to"] else None,
        unverified=cells["unverified"] == "yes",
        source=cells["source"],
    )


def _in_circle(code: str, parents: dict[str, str]) -> bool:
    seen, at = set(), code
    while at := parents.get(at, ""):
        if at in seen or at == code:
            return True
        seen.add(at)
    return False
