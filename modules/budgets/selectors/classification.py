"""Reads of the classification for the office: the tree, what waits for a source, the history of a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from hamaynk.common.text_key import text_key
from modules.budgets.classification import as_line, pack_differences, rows_of, valid_rows
from modules.budgets.codes import split_code
from modules.budgets.models import ClassificationKind, ClassificationLine, LineVerification
from modules.budgets.tables import Names, ancestors


@dataclass(frozen=True, kw_only=True)
class TreeRow:
    """A line as the office lists it. level: 0 for the total. suffix: of a town's own line. verification: in force."""

    line: ClassificationLine
    names: Names
    level: int
    suffix: str
    verification: LineVerification | None


@dataclass(frozen=True, kw_only=True)
class KindCount:
    """How many lines of a kind the town has, and how many of them wait for a source."""

    kind: ClassificationKind
    lines: int
    unverified: int


def kind_counts() -> list[KindCount]:
    """Every kind, those without lines too. One query."""
    waiting = Q(unverified=True, is_verified=False)
    counted = ClassificationLine.objects.order_by().values("kind")
    found = {row["kind"]: row for row in counted.annotate(lines=Count("pk"), waiting=Count("pk", filter=waiting))}
    none = {"lines": 0, "waiting": 0}
    return [
        KindCount(kind=kind, lines=row["lines"], unverified=row["waiting"])
        for kind in ClassificationKind
        for row in [found.get(kind.value, none)]
    ]


def tree(*, kind: str, search: str = "", unverified_only: bool = False, year: int | None = None) -> list[TreeRow]:
    """Lines of a kind in the order of the form. Two queries at most.

    search: words of a name in any language, or the beginning of a line or article number. year: valid on a day of it.
    """
    of_kind = rows_of(kind)
    rows = list(of_kind if year is None else valid_rows(of_kind, year))
    lines = {row.code: as_line(row) for row in rows}
    national = {row.code for row in rows if not row.is_local}
    shown = [row for row in rows if (not unverified_only or row.needs_source) and _is_meant(row, search)]
    in_force = _verifications_in_force(shown)
    return [
        TreeRow(
            line=row,
            names=as_line(row).names,
            level=len(ancestors(row.code, lines)),
            suffix=_suffix(row, national),
            verification=in_force.get(row.pk),
        )
        for row in shown
    ]


def access_line(line_id: int) -> ClassificationLine | None:
    """A line of this town by its number, or None; for holders of budgets.view. One query."""
    return ClassificationLine.objects.filter(pk=line_id).first()


def line_history(line: ClassificationLine) -> list[LineVerification]:
    """Sources named for a line and taken back, the newest first. One query."""
    return list(line.verifications.select_related("recorded_by"))


def next_unverified(line: ClassificationLine) -> ClassificationLine | None:
    """The line that waits for a source next, in the order of the form, from the start again at its end. One query."""
    waiting = [row for row in rows_of(line.kind) if row.needs_source and row.pk != line.pk]
    return next((row for row in waiting if row.code >= line.code), waiting[0] if waiting else None)


def unverified_below(line: ClassificationLine) -> list[ClassificationLine]:
    """Lines anywhere below `line` that wait for a source, in the order of the form. One query."""
    rows = list(rows_of(line.kind))
    lines = {row.code: as_line(row) for row in rows}
    return [row for row in rows if row.needs_source and line.code in ancestors(row.code, lines)]


def lines_above(line: ClassificationLine) -> list[ClassificationLine]:
    """From the total down to the line's parent, in the newest wording. One query."""
    rows = {row.code: row for row in rows_of(line.kind)}
    lines = {code: as_line(row) for code, row in rows.items()}
    return [rows[code] for code in reversed(ancestors(line.code, lines)) if code in rows]


def waiting_from_pack() -> int:
    """How many lines of the country pack the town has not, or has otherwise. A query a kind."""
    return sum(len(part) for kind in ClassificationKind.values for part in pack_differences(kind))


def _is_meant(row: ClassificationLine, search: str) -> bool:
    wanted = search.strip()
    if not wanted:
        return True
    if row.code.startswith(wanted) or row.article.startswith(wanted):
        return True
    words = text_key(wanted).split()
    names = text_key(" ".join((row.name_hy, row.name_en, row.name_ru)))
    return bool(words) and all(word in names for word in words)


def _suffix(row: ClassificationLine, national: set[str]) -> str:
    split = split_code(row.code, national) if row.is_local else None
    return split.suffix if split else ""


def _verifications_in_force(rows: Sequence[ClassificationLine]) -> Mapping[int, LineVerification]:
    verified = [row.pk for row in rows if row.is_verified]
    if not verified:
        return {}
    entries = LineVerification.objects.filter(line__in=verified).select_related("recorded_by").order_by("pk")
    return {entry.line_id: entry for entry in entries}
