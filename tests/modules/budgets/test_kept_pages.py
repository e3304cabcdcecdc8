"""What a page of execution costs, and that a kept page is never out of date (issue 3, speed; R60)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from modules.budgets import actions, page_cache
from modules.budgets.models import BudgetYear, ClassificationLine
from tenants.context import in_town
from tests.modules.budgets.large import fill, publish
from tests.modules.budgets.support import plain, rows
from tests.modules.budgets.support import publish as publish_revenue

PAGE = "/budget/expenditure/?year=2025&month=12"
MOST, KEPT = 12, 1


@pytest.fixture
def large(towns: Any) -> list[str]:
    """Sevan with three years of four hundred lines, twelve months each."""
    with in_town("sevan"):
        return fill()


def _queries(client: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


QUERIES = ("", "&detail=1", "&view=month&detail=1", "&by=economic", "&by=both", "&by=both&view=month", "&kind=2100")


def test_twelve_queries_and_one_when_kept(
    large: list[str], visitor: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, drawn_each_time: None
) -> None:
    """Three years, four hundred lines: at most 12 queries for a page that is drawn, 1 for one that is kept.

    The control: where nothing is kept, the second request costs as much as the first.
    """
    client = visitor("sevan")
    for query in QUERIES:
        client.get("/budget/data/dictionary/")
        with monkeypatch.context() as patch:
            patch.setattr(page_cache, "KEPT_SECONDS", 0)
            drawn = [_queries(client, PAGE + query) for _ in range(2)]
        assert drawn[0] == drawn[1]
        assert KEPT < drawn[0] <= MOST
        assert _queries(client, PAGE + query) == drawn[0]
        assert _queries(client, PAGE + query) == KEPT


def test_all_lines_are_on_the_page_and_kept_the_same(large: list[str], visitor: Callable[..., Any]) -> None:
    """Four hundred rows and what is above them; the kept page is the drawn one, letter for letter."""
    client = visitor("sevan")
    first = client.get(PAGE + "&detail=1")
    assert len(rows(first)) > len(large)
    again = client.get(PAGE + "&detail=1")
    body = [answer.content.decode().split("<main", 1)[1] for answer in (first, again)]
    assert body[0] == body[1]


def test_other_pages_are_kept_too(large: list[str], visitor: Callable[..., Any], drawn_each_time: None) -> None:
    """Balance and line: at most 12 queries drawn, 1 kept."""
    with in_town("sevan"):
        publish_revenue(1, "1000,100,10,8", year=2025)
    client = visitor("sevan")
    client.get("/budget/data/dictionary/")
    for page in ("balance/", "line/expenditure/2110/", "line/economic/4111/", "revenue/"):
        assert KEPT < _queries(client, f"/budget/{page}") <= MOST
        assert _queries(client, f"/budget/{page}") == KEPT


def test_a_publication_shows_at_once(large: list[str], visitor: Callable[..., Any]) -> None:
    """R60: the next version is there with the next request, and the month after it; the older one stays at its address."""
    client = visitor("sevan")
    before = rows(client.get(PAGE))[0]
    with in_town("sevan"):
        publish(BudgetYear.objects.get(year=2025), 12, large[:10], "expenditure", version=2)
    after = client.get(PAGE)
    assert rows(after)[0] != before
    assert "version=1" in after.content.decode()
    assert rows(client.get(PAGE + "&version=1"))[0] == before
    assert client.get(PAGE + "&version=3").status_code == 400


def test_an_explanation_and_a_name_show_at_once(large: list[str], visitor: Callable[..., Any]) -> None:
    """What the town says of a line, and what it calls it, stands on the kept pages with the next request."""
    client = visitor("sevan")
    path = PAGE + "&kind=2100"
    assert "Ճանապարհների համար" not in client.get(path).content.decode()
    with in_town("sevan"):
        actions.explain_line(actor=None, kind="functional", code="2100", words={"hy": "Ճանապարհների համար"})
    assert "Ճանապարհների համար" in client.get(path).content.decode()
    assert "Ճանապարհների համար" in client.get("/budget/line/expenditure/2100/").content.decode()
    with in_town("sevan"):
        actions.explain_line(actor=None, kind="functional", code="2100", words={})
        ClassificationLine.objects.filter(code=large[0]).update(name_hy="Նոր անուն")
    assert "Ճանապարհների համար" not in client.get(path).content.decode()
    assert "Նոր անուն" in plain(client.get(PAGE + "&detail=1").content.decode())


def test_each_town_and_language_has_its_own(towns: Any, visitor: Callable[..., Any]) -> None:
    """R49, R50: the same address in two towns and two languages is four pages."""
    for town, amount in (("sevan", 8), ("dilijan", 9)):
        with in_town(town):
            publish_revenue(1, f"1000,100,10,{amount}")
    seen = set()
    for town in ("sevan", "dilijan"):
        for language in ("hy", "en"):
            client = visitor(town)
            client.get(f"/language/{language}/")
            for _ in range(2):
                seen.add(tuple(rows(client.get("/budget/revenue/"))[0]))
    assert len(seen) == 4


def test_what_cannot_be_shown_is_not_kept(large: list[str], visitor: Callable[..., Any], drawn_each_time: None) -> None:
    """Strangers cannot fill the cache with questions that have no answer. Control: a page that can be shown is kept."""
    kept: list[str] = []
    original = cache.set

    def spy(name: str, *args: Any, **kwargs: Any) -> Any:
        kept.append(name)
        return original(name, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "set", spy)
        client = visitor("sevan")
        for query in ("&kind=nothing", "&month=13", "&settlement=x", "&by=x"):
            assert client.get(PAGE + query).status_code == 400
        assert client.get("/budget/line/expenditure/nothing/").status_code == 404
        assert not [name for name in kept if name.startswith("budgets:page:")]
        assert client.get(PAGE + "&unknown=1").status_code == 200
        assert client.get(PAGE + "&unknown=2").status_code == 200
    assert len([name for name in kept if name.startswith("budgets:page:")]) == 1


def test_the_stamp_is_one_query(towns: Any) -> None:
    """And the same for the same figures."""
    with in_town("sevan"):
        with CaptureQueriesContext(connection) as queries:
            first = page_cache.stamp()
        assert len(queries) == 1
        assert page_cache.stamp() == first
        publish_revenue(1, "1000,100,10,8")
        assert page_cache.stamp() != first
