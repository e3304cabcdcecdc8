"""A row of a plan file, and a plan of the year or of its quarters spread over the months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import ROUND_DOWN, Decimal
from typing import Any

from modules.budgets.tables import Names

MONTHS = 12
QUARTERS = 4
_HUNDREDTH = Decimal("0.01")
Flows = tuple[Decimal, ...]


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """What a plan file states for one key: drams of single months or quarters, never cumulative.

    line: its number in the file. months: twelve flows, quarters: four; None where the file does not state them. Where it
    states both and the year, they agree. code is "" in section 3, economic is "" where the row is no economic line.
    """

    line: int
    code: str
    part: str
    year: Decimal
    economic: str = ""
    settlement: str = ""
    account: str = ""
    months: Flows | None = None
    quarters: Flows | None = None
    names: Names = field(default_factory=lambda: Names(hy=""))

    @property
    def flows(self) -> Flows:
        """Twelve flows: the months as stated, else the quarters or the year spread over them."""
        return self.months or spread(self.quarters or self.year)

    def to_json(self) -> dict[str, Any]:
        """Form for a JSON column; amounts as decimal strings."""
        kept = {name: None if (value := getattr(self, name)) is None else list(map(str, value)) for name in _LISTS}
        return self.__dict__ | kept | {"year": str(self.year), "names": asdict(self.names)}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> PlanRow:
        """The reverse of to_json."""
        flows = {name: None if value[name] is None else tuple(map(Decimal, value[name])) for name in _LISTS}
        return cls(**(value | flows | {"year": Decimal(value["year"]), "names": Names(**value["names"])}))


_LISTS = ("months", "quarters")


def spread(amount: Decimal | Sequence[Decimal]) -> Flows:
    """Twelve flows out of a year (one amount) or its four quarters, in drams, exact to a hundredth.

    Each month gets the same, rounded towards zero; the last month of the year, or of each quarter, gets what is left.
    """
    if isinstance(amount, Decimal):
        return _even(amount, MONTHS)
    if len(amount) != QUARTERS:
        raise ValueError(f"a year has {QUARTERS} quarters, not {len(amount)}")
    return tuple(flow for quarter in amount for flow in _even(quarter, MONTHS // QUARTERS))


def quarters_of(months: Sequence[Decimal]) -> Flows:
    """Four sums of three months each."""
    return tuple(sum(months[first : first + 3], Decimal(0)) for first in range(0, MONTHS, 3))


def _even(total: Decimal, count: int) -> Flows:
    each = (total / count).quantize(_HUNDREDTH, rounding=ROUND_DOWN)
    return (*[each] * (count - 1), total - each * (count - 1))
