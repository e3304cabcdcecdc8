"""The town's classification as values: reading only, shared by actions and selectors."""

import datetime as dt

from django.db.models import Q

from modules.budgets.models import ClassificationLine, Side
from modules.budgets.packs import revenue_pack
from modules.budgets.tables import Line, Names


def total_code() -> str:
    """Code of the total line of revenue, as the country pack has it."""
    return next(line.code for line in revenue_pack() if not line.parent)


def lines_valid_in(year: int) -> dict[str, Line]:
    """Lines of revenue that are valid on some day of `year`, by code. One query."""
    valid = ClassificationLine.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=dt.date(year, 12, 31)),
        Q(valid_to=None) | Q(valid_to__gte=dt.date(year, 1, 1)),
        side=Side.REVENUE,
    )
    return {line.code: as_line(line) for line in valid}


def all_lines() -> dict[str, Line]:
    """Every line of revenue the town ever had, by code. One query."""
    return {line.code: as_line(line) for line in ClassificationLine.objects.filter(side=Side.REVENUE)}


def as_line(line: ClassificationLine) -> Line:
    """The row as a value."""
    return Line(
        code=line.code,
        parent=line.parent_code,
        article=line.article,
        names=Names(hy=line.name_hy, en=line.name_en, ru=line.name_ru),
        unverified=line.unverified,
        is_local=line.is_local,
    )
