"""The rules of the budget hold through the actions, from a plan to what residents read (issue 3, rules; R54-R60).

Amounts are made by hypothesis, kept by the actions in a town of two, and read back by the selectors of the public pages.
"""

import calendar
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from modules.budgets import actions, ledger, selectors
from modules.budgets.actions import PlanItem
from modules.budgets.ledger import Key, Measures
from modules.budgets.models import ClassificationLine, PublishedMonth
from modules.budgets.selectors.plans import adjusted_plan
from modules.budgets.selectors.published import ExecutionTable
from modules.budgets.tables import Row
from tenants.context import in_town

YEAR = 2025
CODES = ("1111", "1112", "1121", "1351", "1392")  # 1392 of the fund part is taken out of the total
PARTS = ("administrative", "fund")
WAGES = Key("2111", "4111", part="administrative")
MONTHS = range(1, 5)
ONCE = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip

drams = st.integers(1, 10**11).map(lambda hundredths: Decimal(hundredths).scaleb(-2))
keys = st.builds(
    Key, st.sampled_from(CODES), st.just(""), st.sampled_from(["", "Հաղարծին"]), st.just(""), st.sampled_from(PARTS)
)
plans = st.dictionaries(keys, st.tuples(st.integers(1, 12), drams), min_size=1, max_size=5)
amendments = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 28), plans), max_size=2)
postings = st.lists(st.tuples(keys, st.sampled_from(MONTHS), drams, st.booleans()), min_size=1, max_size=6)


@contextmanager
def fresh_town() -> Iterator[None]:
    """Sevan with its classification and nothing else; what is written is taken back."""
    with in_town("sevan"), transaction.atomic():
        actions.load_classification(actor=None)
        yield
        transaction.set_rollback(True)


def items_of(plan: dict[Key, tuple[int, Decimal]]) -> list[PlanItem]:
    """Revenue in one month each, and wages of the same sum, so that the budget balances."""
    whole = sum((amount for _, amount in plan.values()), Decimal(0))
    facts = [("revenue", key, month, amount) for key, (month, amount) in plan.items()]
    return [
        PlanItem(side=side, key=key, months=tuple(amount if one == month else Decimal(0) for one in range(1, 13)))
        for side, key, month, amount in (*facts, ("expenditure", WAGES, 12, whole))
    ]


def bring_into_force(plan: dict[Key, tuple[int, Decimal]], day: dt.date, number: str) -> None:
    """A version of the plan with its decision; by the system, which needs no approval."""
    version = actions.draft_of(actor=None, year=YEAR)
    actions.set_amounts(actor=None, version=version, items=items_of(plan))
    actions.describe_version(actor=None, version=version, decision_number=number, decision_date=day, effective_from=day)
    actions.submit_version(actor=None, version=version)
    actions.approve_version(actor=None, version=version)


def post(posted: list[tuple[Key, int, Decimal, bool]]) -> None:
    for key, month, amount, is_refund in posted:
        actions.post_entry(
            actor=None, side="revenue", key=key, day=dt.date(YEAR, month, 15), amount=-amount if is_refund else amount
        )


def table(month: int, *, view: Any = "cumulative", part: Any = "total", version: int | None = None) -> ExecutionTable:
    found = selectors.execution_table(year=YEAR, month=month, view=view, part=part, version=version)
    assert found is not None
    return found


def by_code(found: ExecutionTable) -> dict[str, Row]:
    return {row.code: row for row in found.rows if not row.is_unitemised}


def actual(rows: dict[str, Row], code: str) -> Decimal:
    return (rows[code].actual or Decimal(0)) if code in rows else Decimal(0)


def last_day(month: int) -> dt.date:
    return dt.date(YEAR, month, calendar.monthrange(YEAR, month)[1])


def check_what_is_read(amended: Any, plan: Any, posted: Any) -> None:
    """Every rule at once, over what the public pages would show of each month."""
    for month in MONTHS:
        if not any(one <= month for _, one, _, _ in posted):
            continue
        rows = by_code(table(month))
        alone = by_code(table(month, view="month")) if month > 1 and _is_public(month - 1) else None
        before = by_code(table(month - 1)) if alone is not None else {}
        parts = [by_code(table(month, part=part)) for part in PARTS]
        for code, row in rows.items():
            assert type(row.actual) is type(row.year_plan) is Decimal
            if alone is not None:  # cumulative(m) = cumulative(m - 1) + flow(m)
                assert row.actual == actual(before, code) + (alone[code].actual or 0)
            children = [one for one in rows.values() if one.parent == code]
            if children:  # parent = sum of children: made-up facts stand on the lowest lines
                assert row.actual == sum(one.actual or 0 for one in children)
                assert row.year_plan == sum(one.year_plan for one in children)
            if not row.period_plan:  # percent undefined, and the row stays
                assert row.percent is None
            else:
                exact = row.actual * 100 / row.period_plan
                assert row.percent == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        total = table(month).total
        assert total is not None
        out = sum(amount * (-1 if refund else 1) for key, one, amount, refund in posted
                  if one <= month and (key.code, key.part) == ("1392", "fund"))  # fmt: skip
        assert total.actual == sum(actual(one, total.code) for one in parts) - out  # total = parts - eliminations
        known = [plan, *(facts for on, day, facts in amended if dt.date(YEAR, on, day) <= last_day(month))]
        counted = sum(amount for facts in known for key, (_, amount) in facts.items()
                      if (key.code, key.part) != ("1392", "fund"))  # fmt: skip
        assert total.year_plan == counted  # approved + amendments = adjusted


def _is_public(month: int) -> bool:
    return PublishedMonth.objects.filter(budget_year__year=YEAR, month=month, side="revenue").exists()


def run(plan: Any, amended: Any, posted: Any) -> None:
    """A year through the actions, then what residents read of it."""
    with fresh_town():
        bring_into_force(plan, dt.date(YEAR - 1, 12, 20), "1-Ա")
        for number, (month, day, facts) in enumerate(sorted(amended, key=lambda one: one[:2]), start=2):
            bring_into_force(facts, dt.date(YEAR, month, day), f"{number}-Ա")
        post(posted)
        first = min(month for _, month, _, _ in posted)
        for month in MONTHS:
            if month >= first:
                actions.publish_month(actor=None, year=YEAR, month=month)
        check_what_is_read(amended, plan, posted)


@ONCE
@given(plan=plans, amended=amendments, posted=postings)
def test_rules_of_the_execution(towns: Any, plan: Any, amended: Any, posted: Any) -> None:
    """Rules: cumulative and flow, adjusted plan, total and parts, parent and children, percent, Decimal."""
    run(plan, amended, posted)


@pytest.mark.parametrize("broken", ["cumulative", "fold", "through"])
def test_broken_arithmetic_would_be_noticed(towns: Any, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    """The control: each of these faults makes the property above fail."""
    cumulative, fold, through = ledger.cumulative, ledger.fold, ledger.through
    faults: dict[str, Callable[..., Any]] = {
        "cumulative": lambda found, month: cumulative([one for one in found if one.month != 2], month),
        "fold": lambda versions, day: fold([one for one in versions if one.number == 0], day),
        "through": lambda months, month: through(months, month) + 1,
    }
    monkeypatch.setattr(ledger, broken, faults[broken])
    plan = {Key("1111", part="administrative"): (1, Decimal(100)), Key("1392", part="fund"): (2, Decimal(40))}
    added = [(2, 10, {Key("1121", part="administrative"): (5, Decimal(30))})]
    posted = [(key, month, Decimal(7), False) for key in plan for month in (1, 2, 3)]
    if broken == "through":  # the plan of the period is one dram more in every fact, so parents no longer meet the sum
        with fresh_town(), pytest.raises(AssertionError):
            bring_into_force(plan, dt.date(YEAR - 1, 12, 20), "1-Ա")
            post(posted)
            actions.publish_month(actor=None, year=YEAR, month=1)
            total = table(1).total
            assert total is not None
            assert total.period_plan == Decimal(100)
        return
    with pytest.raises(AssertionError):
        run(plan, added, posted)


@ONCE
@given(plan=plans, amended=amendments, days=st.lists(st.integers(0, 200), min_size=1, max_size=4))
def test_the_adjusted_plan_of_any_past_day(towns: Any, plan: Any, amended: Any, days: list[int]) -> None:
    """Rule: approved + amendments = adjusted, as of any day, fact by fact and month by month."""
    with fresh_town():
        bring_into_force(plan, dt.date(YEAR - 1, 12, 20), "1-Ա")
        ordered = sorted(amended, key=lambda one: one[:2])
        for number, (month, day, facts) in enumerate(ordered, start=2):
            bring_into_force(facts, dt.date(YEAR, month, day), f"{number}-Ա")
        assert adjusted_plan(YEAR, "revenue", dt.date(YEAR - 1, 12, 19)) is None
        for number in days:
            on = dt.date(YEAR - 1, 12, 20) + dt.timedelta(days=number)
            expected: dict[tuple[Key, int], Decimal] = {}
            known = [plan, *(facts for month, day, facts in ordered if dt.date(YEAR, month, day) <= on)]
            for facts in known:
                for key, (month, amount) in facts.items():
                    expected[key, month] = expected.get((key, month), Decimal(0)) + amount
            found = adjusted_plan(YEAR, "revenue", on) or {}
            assert {(key, month): amount for key, flow in found.items() for month, amount in flow.items()} == expected


@ONCE
@given(plan=plans, posted=postings, later=postings, words=st.sampled_from(["Այլ անվանում", "Ուրիշ"]))
def test_a_snapshot_never_changes(towns: Any, plan: Any, posted: Any, later: Any, words: str) -> None:
    """Rule: later postings, corrections, amendments and names leave what is published as it was; a change is a new version."""
    with fresh_town():
        bring_into_force(plan, dt.date(YEAR - 1, 12, 20), "1-Ա")
        post(posted)
        first = actions.publish_month(actor=None, year=YEAR, month=4)
        before = figures(first)
        assert ledger.digest(before) == first.digest
        post(later)
        bring_into_force(plan, dt.date(YEAR, 2, 2), "2-Ա")
        ClassificationLine.objects.filter(code="1111").update(name_hy=words)
        second = actions.publish_month(actor=None, year=YEAR, month=4)
        assert figures(first) == before
        assert PublishedMonth.objects.get(pk=first.pk).digest == first.digest
        assert (second.version, second.digest != first.digest) == (2, True)
        shown = table(4, version=1).total
        assert shown is not None
        kept = {key: one for key, one in before.items() if (key.code, key.part) != ("1392", "fund")}
        assert shown.actual == sum(one.actual for one in kept.values())
        assert actions.publish_month(actor=None, year=YEAR, month=4).pk == second.pk  # nothing new: no third version


def figures(published: PublishedMonth) -> dict[Key, Measures]:
    """The figures of a snapshot as they stand in the database."""
    return {
        one.key: Measures(
            year_plan=one.year_plan, period_plan=one.period_plan, actual=one.actual, approved_plan=one.approved_plan
        )
        for one in published.figures.all()
    }


@ONCE
@given(amount=drams, right=st.none() | drams)
def test_a_correction_stays_a_correction(towns: Any, amount: Decimal, right: Decimal | None) -> None:
    """R60: the entry stays, its opposite and the right one stand beside it, and the sum is the right one."""
    with fresh_town():
        key = Key("1111", part="administrative")
        entry = actions.post_entry(actor=None, side="revenue", key=key, day=dt.date(YEAR, 3, 3), amount=amount)
        made = actions.correct_entry(actor=None, entry=entry, amount=right, note="սխալ գումար")
        entry.refresh_from_db()
        assert entry.amount == amount
        assert all(one.is_correction and one.corrects_id == entry.pk for one in made)
        assert sum(one.amount for one in (entry, *made)) == (right or 0)
        with pytest.raises(actions.BudgetError):
            actions.correct_entry(actor=None, entry=entry, amount=right, note="նորից")
