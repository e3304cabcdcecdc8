"""Made-up budget years, without a database: what must hold for any town, size and year (R41, R54-R60 have figures)."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.budgets.demo.generator import year_of, years_for
from modules.budgets.demo.numbers import allocate
from modules.budgets.demo.planning import revenue_of
from modules.budgets.demo.profiles import expenditure_lines, financing_sources, revenue_lines, rows
from modules.budgets.demo.values import DemoYear, EntryItem, Key, PlanItem, Texts
from modules.budgets.packs import load

SIGN = {"revenue": 1, "expenditure": -1, "financing": 1}
PARTS = ("administrative", "fund")
KIND = {"revenue": "revenue", "expenditure": "functional", "financing": "financing"}
RESERVE = "4771"  # bears figures although the form has an "of which" line below it

slugs = st.from_regex(r"[a-z][a-z0-9-]{1,20}", fullmatch=True)
sizes = st.integers(200, 1_200_000)
spans = st.integers(2012, 2032)
demo_years = st.builds(year_of, slugs, sizes, spans)
few = settings(max_examples=15, deadline=None)


def planned(items: Iterable[PlanItem]) -> dict[Key, list[Decimal]]:
    """Twelve amounts a key, items of one key added."""
    sums: defaultdict[Key, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 12)
    for item in items:
        sums[item.key] = [old + new for old, new in zip(sums[item.key], item.months, strict=True)]
    return dict(sums)


def adjusted(year: DemoYear) -> dict[Key, list[Decimal]]:
    return planned([*year.adopted, *(item for amendment in year.amendments for item in amendment.items)])


def of_year(amounts: dict[Key, list[Decimal]]) -> dict[Key, Decimal]:
    return {key: sum(flow, Decimal(0)) for key, flow in amounts.items()}


def executed(entries: Iterable[EntryItem]) -> dict[Key, Decimal]:
    sums: Counter[Key] = Counter()
    for entry in entries:
        sums[entry.key] += entry.amount  # type: ignore[assignment]
    return dict(sums)  # type: ignore[arg-type]


def is_transfer(key: Key) -> bool:
    """The facts that the pack eliminates from the total."""
    return (key.side == "revenue" and key.code == "1392" and key.part == "fund") or (
        key.economic == "4772" and key.part == "administrative"
    )


def balance(amounts: dict[Key, Decimal], part: str) -> Decimal:
    return sum((SIGN[key.side] * amount for key, amount in amounts.items() if key.part == part), Decimal(0))


def total(amounts: dict[Key, Decimal], side: str) -> Decimal:
    """A side over both parts, transfers eliminated."""
    return sum((amount for key, amount in amounts.items() if key.side == side and not is_transfer(key)), Decimal(0))


@few
@given(demo_years)
def test_the_year_balances_in_each_part_as_adopted_and_after_every_amendment(year: DemoYear) -> None:
    """Section 4 and section 5 of the form meet: revenue - expenditure + financing = 0."""
    items = list(year.adopted)
    assert [balance(of_year(planned(items)), part) for part in PARTS] == [0, 0]
    for amendment in year.amendments:
        items += amendment.items
        assert [balance(of_year(planned(items)), part) for part in PARTS] == [0, 0]


@few
@given(demo_years)
def test_the_transfer_leaves_one_part_and_enters_the_other(year: DemoYear) -> None:
    """Equal amounts in plan and execution, month by month, so that the total can leave both out."""
    for plan in (planned(year.adopted), adjusted(year)):
        gone, come = (
            [flow for key, flow in plan.items() if is_transfer(key) and key.side == side]
            for side in ("expenditure", "revenue")
        )
        assert gone == come
        assert len(gone) == 1
        assert sum(gone[0]) > 0
    moved = {
        side: [(e.month, e.amount) for e in year.execution if is_transfer(e.key) and e.side == side] for side in SIGN
    }
    assert moved["revenue"] == moved["expenditure"]
    assert moved["revenue"]


@few
@given(demo_years)
def test_amendments_leave_no_line_below_zero_and_change_only_what_is_ahead(year: DemoYear) -> None:
    """Three to five decisions, by date, each moving something; the sign of a line never turns in any month."""
    assert 3 <= len(year.amendments) <= 5
    days = [amendment.decision.date for amendment in year.amendments]
    assert days == sorted(set(days))
    assert {day.weekday() for day in (year.decision.date, *days)} <= {2, 4}
    assert year.decision.date.year == year.year - 1
    numbers = [int(amendment.decision.number.partition("-")[0]) for amendment in year.amendments]
    assert numbers == sorted(set(numbers))
    current = planned(year.adopted)
    signs = {key: -1 if sum(flow) < 0 else 1 for key, flow in current.items()}
    for amendment in year.amendments:
        assert any(item.year for item in amendment.items)
        for item in amendment.items:
            assert not any(item.months[: amendment.decision.date.month])
            current[item.key] = [old + new for old, new in zip(current[item.key], item.months, strict=True)]
    assert all(amount * signs[key] >= 0 for key, flow in current.items() for amount in flow)


@few
@given(demo_years)
def test_among_the_decisions_are_reserve_subvention_and_shift(year: DemoYear) -> None:
    changes = [{(item.side, item.code, item.economic): item.year for item in a.items} for a in year.amendments]
    reserve, street = ("expenditure", "3112", RESERVE), ("expenditure", "2451", "5113")
    assert any(change.get(reserve, 0) < 0 and change.get(street) == -change[reserve] for change in changes)
    assert any(change.get(("revenue", "1260", ""), 0) > 0 for change in changes)
    lighting = ("expenditure", "2641", "4212")
    assert any(sorted(change.values())[0] == -change[lighting] for change in changes if lighting in change)


@few
@given(slugs, sizes, spans, st.integers(1, 12))
def test_twice_the_same_and_an_earlier_month_is_its_beginning(slug: str, size: int, year: int, through: int) -> None:
    whole, part = year_of(slug, size, year), year_of(slug, size, year, through=through)
    assert part == year_of(slug, size, year, through=through)
    assert part.adopted == whole.adopted
    assert part.execution == tuple(entry for entry in whole.execution if entry.month <= through)
    assert part.amendments == tuple(a for a in whole.amendments if a.decision.date.month <= through)
    assert all(question.answered_on.month <= through for question in part.questions)


def test_the_figures_are_the_same_on_every_machine_and_differ_by_town() -> None:
    """Pinned, for a hash that varied by process or version would show nowhere else."""
    assert revenue_of("sevan", 19229, 2025) == 1_701_093_000
    sevan, goris = year_of("sevan", 19229, 2025), year_of("goris", 19229, 2025)
    assert sevan.adopted != goris.adopted
    assert sevan.execution != goris.execution


@few
@given(demo_years)
def test_codes_are_leaves_of_the_packs_valid_in_the_year(year: DemoYear) -> None:
    """The reserve alone has a line below it, "of which", and bears figures of its own."""
    leaves = {}
    for kind in ("revenue", "functional", "economic", "financing"):
        lines = load(kind, year.year)
        leaves[kind] = {line.code for line in lines} - {line.parent for line in lines}
    keys = {item.key for item in (*year.adopted, *year.execution)}
    keys |= {item.key for amendment in year.amendments for item in amendment.items}
    assert not [key for key in keys if key.code not in leaves[KIND[key.side]]]
    assert {key.economic for key in keys if key.side == "expenditure"} <= leaves["economic"] | {RESERVE}
    assert all(bool(key.economic) == (key.side == "expenditure") for key in keys)
    assert {key.part for key in keys} == set(PARTS)


@few
@given(slugs, sizes, st.integers(2022, 2026))
def test_amounts_are_plausible(slug: str, size: int, year: int) -> None:
    """60,000 to 120,000 drams an inhabitant, 4 to 9 percent more a year, small towns living on the grant."""
    now, before = (of_year(planned(year_of(slug, size, number).adopted)) for number in (year, year - 1))
    revenue = total(now, "revenue")
    assert 60_000 * size <= revenue <= 120_000 * size
    assert 104 * total(before, "revenue") <= 100 * revenue + 10_000
    assert 100 * revenue <= 109 * total(before, "revenue")
    grant = sum(amount for key, amount in now.items() if key.code == "1251")
    if size < 25_000:
        assert 45 * revenue <= 100 * grant <= 61 * revenue
    own = sum(amount for key, amount in now.items() if key.side == "revenue" and key.part == "administrative")
    reserve = sum(amount for key, amount in now.items() if key.code == "3112")
    assert 5 * own <= 100 * reserve <= 30 * own  # what the law lets the reserve fund hold


@few
@given(demo_years)
def test_execution_ends_within_its_bounds(year: DemoYear) -> None:
    """Revenue 85 to 108, expenditure 80 to 99 percent of the adjusted plan; no line spends more than it has."""
    plan, actual = of_year(adjusted(year)), executed(year.execution)
    assert 85 * total(plan, "revenue") <= 100 * total(actual, "revenue") <= 108 * total(plan, "revenue")
    assert 80 * total(plan, "expenditure") <= 100 * total(actual, "expenditure") <= 99 * total(plan, "expenditure")
    spent = {key: amount for key, amount in actual.items() if key.side == "expenditure"}
    assert all(abs(amount) <= abs(plan[key]) for key, amount in spent.items())
    assert any(key not in plan and amount > 0 for key, amount in actual.items() if key.side == "revenue")
    for side in ("revenue", "expenditure"):
        assert any(amount > 0 and key not in actual for key, amount in plan.items() if key.side == side)


@few
@given(demo_years)
def test_money_meets_in_each_part_and_month_and_sometimes_goes_back(year: DemoYear) -> None:
    """Executed revenue, expenditure and financing leave nothing over; refunds never bring a revenue line below zero."""
    for month in (1, 6, 12):
        until = executed(entry for entry in year.execution if entry.month <= month)
        assert [balance(until, part) for part in PARTS] == [0, 0]
        assert all(amount >= 0 for key, amount in until.items() if key.side == "revenue")
    closing = {part: [e.amount for e in year.execution if e.code == "8199" and e.part == part] for part in PARTS}
    assert all(sum(amounts) <= 0 for amounts in closing.values())  # below zero: money put by, no account overdrawn
    for side in ("revenue", "expenditure"):
        assert any(e.amount < 0 for e in year.execution if e.side == side and e.economic != "6410")


@few
@given(demo_years)
def test_amounts_are_exact_and_keys_planned_once(year: DemoYear) -> None:
    amounts = [amount for item in year.adopted for amount in item.months] + [entry.amount for entry in year.execution]
    assert {type(amount) for amount in amounts} == {Decimal}
    assert all(amount == amount.quantize(Decimal("0.01")) for amount in amounts)
    assert all(amount % 100 == 0 for item in year.adopted for amount in item.months[:-1])
    keys = [item.key for item in year.adopted]
    assert len(keys) == len(set(keys))
    assert all(item.year for item in year.adopted)


@pytest.mark.parametrize(("town", "size"), [("dilijan", 23_700), ("sevan", 19_229), ("goris", 20_591)])
def test_no_account_of_a_demo_town_is_ever_overdrawn(town: str, size: int) -> None:
    """The towns that people look at: what was there, came in and went out leaves something in every month."""
    for year in range(2023, 2030):
        entries = [e for e in year_of(town, size, year).execution if e.code == "8199"]
        for part in PARTS:
            flows = [-e.amount for e in entries if e.part == part]
            assert all(sum(flows[:month]) >= 0 for month in range(1, 13)), (year, part)


def test_the_seasons_show() -> None:
    """Taxes at the end of the year, heating in winter, works in summer and autumn."""
    year = year_of("sevan", 19229, 2025)

    def received(months: range, **wanted: str) -> Decimal:
        return sum(
            (
                e.amount
                for e in year.execution
                if e.month in months and all(getattr(e, k) == v for k, v in wanted.items())
            ),
            Decimal(0),
        )

    taxes, heating, works = {"code": "1113"}, {"code": "2111", "economic": "4212"}, {"code": "2451", "economic": "5113"}
    assert received(range(10, 13), **taxes) > received(range(1, 10), **taxes)
    assert received(range(1, 4), **heating) > 5 * received(range(6, 9), **heating)
    assert received(range(6, 12), **works) > 5 * received(range(1, 6), **works)


def test_lines_repeat_by_settlement_with_accounts_of_their_own() -> None:
    for town in ("sevan", "goris"):
        items = [item for item in year_of(town, 20_000, 2025).adopted if item.settlement]
        assert len({item.settlement for item in items}) == 4
        assert len({item.account for item in items}) == len(items)
        assert all(len(item.account) == 12 and item.account.startswith("900") for item in items)
        assert {"1113", "1331", "1334"} <= {item.code for item in items}
        assert {item.side for item in items} == {"revenue"}
    assert not any(item.settlement for item in year_of("dilijan", 20_000, 2025).adopted)


def test_the_taxes_on_real_estate_became_one_in_2021() -> None:
    assert "1113" not in {item.code for item in year_of("sevan", 19229, 2020).adopted}
    assert "1113" in {item.code for item in year_of("sevan", 19229, 2021).adopted}


def test_the_profile_is_as_large_as_a_town_needs() -> None:
    count = Counter(item.side for item in year_of("sevan", 19229, 2025).adopted)
    assert count["revenue"] >= 55
    assert count["expenditure"] >= 120
    assert count["financing"] >= 2


@pytest.mark.parametrize("lines", [200, 400, 700])
def test_a_long_budget_for_measurements(lines: int) -> None:
    year = year_of("sevan", 19229, 2025, lines=lines)
    count = Counter(item.side for item in year.adopted)
    assert (count["revenue"], count["expenditure"]) == (lines, lines)
    assert [balance(of_year(planned(year.adopted)), part) for part in PARTS] == [0, 0]
    assert all(item.year for item in year.adopted)


def test_a_budget_shorter_than_the_profile_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer"):
        year_of("sevan", 19229, 2025, lines=100)
    with pytest.raises(ValueError, match="month"):
        year_of("sevan", 19229, 2025, through=0)


def test_the_years_end_with_the_last_whole_month() -> None:
    assert years_for(dt.date(2026, 11, 23)) == [(2024, 12), (2025, 12), (2026, 10)]
    assert years_for(dt.date(2026, 1, 31)) == [(2023, 12), (2024, 12), (2025, 12)]
    assert years_for(dt.date(2026, 2, 1), full=3) == [(2023, 12), (2024, 12), (2025, 12), (2026, 1)]


@pytest.mark.parametrize("town", ["sevan", "goris", "dilijan"])
def test_every_text_is_there_in_three_languages(town: str) -> None:
    year = year_of(town, 20_000, 2025)
    texts = [year.decision.title, *(a.decision.title for a in year.amendments), *(a.reason for a in year.amendments)]
    texts += [explanation.text for explanation in year.explanations]
    texts += [text for q in year.questions for text in (q.author, q.question, q.answer)]
    assert len(year.explanations) >= 8
    assert len(year.questions) == 3
    assert all(question.asked_on < question.answered_on for question in year.questions)
    assert all(isinstance(text, Texts) and text.hy and text.en and text.ru for text in texts)
    assert not [text for text in texts if "{" in text.hy + text.en + text.ru]
    assert all(any("Ա" <= letter <= "֏" for letter in text.hy) for text in texts)
    assert all(any("А" <= letter <= "я" for letter in text.ru) for text in texts)


def test_every_row_of_the_data_is_used() -> None:
    """A row that named no line of any year would be lost in silence."""
    codes = {("revenue", line.code, "") for number in (2015, 2025) for line in revenue_lines(number)}
    codes |= {("expenditure", line.code, line.economic) for line in expenditure_lines()}
    assert {(row["side"], row["code"], row["economic"]) for row in rows("explanations.csv")} <= codes
    assert {(row["side"], row["code"], row["economic"]) for row in rows("questions.csv")} <= codes
    lines = [(line.code, line.economic, line.part) for line in expenditure_lines()]
    assert len(lines) == len(set(lines))
    assert len(financing_sources()) == len(list(rows("financing-profile.csv")))


@given(
    st.integers(-(10**15), 10**15),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any),
    st.sampled_from([1, 10, 100]),
)
def test_a_sum_is_divided_without_a_rest(amount: int, weights: list[int], unit: int) -> None:
    parts = allocate(amount, weights, unit)
    assert sum(parts) == amount
    assert all(part * amount >= 0 for part in parts)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)


@pytest.mark.parametrize("weights", [[0, 0], [1, -1]])
def test_a_sum_without_weights_is_not_divided(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        allocate(100, weights)
    assert allocate(100, [1, 1]) == [50, 50]
