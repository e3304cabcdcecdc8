"""The plan editor: amounts typed into the table, months of a line, two officers at once; and a year's moves."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.budgets import actions
from modules.budgets.classification import all_lines
from modules.budgets.forms.planning import FIELDS, MAX_ROWS, PlanTable, shown_text, texts_of
from modules.budgets.ledger import ZERO, Key
from modules.budgets.models import BudgetYear, PlanAmount, PlanChange, PlanVersion, YearState
from modules.budgets.planning import (
    NOTHING,
    balance,
    below_zero,
    branches,
    even,
    part_totals,
    plan_rows,
    quarters_changed,
)
from modules.budgets.tables import Line, Names
from tenants.context import in_town
from tests.modules.budgets.office import APPROVER, OFFICER, TAX, WAGES, YEAR, adopted_plan, draft_plan, item

DRAMS = st.integers(-(10**12), 10**12).map(lambda number: Decimal(number).scaleb(-2))
TWELVE = st.lists(DRAMS, min_size=12, max_size=12).map(tuple)


def key_json(key: Key) -> str:
    return json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))


def sent(
    version: PlanVersion, key: Key, side: str = "revenue", seen: int | None = None, **typed: str
) -> dict[str, str]:
    """What the editor's form sends of one row, with some fields typed anew."""
    with in_town("dilijan"):
        months = {
            row.month: row.amount for row in PlanAmount.objects.filter(version=version, side=side) if row.key == key
        }
        latest = PlanChange.objects.filter(version=version).first()
    kept = texts_of([months.get(month, ZERO) for month in range(1, 13)])
    fields = {f"r0-{name}": typed.get(name, kept[name]) for name in FIELDS}
    known = str(latest.pk if latest and seen is None else seen or 0)
    gone = {"r0-gone": "on"} if "gone" in typed else {}
    row = {"r0-key": key_json(key), "r0-was": shown_text(kept)}
    return {"side": side, "rows": "1", "seen": known, **row, **fields, **gone}


def flows(version: PlanVersion, key: Key) -> list[Decimal]:
    with in_town("dilijan"):
        rows = [row for row in PlanAmount.objects.filter(version=version).order_by("month") if row.key == key]
    return [row.amount for row in rows]


@pytest.fixture
def draft(staff: Callable[..., Any]) -> tuple[Any, PlanVersion, str]:
    """An officer's client, a draft that balances, the editor's address."""
    client = staff("dilijan", roles=OFFICER)
    with in_town("dilijan"):
        version = draft_plan()
    return client, version, f"/budget/plan/{version.pk}/edit/"


def test_a_year_is_spread_over_its_months(draft: Any) -> None:
    """Issue 3, point 4: write the year, and the months follow, to the hundredth of a dram."""
    client, version, address = draft
    answer = client.post(address, sent(version, TAX, year="1000.00001"))
    assert answer.status_code == 302
    found = flows(version, TAX)
    assert (sum(found), found[0], found[11]) == (Decimal("1000000.01"), Decimal("83333.33"), Decimal("83333.38"))
    with in_town("dilijan"):
        change = PlanChange.objects.filter(version=version, code=TAX.code).first()
        assert change is not None
        assert (change.changed_by_id, len(change.before), len(change.after)) == (client.user.pk, 12, 12)


def test_a_quarter_changes_its_months_only(draft: Any) -> None:
    client, version, address = draft
    assert client.post(address, sent(version, TAX, q2="330")).status_code == 302
    found = flows(version, TAX)
    assert found[3:6] == [Decimal(110000)] * 3
    assert found[0:3] + found[6:] == [Decimal(100000)] * 9


def test_a_wrong_amount_is_named_at_its_field_and_nothing_is_written(draft: Any) -> None:
    """Nothing typed is lost, nothing half-written (422)."""
    client, version, address = draft
    data = sent(version, TAX, year="12x")
    data |= {"rows": "2"} | {f"r1-{k[3:]}": v for k, v in sent(version, TAX).items() if k.startswith("r0-")}
    data |= {"r1-key": key_json(Key("1112", part="fund")), "r1-was": "||||", "r1-year": "77"}
    answer = client.post(address, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="12x"' in page
    assert 'id="r0-year-error"' in page
    assert 'aria-invalid="true"' in page
    assert flows(version, Key("1112", part="fund")) == []
    assert sum(flows(version, TAX)) == 1_200_000
    for wrong in ("760,414", "1.123456", "99999999999999999"):
        assert client.post(address, sent(version, TAX, year=wrong)).status_code == 422
    assert client.post(address, sent(version, TAX, year="100", q1="5")).status_code == 422  # they do not add up


def test_somebody_else_saved_meanwhile(draft: Any, staff: Callable[..., Any]) -> None:
    """The second one is told, keeps what was typed, and saves over it knowingly."""
    client, version, address = draft
    second = staff("dilijan", roles=OFFICER, email="second@example.am")
    mine = sent(version, TAX, year="2400")
    assert second.post(address, sent(version, TAX, year="1300")).status_code == 302
    answer = client.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="2400"' in page
    assert sum(flows(version, TAX)) == 1_300_000
    assert client.post(address, sent(version, TAX, year="2400")).status_code == 302
    assert sum(flows(version, TAX)) == 2_400_000


def test_rows_that_nobody_touched_are_left_alone(draft: Any) -> None:
    """A page that was open for long does not put old amounts back."""
    client, version, address = draft
    stale = sent(version, TAX)
    with in_town("dilijan"):
        actions.set_amounts(actor=None, version=version, items=[item("revenue", TAX, 2_400_000)])
        latest = PlanChange.objects.filter(version=version).first()
    assert client.post(address, stale | {"seen": str(latest.pk if latest else 0)}).status_code == 302
    assert sum(flows(version, TAX)) == 2_400_000


def test_lines_are_added_and_deleted(draft: Any) -> None:
    client, version, address = draft
    add = address.replace("edit/", "add/")
    line = {"side": "revenue", "new-code": "1351", "new-part": "administrative", "new-amount": "12"}
    assert client.post(add, line).status_code == 302
    assert flows(version, Key("1351", part="administrative")) == [Decimal(1000)] * 12
    assert client.post(add, line).status_code == 422  # it is there already
    assert client.post(add, line | {"new-code": "9999"}).status_code == 422
    wages = {"side": "expenditure", "new-code": "2111", "new-economic": "4111", "new-part": "fund", "new-amount": "6"}
    assert client.post(add, wages | {"new-economic": ""}).status_code == 422
    assert client.post(add, wages).status_code == 302
    assert client.post(address, sent(version, TAX, gone="on")).status_code == 302
    assert flows(version, TAX) == []


def test_months_of_a_line_and_the_helper_that_spreads(draft: Any) -> None:
    client, version, address = draft
    page = address.replace("edit/", "line/") + f"?side=revenue&key={key_json(TAX)}"
    assert client.get(page).status_code == 200
    months = {f"m{number}": str(number) for number in range(1, 13)}
    seen = sent(version, TAX)["seen"]
    spread = client.post(page, months | {"side": "revenue", "seen": seen, "spread": "1", "spread-year": "24"})
    assert 'name="m5" value="2.0"' in spread.content.decode()
    assert sum(flows(version, TAX)) == 1_200_000  # the helper saves nothing
    assert client.post(page, months | {"side": "revenue", "seen": seen}).status_code == 302
    assert flows(version, TAX) == [Decimal(number * 1000) for number in range(1, 13)]
    assert client.post(page, months | {"side": "revenue", "seen": seen}).status_code == 409
    assert client.post(page, months | {"side": "revenue", "seen": seen, "m3": "drei"}).status_code == 422


def test_totals_and_balance_stand_on_the_page(draft: Any) -> None:
    client, version, address = draft
    assert 'data-rest="" data-base="0"' in client.get(address).content.decode()
    client.post(address, sent(version, TAX, year="1300"))
    page = client.get(address).content.decode()
    assert 'data-total="total" data-base="1300.0"' in page
    assert 'data-rest="" data-base="100.0" class="is-uneven"' in page
    assert 'src="/static/budgets/plan.js"' in page


def test_from_draft_to_the_budget_in_force(draft: Any, staff: Callable[..., Any]) -> None:
    """Draft, hearing, decision, handing in, approval by another one, execution, closing, opening again: by hand."""
    client, version, _ = draft
    approver = staff("dilijan", roles=APPROVER, email="approver@example.am")
    place = f"/budget/plan/{version.pk}/"
    hearing = {"hearing_from": f"{YEAR - 1}-11-01", "hearing_until": f"{YEAR - 1}-11-20", "place": "Դահլիճ, 18:00"}
    assert client.post(f"/budget/{YEAR}/hearing/", hearing | {"hearing_until": ""}).status_code == 422
    assert client.post(f"/budget/{YEAR}/hearing/", hearing).status_code == 302
    assert "Դահլիճ, 18:00" in client.get(f"/budget/{YEAR}/").content.decode()
    client.post(place + "submit/")
    with in_town("dilijan"):
        assert PlanVersion.objects.get().state == "draft"  # no decision named yet
    decision = {"decision_number": "12-Ա", "decision_date": f"{YEAR - 1}-12-20", "title_hy": "Բյուջե"}
    assert client.post(place + "decision/", decision | {"decision_date": "soon"}).status_code == 422
    assert client.post(place + "decision/", decision).status_code == 302
    client.post(place + "submit/")
    assert client.post(place + "approve/").status_code == 403
    approver.post(place + "return/", {"note": "Նշել հղումը"})
    assert "Նշել հղումը" in client.get(place).content.decode()
    client.post(place + "submit/")
    approver.post(place + "approve/")
    with in_town("dilijan"):
        assert PlanVersion.objects.get().state == "in_force"
        assert BudgetYear.objects.get(year=YEAR).state == YearState.ADOPTED
    states = []
    for who, state, reason in (
        (client, "executing", ""), (client, "closed", ""), (approver, "closed", ""), (approver, "executing", ""),
        (approver, "executing", "Ուղղում"),
    ):  # fmt: skip
        who.post(f"/budget/{YEAR}/state/", {"state": state, "reason": reason})
        with in_town("dilijan"):
            states.append(BudgetYear.objects.get(year=YEAR).state)
    assert states == ["executing", "executing", "closed", "closed", "executing"]
    assert client.get(f"/budget/{YEAR}/plan/").status_code == 405
    assert client.post(f"/budget/{YEAR}/plan/")["Location"].endswith("/decision/")  # of the first amendment


def test_an_amendment_by_its_steps(staff: Callable[..., Any]) -> None:
    """Decision, moves, check, approval: what a line has is shown, and more than that cannot be taken."""
    client = staff("dilijan", roles=OFFICER)
    approver = staff("dilijan", roles=APPROVER, email="approver@example.am")
    with in_town("dilijan"):
        adopted_plan()
    place = client.post(f"/budget/{YEAR}/plan/")["Location"].removesuffix("decision/")
    decision = {"decision_number": "5-Ա", "decision_date": f"{YEAR}-05-05", "reason_ru": "Причина"}
    assert client.post(place + "decision/", decision)["Location"] == place + "moves/"
    move = {"side": "expenditure", "form": "move", "move-source": key_json(WAGES), "move-first_month": "7",
            "move-last_month": "12", "move-amount": "300"}  # fmt: skip
    more = {"side": "expenditure", "form": "change", "change-code": "2111", "change-economic": "4112",
            "change-part": "administrative", "change-first_month": "7", "change-last_month": "12",
            "change-direction": "plus", "change-amount": "100"}  # fmt: skip
    assert client.post(place + "moves/", more).status_code == 302
    target = key_json(Key("2111", "4112", part="administrative"))
    assert client.post(place + "moves/", move | {"move-target": target, "move-amount": "1500"}).status_code == 422
    assert client.post(place + "moves/", move | {"move-target": key_json(WAGES)}).status_code == 422
    assert client.post(place + "moves/", move | {"move-target": target}).status_code == 302
    page = client.get(place + "?side=expenditure").content.decode()
    assert "-300.000" in page
    assert "+400.000" in page
    assert "900.000" in page
    client.post(place + "submit/")
    with in_town("dilijan"):
        assert PlanVersion.objects.get(number=1).state == "draft"  # 100 thousand drams are missing
    tax = {"side": "revenue", "form": "change", "change-code": "1351", "change-part": "administrative",
           "change-first_month": "7", "change-last_month": "12", "change-direction": "plus", "change-amount": "100"}  # fmt: skip
    assert client.post(place + "moves/", tax).status_code == 302
    client.post(place + "submit/")
    approver.post(place + "approve/")
    with in_town("dilijan"):
        assert PlanVersion.objects.get(number=1).state == "in_force"
        second = actions.draft_of(actor=None, year=YEAR)
    undo = f"/budget/plan/{second.pk}/moves/"
    assert client.post(undo, more).status_code == 302
    client.post(undo + "undo/", {"side": "expenditure", "key": target})
    with in_town("dilijan"):
        assert PlanAmount.objects.filter(version=second).count() == 0


def test_large_plans_are_shown_branch_by_branch(draft: Any) -> None:
    """A request holds a thousand values: more rows than that come branch by branch and page by page."""
    client, version, address = draft
    with in_town("dilijan"):
        codes = sorted(all_lines("economic"))[:MAX_ROWS]
        items = [item("expenditure", Key(line, one), 12) for line in ("2111", "2911") for one in codes]
        actions.set_amounts(actor=None, version=version, items=items)
    page = client.get(address + "?side=expenditure").content.decode()
    assert f'name="rows" value="{MAX_ROWS}"' in page
    assert 'branch=2900"' in page
    last = client.get(address + "?side=expenditure&page=2&branch=2100").content.decode()
    assert 'name="rows" value="1"' in last  # the wages that were there before
    elsewhere = client.get(address + "?side=expenditure&at=2911").content.decode()
    assert 'data-code="2911"' in elsewhere
    assert 'data-code="2111"' not in elsewhere


# --- The arithmetic behind it -----------------------------------------------------------------------------------


def _line(code: str, parent: str) -> Line:
    return Line(code=code, parent=parent, article="", names=Names(hy=code))


LINES = {code: _line(code, parent) for code, parent in (("1", ""), ("11", "1"), ("111", "11"), ("12", "1"))}
KEYS = st.builds(Key, st.sampled_from(["11", "111", "12", "99"]), part=st.sampled_from(["administrative", "fund"]))
PLANS = st.dictionaries(KEYS, TWELVE, max_size=6)


def never(code: str, economic: str, part: str) -> bool:
    return False


def taken_out(code: str, economic: str, part: str) -> bool:
    return (code, part) == ("12", "fund")


@given(PLANS)
def test_sums_of_the_tree(plan: dict[Key, tuple[Decimal, ...]]) -> None:
    """Parent = sum of children; total = parts less what is eliminated; every fact has one row."""
    for eliminated in (never, taken_out):
        rows = plan_rows(plan, LINES, total_code="1", eliminated=eliminated)
        totals = part_totals(plan, eliminated)
        out = sum((sum(months) for key, months in plan.items() if eliminated(*key[:2], key.part)), ZERO)
        assert totals["total"] == totals["administrative"] + totals["fund"] + totals["undivided"] - out
        assert rows[0].year == totals["total"]
        assert sorted(row.key for row in rows if row.key) == sorted(plan)
        assert len({row.key for row in rows if row.key}) == len(plan)
    assert set(branches(plan, LINES, "1")) <= {"11", "12", "99"}


@given(PLANS, PLANS)
def test_balance_adds_up(revenue: Any, expenditure: Any) -> None:
    rows = balance({"revenue": revenue, "expenditure": expenditure})
    assert rows[-1].part == ""
    assert rows[-1].rest == sum((row.rest for row in rows[:-1]), ZERO)


@given(DRAMS, st.integers(1, 12), st.integers(1, 12))
def test_even_gives_all_of_it(amount: Decimal, one: int, other: int) -> None:
    first, last = sorted((one, other))
    found = even(amount, first, last)
    assert sum(found) == amount
    assert all(flow == 0 for month, flow in enumerate(found, start=1) if not first <= month <= last)


@given(TWELVE, st.lists(DRAMS, min_size=4, max_size=4))
def test_quarters_keep_what_did_not_change(months: tuple[Decimal, ...], quarters: list[Decimal]) -> None:
    found = quarters_changed(months, quarters)
    assert [sum(found[first : first + 3]) for first in (0, 3, 6, 9)] == quarters
    assert quarters_changed(months, [sum(months[first : first + 3], ZERO) for first in (0, 3, 6, 9)]) == months


@given(TWELVE)
def test_what_is_shown_is_not_touched(months: tuple[Decimal, ...]) -> None:
    """A row sent back as it was shown changes nothing, and typed anew it is read exactly."""
    kept = texts_of(months)
    row = {"rows": "1", "r0-key": key_json(TAX), "r0-was": shown_text(kept)} | {f"r0-{k}": v for k, v in kept.items()}
    assert PlanTable(row, {TAX: months}).touched == []
    typed = PlanTable(row | {"r0-was": "||||"}, {TAX: NOTHING}).touched
    if any(kept.values()):
        assert typed[0].months is not None
        assert sum(typed[0].months) == sum(months)


def test_below_zero_names_what_has_too_little() -> None:
    before = {TAX: even(Decimal(100), 1, 12)}
    assert below_zero(before, {TAX: even(Decimal(-101), 1, 12), WAGES: even(Decimal(5), 1, 12)}) == [TAX]
    assert below_zero(before, {TAX: even(Decimal(-100), 1, 12)}) == []
