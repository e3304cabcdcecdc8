"""Whole made-up budget years in a town, through the same actions as an officer."""

from collections.abc import Iterable
from functools import cache

from modules.budgets import actions
from modules.budgets.actions.plans import PlanItem
from modules.budgets.demo.generator import year_of
from modules.budgets.demo.values import Decision, DemoYear
from modules.budgets.demo.values import PlanItem as DemoItem
from modules.budgets.ledger import Key
from modules.budgets.models import BudgetYear, ExecutionEntry, PlanVersion

SIDES = ("revenue", "expenditure", "financing")


@cache
def demo_year(town: str = "sevan", inhabitants: int = 19229, year: int = 2025, through: int = 12) -> DemoYear:
    """A made-up year, the same each time."""
    return year_of(town, inhabitants, year, through=through)


def adopt(made: DemoYear, *, amendments: bool = True) -> None:
    """The plan of a made-up year, and its amendments, in force in the present town."""
    actions.open_year(actor=None, year=made.year, is_demo=True)
    _version(made.year, made.decision, {}, made.adopted)
    for amendment in made.amendments if amendments else ():
        reason = {language: getattr(amendment.reason, language) for language in ("hy", "en", "ru")}
        _version(made.year, amendment.decision, reason, amendment.items)


def execute(made: DemoYear, months: Iterable[int], *, sides: Iterable[str] = SIDES[:2]) -> None:
    """Postings of a made-up year through the last of the months; these months are published."""
    months = list(months)
    budget_year = BudgetYear.objects.get(year=made.year)
    ExecutionEntry.objects.bulk_create(
        [
            ExecutionEntry(
                budget_year=budget_year, side=one.side, first_month=one.month, month=one.month, amount=one.amount,
                **key_of(one)._asdict(),
            )
            for one in made.execution
            if one.month <= max(months)
        ],
        batch_size=2000,
    )  # fmt: skip
    for month in months:
        for side in sides:
            actions.publish_month(actor=None, year=made.year, month=month, side=side)


def draft(made: DemoYear) -> PlanVersion:
    """The draft of a made-up year, with its amounts."""
    actions.open_year(actor=None, year=made.year, is_demo=True)
    version = actions.draft_of(actor=None, year=made.year, is_demo=True)
    actions.set_amounts(actor=None, version=version, items=_items(made.adopted))
    return version


def key_of(item: object) -> Key:
    """The grain of a made-up value."""
    return Key(*(getattr(item, name) for name in Key._fields))


def _items(items: Iterable[DemoItem]) -> list[PlanItem]:
    return [PlanItem(side=one.side, key=key_of(one), months=one.months) for one in items]


def _version(year: int, decision: Decision, reason: dict[str, str], items: Iterable[DemoItem]) -> None:
    version = actions.draft_of(actor=None, year=year, is_demo=True)
    actions.set_amounts(actor=None, version=version, items=_items(items))
    actions.describe_version(
        actor=None, version=version, decision_number=decision.number, decision_date=decision.date,
        decision_link=decision.link, reason=reason,
        title={language: getattr(decision.title, language) for language in ("hy", "en", "ru")},
    )  # fmt: skip
    actions.submit_version(actor=None, version=version)
    actions.approve_version(actor=None, version=version)
