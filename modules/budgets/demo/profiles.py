"""The data files of the made-up years: which lines there are, how large, when in the year; places; texts."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from modules.budgets.demo.values import Texts

FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a profile. weight: share among the lines of its part; trend: percent a year by which that grows.

    role names what the generator does with it beyond planning and executing; settled: stands once a settlement.
    """

    code: str
    economic: str
    part: str
    weight: int
    season: tuple[int, ...]
    trend: int
    role: str
    settled: bool


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source of financing. least and most: thousandths of the part's own revenue."""

    code: str
    part: str
    least: int
    most: int
    season: tuple[int, ...]
    role: str


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file of this folder, by column."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def seasons() -> dict[str, tuple[int, ...]]:
    """Twelve weights a name."""
    return {row["name"]: tuple(int(row[f"m{month:02d}"]) for month in range(1, 13)) for row in rows("seasons.csv")}


@cache
def revenue_lines(year: int) -> tuple[Line, ...]:
    """The revenue lines of `year`: the real-estate tax took the place of two taxes in 2021."""
    return tuple(
        _line(row)
        for row in rows("revenue-profile.csv")
        if int(row["from_year"]) <= year <= int(row["to_year"] or 9999)
    )


@cache
def expenditure_lines() -> tuple[Line, ...]:
    """Pairs of function and economic item."""
    return tuple(_line(row) for row in rows("expenditure-profile.csv"))


@cache
def financing_sources() -> tuple[Source, ...]:
    """Opening balances, loans and the closing balance."""
    return tuple(
        Source(
            code=row["code"], part=row["part"], least=int(row["least"]), most=int(row["most"]),
            season=seasons()[row["season"]], role=row["role"],
        )
        for row in rows("financing-profile.csv")
    )  # fmt: skip


@cache
def named_settlements(town_slug: str) -> tuple[str, ...]:
    """Settlements of a demo town that the data name, the largest first."""
    return tuple(row["name"] for row in rows("settlements.csv") if row["town"] == town_slug)


def texts(row: dict[str, str], column: str, **values: object) -> Texts:
    """The columns `column`_hy, _en and _ru with {names} filled in."""
    hy, en, ru = (row[f"{column}_{language}"].format(**values) for language in ("hy", "en", "ru"))
    return Texts(hy=hy, en=en, ru=ru)


def _line(row: dict[str, str]) -> Line:
    return Line(
        code=row["code"], economic=row.get("economic", ""), part=row["part"], weight=int(row["weight"]),
        season=seasons()[row["season"]], trend=int(row.get("trend") or 0), role=row["role"],
        settled=row.get("settled") == "yes",
    )  # fmt: skip
