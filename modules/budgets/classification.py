"""The town's classifications as values: reading only, shared by actions and selectors."""

import datetime as dt
from typing import Any

from django.db.models import F, Q, QuerySet

from modules.budgets.models import ClassificationKind, ClassificationLine
from modules.budgets.packs import PackLine, pack
from modules.budgets.tables import Line, Names

REVENUE = ClassificationKind.REVENUE.value


def total_code(kind: str = REVENUE) -> str:
    """Code of the total line, as the country pack has it."""
    return next(line.code for line in pack(kind) if not line.parent)


def lines_valid_in(year: int, kind: str = REVENUE) -> dict[str, Line]:
    """Lines that are valid on some day of `year`, by code; the latest wording of the year counts. One query."""
    return {line.code: as_line(line) for line in valid_rows(rows_of(kind), year)}


def all_lines(kind: str = REVENUE, *, year: int | None = None) -> dict[str, Line]:
    """Every line the town ever had, by code, in the wording of `year` where it has one, else the latest. One query."""
    rows = list(rows_of(kind))
    lines = {line.code: as_line(line) for line in rows}
    if year is not None:
        lines |= {line.code: as_line(line) for line in rows if _is_valid_in(line, year)}
    return lines


def rows_of(kind: str) -> QuerySet[ClassificationLine]:
    """Rows of a kind, the earlier wording of a code first, so that the later one stays in a dictionary by code."""
    return ClassificationLine.objects.filter(kind=kind).order_by("code", F("valid_from").asc(nulls_first=True))


def valid_rows(rows: QuerySet[ClassificationLine], year: int) -> QuerySet[ClassificationLine]:
    """Those of `rows` that are valid on some day of `year`; local lines always are."""
    return rows.filter(
        Q(valid_from=None) | Q(valid_from__lte=dt.date(year, 12, 31)),
        Q(valid_to=None) | Q(valid_to__gte=dt.date(year, 1, 1)),
    )


def as_line(line: ClassificationLine) -> Line:
    """The row as a value; unverified is what still waits for a source."""
    return Line(
        code=line.code,
        parent=line.parent_code,
        article=line.article,
        names=Names(hy=line.name_hy, en=line.name_en, ru=line.name_ru),
        unverified=line.needs_source,
        is_local=line.is_local,
    )


def pack_differences(kind: str) -> tuple[list[PackLine], list[tuple[ClassificationLine, PackLine]]]:
    """What the country pack has that the town has not: lines to add, and rows with what they should say. One query.

    A row is met by code and first day; where the pack moved a first day, by code in the order of time. A local line
    whose code became a national one is taken over.
    """
    present: dict[str, list[ClassificationLine]] = {}
    for row in rows_of(kind):
        present.setdefault(row.code, []).append(row)
    missing: list[PackLine] = []
    changed: list[tuple[ClassificationLine, PackLine]] = []
    unmet: list[PackLine] = []
    for national in pack(kind):
        rows = present.get(national.code, [])
        met = next((row for row in rows if row.valid_from == national.valid_from), None)
        if met is None:
            unmet.append(national)
            continue
        rows.remove(met)
        if any(getattr(met, name) != value for name, value in pack_columns(national).items()):
            changed.append((met, national))
    for national in unmet:
        rows = present.get(national.code, [])
        if rows:
            changed.append((rows.pop(0), national))
        else:
            missing.append(national)
    return missing, changed


def pack_columns(national: PackLine) -> dict[str, Any]:
    """The columns of a town's row that the country pack decides."""
    return {
        "parent_code": national.parent,
        "article": national.article,
        "name_hy": national.name_hy,
        "name_en": national.name_en,
        "name_ru": national.name_ru,
        "valid_from": national.valid_from,
        "valid_to": national.valid_to,
        "unverified": national.unverified,
        "source": national.source,
        "is_local": False,
    }


def _is_valid_in(line: ClassificationLine, year: int) -> bool:
    begins, ends = line.valid_from or dt.date.min, line.valid_to or dt.date.max
    return begins <= dt.date(year, 12, 31) and ends >= dt.date(year, 1, 1)
