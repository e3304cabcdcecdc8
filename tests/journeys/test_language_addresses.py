"""Each language has addresses of its own on a public site, on pages of modules as well (R50)."""

import re

import pytest

from modules.budgets.demo import seed
from tenants.context import in_town

MONTH = "?year=2015&month=9"
PLACES = ("/", "/budget/", f"/budget/revenue/{MONTH}", "/data/", "/accounts/login/")


@pytest.fixture
def published(towns):
    """Dilijan has published a month; Sevan has not."""
    with in_town(towns.first):
        seed(towns.first)
    return towns


def text_of(client, path):
    """The page, which must be there."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("code", ["en", "ru"])
def test_the_address_says_the_language(published, visitor, code, path):
    """Whoever opens a link sees the language in which it was sent; without it, Armenian. No cookie is needed or set."""
    for slug in (published.first, published.second):
        client = visitor(slug)
        assert f'<html lang="{code}"' in text_of(client, f"/{code}{path}")
        assert '<html lang="hy"' in text_of(client, path)
        assert not client.cookies.get("django_language")


@pytest.mark.parametrize("path", [*PLACES[:4], "/budget/plan/", "/budget/compare/", "/budget/what-it-buys/"])
@pytest.mark.parametrize("start", ["", "/en", "/ru"])
def test_a_page_says_what_it_is(published, visitor, start, path):
    """In a sentence for lists of results, once, in words and not in marks."""
    text = text_of(visitor(published.first), f"{start}{path}")
    (said,) = re.findall(r'<meta name="description" content="([^"]*)">', text)
    assert len(said) > 20
    assert "&lt;" not in said


@pytest.mark.parametrize("path", PLACES)
def test_links_stay_in_the_language(published, visitor, path):
    """Every link on an English page that leads to a page leads to an English one."""
    text = text_of(visitor(published.first), f"/en{path}")
    links = set(re.findall(r'<a [^>]*href="(/[^"?#]*)', text))
    elsewhere = {
        link
        for link in links
        if not link.startswith(("/en/", "/language/", "/static/", "/api/")) and "." not in link.rsplit("/", 1)[-1]
    }
    assert any(link.startswith("/en/budget/") for link in links)
    assert elsewhere == set()


def test_the_switch_leads_to_the_same_page(published, visitor):
    """R50: from the Russian page of a month to the Armenian one, query and all; a bad code is no page."""
    client = visitor(published.first)
    text = text_of(client, f"/ru/budget/revenue/{MONTH}")
    switch = re.search(r'href="(/language/hy/[^"]*)"', text)
    answer = client.get(switch[1].replace("&amp;", "&"))
    assert answer["Location"] == f"/budget/revenue/{MONTH}"
    assert client.get("/de/budget/").status_code == 404
    assert client.get("/en/no/such/page/").status_code == 404


def test_the_cookie_speaks_where_the_address_does_not(published, visitor):
    """A resident who chose English once reads the budget in English at its short address too, and goes on in English."""
    client = visitor(published.first)
    client.get("/language/en/")
    text = text_of(client, "/budget/")
    assert '<html lang="en"' in text
    assert 'href="/en/budget/revenue/' in text
    assert '<html lang="ru"' in text_of(client, "/ru/budget/")


def test_search_engines_are_told_of_all_three(published, visitor):
    """Canonical and hreflang on a module's page, and the sitemap."""
    text = text_of(visitor(published.first), f"/en/budget/revenue/{MONTH}&language=en")
    base = "http://dilijan.localhost"
    asked = MONTH.replace("&", "&amp;")
    assert f'<link rel="canonical" href="{base}/en/budget/revenue/{asked}">' in text
    assert f'<link rel="alternate" hreflang="ru" href="{base}/ru/budget/revenue/{asked}">' in text
    assert f'<link rel="alternate" hreflang="x-default" href="{base}/budget/revenue/{asked}">' in text
    sitemap = text_of(visitor(published.first), "/sitemap.xml")
    assert f"<loc>{base}/en/budget/</loc>" in sitemap
    assert "language=" not in sitemap


def test_what_has_one_address_keeps_it(published, visitor):
    """Files that are identities, and what programs ask for, are not copied under each language."""
    client = visitor(published.first)
    client.get("/language/en/")
    catalogue = text_of(client, "/data/catalog.ttl")
    assert "/en/" not in re.sub(r"https?://(?!dilijan)[^>]*", "", catalogue)
    assert "Sitemap: http://dilijan.localhost/sitemap.xml" in text_of(client, "/robots.txt")
    assert "Disallow: /en/accounts/" in text_of(client, "/robots.txt")
