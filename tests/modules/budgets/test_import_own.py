"""Stated figures to own amounts and plans to months: what is rolled up again is what the file states, to the hundredth."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.budgets.importing.content import FileRow
from modules.budgets.importing.own import own_amounts, own_plan_rows
from modules.budgets.importing.plans import PlanRow, quarters_of, spread
from modules.budgets.importing.trees import pack_lines
from modules.budgets.tables import Line, ancestors

REVENUE, FUNCTIONAL, ECONOMIC, FINANCING = (
    pack_lines(kind, 2025) for kind in ("revenue", "functional", "economic", "financing")
)
ELIMINATED = frozenset({("1392", "", "fund"), ("", "4772", "administrative")})
PARTS = ("undivided", "administrative", "fund")
drams = st.integers(-(10**9), 10**13).map(lambda hundredths: Decimal(hundredths).scaleb(-2))
places = st.tuples(st.sampled_from(["", "Արթիկ", "Պեմզաշեն"]), st.sampled_from(["", "900205003016"]))
CODES = {
    1: (st.sampled_from(["1000", "1100", "1110", "1111", "1112", "1120", "1300", "1390", "1392"]), st.just("")),
    2: (st.sampled_from(["2000", "2100", "2110", "2111", "2112", "3100", "3110", "3112"]), st.just("")),
    3: (st.just(""), st.sampled_from(["4000", "4050", "4100", "4110", "4111", "4770", "4771", "4772", "5000"])),
    5: (st.sampled_from(["8010", "8100", "8110", "8111", "8112", "8160", "8200"]), st.just("")),
    6: (st.sampled_from(["2000", "2100", "2110", "2111", "3112"]), st.sampled_from(["", "4111", "4110", "4772", "4771"])),
}  # fmt: skip
TREES = {1: (REVENUE, None), 2: (FUNCTIONAL, ECONOMIC), 3: (FUNCTIONAL, ECONOMIC), 5: (FINANCING, None),
         6: (FUNCTIONAL, ECONOMIC)}  # fmt: skip


def figure(code: str, amount: Any, part: str = "undivided", **more: Any) -> FileRow:
    value = Decimal(amount)
    figures = {"year_plan": value, "period_plan": value, "actual": value, "approved_plan": value}
    return FileRow(**({"line": 1, "code": code, "part": part} | figures | more))


@st.composite
def tables(draw: Callable[..., Any]) -> tuple[int, list[FileRow]]:
    """Any rows of one section, each key and part once."""
    section = draw(st.sampled_from(sorted(CODES)))
    code, economic = CODES[section]
    keys = draw(st.lists(st.tuples(code, economic, places, st.sampled_from(PARTS)), unique=True, max_size=25))
    rows = []
    for line, (c, e, (settlement, account), part) in enumerate(keys, start=1):
        year, period, actual = draw(drams), draw(drams), draw(drams)
        rows.append(
            FileRow(
                line=line,
                code=c,
                economic=e,
                settlement=settlement,
                account=account,
                part=part,
                year_plan=year,
                period_plan=period,
                actual=actual,
                approved_plan=draw(st.none() | drams),
            )  # fmt: skip
        )
    return section, rows


def is_below(one: Any, top: Any, lines: dict[str, Line], economic_lines: dict[str, Line] | None) -> bool:
    """Said once more and in another way than in the code: each of the four is the other's or hangs under it."""
    return (
        (one.code == top.code or top.code in ancestors(one.code, lines))
        and (one.economic == top.economic or top.economic in ancestors(one.economic, economic_lines or {}))
        and top.settlement in ("", one.settlement)
        and top.account in ("", one.account)
    )


def rolled_up(own: Sequence[Any], top: Any, section: int, amount: Callable[[Any], Any]) -> Any:
    """The sum of own amounts at and below `top`, in its part; of the whole, of all parts less what is eliminated."""
    lines, economic_lines = TREES[section]
    whole = top.part == "undivided"
    counted = [
        row
        for row in own
        if is_below(row, top, lines, economic_lines)
        and (row.part == top.part or whole)
        and not (whole and any((c, e, row.part) in ELIMINATED for c in ("", row.code) for e in ("", row.economic)))
    ]
    return sum((amount(row) for row in counted), Decimal(0))


def keyed(row: Any, section: int) -> Any:
    """The row with both codes where a key has both."""
    return replace(row, code=row.code or "2000", economic=row.economic or "4000") if TREES[section][1] else row


@settings(max_examples=300, deadline=None)
@given(tables())
def test_own_amounts_rolled_up_give_every_stated_figure(table: tuple[int, list[FileRow]]) -> None:
    """Issue 3: parent = sum of children, total = parts - eliminations, for all sections, settlements and measures."""
    section, rows = table
    own = own_amounts(rows, *TREES[section], ELIMINATED)
    for row in rows:
        top = keyed(row, section)
        for measure in ("year_plan", "period_plan", "actual", "approved_plan"):
            stated = getattr(row, measure)
            if stated is not None:
                assert rolled_up(own, top, section, lambda r, m=measure: getattr(r, m) or 0) == stated  # type: ignore[misc]
    assert {(r.code, r.economic) for r in own} == {(keyed(r, section).code, keyed(r, section).economic) for r in rows}


@settings(max_examples=200, deadline=None)
@given(tables(), st.data())
def test_own_plans_rolled_up_give_every_stated_month_quarter_and_year(
    table: tuple[int, list[FileRow]], data: st.DataObject
) -> None:
    section, rows = table
    plans = []
    for row in rows:
        grain = data.draw(st.sampled_from(["year", "quarters", "months"]))
        flows = tuple(data.draw(st.lists(drams, min_size=12, max_size=12))) if grain == "months" else None
        quarters = tuple(data.draw(st.lists(drams, min_size=4, max_size=4))) if grain == "quarters" else None
        place = {name: getattr(row, name) for name in ("line", "code", "economic", "settlement", "account", "part")}
        year = sum(flows or quarters or (row.year_plan,), Decimal(0))
        plans.append(PlanRow(year=year, months=flows, quarters=quarters, **place))
    own = own_plan_rows(plans, *TREES[section], ELIMINATED)
    for plan in plans:
        top = keyed(plan, section)
        months = [rolled_up(own, top, section, lambda r, m=m: r.months[m]) for m in range(12)]  # type: ignore[misc]
        assert sum(months) == plan.year
        assert plan.months is None or tuple(months) == plan.months
        assert plan.quarters is None or quarters_of(months) == plan.quarters
    assert all(sum(row.months or ()) == row.year for row in own)


def test_a_parent_keeps_what_its_lines_do_not_hold() -> None:
    rows = [figure("1000", 100), figure("1110", 60), figure("1111", 60), figure("1120", 30)]
    own = {row.code: row.actual for row in own_amounts(rows, REVENUE)}
    assert own == {"1000": 10, "1110": 0, "1111": 60, "1120": 30}


def test_lines_without_amounts_stay_and_undivided_zeros_beside_parts_go() -> None:
    rows = [figure("1110", 5), figure("1110", 5, "administrative"), figure("1120", 0), figure("1130", 0, "fund")]
    own = [(row.code, row.part, row.actual) for row in own_amounts(rows, REVENUE)]
    assert own == [("1110", "administrative", 5), ("1120", "undivided", 0), ("1130", "fund", 0)]


def test_the_reserve_that_feeds_the_fund_counts_once() -> None:
    """Its part shows it; the whole, stated without it, needs no correction. Control: not eliminated, it does."""
    rows = [figure("1000", 100), figure("1000", 100, "administrative"), figure("1000", 20, "fund"),
            figure("1392", 0), figure("1392", 20, "fund")]  # fmt: skip
    own = [(row.code, row.part, row.actual) for row in own_amounts(rows, REVENUE, None, ELIMINATED)]
    assert own == [("1000", "administrative", 100), ("1000", "fund", 0), ("1392", "fund", 20)]
    corrected = [(row.code, row.part, row.actual) for row in own_amounts(rows, REVENUE)]
    assert ("1392", "undivided", -20) in corrected


def test_a_function_keeps_what_its_economic_lines_do_not_hold() -> None:
    rows = [figure("2111", 100), figure("2111", 70, economic="4111"), figure("2111", 20, economic="4212")]
    own = {(row.code, row.economic): row.actual for row in own_amounts(rows, FUNCTIONAL, ECONOMIC)}
    assert own == {("2111", "4000"): 10, ("2111", "4111"): 70, ("2111", "4212"): 20}
    alone = own_amounts([figure("", 7, economic="4111")], FUNCTIONAL, ECONOMIC)
    assert [(row.code, row.economic) for row in alone] == [("2000", "4111")]


@given(drams)
def test_a_year_spread_over_months_adds_up(year: Decimal) -> None:
    months = spread(year)
    assert (len(months), sum(months)) == (12, year)
    assert len(set(months[:11])) == 1
    assert all(month == month.quantize(Decimal("0.01")) for month in months)


@given(st.tuples(drams, drams, drams, drams))
def test_quarters_spread_over_months_add_up(quarters: tuple[Decimal, ...]) -> None:
    months = spread(quarters)
    assert quarters_of(months) == quarters
    assert all(months[first] == months[first + 1] for first in (0, 3, 6, 9))


def test_the_remainder_stands_in_the_last_month() -> None:
    assert spread(Decimal("100.00")) == (*[Decimal("8.33")] * 11, Decimal("8.37"))
    with pytest.raises(ValueError, match="4 quarters"):
        spread([Decimal(1)] * 3)


def test_plan_rows_survive_being_kept() -> None:
    row = PlanRow(line=3, code="1110", part="fund", year=Decimal("4.00"), quarters=(Decimal("1.00"),) * 4)
    assert PlanRow.from_json(row.to_json()) == row
    assert PlanRow.from_json(replace(row, months=row.flows).to_json()).months == row.flows


def test_rows_kept_before_there_were_settlements_are_read() -> None:
    kept = figure("1110", 5).to_json()
    old = {name: value for name, value in kept.items() if name not in ("economic", "settlement", "account")}
    assert FileRow.from_json(old) == figure("1110", 5)
