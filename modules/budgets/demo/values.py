"""What a made-up demo year consists of: frozen values, no database, amounts in exact drams."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

ADMINISTRATIVE = "administrative"
FUND = "fund"
REVENUE = "revenue"
EXPENDITURE = "expenditure"
FINANCING = "financing"

Months = tuple[Decimal, ...]  # twelve flows in drams, January first


@dataclass(frozen=True, kw_only=True, order=True)
class Key:
    """What a figure is about. economic "" unless expenditure; settlement "" the whole community; account "" none."""

    side: str
    code: str
    economic: str
    settlement: str
    account: str
    part: str


@dataclass(frozen=True, kw_only=True)
class PlanItem:
    """A key with its twelve monthly flows in drams: absolute in an adopted budget, changes in an amendment."""

    side: str
    code: str
    economic: str
    settlement: str
    account: str
    part: str
    months: Months

    @property
    def key(self) -> Key:
        """The key of this item."""
        return _key(self)

    @property
    def year(self) -> Decimal:
        """The sum of the twelve months, drams."""
        return sum(self.months, Decimal(0))


@dataclass(frozen=True, kw_only=True)
class EntryItem:
    """A flow of one month (1 to 12) in drams. Below zero where money goes back; a key may have several in a month."""

    side: str
    code: str
    economic: str
    settlement: str
    account: str
    part: str
    month: int
    amount: Decimal

    @property
    def key(self) -> Key:
        """The key of this entry."""
        return _key(self)


@dataclass(frozen=True, kw_only=True)
class Texts:
    """One text in the three languages."""

    hy: str
    en: str
    ru: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A council decision. number as printed ("45-Ա"); link "" where the town gives none."""

    number: str
    date: dt.date
    link: str
    title: Texts


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """A decision that changes the plan, why, and by how much a month; changes begin in the month after the decision."""

    decision: Decision
    reason: Texts
    items: tuple[PlanItem, ...]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A town's words about a line. economic "" speaks of the whole line."""

    side: str
    code: str
    economic: str
    text: Texts


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a resident asked about a line, and the answer; answered_on is in the same year."""

    side: str
    code: str
    economic: str
    author: Texts
    asked_on: dt.date
    answered_on: dt.date
    question: Texts
    answer: Texts


@dataclass(frozen=True, kw_only=True)
class DemoYear:
    """A made-up budget year of a town; through is the last month with execution (1 to 12)."""

    town_slug: str
    inhabitants: int
    year: int
    through: int
    decision: Decision
    adopted: tuple[PlanItem, ...]
    amendments: tuple[Amendment, ...]
    execution: tuple[EntryItem, ...]
    explanations: tuple[Explanation, ...]
    questions: tuple[Question, ...]


def _key(item: PlanItem | EntryItem) -> Key:
    return Key(
        side=item.side, code=item.code, economic=item.economic,
        settlement=item.settlement, account=item.account, part=item.part,
    )  # fmt: skip
