"""Every office page of budgets opens, with nothing in it and with a budget in it, and in a bounded number of queries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from modules.budgets import actions, selectors
from modules.budgets.models import PlanVersion, Side
from tenants.context import in_town
from tests.modules.budgets.office import APPROVER, OFFICER, YEAR, adopted_plan, draft_plan, two_people
from tests.modules.budgets.support import publish

EMPTY = ["/budget/", "/budget/import/", "/budget/history/", "/budget/words/", f"/budget/{YEAR}/1/"]


@pytest.mark.parametrize("path", EMPTY)
def test_pages_open_without_anything(staff: Callable[..., Any], path: str) -> None:
    client = staff("dilijan", roles=OFFICER)
    for language in ("hy", "en", "ru"):
        client.get(f"/language/{language}/?next=/")
        assert client.get(path).status_code == 200


def pages(version: PlanVersion) -> list[str]:
    sides = [f"?side={side}" for side in Side.values]
    return [
        "/budget/", f"/budget/{YEAR}/", f"/budget/{YEAR}/reconciliation/?month=12", f"/budget/history/?year={YEAR}",
        *(f"/budget/plan/{version.pk}/{side}" for side in sides),
        *(f"/budget/{YEAR}/1/{side}" for side in sides),
    ]  # fmt: skip


def test_pages_open_with_a_budget(staff: Callable[..., Any]) -> None:
    officer, approver = two_people(staff)
    with in_town("dilijan"):
        version = adopted_plan()
        publish(1, "1000,10,5,4", year=YEAR)
    for client in (officer, approver):
        for path in pages(version):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert "script>" not in answer.content.decode().replace("<script src", "").replace("></script>", "")


def test_the_editor_opens_on_every_side(staff: Callable[..., Any]) -> None:
    client = staff("dilijan", roles=OFFICER)
    with in_town("dilijan"):
        version = draft_plan()
    for side in Side.values:
        assert client.get(f"/budget/plan/{version.pk}/edit/?side={side}").status_code == 200
    assert client.get(f"/budget/plan/{version.pk}/decision/").status_code == 200
    assert client.get(f"/budget/plan/{version.pk}/edit/?side=nonsense").status_code == 404
    assert staff("sevan", roles=OFFICER).get(f"/budget/plan/{version.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", f"/budget/{YEAR}/"), ("post", "/budget/years/open/"), ("post", f"/budget/{YEAR}/hearing/"),
        ("post", f"/budget/{YEAR}/state/"), ("post", f"/budget/{YEAR}/plan/"), ("get", "/budget/plan/1/"),
        ("get", "/budget/plan/1/edit/"), ("post", "/budget/plan/1/edit/"), ("post", "/budget/plan/1/add/"),
        ("get", "/budget/plan/1/line/"), ("post", "/budget/plan/1/decision/"), ("post", "/budget/plan/1/moves/"),
        ("post", "/budget/plan/1/moves/undo/"), ("post", "/budget/plan/1/submit/"), ("get", "/budget/history/"),
        ("get", "/budget/words/"), ("get", "/budget/words/revenue/1111/"), ("get", "/budget/questions/1/"),
        ("post", "/budget/questions/1/email/"), ("post", f"/budget/{YEAR}/1/entries/"),
        ("post", f"/budget/{YEAR}/1/submit/"), ("get", f"/budget/{YEAR}/reconciliation/"),
        ("get", f"/budget/{YEAR}/1/versions/"), ("get", f"/budget/{YEAR}/1/official.xlsx"),
        ("get", "/budget/entries/1/correct/"),
    ],
)  # fmt: skip
def test_office_pages_are_closed_without_the_role(staff: Callable[..., Any], method: str, path: str) -> None:
    """With the control: the finance officer is not refused."""
    assert getattr(staff("dilijan"), method)(path).status_code == 403
    officer = staff("dilijan", roles=OFFICER, email="officer@example.am")
    assert getattr(officer, method)(path).status_code != 403


@pytest.mark.parametrize(
    "path",
    [
        f"/budget/{YEAR}/1/publish/", f"/budget/{YEAR}/1/return/", f"/budget/{YEAR}/second-person/",
        "/budget/plan/1/approve/", "/budget/plan/1/return/",
    ],
)  # fmt: skip
def test_approval_is_closed_to_the_officer(staff: Callable[..., Any], path: str) -> None:
    """Drawing up and approving are two rights; the approver is the control."""
    assert staff("dilijan", roles=OFFICER).post(path).status_code == 403
    assert staff("dilijan", roles=APPROVER, email="approver@example.am").post(path).status_code != 403


def test_queries_do_not_grow_with_the_lines(staff: Callable[..., Any]) -> None:
    """No query in a loop: twenty lines more take as many queries as before, on every page of the list."""
    from django.db import connection

    client = staff("dilijan", roles=OFFICER)
    with in_town("dilijan"):
        version = adopted_plan()
        publish(1, "1000,10,5,4", year=YEAR)

    def counted() -> list[int]:
        found = []
        for path in [*pages(version), f"/budget/{YEAR}/reconciliation/?month=1"]:
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            found.append(len(queries))
        return found

    few = counted()
    with in_town("dilijan"):
        table = selectors.execution_table(year=YEAR, month=1)
        assert table is not None
        lines = [f"11{number:02d},1,1,1" for number in (10, 20, 30)] + ["1200,3,3,3", "1300,4,4,4"]
        publish(1, "1000,10,10,10", *lines, year=YEAR)
        for _ in range(20):
            actions.post_entry(
                actor=None, side="revenue", key=TAX_KEY, day=DAY, amount=AMOUNT, note="x",
            )  # fmt: skip
    many = counted()
    assert [more - less for more, less in zip(many, few, strict=True) if more > less] == []


def _facts() -> tuple[Any, Any, Any]:
    import datetime as dt
    from decimal import Decimal

    from tests.modules.budgets.office import TAX

    return TAX, dt.date(YEAR, 1, 5), Decimal(100)


TAX_KEY, DAY, AMOUNT = _facts()
