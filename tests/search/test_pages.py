"""The search of a site over HTTP (R53, R50): in each language, with facets, suggestions, and only what is published."""

import json

import pytest
from hamaynk_noticeboard.models import Notice
from wagtail.models import Page

from hamaynk.search import refresh, refresh_all
from modules.budgets.demo import seed
from public_sites import models
from public_sites.addresses import reserved_words
from public_sites.cms.setup import set_up_roots
from tenants import activation
from tenants.context import in_console, in_town
from tenants.models import Community
from tenants.setup import set_up_town
from tests.support.remembered import remembered


@pytest.fixture
@remembered
def site(towns):
    """The first town with its planted site."""
    set_up_town(towns.first)
    with in_town(towns.second):
        set_up_roots()
    return towns


def get(model, slug, code="hy"):
    """One planted page."""
    return model.objects.get(slug=slug, url_path__startswith=f"/{code}/")


def results(answer):
    """Addresses of what a search page shows."""
    assert answer.status_code == 200
    return [one.url for one in answer.context["found"].results]


def test_planted_pages_are_found_in_each_language(site, visitor):
    """Under the address of the language; the field of the header leads there."""
    client = visitor(site.first)
    assert "/guides/phones/" in results(client.get("/search/", {"q": "հեռախոսագիրք"}))
    assert "/en/guides/phones/" in results(client.get("/en/search/", {"q": "phones"}))
    assert "/ru/guides/phones/" in results(client.get("/ru/search/", {"q": "телефонная"}))
    assert 'action="/en/search/"' in client.get("/en/guides/").content.decode()
    page = client.get("/search/", {"q": "<script>"}).content.decode()
    assert "<script>" not in page.replace('<script src="', "")
    assert "noindex" in page
    assert results(visitor(site.second).get("/search/", {"q": "հեռախոսագիրք"})) == []
    assert "search" in reserved_words()


def test_the_search_follows_the_pages(site, visitor):
    """Published, renamed, moved with all below, unpublished, deleted: at the next question."""
    client = visitor(site.first)

    def found(words):
        return results(client.get("/search/", {"q": words}))

    with in_town(site.first):
        index = get(models.NewsIndexPage, "news")
        news = index.add_child(instance=models.NewsPage(title="Կամուրջի վերանորոգում", slug="bridge", live=False))
    assert found("կամուրջ") == []
    with in_town(site.first):
        news.body = [("text", "<p>Գետի վրա երկաթբետոնե հենասյուն</p>")]
        news.save_revision().publish()
    assert found("կամուրջի") == ["/community/news/bridge/"]
    assert found("հենասյուն") == ["/community/news/bridge/"]
    with in_town(site.first):
        section = get(models.SectionPage, "community")
        section.slug = "town"
        section.save_revision().publish()
    assert found("կամուրջ") == ["/town/news/bridge/"]
    with in_town(site.first):
        Page.objects.get(pk=news.pk).specific.unpublish()
    assert found("կամուրջ") == []
    with in_town(site.first):
        Page.objects.get(pk=news.pk).specific.save_revision().publish()
        get(models.NewsIndexPage, "news").delete()
    assert found("կամուրջ") == []


def test_facets_narrow_down(site, visitor):
    """Each with its count, as links that work without JavaScript."""
    with in_town(site.first):
        get(models.NewsIndexPage, "news").add_child(instance=models.NewsPage(title="Դպրոցի նորություն", slug="a"))
        get(models.VacanciesPage, "vacancies").add_child(instance=models.VacancyPage(title="Դպրոցի տնօրեն", slug="b"))
        refresh("public_sites.pages")
    client = visitor(site.first)
    answer = client.get("/search/", {"q": "դպրոց"})
    assert {facet["count"] for facet in answer.context["facets"]} == {1, 2}
    narrowed = client.get("/search/", {"q": "դպրոց", "in": "public_sites.pages:vacancies"})
    assert results(narrowed) == ["/town-hall/vacancies/b/"]
    assert len(results(client.get("/search/", {"q": "դպրոց", "in": "no.such"}))) == 2


def test_modules_are_found_while_they_are_on(site, visitor):
    """The budget's lines and a third party's notices; not where the module is off."""
    with in_console():
        town = Community.objects.get(slug=site.first)
        activation.enable(community=town, module="noticeboard")
    with in_town(site.first):
        seed(site.first)
        Notice.objects.create(text="Կորել է սպիտակ կատու")
        refresh_all()
    client = visitor(site.first)
    assert any(url.startswith("/budget/") for url in results(client.get("/search/", {"q": "տուրքեր"})))
    assert any(url.startswith("/en/budget/") for url in results(client.get("/en/search/", {"q": "tax"})))
    assert results(client.get("/search/", {"q": "կատու"})) == ["/noticeboard/"]
    with in_console():
        activation.disable(community=town, module="noticeboard")
    assert "/noticeboard/" not in results(client.get("/search/", {"q": "կատու"}))


def test_suggestions_while_typing(site, visitor):
    """Titles, as JSON; of this town and language alone."""
    client = visitor(site.first)
    found = json.loads(client.get("/search/suggest", {"q": "հեռախ"}).content)
    assert {"title": "Հեռախոսագիրք", "url": "/guides/phones/"} in found
    assert json.loads(client.get("/en/search/suggest", {"q": "pho"}).content)[0]["url"] == "/en/guides/phones/"
    assert json.loads(visitor(site.second).get("/search/suggest", {"q": "հեռախ"}).content) == []
    for odd in ("", "\0", "%", "ա" * 5000, "'"):
        assert client.get("/search/suggest", {"q": odd}).status_code == 200


def test_as_many_questions_for_many_results(site, visitor, drawn_each_time, django_assert_max_num_queries):
    """No query in a loop."""
    with in_town(site.first):
        index = get(models.NewsIndexPage, "news")
        for number in range(30):
            index.add_child(instance=models.NewsPage(title=f"Ճանապարհ {number}", slug=f"n{number}"))
        refresh("public_sites.pages")
    client = visitor(site.first)
    client.get("/search/", {"q": "ճանապարհ"})
    with django_assert_max_num_queries(6):
        assert len(results(client.get("/search/", {"q": "ճանապարհ"}))) >= 10
