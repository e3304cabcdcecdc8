"""The arithmetic of the budget over values: folds, cumulative sums, corrections, snapshots. Drams, Decimal, no float.

Pure functions; actions and selectors fetch and keep, this module counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

MONTHS = range(1, 13)
ZERO = Decimal(0)


class Key(NamedTuple):
    """The grain of a fact within a side: line, economic line, settlement, treasury account, part of the budget."""

    code: str
    economic: str = ""
    settlement: str = ""
    account: str = ""
    part: str = "undivided"


Months = Mapping[int, Decimal]  # month 1..12 -> flow in drams
Plan = Mapping[Key, Months]


class Posting(NamedTuple):
    """A flow of one fact that spans first_month to month."""

    key: Key
    first_month: int
    month: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Version:
    """A plan version in force: the day from which it counts, and its amounts (deltas for number 1 and up)."""

    number: int
    effective_from: dt.date
    amounts: Plan


@dataclass(frozen=True, kw_only=True)
class Measures:
    """What is told of one fact: plan of the year as adopted (None: not known) and adjusted, plan and actual to date."""

    year_plan: Decimal = ZERO
    period_plan: Decimal = ZERO
    actual: Decimal = ZERO
    approved_plan: Decimal | None = None


def fold(versions: Iterable[Version], day: dt.date) -> dict[Key, dict[int, Decimal]]:
    """The plan as adjusted by `day`: approved + amendments = adjusted. Facts that come to nothing stay, with zeros."""
    folded: dict[Key, dict[int, Decimal]] = {}
    for version in versions:
        if version.effective_from <= day:
            for key, months in version.amounts.items():
                into = folded.setdefault(key, {})
                for month, amount in months.items():
                    into[month] = into.get(month, ZERO) + amount
    return folded


def year_sum(months: Months) -> Decimal:
    """The year's plan of a fact."""
    return sum(months.values(), ZERO)


def through(months: Months, month: int) -> Decimal:
    """The plan of a fact from January to `month`."""
    return sum((amount for number, amount in months.items() if number <= month), ZERO)


def cumulative(postings: Iterable[Posting], month: int) -> dict[Key, Decimal]:
    """What was received or spent since 1 January, to the end of `month`: cumulative(m) = cumulative(m-1) + flow(m)."""
    sums: dict[Key, Decimal] = {}
    for posting in postings:
        if posting.month <= month:
            sums[posting.key] = sums.get(posting.key, ZERO) + posting.amount
    return sums


def first_open_month(postings: Iterable[Posting], month: int) -> int:
    """The month after the last one before `month` that has postings: where a cumulative statement of `month` begins."""
    return max((posting.month for posting in postings if posting.month < month), default=0) + 1


def postings_for(
    stated: Mapping[Key, Decimal], present: Iterable[Posting], month: int, *, anchor: int | None
) -> list[Posting]:
    """Postings that bring the cumulative sums to the `stated` ones of `month`, and leave those of `anchor` as they are.

    stated speaks for every fact: one that it leaves out comes to zero. anchor: the next later month that a file states
    cumulatively, or None. Stating the same again gives nothing.
    """
    present = list(present)
    sums = cumulative(present, month)
    first = first_open_month(present, month)
    postings = []
    for key in sorted(stated.keys() | sums.keys()):
        difference = stated.get(key, ZERO) - sums.get(key, ZERO)
        if difference:
            postings.append(Posting(key, first, month, difference))
            if anchor is not None:
                postings.append(Posting(key, anchor, anchor, -difference))
    return postings


def compose(
    *,
    month: int,
    adopted: Plan | None,
    adjusted: Plan | None,
    reported: Mapping[Key, Measures],
    postings: Iterable[Posting],
) -> dict[Key, Measures]:
    """The figures of a snapshot, fact by fact: the plan in force, or where there is none the plan that the report states.

    A fact without a plan whose postings come to nothing is none: a later report left it out.
    """
    actual = {key: amount for key, amount in cumulative(postings, month).items() if amount}
    if adjusted is None:
        return {key: _reported(reported.get(key), actual.get(key, ZERO)) for key in reported.keys() | actual.keys()}
    first = adopted or {}
    return {
        key: Measures(
            approved_plan=year_sum(first.get(key, {})),
            year_plan=year_sum(adjusted.get(key, {})),
            period_plan=through(adjusted.get(key, {}), month),
            actual=actual.get(key, ZERO),
        )
        for key in adjusted.keys() | actual.keys()
    }


def digest(figures: Mapping[Key, Measures]) -> str:
    """sha256, hex, of figures in canonical form: one JSON list per fact, in the order of the keys, drams with two places."""
    rows = [
        [*key, *(_text(amount) for amount in (one.approved_plan, one.year_plan, one.period_plan, one.actual))]
        for key, one in sorted(figures.items())
    ]
    return _sha256(rows)


def plan_digest(amounts: Mapping[str, Plan]) -> str:
    """sha256, hex, of a version's amounts by side, in canonical form; months of nothing do not count."""
    rows = [
        [side, *key, [_text(months.get(month, ZERO)) for month in MONTHS]]
        for side, plan in sorted(amounts.items())
        for key, months in sorted(plan.items())
    ]
    return _sha256(rows)


def _reported(plan: Measures | None, actual: Decimal) -> Measures:
    if plan is None:
        return Measures(actual=actual)
    return Measures(
        approved_plan=plan.approved_plan, year_plan=plan.year_plan, period_plan=plan.period_plan, actual=actual
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _sha256(rows: Sequence[Sequence[object]]) -> str:
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
