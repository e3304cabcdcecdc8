"""A file's rows against the classification and against one another: problems, and the local lines that are new."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from hamaynk.common.text_key import text_key
from modules.budgets.codes import split_code
from modules.budgets.importing.content import FileRow
from modules.budgets.importing.lattice import Eliminated
from modules.budgets.importing.problems import WARNING, Problem
from modules.budgets.importing.sums import check_sums
from modules.budgets.importing.totals import check_totals
from modules.budgets.tables import Figure, Line, Names


@dataclass
class Checked:
    """Findings about rows that could be read. new_lines: local lines that a confirmation adds, by code.

    new_economic_lines: the same of the economic classification.
    """

    problems: list[Problem] = field(default_factory=list)
    new_lines: dict[str, Line] = field(default_factory=dict)
    new_economic_lines: dict[str, Line] = field(default_factory=dict)


@dataclass
class _Codes:
    """One classification while codes are held against it. column: where they stand in the file."""

    column: str
    lines: Mapping[str, Line]
    known: Collection[str]
    year: int
    new: dict[str, Line]
    problems: list[Problem]
    names: dict[str, set[str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    @cached_property
    def national(self) -> set[str]:
        """Lines that may bear a local suffix; never the total."""
        return _national(self.lines)


def check(
    rows: Sequence[FileRow],
    lines: Mapping[str, Line],
    *,
    known: set[str],
    total_code: str,
    year: int,
    totals: Sequence[FileRow] = (),
    economic_lines: Mapping[str, Line] | None = None,
    known_economic: Collection[str] = (),
    eliminated: Eliminated | None = None,
) -> Checked:
    """Check `rows` against the `lines` valid in `year`, of expenditure the functional ones.

    known: codes of any year, to tell a wrong year from a typo. totals: rows without a code that sum up others.
    economic_lines, known_economic: the same of the economic classification, for expenditure. eliminated: a predicate of
    (code, economic, part), or such keys ("" for any): what counts in its part and not in the whole. In a table by
    economic lines alone the code is "".
    """
    result = Checked()
    economic_lines = economic_lines or {}
    codes = _Codes("code", lines, known, year, result.new_lines, result.problems)
    economics = _Codes("economic", economic_lines, known_economic, year, result.new_economic_lines, result.problems)
    for row in {(row.line, row.code): row for row in rows}.values():  # a line has a figure for each part
        if row.code and not row.economic:
            _check_code(row, row.code, codes)
        elif row.code:
            _check_code(row, row.code, codes, is_named=False)
        if row.economic:
            _check_code(row, row.economic, economics)
    result.problems += _check_total(rows, total_code, economic_lines)
    every, every_economic = dict(lines) | result.new_lines, dict(economic_lines) | result.new_economic_lines
    result.problems += check_sums(rows, every, every_economic, eliminated)
    result.problems += check_totals(totals, rows, every, total_code, every_economic)
    return result


def _check_total(rows: Sequence[FileRow], total_code: str, economic_lines: Mapping[str, Line]) -> list[Problem]:
    """Each part needs its total; a table of functions by economic lines may do without, for its rows are the whole."""
    has_code, has_economic = any(row.code for row in rows), any(row.economic for row in rows)
    if has_economic and not has_code:
        total_code = next((code for code, line in economic_lines.items() if not line.parent), "")
    severity = WARNING if has_code and has_economic else "error"
    stated = {row.part for row in rows if (row.code or row.economic) == total_code}
    if {row.part for row in rows} <= stated:
        return []
    return [Problem(code="no_total", severity=severity, params={"code": total_code})]


def national_code(code: str, lines: Mapping[str, Line]) -> str:
    """The line that `code` adds a local suffix to ("1137ա" -> "1137", "11306" -> "1130"), or ""; never the total."""
    return _parent(code, _national(lines))


def _national(lines: Mapping[str, Line]) -> set[str]:
    return {code for code, line in lines.items() if line.parent and not line.is_local}


def _parent(code: str, national: set[str]) -> str:
    split = split_code(code, national)
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
            economic=row.economic,
            settlement=row.settlement,
            account=row.account,
        )
        for row in rows
    ]


def _check_code(row: FileRow, code: str, codes: _Codes, *, is_named: bool = True) -> None:
    """One code of a row. is_named: the name of the row is that of this code."""
    line = codes.lines.get(code)
    if line is not None:
        if is_named and row.name_hy and _key(row.name_hy, codes) not in _names(line, codes):
            params = {"code": code, "name": line.names.hy}
            codes.problems.append(
                Problem(code="name_differs", severity=WARNING, line=row.line, column="name_hy", params=params)
            )
        return
    if code in codes.new:
        return
    if code in codes.known:
        params = {"code": code, "year": str(codes.year)}
        codes.problems.append(Problem(code="not_valid_then", line=row.line, column=codes.column, params=params))
        return
    parent = _parent(code, codes.national)
    if not parent:
        codes.problems.append(Problem(code="unknown_code", line=row.line, column=codes.column, params={"code": code}))
    elif not (row.name_hy and is_named):
        codes.problems.append(
            Problem(code="local_name_missing", line=row.line, column="name_hy", params={"code": code})
        )
    else:
        names = Names(hy=row.name_hy, en=row.name_en, ru=row.name_ru)
        codes.new[code] = Line(code=code, parent=parent, article="", names=names, is_local=True)
        params = {"code": code, "parent": parent}
        codes.problems.append(
            Problem(code="new_local_line", severity=WARNING, line=row.line, column=codes.column, params=params)
        )


def _key(name: str, codes: _Codes) -> str:
    if name not in codes.keys:
        codes.keys[name] = text_key(name)
    return codes.keys[name]


def _names(line: Line, codes: _Codes) -> set[str]:
    if line.code not in codes.names:
        codes.names[line.code] = {text_key(name) for name in (line.names.hy, line.names.en, line.names.ru)}
    return codes.names[line.code]
