"""Means of what towns published in one period: over the country and over each marz. Pure and exact; no database.

A mean of two towns lets each work out the other's figure. That is no secret: only published figures come here, and the
ministry's and the towns' pages show each of them. A "mean" of one town would be that town's figure under a wrong name,
so two is the fewest.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

FEWEST = 2
COUNTRY, TOTAL = "", ""
PLACES, STORED = 2, 4  # places of a mean, and of a stored figure


@dataclass(frozen=True)
class Place:
    """What a comparison needs to know of a town; population None where it is not known."""

    marz: str
    population: int | None


@dataclass(frozen=True, kw_only=True)
class Averaged:
    """One mean. marz: "" for the country. per_inhabitant: sum by inhabitants of the towns where these are known."""

    indicator: str
    item: str
    marz: str
    mean: Decimal
    per_inhabitant: Decimal | None
    towns: int


def means_of(figures: Iterable[tuple[str, str, str, Decimal | None]], places: Mapping[str, Place]) -> list[Averaged]:
    """Means of (indicator, item, town, value) of one period, of the towns in `places` only.

    A town counts towards a total where it has one, and towards the items where it published any item: an item that it
    lacks is then zero, so that items add up to the mean of their sum.
    """
    values: dict[str, dict[str, dict[str, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    for indicator, item, town, value in figures:
        if town in places and value is not None:
            values[indicator][item][town] = value
    return [mean for indicator in sorted(values) for mean in _of_indicator(indicator, values[indicator], places)]


def _of_indicator(
    indicator: str, items: Mapping[str, Mapping[str, Decimal]], places: Mapping[str, Place]
) -> Iterator[Averaged]:
    with_items = {town for item, by_town in items.items() if item != TOTAL for town in by_town}
    for item in sorted(items):
        counted = set(items[item]) if item == TOTAL else with_items
        for marz in (COUNTRY, *sorted({places[town].marz for town in counted})):
            towns = [town for town in counted if marz in (COUNTRY, places[town].marz)]
            if len(towns) >= FEWEST:
                yield _average(indicator, item, marz, towns, items[item], places)


def _average(
    indicator: str, item: str, marz: str, towns: list[str], by_town: Mapping[str, Decimal], places: Mapping[str, Place]
) -> Averaged:
    known = [town for town in towns if places[town].population]
    heads = sum(places[town].population or 0 for town in known)
    return Averaged(
        indicator=indicator,
        item=item,
        marz=marz,
        mean=quotient(sum_of(by_town, towns), len(towns)),
        per_inhabitant=quotient(sum_of(by_town, known), heads) if len(known) >= FEWEST else None,
        towns=len(towns),
    )


def sum_of(by_town: Mapping[str, Decimal], towns: Iterable[str]) -> Decimal:
    """Sum over the towns; nothing is zero."""
    return sum((by_town.get(town, Decimal(0)) for town in towns), Decimal(0))


def quotient(amount: Decimal, count: int) -> Decimal:
    """amount / count with two places, half away from zero; counted in whole numbers, so rounded once.

    amount: four places at most, as figures are stored; count: above zero.
    """
    units = amount.scaleb(STORED)
    if count < 1 or units != units.to_integral_value():
        raise ValueError(f"{amount} / {count} is no mean of stored figures")
    sign, top = (-1 if units < 0 else 1), abs(int(units))
    bottom = count * 10 ** (STORED - PLACES)
    return Decimal(sign * ((2 * top + bottom) // (2 * bottom))).scaleb(-PLACES)
