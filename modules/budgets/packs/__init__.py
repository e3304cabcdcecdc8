"""Country packs: the dated national classifications as data files, found by the setting COUNTRY_PACK (default "am").

A pack is a folder here with a file for each kind of classification: `revenue.csv` always, `functional.csv`,
`economic.csv` and `financing.csv` where the country has them. Nothing of a country stands in code.

`code` is the number of the line in the official form, `article` what the law's own numbering calls it (the article of a
revenue or of an economic class; division.group.class of a function): two columns, for they differ. A line ends by
`valid_to` and is never dropped, so that old figures keep their names; renamed, it stands twice with other dates. Rows
with `unverified=yes` come from no first-hand source: a finance officer clears them by naming one.
"""

import csv
import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.conf import settings

from modules.budgets.packs.lines import PackError, PackLine
from modules.budgets.packs.rules import check

__all__ = ["KINDS", "PackError", "PackLine", "country", "load", "load_pack", "pack", "read_lines"]

FOLDER = Path(__file__).parent
KINDS = ("revenue", "functional", "economic", "financing")
REQUIRED = ("revenue",)
COLUMNS = (
    "code", "parent", "article", "name_hy", "name_en", "name_ru", "valid_from", "valid_to", "unverified", "source",
)  # fmt: skip


def load(kind: str, year: int) -> tuple[PackLine, ...]:
    """Lines of the deployment's `kind` that are valid on some day of `year`, each code once, in the form's order.

    Where a line changes within the year, the later wording counts for the year.
    """
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    valid = {line.code: line for line in pack(kind) if line.valid_from <= last and line.last_day >= first}
    return tuple(valid.values())


def pack(kind: str) -> tuple[PackLine, ...]:
    """All dated lines of `kind` in the deployment's country, checked; raises PackError."""
    return load_pack(country(), kind)


def country() -> str:
    """Two letters: whose classifications this deployment uses."""
    return str(getattr(settings, "COUNTRY_PACK", "am"))


@cache
def load_pack(country: str, kind: str) -> tuple[PackLine, ...]:
    """The lines of `country` ("am") in the order of the form. Deployment data, the same for every town.

    Empty where the country has no classification of that kind; every pack has revenue.
    """
    if not re.fullmatch(r"[a-z]{2}", country):
        raise PackError(f"a country pack is named by two letters, not {country!r}")
    if kind not in KINDS:
        raise PackError(f"{kind!r} is no kind of classification: {', '.join(KINDS)}")
    path = FOLDER / country / f"{kind}.csv"
    if not path.is_file():
        if kind in REQUIRED:
            raise PackError(f"no country pack {country!r}: it needs {kind}.csv")
        return ()
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
    return tuple(sorted(lines, key=lambda line: (line.code, line.valid_from)))


def _line(cells: dict[str, str]) -> PackLine:
    if cells["unverified"] not in ("yes", "no"):
        raise ValueError("unverified is yes or no")
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
        source=cells["source"].strip(),
    )
