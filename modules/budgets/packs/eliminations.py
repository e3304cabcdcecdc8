"""Transfers between the parts of a budget, which a total of both parts must not count twice; data of a country pack."""

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache

from modules.budgets.packs import FOLDER, country


@dataclass(frozen=True, kw_only=True)
class Elimination:
    """A fact that counts in its part and not in the total: code and economic "" mean any."""

    side: str
    code: str
    economic: str
    part: str
    valid_from: dt.date
    valid_to: dt.date | None
    unverified: bool
    source: str

    def matches(self, side: str, code: str, economic: str, part: str) -> bool:
        """True for a fact that this rule takes out of the total."""
        return (self.side, self.part) == (side, part) and self.code in ("", code) and self.economic in ("", economic)


@dataclass(frozen=True)
class Eliminations:
    """The rules of one year."""

    rules: tuple[Elimination, ...] = ()

    def eliminated(self, side: str, code: str, economic: str, part: str) -> bool:
        """True where a fact must not count in the total of both parts."""
        return any(rule.matches(side, code, economic, part) for rule in self.rules)


@cache
def eliminations(year: int) -> Eliminations:
    """The rules of the deployment's country pack that hold in `year`; none where the country has no such file."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return Eliminations(
        tuple(rule for rule in all_rules() if rule.valid_from <= last and (rule.valid_to or last) >= first)
    )


def all_rules() -> tuple[Elimination, ...]:
    """Every rule of the deployment's country pack, whenever it holds."""
    return tuple(_read(country()))


@cache
def _read(country: str) -> list[Elimination]:
    path = FOLDER / country / "eliminations.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as source:
        return [
            Elimination(
                side=row["side"],
                code=row["code"],
                economic=row["economic"],
                part=row["part"],
                valid_from=dt.date.fromisoformat(row["valid_from"]),
                valid_to=dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                unverified=row["unverified"] == "yes",
                source=row["source"],
            )
            for row in csv.DictReader(source)
        ]
