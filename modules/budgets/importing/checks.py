"""A file's rows against the classification and against one another: problems, and the local lines that are new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hamaynk.common.text_key import text_key
from modules.budgets.codes import split_code
from modules.budgets.importing.content import FileRow
from modules.budgets.importing.problems import WARNING, Problem
from modules.budgets.importing.totals import check_totals
from modules.budgets.tables import Figure, Line, Names, ancestors, by_part


@dataclass
class Checked:
    """Findings about rows that could be read. new_lines: local lines that a confirmation adds, by code."""

    problems: list[Problem] = field(default_factory=list)
    new_lines: dict[str, Line] = field(default_factory=dict)


def check(
    rows: Sequence[FileRow],
    lines: Mapping[str, Line],
    *,
    known: set[str],
    total_code: str,
    year: int,
    totals: Sequence[FileRow] = (),
) -> Checked:
    """Check `rows` against the `lines` valid in `year`.

    known: codes of any year, to tell a wrong year from a typo. totals: rows without a code that sum up others.
    """
    result = Checked()
    for row in {(row.line, row.code): row for row in rows}.values():  # a line has a figure for each part
        _check_code(row, lines, known, year, result)
    every = dict(lines) | result.new_lines
    for part in sorted({row.part for row in rows}):
        if not any(row.code == total_code and row.part == part for row in rows):
            result.problems.append(Problem(code="no_total", params={"code": total_code}))
            break
    result.problems += _check_sums(rows, every) + check_totals(totals, rows, every, total_code)
    return result


def national_code(code: str, lines: Mapping[str, Line]) -> str:
    """The line that `code` adds a local suffix to ("1137ա" -> "1137", "11306" -> "1130"), or ""; never the total."""
    split = split_code(code, {own for own, line in lines.items() if line.parent and not line.is_local})
    return split.national if split is not None and split.is_local else ""


def figures(rows: Sequence[FileRow]) -> list[Figure]:
    """The rows as figures."""
    return [
        Figure(
            code=row.code,
            part=row.part,
            year_plan=row.year_plan,
            period_plan=row.period_plan,
            actual=row.actual,
            approved_plan=row.approved_plan,
        )
        for row in rows
    ]


def _check_code(row: FileRow, lines: Mapping[str, Line], known: set[str], year: int, result: Checked) -> None:
    line = lines.get(row.code)
    if line is not None:
        known_names = (line.names.hy, line.names.en, line.names.ru)
        if row.name_hy and text_key(row.name_hy) not in map(text_key, known_names):
            params = {"code": row.code, "name": line.names.hy}
            result.problems.append(
                Problem(code="name_differs", severity=WARNING, line=row.line, column="name_hy", params=params)
            )
        return
    if row.code in result.new_lines:
        return
    if row.code in known:
        params = {"code": row.code, "year": str(year)}
        result.problems.append(Problem(code="not_valid_then", line=row.line, column="code", params=params))
        return
    parent = national_code(row.code, lines)
    if not parent:
        result.problems.append(Problem(code="unknown_code", line=row.line, column="code", params={"code": row.code}))
    elif not row.name_hy:
        result.problems.append(
            Problem(code="local_name_missing", line=row.line, column="name_hy", params={"code": row.code})
        )
    else:
        names = Names(hy=row.name_hy, en=row.name_en, ru=row.name_ru)
        result.new_lines[row.code] = Line(code=row.code, parent=parent, article="", names=names, is_local=True)
        params = {"code": row.code, "parent": parent}
        result.problems.append(
            Problem(code="new_local_line", severity=WARNING, line=row.line, column="code", params=params)
        )


def _check_sums(rows: Sequence[FileRow], lines: Mapping[str, Line]) -> list[Problem]:
    """Parents against the sum of what stands below them, per part; both ways warnings, for sources are cut."""
    problems: list[Problem] = []
    for part in sorted({row.part for row in rows}):
        own = {row.code: row for row in rows if row.part == part}
        sums: dict[str, list[FileRow]] = {}
        for code, row in own.items():
            parent = next((a for a in ancestors(code, lines) if a in own), "")
            if parent:
                sums.setdefault(parent, []).append(row)
        for parent, children in sums.items():
            problems += _compare(own[parent], children)
    return problems + _check_parts(rows)


def _compare(parent: FileRow, children: list[FileRow]) -> list[Problem]:
    differences = [
        getattr(parent, measure) - sum(getattr(child, measure) for child in children)
        for measure in ("year_plan", "period_plan", "actual")
    ]
    found = []
    for code, applies in (
        ("children_below", any(d > 0 for d in differences)),
        ("children_above", any(d < 0 for d in differences)),
    ):
        if applies:
            found.append(Problem(code=code, severity=WARNING, line=parent.line, params={"code": parent.code}))
    return found


def _check_parts(rows: Sequence[FileRow]) -> list[Problem]:
    """Where a line is stated as a whole and by part, the parts should add up; transfers between them may not."""
    stated = {row.code: row for row in rows if row.part == "undivided"}
    divided = by_part([f for f in figures(rows) if f.part != "undivided"], "total")
    return [
        Problem(code="parts_differ", severity=WARNING, line=stated[code].line, params={"code": code})
        for code, amounts in divided.items()
        if code in stated
        and (amounts.year_plan, amounts.period_plan, amounts.actual)
        != (stated[code].year_plan, stated[code].period_plan, stated[code].actual)
    ]
