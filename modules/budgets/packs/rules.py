"""What must hold in a classification of a country pack; each rule gives its faults in words."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from modules.budgets.codes import is_code
from modules.budgets.packs.lines import PackLine

ONE_DAY = dt.timedelta(days=1)
Dated = Mapping[str, Sequence[PackLine]]


def check(lines: Sequence[PackLine]) -> list[str]:
    """Faults: form of codes, dates, a code twice at one time, the total, parents, circles, names, missing source."""
    dated: defaultdict[str, list[PackLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.valid_from):
        dated[line.code].append(line)
    faults = [fault for line in lines for fault in _of_line(line)]
    faults += [fault for code in dated for fault in _overlaps(code, dated)]
    totals = sorted({line.code for line in lines if not line.parent})
    if len(totals) != 1:
        faults.append(f"exactly one total line is needed, found {totals}")
    faults += [fault for line in lines for fault in _of_parent(line, dated)]
    return faults + [f"code {code} is its own ancestor" for code in dated if _in_circle(code, dated)]


def _of_line(line: PackLine) -> Iterator[str]:
    if not is_code(line.code):
        yield f"{line.code!r} is no line number: a digit first, then letters and digits, at most 20"
    if not (line.name_hy and line.name_en and line.name_ru):
        yield f"code {line.code}: a name is missing in one of the languages"
    if line.valid_to and line.valid_to < line.valid_from:
        yield f"code {line.code}: ends before it begins"
    if not line.unverified and not line.source:
        yield f"code {line.code}: counts as verified but names no source"


def _overlaps(code: str, dated: Dated) -> Iterator[str]:
    for before, after in pairwise(dated[code]):
        if after.valid_from <= before.last_day:
            yield f"code {code} twice at the same time, from {after.valid_from}"


def _of_parent(line: PackLine, dated: Dated) -> Iterator[str]:
    """The parent is there, and all the time that the line is."""
    if not line.parent:
        return
    if line.parent not in dated:
        yield f"code {line.code}: parent {line.parent} is not in the pack"
        return
    day: dt.date | None = line.valid_from
    for parent in dated[line.parent]:
        if day is not None and parent.valid_from <= day <= parent.last_day:
            day = None if parent.last_day >= line.last_day else parent.last_day + ONE_DAY
    if day is not None:
        yield f"code {line.code}: parent {line.parent} is not valid on {day}"


def _in_circle(code: str, dated: Dated) -> bool:
    """True where the way up, at whatever time, comes back to `code`."""
    seen: set[str] = set()
    ahead = [line.parent for line in dated[code]]
    while ahead:
        at = ahead.pop()
        if at == code:
            return True
        if at and at not in seen:
            seen.add(at)
            ahead += [line.parent for line in dated.get(at, ())]
    return False
