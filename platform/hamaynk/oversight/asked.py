"""What a visitor asked for in the address, held against what there is: a bad value is the usual one, never an error."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils import timezone

from hamaynk.oversight import selectors
from hamaynk.oversight.standing import standing_towns
from tenants.models import Marz
from tenants.routing import Town

USUAL_SORT = "-percent"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The choice of a page. month None: nothing is published on this side."""

    side: str
    month: date | None
    months: list[date]
    marz: str
    sort: str
    town: Town | None

    @property
    def year(self) -> int:
        """Of the chosen month, else this one."""
        return self.month.year if self.month else timezone.localdate().year

    @property
    def place(self) -> str:
        """Name of the chosen town, else of the marz, in the active language; "" for the country."""
        if self.town:
            return self.town.name
        return str(Marz(self.marz).label) if self.marz else ""

    @property
    def years(self) -> list[int]:
        """With figures, newest first."""
        return sorted({month.year for month in self.months}, reverse=True) or [self.year]


def read(query: QueryDict) -> Asked:
    """From ?side= &year= &month=2015-09 or a number &marz= &sort= &town=."""
    side = _one_of(query.get("side", ""), selectors.SIDES, selectors.SIDES[0])
    months = selectors.list_months(side)
    town = standing_towns().get(query.get("town", ""))
    falling = query.get("sort", USUAL_SORT).startswith("-")
    column = _one_of(query.get("sort", USUAL_SORT).lstrip("-"), selectors.SORTS, "")
    return Asked(
        side=side,
        month=_month(query, months),
        months=months,
        marz="" if town else _one_of(query.get("marz", ""), [*Marz.values], ""),
        sort=("-" if falling else "") + column if column else USUAL_SORT,
        town=town,
    )


def marzes() -> list[tuple[str, str]]:
    """Code and name of every marz that has a town, by name."""
    found = {town.marz: town.marz_name for town in standing_towns().values()}
    return sorted(found.items(), key=lambda pair: pair[1])


def _one_of(wanted: str, known: tuple[str, ...] | list[str], usual: str) -> str:
    return wanted if wanted in known else usual


def _month(query: QueryDict, months: list[date]) -> date | None:
    """The asked-for month where it has figures, else the newest of the asked-for year, else the newest."""
    wanted = query.get("month", "")
    if query.get("year", "") and wanted.isdecimal():
        wanted = f"{query['year']}-{wanted.zfill(2)}"
    try:
        asked = date.fromisoformat(f"{wanted}-01")
    except ValueError:
        asked = None
    if asked in months:
        return asked
    year = query.get("year", "") or wanted[:4]
    return next((month for month in months if str(month.year) == year), months[0] if months else None)
