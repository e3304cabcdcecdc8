"""Published months as open data see them, read from the tables. Which versions there are: one query; a month: a few.

Figures are own amounts: each row without what stands in the lines below it, so that all rows add up to the total.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Min

from hamaynk.common.periods import Month
from modules.budgets.classification import all_lines
from modules.budgets.models import ClassificationKind, ClassificationLine, PublishedFigure, PublishedMonth, Side
from modules.budgets.opendata.values import Key, OpenFigure, OpenLine, OpenMonth
from modules.budgets.packs.eliminations import eliminations
from modules.budgets.selectors.published import kind_of
from modules.budgets.tables import Line
from tenants.addresses import site_url
from tenants.context import current_town_schema
from tenants.routing import Town, table


@dataclass(frozen=True, kw_only=True)
class OpenVersion:
    """The version in force of one month and side. issued: when its first version was published.

    stamp: changes whenever a figure in its files does: its own digest and that of the month before, for the single month.
    """

    year: int
    month: int
    side: str
    version: int
    stamp: str
    issued: dt.datetime
    published_at: dt.datetime
    is_demo: bool

    @property
    def period(self) -> Month:
        """The month itself."""
        return Month(self.year, self.month)


def open_versions() -> list[OpenVersion]:
    """What is in force of every published month and side, by side, newest month first. One query."""
    columns = ("budget_year__year", "month", "side", "version", "digest", "published_at", "is_demo")
    versions: dict[tuple[str, Month], list[Any]] = {}
    for row in PublishedMonth.objects.order_by("version").values_list(*columns, named=True):
        versions.setdefault((row.side, Month(row.budget_year__year, row.month)), []).append(row)
    order = {side: number for number, side in enumerate(Side.values)}
    found = []
    for (side, period), rows in versions.items():
        newest, before = rows[-1], versions.get((side, period.previous), [])
        digests = [newest.digest, *(row.digest for row in before[-1:] if period.month > 1)]
        found.append(
            OpenVersion(
                year=period.year, month=period.month, side=side, version=newest.version, stamp="+".join(digests),
                issued=rows[0].published_at, published_at=newest.published_at, is_demo=newest.is_demo,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (order.get(one.side, len(order)), -one.year, -one.month))


def open_month(year: int, month: int, side: str, version: int | None = None) -> OpenMonth | None:
    """A published month, the version in force unless one is named; None where there is none. At most six queries."""
    of_month = PublishedMonth.objects.filter(budget_year__year=year, month=month, side=side)
    wanted = of_month if version is None else of_month.filter(version=version)
    published = wanted.order_by("-version").first()
    if published is None:
        return None
    issued = of_month.aggregate(first=Min("published_at"))["first"]
    town = present_town()
    return OpenMonth(
        town=town.slug, town_names=town.texts["name"], base_url=site_url(town), year=year, month=month, side=side,
        version=published.version, digest=published.digest, issued=issued, published_at=published.published_at,
        source=published.source, is_demo=published.is_demo,
        figures=tuple(_figures(published.pk, year)),
        lines={code: _line(line) for code, line in all_lines(kind_of(side), year=year).items()},
        economic_lines=_economic_lines(side, year),
        previous=_previous(year, month, side), currency=settings.CURRENCY, licence=settings.OPEN_DATA_LICENCE,
    )  # fmt: skip


def names_stamp() -> str:
    """Changes whenever a line of a classification does: files hold its names. One query."""
    columns = ("kind", "code", "parent_code", "article", "name_hy", "name_en", "name_ru", "valid_from", "valid_to")
    rows = ClassificationLine.objects.order_by(*columns).values_list(*columns)
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()[:16]


def present_town() -> Town:
    """The town we stand in."""
    town = table.town(current_town_schema())
    if town is None:
        raise LookupError("no town")
    return town


def _previous(year: int, month: int, side: str) -> Mapping[Key, Decimal] | None:
    """Actual by key in the month before, as it is in force; None in January, or where it is not published."""
    if month == 1:
        return None
    before = PublishedMonth.objects.filter(budget_year__year=year, month=month - 1, side=side)
    number = before.order_by("-version").values_list("pk", flat=True).first()
    if number is None:
        return None
    return {figure.key: figure.actual for figure in _figures(number, year)}


def _figures(publication: int, year: int) -> list[OpenFigure]:
    return [_figure(row, year) for row in PublishedFigure.objects.filter(publication=publication)]


def _figure(row: PublishedFigure, year: int) -> OpenFigure:
    return OpenFigure(
        code=row.code, economic=row.economic, settlement=row.settlement, account=row.account, part=row.part,
        eliminated=eliminations(year).eliminated(row.side, row.code, row.economic, row.part),
        approved_plan=row.approved_plan, year_plan=row.year_plan, period_plan=row.period_plan, actual=row.actual,
    )  # fmt: skip


def _economic_lines(side: str, year: int) -> dict[str, OpenLine]:
    if side != Side.EXPENDITURE:
        return {}
    return {code: _line(line) for code, line in all_lines(ClassificationKind.ECONOMIC, year=year).items()}


def _line(line: Line) -> OpenLine:
    names = {language: line.names.get(language) for language in ("hy", "en", "ru")}
    return OpenLine(code=line.code, parent=line.parent, article=line.article, names=names)
