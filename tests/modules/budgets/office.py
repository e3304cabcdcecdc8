"""People of the office, and a small budget that balances, for the tests of its pages."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from modules.budgets import actions
from modules.budgets.actions import PlanItem
from modules.budgets.ledger import Key
from modules.budgets.models import PlanVersion

OFFICER = ["budgets.finance_officer"]
APPROVER = ["budgets.budget_approver"]
YEAR = 2025
TAX = Key("1111", part="administrative")
FEE = Key("1351", part="administrative")
WAGES = Key("2111", "4111", part="administrative")


def months(year: int) -> tuple[Decimal, ...]:
    """A year's drams, a twelfth each."""
    return tuple(Decimal(year) / 12 for _ in range(12))


def item(side: str, key: Key, year: int) -> PlanItem:
    return PlanItem(side=side, key=key, months=months(year))


def two_people(staff: Callable[..., Any], town: str = "dilijan") -> tuple[Any, Any]:
    """Clients of the finance officer and of the approver."""
    officer = staff(town, roles=OFFICER, email="officer@example.am")
    return officer, staff(town, roles=APPROVER, email="approver@example.am")


def draft_plan(year: int = YEAR) -> PlanVersion:
    """A draft in the present town that balances: 1.2 million drams of tax, as much of wages; by the system."""
    actions.load_classification(actor=None)
    version = actions.draft_of(actor=None, year=year)
    items = [item("revenue", TAX, 1_200_000), item("expenditure", WAGES, 1_200_000)]
    actions.set_amounts(actor=None, version=version, items=items)
    return version


def adopted_plan(year: int = YEAR) -> PlanVersion:
    """The same, in force from 1 January."""
    version = draft_plan(year)
    actions.describe_version(
        actor=None, version=version, decision_number="12-Ա", decision_date=dt.date(year - 1, 12, 20),
        effective_from=dt.date(year, 1, 1),
    )  # fmt: skip
    actions.submit_version(actor=None, version=version)
    return actions.approve_version(actor=None, version=version)
