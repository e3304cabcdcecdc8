"""Which pages are kept, under which addresses, and what they cost then."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from modules.budgets.demo import seed
from tenants.context import in_town
from tests.hamaynk.freshness.conftest import how, kept


def test_the_second_visitor_costs_no_sql(planted, visitor):
    """The same answer, letter for letter, with the same walls."""
    first = visitor(planted.first).get("/")
    assert how(first) == "miss"
    with CaptureQueriesContext(connection) as queries:
        second = visitor(planted.first).get("/")
    assert (how(second), len(queries)) == ("hit", 0)
    assert second.content == first.content
    for header in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Content-Language", "Vary"):
        assert second[header] == first[header]
    assert second["Cache-Control"] == "public, no-cache"


def test_without_the_setting_every_page_is_drawn(planted, visitor, settings):
    """The control of the test above."""
    settings.PAGE_CACHE_SECONDS = 0
    visitor(planted.first).get("/")
    with CaptureQueriesContext(connection) as queries:
        assert how(visitor(planted.first).get("/")) == ""
    assert len(queries) > 1


def test_nearly_all_pages_of_a_town_are_kept(planted, visitor):
    """Those that are not have a form on them."""
    client = visitor(planted.first)
    with in_town(planted.first):
        seed(planted.first)
        paths = [page.specific.path_on_site for page in Page.objects.filter(depth__gt=1)]
    paths += ["/data/", "/budget/", "/budget/revenue/", "/budget/balance/", "/budget/plan/", "/budget/compare/"]
    for path in paths:
        client.get(path)
    not_kept = {path for path in paths if how(client.get(path)) != "hit"}
    assert {path for path in not_kept if "csrfmiddlewaretoken" not in client.get(path).content.decode()} == set()


def test_a_browser_is_told_that_nothing_has_changed(planted, visitor):
    """304 to the mark of the page, from memory and when the page is drawn anew; never to another language's."""
    client = visitor(planted.first)
    tag = client.get("/")["ETag"]
    for path, wanted in (("/", 304), ("/en/", 200)):
        for _ in range(2):
            answer = client.get(path, headers={"if-none-match": tag})
            assert answer.status_code == wanted
    again = client.get("/", headers={"if-none-match": tag})
    assert (again.content, again["ETag"], again["Cache-Control"]) == (b"", tag, "public, no-cache")
    assert not again.has_header("Set-Cookie")


def test_each_language_and_query_has_its_own(planted, visitor):
    """By address, by `?language=` and by cookie; the order of the query's words makes no difference, their values do."""
    client = visitor(planted.first)
    seen = {kept(client, path).content for path in ("/data/", "/data/?language=en", "/data/?language=ru")}
    client.get("/language/ru/?next=/")
    assert len(seen) == 3
    assert kept(client, "/data/").content in seen
    assert 'lang="ru"' in kept(client, "/data/").content.decode()
    other = visitor(planted.first)
    kept(other, "/data/?a=1&b=2")
    assert how(other.get("/data/?b=2&a=1")) == "hit"
    assert how(other.get("/data/?a=2&b=1")) == "miss"
    assert how(other.get("/data/?a=1&a=2")) == "miss"
    assert how(other.get("/data/?a=2&a=1")) == "miss"


def test_long_and_many_questions_are_not_kept(planted, visitor, monkeypatch):
    """Strangers can think of any query: they do not fill the cache server. Pages without a query are kept all the same."""
    client = visitor(planted.first)
    for _ in range(2):
        assert how(client.get("/data/?x=" + "y" * 200)) == ""
    monkeypatch.setattr("hamaynk.freshness.middleware.MOST_QUERIES", 3)
    for number in range(5):
        client.get(f"/data/?x={number}")
    assert [how(client.get(f"/data/?x={number}")) for number in range(5)] == ["hit"] * 3 + ["miss"] * 2
    kept(client, "/data/")


def test_what_a_head_asks_for_is_answered_but_not_kept(planted, visitor):
    """A view may answer HEAD without a body."""
    client = visitor(planted.first)
    for _ in range(2):
        assert how(client.head("/")) == "miss"
    kept(client, "/")
    answer = client.head("/")
    assert (how(answer), answer.content) == ("hit", b"")


@pytest.mark.parametrize("path", ["/no/such/page/", "/town.css", "/accounts/login/", "/healthz"])
def test_other_answers_are_not_kept(planted, visitor, path):
    """404, style sheets, forms."""
    client = visitor(planted.first)
    for _ in range(2):
        assert how(client.get(path)) == ""


def test_the_api_is_kept_with_its_own_mark(towns, visitor):
    """JSON too; its ETag is that of the module."""
    with in_town(towns.first):
        seed(towns.first)
    client, path = visitor(towns.first), "/api/v1/budgets/execution?year=2015&month=9"
    drawn = client.get(path)
    answer = kept(client, path)
    assert answer.json() == drawn.json()
    assert answer["ETag"] == drawn["ETag"]
    assert client.get(path, headers={"if-none-match": drawn["ETag"]}).status_code == 304
