"""Published months as values, made up for tests."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from modules.budgets.opendata.values import OpenFigure, OpenLine, OpenMonth

PUBLISHED = dt.datetime(2015, 10, 5, 9, 30, tzinfo=dt.UTC)


def line(code: str, name: str, article: str = "", parent: str = "1000") -> OpenLine:
    """A line with its name in three languages."""
    return OpenLine(code=code, parent=parent, article=article, names={"hy": name, "en": f"{name} en", "ru": ""})


def figure(code: str, actual: str = "10.00", **facts: Any) -> OpenFigure:
    """A figure whose plans are ten times and once its actual."""
    amount = Decimal(actual)
    given = {"part": "undivided", "year_plan": amount * 10, "period_plan": amount, "actual": amount}
    return OpenFigure(code=code, **(given | facts))


REVENUE = OpenMonth(
    town="dilijan",
    town_names={"hy": "Դիլիջան", "en": "Dilijan", "ru": "Дилижан"},
    base_url="http://dilijan.localhost",
    year=2015,
    month=9,
    side="revenue",
    version=1,
    digest="ab" * 32,
    issued=PUBLISHED,
    published_at=PUBLISHED,
    source={"hy": "Աղբյուր", "en": "A source", "ru": ""},
    is_demo=False,
    figures=(
        figure("1392", "5.10", part="fund", eliminated=True, account="900205003016"),
        figure("1111", "0.01", part="administrative", settlement="Դիլիջան", approved_plan=Decimal("7.00")),
        figure("1137ա", "-3.00", part="administrative"),
    ),
    lines={"1392": line("1392", "Պահուստ", "7451"), "1111": line("1111", "=Գույքահարկ")},
    economic_lines={},
    previous={("1111", "", "Դիլիջան", "", "administrative"): Decimal("0.03")},
    currency="AMD",
    licence="CC-BY-4.0",
)
EXPENDITURE = replace(
    REVENUE,
    side="expenditure",
    figures=(
        figure("2111", "100.00", economic="4212", part="administrative"),
        figure("2111", "200.00", economic="4111", part="administrative"),
    ),
    lines={"2111": line("2111", "Օրենսդիր", "01.1.1")},
    economic_lines={"4212": line("4212", "Էներգետիկ", "4212"), "4111": line("4111", "Աշխատավարձ", "4111")},
    previous=None,
)
