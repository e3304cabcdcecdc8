"""The sections of the plan: approved + changes = adjusted, total = parts - eliminations, parent = sum of children."""

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from modules.budgets.ledger import Key, Version, fold, year_sum
from modules.budgets.models import ClassificationKind
from modules.budgets.packs import load
from modules.budgets.packs.eliminations import eliminations
from modules.budgets.plan_sections import PARTS, SECTIONS, PlanRow, section
from modules.budgets.selectors.public_plan import SidePlan
from modules.budgets.tables import Line, Names
from tests.modules.budgets.filling import demo_year, key_of

YEAR = 2025
LINES = {
    kind.value: {
        one.code: Line(code=one.code, parent=one.parent, article=one.article, names=Names(hy=one.name_hy))
        for one in load(kind.value, YEAR)
    }
    for kind in ClassificationKind
}
TOTALS = {kind: next(code for code, line in lines.items() if not line.parent) for kind, lines in LINES.items()}
AMOUNT = st.integers(-(10**14), 10**14).map(lambda hundredths: Decimal(hundredths).scaleb(-2))


def _leaves(kind: str) -> list[str]:
    parents = {line.parent for line in LINES[kind].values()}
    return [code for code in LINES[kind] if code not in parents]


def _keys(side: str, kind: str) -> st.SearchStrategy[Key]:
    economic = st.sampled_from([*_leaves("economic"), "4772"]) if side == "expenditure" else st.just("")
    return st.builds(
        Key,
        st.sampled_from(_leaves(kind)),
        economic,
        st.just(""),
        st.just(""),
        st.sampled_from(["administrative", "fund"]),
    )


def _plans(side: str, kind: str) -> st.SearchStrategy[SidePlan]:
    return st.dictionaries(_keys(side, kind), st.tuples(AMOUNT, AMOUNT), max_size=12).map(
        lambda facts: SidePlan(
            adopted={key: first for key, (first, _) in facts.items()},
            adjusted={key: first + second for key, (first, second) in facts.items()},
            months={},
        )
    )


PLANS = st.fixed_dictionaries(
    {
        "revenue": _plans("revenue", "revenue"),
        "expenditure": _plans("expenditure", "functional"),
        "financing": _plans("financing", "financing"),
    }
)


def _total(rows: list[PlanRow], part: str) -> Decimal:
    return next((row.by_part[part].adjusted for row in rows if row.is_total), Decimal(0))


@given(PLANS)
def test_total_is_parts_less_eliminations(sides: dict[str, SidePlan]) -> None:
    """In sections 1, 2, 3 and 5; and function and economic item are two cuts of the same money."""
    rules = eliminations(YEAR)
    for number, side in ((1, "revenue"), (2, "expenditure"), (3, "expenditure"), (5, "financing")):
        rows = section(number, sides, LINES, TOTALS, YEAR)
        gone = sum(
            amount
            for key, amount in sides[side].adjusted.items()
            if rules.eliminated(side, key.code, key.economic, key.part)
        )
        assert _total(rows, "total") == _total(rows, "administrative") + _total(rows, "fund") - gone
        for row in rows:
            for planned in row.by_part.values():
                assert planned.approved + planned.changes == planned.adjusted


@given(PLANS)
def test_balance_is_revenue_less_expenditure(sides: dict[str, SidePlan]) -> None:
    """Section 4, for the whole budget and each part."""
    rows = {row.code: row.by_part for row in section(4, sides, LINES, TOTALS, YEAR)}
    for part in PARTS:
        assert rows["balance"][part].adjusted == rows["revenue"][part].adjusted - rows["expenditure"][part].adjusted


def test_section_six_divides_section_two() -> None:
    """Economic items under a function sum to what the function has of its own; a demo year balances."""
    sides = {side: _side_plan(side) for side in ("revenue", "expenditure", "financing")}
    two = {row.code: row.by_part for row in section(2, sides, LINES, TOTALS, YEAR)}
    found: dict[str, dict[str, Decimal]] = {}
    at = ""
    for row in section(6, sides, LINES, TOTALS, YEAR):
        if not row.is_economic:
            at = row.code
            continue
        for part in PARTS:
            sums = found.setdefault(at, dict.fromkeys(PARTS, Decimal(0)))
            sums[part] += row.by_part[part].adjusted
    assert found
    for code, sums in found.items():
        assert sums == {part: two[code][part].adjusted for part in PARTS}
    balance = {row.code: row.total.adjusted for row in section(4, sides, LINES, TOTALS, YEAR)}
    assert balance["balance"] + balance["financing"] == 0
    assert all(section(number, sides, LINES, TOTALS, YEAR) for number in SECTIONS)


def _side_plan(side: str) -> SidePlan:
    made = demo_year()
    versions = [
        Version(
            number=number,
            effective_from=dt.date(YEAR, 1, 1),
            amounts={key_of(one): dict(enumerate(one.months, start=1)) for one in items if one.side == side},
        )
        for number, items in enumerate([made.adopted, *(one.items for one in made.amendments)])
    ]
    months = fold(versions, dt.date(YEAR, 12, 31))
    return SidePlan(
        adopted={key: year_sum(versions[0].amounts.get(key, {})) for key in months},
        adjusted={key: year_sum(flow) for key, flow in months.items()},
        months=months,
    )
