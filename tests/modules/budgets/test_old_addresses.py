"""Old addresses of the budget lead to its pages, in the town and nowhere else (the town's former site)."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.budgets import demo
from tenants import activation
from tenants.context import in_console, in_town
from tenants.models import Community
from tests.conftest import HostClient

RESULT = "/Pages/NewBudget/in/Result.aspx"
SEPTEMBER = "/budget/revenue/?year=2015&month=9"
INDEX = "/budget/"


@pytest.mark.parametrize(
    ("old", "ours"),
    [
        (RESULT, "/budget/revenue/"),
        (f"{RESULT}?Year=2015&Month=9", SEPTEMBER),
        (f"{RESULT}?YEAR=2015&month=09", SEPTEMBER),
        ("/pages/newbudget/IN/result.ASPX?month=9&year=2015", SEPTEMBER),
        ("/Pages/NewBudget/in/Default.aspx?Year=2015", "/budget/revenue/?year=2015"),
        ("/Pages/NewBudget/IncomeList.aspx?Year=2015", "/budget/revenue/?year=2015"),
        ("/Pages/NewBudget/out/Result.aspx?Year=2015&Month=9", "/budget/expenditure/?year=2015&month=9"),
        ("/Pages/NewBudget/OutPlan/View.aspx?recId=2f1c8a", "/budget/plan/"),
        ("/Pages/NewBudget/OutPlan/View.aspx?Year=2015&Month=9", "/budget/plan/?year=2015"),
        ("/Pages/NewBudget/InPlan/View.aspx?recId=17", "/budget/plan/"),
        ("/Pages/NewBudget/Reports/Section6.aspx?Year=2015", INDEX),
        ("/Pages/NewBudget/", INDEX),
        ("/pages/newbudget", INDEX),
    ],
)
def test_an_old_link_still_leads_to_the_page(towns: Any, visitor: Callable[..., Any], old: str, ours: str) -> None:
    """Permanently, remembered for a day, in both towns, each to its own host."""
    for slug in (towns.first, towns.second):
        answer = visitor(slug).get(old)
        assert (answer.status_code, answer["Location"]) == (301, ours)
        assert answer["Cache-Control"] == "public, max-age=86400"
        assert not answer.cookies
    assert visitor(towns.first).head(old).status_code == 301


@pytest.mark.parametrize(("language", "title"), [("hy", "սեպտեմբեր 2015"), ("en", "September 2015")])
def test_the_figures_are_behind_it_in_the_readers_language(
    towns: Any, visitor: Callable[..., Any], language: str, title: str
) -> None:
    """R54: a link of 2015 shows the printed page in one town; in the other the empty page of that other town."""
    with in_town(towns.first):
        demo.seed(towns.first)
    clients = [visitor(slug) for slug in (towns.first, towns.second)]
    for client in clients:
        client.get(f"/language/{language}/?next=/")
    first, second = [client.get(f"{RESULT}?Year=2015&Month=9", follow=True) for client in clients]
    assert first.status_code == second.status_code == 200
    assert title in first.content.decode()
    assert "760414.500" in first.content.decode()
    assert "760414" not in second.content.decode()


def test_off_is_404(towns: Any, visitor: Callable[..., Any]) -> None:
    """The redirect goes with the module, in the town that switched it off; the office never had it."""
    with in_console():
        activation.disable(community=Community.objects.get(slug=towns.first), module="budgets")
    for old in (RESULT, "/Pages/NewBudget/", "/Pages/NewBudget/IncomeList.aspx?Year=2015"):
        assert visitor(towns.first).get(old).status_code == 404
        assert visitor(towns.second).get(old).status_code == 301
        assert visitor(towns.second, "office").get(old).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "Year=&Month=",
        "Year=1990&Month=13",
        "Year=99999999999999999999&Month=0",
        "Year=2015.0&Month=-9",
        "Year=%D9%A2%D9%A0%D9%A1%D9%A5&Month=%C2%B2",
        "Year=%00&Month=9%0d%0aLocation:%20//evil.example",
        "Year=//evil.example&Month=javascript:alert(1)",
        "Year[]=2015&next=https://evil.example&ReturnUrl=//evil.example",
    ],
)
def test_what_means_nothing_is_dropped(towns: Any, visitor: Callable[..., Any], query: str) -> None:
    """A wrong value costs its parameter, not the page; the good one beside it stays."""
    client = visitor(towns.first)
    assert client.get(f"{RESULT}?{query}")["Location"] == "/budget/revenue/"
    assert client.get(f"{RESULT}?{query}&month=9")["Location"].endswith("/budget/revenue/?month=9")


@pytest.mark.parametrize(
    "path",
    [
        "/Pages/NewBudgetX/in/Result.aspx",
        "/Pages/",
        "/x/Pages/NewBudget/",
        "/Pages/DocFlow/Default.aspx",
        "/in/Result.aspx",
    ],
)
def test_what_is_not_ours_stays_unknown(towns: Any, visitor: Callable[..., Any], path: str) -> None:
    """Only the budget's folder; other pages of the former site belong to other modules."""
    assert visitor(towns.first).get(path).status_code == 404
    assert visitor(towns.first).get("/Pages/NewBudget/x").status_code == 301


def test_a_form_of_the_former_site_is_not_answered(towns: Any, visitor: Callable[..., Any]) -> None:
    """Its pages sent themselves back by POST; nothing here takes that."""
    assert visitor(towns.first).post(RESULT, {"year": "2015"}).status_code == 405


@given(rest=st.text(max_size=60), year=st.text(max_size=12), month=st.text(max_size=12))
def test_no_address_leads_out_of_the_town(
    django_db_setup: None, django_db_blocker: Any, rest: str, year: str, month: str
) -> None:
    """Whatever stands behind the folder and in the query: an address of ours, numbers in the query, or 404."""
    with django_db_blocker.unblock():
        answer = HostClient("dilijan.localhost").get(f"/Pages/NewBudget/{rest}", {"Year": year, "Month": month})
    if answer.status_code == 404:
        assert any(not character.isprintable() for character in rest)
        return
    assert answer.status_code == 301
    page, _, query = answer["Location"].partition("?")
    assert page in {"/budget/", "/budget/revenue/", "/budget/expenditure/", "/budget/plan/"}
    assert all(character.isascii() and (character.isalnum() or character in "=&") for character in query)
