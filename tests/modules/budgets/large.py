"""A town with three years of four hundred lines: what the pages of execution are measured on."""

from decimal import Decimal

from modules.budgets import actions
from modules.budgets.actions import load_classification
from modules.budgets.classification import all_lines
from modules.budgets.models import BudgetYear, ClassificationLine, PublishedFigure, PublishedMonth, Side

YEARS = (2023, 2024, 2025)
LINES = 400


def fill(*, lines: int = LINES, years: tuple[int, ...] = YEARS, side: str = Side.EXPENDITURE) -> list[str]:
    """Published months of `years` in the present town, each with `lines` figures of local lines; their codes."""
    load_classification(actor=None)
    codes = _local_lines(lines)
    for year in years:
        actions.open_year(actor=None, year=year)
        budget_year = BudgetYear.objects.get(year=year)
        for month in range(1, 13):
            publish(budget_year, month, codes, side)
    return codes


def publish(budget_year: BudgetYear, month: int, codes: list[str], side: str, *, version: int = 1) -> PublishedMonth:
    """A version of a month as it would be kept: cumulative, so that each month adds the same."""
    published = PublishedMonth.objects.create(
        budget_year=budget_year, side=side, month=month, version=version, batch=None, digest=f"{month:064d}"
    )
    PublishedFigure.objects.bulk_create(
        [
            PublishedFigure(
                publication=published, side=side, code=code, economic="4111", part="administrative",
                year_plan=Decimal(12000 + number), period_plan=Decimal(1000 * month), actual=Decimal(990 * month + number),
            )
            for number, code in enumerate(codes)
        ],
        batch_size=2000,
    )  # fmt: skip
    return published


def _local_lines(count: int) -> list[str]:
    """Local lines below the national ones that have nothing below them, spread evenly."""
    known = all_lines("functional")
    leaves = sorted(set(known) - {line.parent for line in known.values()})
    rows = []
    for number in range(count):
        above = leaves[number % len(leaves)]
        code = f"{above}{number // len(leaves) + 1:02d}ա"
        rows.append(
            ClassificationLine(
                kind="functional", code=code, parent_code=above, name_hy=f"Տեղական ծրագիր թիվ {number}", is_local=True
            )
        )
    ClassificationLine.objects.bulk_create(rows)
    return [row.code for row in rows]
