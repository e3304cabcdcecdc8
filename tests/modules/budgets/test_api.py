"""The API of the budget: years, lines, execution of every side, plan; exact drams of what residents may see (point 6)."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from modules.budgets import actions
from modules.budgets.models import PlanVersion
from tenants.context import in_town
from tests.modules.budgets.filling import SIDES, adopt, demo_year, draft, execute
from tests.support.remembered import remembered

API = "/api/v1/budgets"
DECEMBER = "year=2025&month=3"


@remembered
def _figures_of_sevan() -> None:
    with in_town("sevan"):
        actions.load_classification(actor=None)
        adopt(demo_year())
        execute(demo_year(), (1, 2, 3), sides=SIDES)
        draft(demo_year(year=2026))


@pytest.fixture
def sevan(towns: Any, visitor: Callable[..., Any]) -> Any:
    """A visitor of Sevan, which has adopted 2025 and published three months of it; 2026 is an unseen draft."""
    _figures_of_sevan()
    return visitor("sevan")


def get(client: Any, path: str, status: int = 200) -> Any:
    answer = client.get(f"{API}/{path}")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_years_say_what_is_public(sevan: Any, visitor: Callable[..., Any]) -> None:
    """The draft that nobody has put before the residents is not told, and the town beside has nothing."""
    years = get(sevan, "years")
    assert [one["year"] for one in years] == [2025]
    assert years[0]["sides"] == {side: [1, 2, 3] for side in SIDES}
    numbers = [one["number"] for one in years[0]["plan"]]
    assert numbers == list(range(len(demo_year().amendments) + 1))
    assert all(one["decision_number"] and len(one["digest"]) == 64 for one in years[0]["plan"])
    with in_town("sevan"):
        actions.start_hearing(
            actor=None, year=2026, hearing_from=dt.date(2025, 11, 1), hearing_until=dt.date(2025, 11, 20)
        )
    assert [(one["year"], one["state"], one["plan"]) for one in get(sevan, "years")][0] == (2026, "hearing", [])
    assert get(visitor("dilijan"), "years") == []


@pytest.mark.parametrize("kind", ["revenue", "functional", "economic", "financing"])
def test_lines_with_their_days(sevan: Any, kind: str) -> None:
    """Point 1: line number and article apart, three languages, days, the mark of what nobody has verified."""
    lines = get(sevan, f"lines?kind={kind}")
    codes = {one["code"] for one in lines}
    assert len(codes) > 3
    assert all(one["parent"] in codes or not one["parent"] for one in lines)
    assert all(one["name"]["hy"] and one["name"]["en"] and one["name"]["ru"] for one in lines if not one["is_local"])
    assert {one["kind"] for one in lines} == {kind}
    of_year = get(sevan, f"lines?kind={kind}&year=2025")
    assert len({one["code"] for one in of_year}) == len(of_year) <= len(lines)


def test_execution_of_every_side_and_view(sevan: Any) -> None:
    """R54-R58: the sides, both views; cumulative(3) = cumulative(2) + flow(3), exact drams."""
    for side in SIDES:
        march, february = (get(sevan, f"execution?year=2025&month={month}&side={side}") for month in (3, 2))
        alone = get(sevan, f"execution?{DECEMBER}&side={side}&view=month")
        before = {row["code"]: Decimal(row["actual"]) for row in february["rows"]}
        flow = {row["code"]: Decimal(row["actual"]) for row in alone["rows"]}
        for row in march["rows"]:
            assert Decimal(row["actual"]) == before.get(row["code"], Decimal(0)) + flow[row["code"]]
        assert (march["version"], march["versions"], len(march["digest"])) == (1, [1], 64)
        made = sum(one.amount for one in demo_year().execution if one.side == side and one.month <= 3)
        by_part = {
            part: Decimal(get(sevan, f"execution?{DECEMBER}&side={side}&part={part}")["rows"][0]["actual"])
            for part in ("administrative", "fund")
        }
        assert sum(by_part.values()) == made
        assert Decimal(march["rows"][0]["actual"]) <= made


def test_expenditure_by_item_and_by_both(sevan: Any) -> None:
    """Sections 2, 3 and 6 are one expenditure; a level cuts the rows, a settlement picks them."""
    totals = {
        by: get(sevan, f"execution?{DECEMBER}&side=expenditure&by={by}") for by in ("function", "economic", "both")
    }
    assert len({body["rows"][0]["actual"] for body in totals.values()}) == 1
    assert any(row["economic"] for row in totals["both"]["rows"])
    flat = get(sevan, f"execution?{DECEMBER}&side=expenditure&level=1")["rows"]
    assert {row["level"] for row in flat} == {0, 1}
    assert len(flat) < len(totals["function"]["rows"])
    assert get(sevan, f"execution?{DECEMBER}&side=revenue&by=both")["by"] == "function"
    get(sevan, f"execution?{DECEMBER}&settlement=Ոչ մի տեղ", 404)


def test_versions_stay_to_be_read(sevan: Any) -> None:
    """A correction makes a new version; the old one is read as it was, by its number."""
    old = get(sevan, f"execution?{DECEMBER}")
    with in_town("sevan"):
        one = next(entry for entry in demo_year().execution if entry.side == "revenue" and entry.month == 3)
        key = actions.plans.Key(one.code, one.economic, one.settlement, one.account, one.part)
        actions.post_entry(actor=None, side="revenue", key=key, day=dt.date(2025, 3, 3), amount=Decimal("0.01"))
        actions.publish_month(actor=None, year=2025, month=3)
    new = get(sevan, f"execution?{DECEMBER}")
    assert (new["version"], new["versions"]) == (2, [2, 1])
    assert Decimal(new["rows"][0]["actual"]) - Decimal(old["rows"][0]["actual"]) == Decimal("0.01")
    again = get(sevan, f"execution?{DECEMBER}&version=1")
    assert (again["digest"], again["rows"][0]["actual"]) == (old["digest"], old["rows"][0]["actual"])
    get(sevan, f"execution?{DECEMBER}&version=3", 404)


def test_the_plan_of_a_day(sevan: Any) -> None:
    """Point 2: approved + changes = adjusted in every row and part; before the first amendment nothing has changed."""
    with in_town("sevan"):
        first = PlanVersion.objects.get(budget_year__year=2025, number=1)
    assert first.effective_from is not None
    day_before = first.effective_from - dt.timedelta(days=1)
    for section in range(1, 7):
        body = get(sevan, f"plan?year=2025&section={section}")
        for row in body["rows"]:
            assert row["name"]["hy"]
            for amounts in row["parts"].values():
                assert Decimal(amounts["approved"]) + Decimal(amounts["changes"]) == Decimal(amounts["adjusted"])
    assert len(body["versions"]) == len(demo_year().amendments) + 1
    early = get(sevan, f"plan?year=2025&section=2&as_of={day_before}")
    assert early["versions"] == [0]
    assert {row["parts"]["total"]["changes"] for row in early["rows"]} == {"0.00"}
    assert any(row["parts"]["total"]["changes"] != "0.00" for row in get(sevan, "plan?year=2025&section=2")["rows"])
    get(sevan, "plan?year=2026", 404)  # a draft that is not at its hearing
    get(sevan, "plan?year=2025&as_of=2020-01-01", 404)
    get(sevan, "plan?year=2025&as_of=2099-01-01", 422)
    get(sevan, "plan?year=2025&section=7", 422)


def test_nothing_new_is_said_in_one_query(sevan: Any) -> None:
    """If-None-Match: 304 without a body until something is published; the control is the tag of another address."""
    first = sevan.get(f"{API}/execution?{DECEMBER}")
    tag = first["ETag"]
    again = sevan.get(f"{API}/execution?{DECEMBER}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert sevan.get(f"{API}/execution?year=2025&month=2", headers={"If-None-Match": tag}).status_code == 200
    with in_town("sevan"):
        execute(demo_year(), (4,), sides=["expenditure"])
    assert sevan.get(f"{API}/execution?{DECEMBER}", headers={"If-None-Match": tag}).status_code == 200


def test_queries_do_not_grow(sevan: Any, drawn_each_time: None) -> None:
    """However many lines and years."""
    for path, most in (
        (f"execution?{DECEMBER}&side=expenditure&by=both", 10),
        ("years", 4),
        ("lines", 1),
        ("plan?year=2025", 9),
    ):
        with in_town("sevan"), CaptureQueriesContext(connection) as seen:
            get(sevan, path)
        assert 0 < len(seen) <= most, path


def test_answers_have_the_shape_of_the_document(sevan: Any) -> None:
    """The OpenAPI document describes every answer; the control is an answer with a wrong field."""
    document = sevan.get("/api/v1/openapi.json").json()
    paths = {
        "execution": f"execution?{DECEMBER}&side=expenditure&by=both", "years": "years", "lines": "lines?kind=economic",
        "plan": "plan?year=2025&section=4",
    }  # fmt: skip
    for name, path in paths.items():
        shape = document["paths"][f"{API}/{name}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        schema = {**shape, "components": document["components"]}
        body = get(sevan, path)
        jsonschema.validate(body, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate([{"year": "x"}] if isinstance(body, list) else {**body, "year": "x"}, schema)
