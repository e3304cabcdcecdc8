"""The plan on the public site (R41, R54): as of any past day, by section, with its decisions; drafts only at the hearing."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from modules.budgets import actions
from modules.budgets.actions.plans import PlanItem
from modules.budgets.ledger import Key
from modules.budgets.selectors.public_plan import public_plan, public_years
from tenants.context import in_town
from tests.modules.budgets.filling import adopt, demo_year, draft
from tests.modules.budgets.support import rows
from tests.support.remembered import remembered

MADE = demo_year("sevan", 19229, 2025, 12)
FIRST = MADE.amendments[0]


@pytest.fixture
@remembered
def adopted(towns: Any) -> None:
    """Sevan's budget of 2025 with its amendments."""
    with in_town("sevan"):
        adopt(MADE)


def _total(answer: Any) -> list[Decimal]:
    """Approved, changes, adjusted of the total's row, thousand drams."""
    return [Decimal(cell) for cell in rows(answer)[0][1:4]]


def test_the_plan_as_of_any_past_day(adopted: None, visitor: Callable[..., Any]) -> None:
    """Approved + amendments = adjusted: the day before a decision it does not count, on its day it does."""
    client = visitor("sevan")
    day = FIRST.decision.date
    address = "/budget/plan/?year=2025&section=2&as_of="
    before = _total(client.get(address + str(day - dt.timedelta(days=1))))
    after = _total(client.get(address + str(day)))
    assert before[1] == 0
    moved = {one.key: sum(one.months) for one in FIRST.items if one.side == "expenditure"}
    assert moved
    assert before[0] + before[1] == before[2]
    assert after[0] + after[1] == after[2]
    with in_town("sevan"):
        found = public_plan(public_years()[0], day)
    of_side = found.sides["expenditure"]
    assert sum(of_side.adjusted.values()) - sum(of_side.adopted.values()) == sum(moved.values())
    early = client.get(address + str(MADE.decision.date - dt.timedelta(days=1)))
    assert early.status_code == 200
    assert b'class="empty"' in early.content


@pytest.mark.parametrize("section", range(1, 7))
@pytest.mark.parametrize("part", ["total", "administrative", "fund"])
def test_all_sections_and_parts(adopted: None, visitor: Callable[..., Any], section: int, part: str) -> None:
    """Sections 1-6 of the official form, in the whole and by part."""
    answer = visitor("sevan").get(f"/budget/plan/?year=2025&section={section}&part={part}&detail=1")
    assert answer.status_code == 200
    assert rows(answer)
    assert len(rows(answer)[0]) == (6 if part == "total" else 4)


@pytest.mark.parametrize("query", ["as_of=2999-01-01", "as_of=yesterday", "section=7", "part=x", "year=1999"])
def test_a_wrong_choice_is_said_at_its_field(adopted: None, visitor: Callable[..., Any], query: str) -> None:
    """R57: never a broken page."""
    answer = visitor("sevan").get(f"/budget/plan/?{query}")
    assert answer.status_code == 400
    assert b"error-summary" in answer.content


def test_decisions_stand_beside_the_plan(adopted: None, visitor: Callable[..., Any]) -> None:
    """Newest first, each with number and day and its own page with what it moved and why."""
    client = visitor("sevan")
    client.get("/language/en/")
    markup = client.get("/budget/plan/?year=2025").content.decode()
    places = [markup.index(one.decision.number) for one in reversed(MADE.amendments)]
    assert places == sorted(places)
    page = client.get("/budget/plan/amendment/1/?year=2025")
    assert page.status_code == 200
    for words in (FIRST.decision.number, FIRST.reason.en):
        assert words in page.content.decode().replace("&#x27;", "'")
    found = list(
        csv.DictReader(
            io.StringIO(client.get("/budget/plan/amendment/1.csv?year=2025").content.decode().removeprefix("\ufeff"))
        )
    )
    assert sum(Decimal(row["change"]) for row in found) == sum(one.year for one in FIRST.items)
    assert client.get("/budget/plan/amendment/99/?year=2025").status_code == 404
    assert client.get("/budget/plan/amendment/0/?year=2025").status_code == 404
    assert client.get("/budget/plan/amendment/1/?year=abc").status_code == 404


def test_a_draft_amendment_is_never_shown(adopted: None, visitor: Callable[..., Any]) -> None:
    """Neither a draft nor one handed in; once approved it is (control)."""
    key = next(one.key for one in MADE.adopted if one.side == "expenditure")
    pair = [
        PlanItem(side="expenditure", key=_grain(key), months=(Decimal(777000), *[Decimal(0)] * 11)),
        PlanItem(side="revenue", key=Key("1111", part=key.part), months=(Decimal(777000), *[Decimal(0)] * 11)),
    ]
    with in_town("sevan"):
        version = actions.draft_of(actor=None, year=2025)
        actions.set_amounts(actor=None, version=version, items=pair)
        actions.describe_version(
            actor=None, version=version, decision_number="SECRET-7", decision_date=dt.date(2025, 12, 20)
        )
    client = visitor("sevan")
    number = version.number
    for _ in range(2):
        assert b"SECRET-7" not in client.get("/budget/plan/?year=2025").content
        assert client.get(f"/budget/plan/amendment/{number}/?year=2025").status_code == 404
        with in_town("sevan"):
            actions.submit_version(actor=None, version=version)
    with in_town("sevan"):
        actions.approve_version(actor=None, version=version)
    assert b"SECRET-7" in client.get("/budget/plan/?year=2025").content
    assert client.get(f"/budget/plan/amendment/{number}/?year=2025").status_code == 200


def test_the_draft_budget_is_shown_at_its_hearing_only(towns: Any, visitor: Callable[..., Any]) -> None:
    """As a draft, with days and place; before the hearing and taken back to a draft it is not there."""
    client = visitor("sevan")
    client.get("/language/en/")
    with in_town("sevan"):
        draft(MADE)
    address = "/budget/plan/?year=2025"
    assert b'class="empty"' in client.get(address).content
    assert client.get("/budget/plan.csv?year=2025").status_code == 400
    with in_town("sevan"):
        actions.start_hearing(
            actor=None,
            year=2025,
            hearing_from=dt.date(2024, 11, 20),
            hearing_until=dt.date(2024, 12, 10),
            place="Hall 2",
        )
    markup = client.get(address).content.decode()
    for words in ("This is a draft", "Hall 2", "20", "10"):
        assert words in markup
    assert Decimal(rows(client.get(address))[0][1]) > 0
    assert len(rows(client.get(address))[0]) == 4
    data = client.get("/budget/plan.csv?year=2025")
    assert ",draft," in data.content.decode()
    assert "draft" in data["Content-Disposition"]
    assert b'class="empty"' in visitor("dilijan").get(address).content
    with in_town("sevan"):
        actions.change_state(actor=None, year=2025, state="draft", reason="Not ready")
    assert b'class="empty"' in client.get(address).content


def test_downloads_hold_the_whole_plan(adopted: None, visitor: Callable[..., Any]) -> None:
    """CSV: every fact, exact, months sum to the adjusted plan. XLSX: six sheets of the official form."""
    client = visitor("sevan")
    text = client.get("/budget/plan.csv?year=2025").content.decode().removeprefix("\ufeff")
    found = list(csv.DictReader(io.StringIO(text)))
    for row in found:
        assert Decimal(row["approved"]) + Decimal(row["changes"]) == Decimal(row["adjusted"])
        assert sum(Decimal(row[f"adjusted_{month:02d}"]) for month in range(1, 13)) == Decimal(row["adjusted"])
    spent = sum(Decimal(row["approved"]) for row in found if row["side"] == "expenditure")
    assert spent == sum(one.year for one in MADE.adopted if one.side == "expenditure")
    book = load_workbook(io.BytesIO(client.get("/budget/plan.xlsx?year=2025").content))
    assert book.sheetnames == ["1", "2", "3", "4", "5", "6"]
    page = rows(client.get("/budget/plan/?year=2025&section=2&as_of=2025-12-31"))
    assert f"{Decimal(str(book['2'].cell(row=6, column=10).value)):.3f}" == page[0][3]


def _grain(key: Any) -> Key:
    return Key(key.code, key.economic, key.settlement, key.account, key.part)
