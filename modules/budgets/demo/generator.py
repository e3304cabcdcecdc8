"""Made-up budget years of demo towns: both sides, financing, decisions, execution, words of the town and of residents.

Pure and deterministic: the same town, size and year give the same values on every machine (requirements R41, R54-R60
have something to show). Nothing here is a real figure; who stores it labels it as demo data.
"""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from modules.budgets.demo import amending, executing, planning
from modules.budgets.demo.planning import Draft
from modules.budgets.demo.profiles import rows, texts
from modules.budgets.demo.values import Amendment, DemoYear, EntryItem, Explanation, Key, PlanItem, Question

__all__ = ["DemoYear", "Span", "year_of", "years_for"]


class Span(NamedTuple):
    """A year and its last month with execution (1 to 12)."""

    year: int
    through: int


def years_for(today: dt.date, *, full: int = 2) -> list[Span]:
    """`full` whole years and the running one through its last whole month; in January one more whole year instead."""
    if today.month == 1:
        return [Span(year, 12) for year in range(today.year - full - 1, today.year)]
    return [*(Span(year, 12) for year in range(today.year - full, today.year)), Span(today.year, today.month - 1)]


def year_of(town_slug: str, inhabitants: int, year: int, *, through: int = 12, lines: int | None = None) -> DemoYear:
    """A year of a town with so many inhabitants (200 at least); execution, amendments and questions through a month.

    Over the year revenue - expenditure + financing is zero in each part, as adopted and after every amendment; executed
    flows meet month by month. lines: a budget with exactly so many items of revenue and as many of expenditure, for
    measurements; ValueError where that is less than the profile has. An earlier `through` gives a beginning of the same.
    """
    if not 1 <= through <= 12:
        raise ValueError("through is a month, 1 to 12")
    draft = planning.adopted(town_slug, inhabitants, year, lines)
    decided = amending.amendments(draft)
    adjusted = {key: list(flow) for key, flow in draft.flows.items()}
    for _, _, changes in decided:
        for key, change in changes.items():
            adjusted[key] = [old + new for old, new in zip(adjusted[key], change, strict=True)]
    return DemoYear(
        town_slug=town_slug,
        inhabitants=inhabitants,
        year=year,
        through=through,
        decision=amending.adoption(town_slug, year),
        adopted=tuple(_item(key, draft.flows[key]) for key in planning.in_order(draft) if key in draft.flows),
        amendments=tuple(
            Amendment(decision=decision, reason=reason, items=tuple(_item(*pair) for pair in changes.items()))
            for decision, reason, changes in decided
            if decision.date.month <= through
        ),
        execution=tuple(_entry(*flow) for flow in executing.flows(draft, adjusted) if flow[1] <= through),
        explanations=_explanations(draft),
        questions=_questions(draft, through),
    )


def _item(key: Key, flow: list[int]) -> PlanItem:
    return PlanItem(**vars(key), months=tuple(Decimal(amount) for amount in flow))


def _entry(key: Key, month: int, hundredths: int) -> EntryItem:
    return EntryItem(**vars(key), month=month, amount=Decimal(hundredths).scaleb(-2))


def _explanations(draft: Draft) -> tuple[Explanation, ...]:
    """The town's words about lines that this year has."""
    return tuple(
        Explanation(side=row["side"], code=row["code"], economic=row["economic"], text=texts(row, "text"))
        for row in rows("explanations.csv")
        if _has(draft, row)
    )


def _questions(draft: Draft, through: int) -> tuple[Question, ...]:
    """Questions that were answered through that month, with days of this year."""
    found = (
        Question(
            side=row["side"],
            code=row["code"],
            economic=row["economic"],
            author=texts(row, "author"),
            asked_on=dt.date.fromisoformat(f"{draft.year}-{row['asked']}"),
            answered_on=dt.date.fromisoformat(f"{draft.year}-{row['answered']}"),
            question=texts(row, "question"),
            answer=texts(row, "answer"),
        )
        for row in rows("questions.csv")
        if _has(draft, row)
    )
    return tuple(question for question in found if question.answered_on.month <= through)


def _has(draft: Draft, row: dict[str, str]) -> bool:
    return any(
        key.side == row["side"] and key.code == row["code"] and row["economic"] in ("", key.economic)
        for key in draft.flows
    )
