"""One line of a country pack, and what is raised where a pack cannot be used."""

import datetime as dt
from dataclasses import dataclass


class PackError(Exception):
    """A pack that cannot be used; the text lists every fault."""


@dataclass(frozen=True, kw_only=True)
class PackLine:
    """One line of the national classification. parent is "" for the total; valid_to None means until further notice."""

    code: str
    parent: str
    article: str
    name_hy: str
    name_en: str
    name_ru: str
    valid_from: dt.date
    valid_to: dt.date | None
    unverified: bool
    source: str

    @property
    def last_day(self) -> dt.date:
        """The last day the line is valid, far away where no end is known."""
        return self.valid_to or dt.date.max
