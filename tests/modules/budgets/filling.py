"""Whole made-up budget years in a town, through the same actions as an officer."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from modules.budgets.demo import storing
from modules.budgets.demo.generator import year_of
from modules.budgets.demo.storing import draft, key_of
from modules.budgets.demo.values import DemoYear

__all__ = ["SIDES", "adopt", "demo_year", "draft", "execute", "key_of"]
SIDES = ("revenue", "expenditure", "financing")


@cache
def demo_year(town: str = "sevan", inhabitants: int = 19229, year: int = 2025, through: int = 12) -> DemoYear:
    """A made-up year, the same each time."""
    return year_of(town, inhabitants, year, through=through)


def adopt(made: DemoYear, *, amendments: bool = True) -> None:
    """The plan of a made-up year, and its amendments, in force in the present town."""
    storing.adopt(made if amendments else replace(made, amendments=()))


def execute(made: DemoYear, months: Iterable[int], *, sides: Iterable[str] = SIDES[:2]) -> None:
    """Postings of a made-up year through the last of the months; these months are published."""
    months = list(months)
    storing.post(made, through=max(months))
    storing.publish(made, months, tuple(sides))
