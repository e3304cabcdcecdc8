"""A month as a value: the period of budget execution and of most indicators."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

_TEXT = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Month:
    """One month of one year; ordered by time. ValueError outside 1..12 or outside the years a date can hold."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError(f"month must be 1..12, not {self.month!r}")
        if not dt.MINYEAR <= self.year <= dt.MAXYEAR:
            raise ValueError(f"year must be {dt.MINYEAR}..{dt.MAXYEAR}, not {self.year!r}")

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def parse(cls, value: str) -> Month:
        """The month written "2015-09"; ValueError otherwise."""
        match = _TEXT.fullmatch(value)
        if not match:
            raise ValueError(f"a month is written 2015-09, not {value!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """The month that holds `day`."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        """Its last day."""
        return self.first_day.replace(day=calendar.monthrange(self.year, self.month)[1])

    @property
    def previous(self) -> Month:
        """The month before, in the year before if this is January."""
        return Month(self.year - 1, 12) if self.month == 1 else Month(self.year, self.month - 1)

    @property
    def next(self) -> Month:
        """The month after."""
        return Month(self.year + 1, 1) if self.month == 12 else Month(self.year, self.month + 1)
