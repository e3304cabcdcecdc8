"""One published month of one side of the budget as values. Amounts: drams, two places, cumulative since 1 January."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from hamaynk.common.periods import Month
from hamaynk.opendata import Words

Key = tuple[str, str, str, str, str]  # code, economic, settlement, account, part
PLACES = 2


@dataclass(frozen=True, kw_only=True)
class OpenFigure:
    """What was published for one key: its own amounts, without those of lines below it.

    code: line of the side's classification. economic: code of the economic line, "" on other sides than expenditure.
    settlement: name as written, "" the whole community. account: twelve digits of the treasury, "" none. eliminated:
    True where the amounts do not count in the total of both parts. approved_plan: first adopted plan of the year, None
    where the source gives none. year_plan: adjusted plan. period_plan, actual: since 1 January.
    """

    code: str
    economic: str = ""
    settlement: str = ""
    account: str = ""
    part: str
    eliminated: bool = False
    approved_plan: Decimal | None = None
    year_plan: Decimal
    period_plan: Decimal
    actual: Decimal

    @property
    def key(self) -> Key:
        """What the amounts are about; once in a month and side."""
        return (self.code, self.economic, self.settlement, self.account, self.part)


@dataclass(frozen=True, kw_only=True)
class OpenLine:
    """A line of a classification in the wording of the month's year. parent: "" at the top."""

    code: str
    parent: str
    article: str
    names: Words


@dataclass(frozen=True, kw_only=True)
class OpenMonth:
    """A published version of one month and side.

    digest: sha256, hex, over its figures. issued: when the first version of the month was published. source: language
    -> where the figures come from. lines, economic_lines: by code. previous: actual by key in the month before, None
    where that month is not published. currency: ISO 4217. licence: SPDX name. ValueError for a doubled key.
    """

    town: str
    town_names: Words
    base_url: str
    year: int
    month: int
    side: str
    version: int
    digest: str
    issued: dt.datetime
    published_at: dt.datetime
    source: Words
    is_demo: bool
    figures: tuple[OpenFigure, ...]
    lines: Mapping[str, OpenLine]
    economic_lines: Mapping[str, OpenLine]
    previous: Mapping[Key, Decimal] | None
    currency: str
    licence: str

    def __post_init__(self) -> None:
        if len({figure.key for figure in self.figures}) != len(self.figures):
            raise ValueError(f"a key stands twice in {self.name}")

    @property
    def period(self) -> Month:
        """The month itself."""
        return Month(self.year, self.month)

    @property
    def name(self) -> str:
        """Of files and datasets: "dilijan-revenue-2015-09"."""
        return f"{self.town}-{self.side}-{self.period}"

    def month_actual(self, figure: OpenFigure) -> Decimal | None:
        """Flow of the single month (R55): January's is its own; later ones where the month before states the key."""
        if self.month == 1:
            return figure.actual
        before = None if self.previous is None else self.previous.get(figure.key)
        return None if before is None else figure.actual - before
