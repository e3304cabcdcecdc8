"""The execution table, worked out without a database."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from modules.budgets.tables import (
    Amounts,
    Figure,
    Line,
    Names,
    build_rows,
    by_part,
    flows,
    kinds,
    visible,
)

amount = st.integers(-(10**14), 10**14).map(lambda n: Decimal(n).scaleb(-2))
CODES = ["1000", "1100", "1110", "1111", "1112", "1130", "1131"]
PARENT = {"1000": "", "1100": "1000", "1110": "1100", "1111": "1110", "1112": "1110", "1130": "1100", "1131": "1130"}
LINES = {c: Line(code=c, parent=PARENT[c], article="", names=Names(hy=f"տող {c}")) for c in CODES}
amounts = st.builds(Amounts, year_plan=amount, period_plan=amount, actual=amount)
months_of_year = st.lists(st.fixed_dictionaries(dict.fromkeys(CODES, amounts)), min_size=1, max_size=12)


@given(months_of_year)
def test_flows_add_up_to_the_cumulative(year: list[dict[str, Amounts]]) -> None:
    """R55: cumulative(m) = cumulative(m - 1) + flow(m), and January is its own flow."""
    running = dict.fromkeys(CODES, Decimal(0))
    previous = None
    for number, current in enumerate(year, start=1):
        flow = flows(current, previous, month=number)
        for code in CODES:
            assert flow[code].actual is not None
            running[code] += flow[code].actual
            assert running[code] == current[code].actual
            assert flow[code].year_plan == current[code].year_plan
        previous = current


@given(amounts)
def test_unknown_month_before_leaves_the_month_unknown(stated: Amounts) -> None:
    """R55: no single month is made up, neither without the month before nor for a line it left out."""
    for previous in (None, {"1110": stated}):
        flow = flows({"1000": stated}, previous, month=9)["1000"]
        assert flow.actual is None
        assert flow.period_plan is None


@given(st.dictionaries(st.sampled_from(CODES), amounts, min_size=1))
def test_rows_below_the_total_add_up_to_it(stated: dict[str, Amounts]) -> None:
    """R59: what the printed lines leave out stands as one row, so level one always adds up to the total."""
    rows = build_rows(LINES, stated, total_code="1000")
    if "1000" not in stated:
        assert not any(row.is_unitemised for row in rows)
        return
    assert rows[0].is_total
    for measure in ("year_plan", "period_plan", "actual"):
        parts = [getattr(row, measure) for row in rows if row.level == 1]
        assert sum(parts, Decimal(0)) == getattr(rows[0], measure)


@given(st.dictionaries(st.sampled_from(CODES), amounts, min_size=1))
def test_every_stated_line_has_exactly_one_row(stated: dict[str, Amounts]) -> None:
    rows = build_rows(LINES, stated, total_code="1000")
    assert sorted(row.code for row in rows if row.code) == sorted(stated)
    assert {row.code for row in visible(rows, detail=True)} >= {row.code for row in visible(rows, detail=False)}


def test_a_line_hangs_under_its_nearest_stated_ancestor() -> None:
    """R59: the printed page leaves 1100 and 1130 out; local duties still stand right below the total."""
    one = Amounts(year_plan=Decimal(10), period_plan=Decimal(5), actual=Decimal(4))
    rows = {row.code: row for row in build_rows(LINES, {"1000": one, "1131": one}, total_code="1000")}
    assert (rows["1131"].parent, rows["1131"].level) == ("1000", 1)


def test_drill_down_shows_the_line_and_what_lies_below() -> None:
    """R56: with a kind only its subtree stands, levels counted from it, and no remainder of a total."""
    one = Amounts(year_plan=Decimal(10), period_plan=Decimal(5), actual=Decimal(4))
    rows = build_rows(LINES, dict.fromkeys(CODES, one), total_code="1000", kind="1110")
    assert [(row.code, row.level) for row in rows] == [("1110", 0), ("1111", 1), ("1112", 1)]
    assert kinds(LINES, CODES, "1000") == ["1100", "1110", "1130"]


def test_zero_plan_keeps_its_row_without_a_percent() -> None:
    """R58: no plan, no percent; the row stays with its deviation."""
    got = Amounts(year_plan=Decimal(0), period_plan=Decimal(0), actual=Decimal("22444"))
    (row,) = build_rows(LINES, {"1110": got}, total_code="1000")
    assert row.percent is None
    assert row.deviation == Decimal("22444")


def test_whole_budget_takes_the_stated_total_before_the_sum_of_parts() -> None:
    """R57: a stated total nets transfers between the parts; without it the parts are added."""
    one = Figure(code="1000", part="administrative", year_plan=Decimal(7), period_plan=Decimal(5), actual=Decimal(4))
    parts = [one, replace(one, part="fund", year_plan=Decimal(3))]
    assert by_part(parts, "total")["1000"].year_plan == 10
    assert by_part(parts, "fund")["1000"].year_plan == 3
    stated = replace(one, part="undivided", year_plan=Decimal(9))
    assert by_part([*parts, stated], "total")["1000"].year_plan == 9
    assert by_part([stated], "fund") == {}
