"""The search of a town's site over HTTP: what is published is found at once, what is gone is not (R53, R50)."""

import json

import pytest
from hamaynk_noticeboard.models import Notice
from wagtail.models import Locale, Page

from hamaynk.contract import Manifest, ManifestError, SearchSource
from hamaynk.events.outbox import deliver_pending
from hamaynk.search import refresh, refresh_all
from hamaynk.search.models import SearchEntry
from modules.budgets.demo import seed
from public_sites import models
from public_sites.addresses import reserved_words
from public_sites.cms.setup import set_up_roots
from public_sites.tasks import refresh_search
from tenants import activation
from tenants.context import in_console, in_town
from tenants.models import Community


@pytest.fixture
def small(towns):
    """Both towns with a first page, a section and a page in Armenian, all empty."""
    for slug in (towns.first, towns.second):
        with in_town(slug):
            root = set_up_roots()
            home = models.HomePage(title="Գլխավոր", slug="hy", locale=Locale.objects.get(language_code="hy"))
            root.add_child(instance=home)
            section = home.add_child(instance=models.SectionPage(title="Համայնք", slug="community"))
            section.add_child(instance=models.TextPage(title="Մեր մասին", slug="about"))
            section.add_child(instance=models.PeoplePage(title="Աշխատակազմ", slug="staff"))
            home.add_child(instance=models.SectionPage(title="Այլ", slug="other"))
    return towns


def publish(kind, at, **values):
    """Change a page of the present town and publish it."""
    page = kind.objects.get(slug=at)
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return page


def found(client, words, place="/search/", **more):
    """Addresses of the results."""
    answer = client.get(place, {"q": words, **more})
    assert answer.status_code == 200, answer.status_code
    return [one.url for one in answer.context["found"].results]


def test_what_is_published_is_found_until_it_is_gone(small, visitor):
    """R53: by title, by the words of its blocks; never in another town."""
    client = visitor(small.first)
    with in_town(small.first):
        about = publish(models.TextPage, "about", body=[("text", "<p>Ջրամբարի <b>պատմությունը</b> &amp; այլն</p>")])
        people = [("person", {"name": "Արամ Ավագյան", "position": "Ճարտարապետ", "phone": "+374 10 12 34 56"})]
        publish(models.PeoplePage, "staff", people=people)
    assert found(client, "ջրամբար պատմություն") == ["/community/about/"]
    assert found(client, "ճարտարապետ") == found(client, "12 34 56") == ["/community/staff/"]
    assert found(visitor(small.second), "ջրամբար") == []
    with in_town(small.first):
        about.unpublish()
    assert found(client, "ջրամբար") == []
    with in_town(small.first):
        about.save_revision().publish()
    assert found(client, "ջրամբար") == ["/community/about/"]
    with in_town(small.first):
        models.SectionPage.objects.get(slug="community").delete()
    assert found(client, "ջրամբար") == []


def test_a_draft_is_not_found(small, visitor):
    """What is saved and not published is nobody's business."""
    with in_town(small.first):
        publish(models.TextPage, "about", title="Հրապարակված")
        page = models.TextPage.objects.get(slug="about")
        page.title = "Գաղտնիք"
        page.save_revision()
        refresh_all()
    assert found(visitor(small.first), "հրապարակված") == ["/community/about/"]
    assert found(visitor(small.first), "գաղտնիք") == []


def test_a_moved_or_renamed_section_takes_its_pages_along(small, visitor):
    """Their results lead to the new addresses."""
    client = visitor(small.first)
    with in_town(small.first):
        publish(models.TextPage, "about", title="Ջրամբար")
        publish(models.SectionPage, "community", slug="town")
    assert found(client, "ջրամբար") == ["/town/about/"]
    with in_town(small.first):
        Page.objects.get(slug="about").specific.move(Page.objects.get(slug="other"), pos="last-child")
    assert found(client, "ջրամբար") == ["/other/about/"]
    assert client.get("/other/about/").status_code == 200


def test_the_page_of_results(small, visitor):
    """Form, count, highlights, not for search engines; HTML of a title is shown as letters; advice where nothing is."""
    with in_town(small.first):
        publish(models.TextPage, "about", title="<script>x</script> ջրամբար")
    page = visitor(small.first).get("/search/", {"q": "ջրամբար"}).content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert "&lt;script&gt;x&lt;/script&gt; <mark>ջրամբար</mark>" in page
    assert "<script>x" not in page
    assert 'class="search-count"' in page
    assert 'data-suggest="/search/suggest"' in page
    empty = visitor(small.first).get("/search/", {"q": "xyzqw"}).content.decode()
    assert 'class="search-advice"' in empty
    assert visitor(small.first).post("/search/").status_code in (403, 405)
    assert "search" in reserved_words()


def test_each_language_has_its_own_address(small, visitor):
    """R50: the header's form, the redirect of a reader who chose a language, links to the same words in the others."""
    client = visitor(small.first)
    page = client.get("/en/search/", {"q": "water"}).content.decode()
    assert 'action="/en/search/"' in page
    assert 'lang="en"' in page
    assert "next=%2Fsearch%2F%3Fq%3Dwater" in page
    client.get("/language/ru/?next=/")
    moved = client.get("/search/", {"q": "вода", "in": "x"})
    assert (moved.status_code, moved["Location"].partition("?")[0]) == (302, "/ru/search/")
    assert "in=x" in moved["Location"]


def test_suggestions_as_json(small, visitor):
    """Of this town only; an empty list where there is nothing to say."""
    with in_town(small.first):
        publish(models.TextPage, "about", title="Ջրամբարի պատմություն")
    answer = visitor(small.first).get("/search/suggest", {"q": "ջրամ"})
    assert json.loads(answer.content) == [{"title": "Ջրամբարի պատմություն", "url": "/community/about/"}]
    assert json.loads(visitor(small.second).get("/search/suggest", {"q": "ջրամ"}).content) == []
    assert json.loads(visitor(small.first).get("/en/search/suggest").content) == []


@pytest.mark.parametrize("asked", ["\0", "'\"", "ա" * 1000, "\"'\\:*&|!()" * 100, "%00", "<script>"])
def test_odd_questions_are_answered(small, visitor, asked):
    """Never a 500, whatever is typed."""
    for place in ("/search/", "/en/search/", "/search/suggest"):
        answer = visitor(small.first).get(place, {"q": asked, "in": asked, "page": asked})
        assert answer.status_code == 200


def test_a_module_that_is_off_is_not_found(small, visitor):
    """A third party's notices: not in the town that has the module off, nor once it is switched off."""
    with in_console():
        activation.enable(community=Community.objects.get(slug=small.first), module="noticeboard")
    for slug in (small.first, small.second):
        with in_town(slug):
            Notice.objects.create(text="Շները պետք է վարել կապով")
            refresh("noticeboard.notices")
            assert SearchEntry.objects.filter(source="noticeboard.notices").count() == 1
    assert found(visitor(small.first), "շուն") == ["/noticeboard/"]
    assert found(visitor(small.second), "շուն") == []
    with in_console():
        activation.disable(community=Community.objects.get(slug=small.first), module="noticeboard")
    assert found(visitor(small.first), "շուն") == []
    assert found(visitor(small.first), "շները կապով") == []


def test_lines_of_the_published_budget_are_found(small, visitor):
    """By name in three languages and by code; the addresses answer; nothing before anything is published."""
    with in_town(small.first):
        refresh("budgets.lines")
        assert not SearchEntry.objects.exists()
        seed(small.first)
        deliver_pending()
        line = SearchEntry.objects.filter(source="budgets.lines", language="hy", key__startswith="revenue:").last()
        languages = set(SearchEntry.objects.values_list("language", flat=True))
    assert languages == {"hy", "en", "ru"}
    code = line.key.partition(":")[2]
    client = visitor(small.first)
    assert line.url in found(client, code)
    assert f"/en{line.url}" in found(client, code, "/en/search/")
    assert client.get(line.url).status_code == 200
    assert found(visitor(small.second), code) == []


def test_the_hourly_task_puts_everything_right(small, visitor):
    """What the signals missed."""
    with in_town(small.first):
        Page.objects.filter(slug="about").update(title="Ջրամբար")
    assert found(visitor(small.first), "ջրամբար") == []
    refresh_search.apply(headers={refresh_search.town_header: small.first}, throw=True)
    assert found(visitor(small.first), "ջրամբար") == ["/community/about/"]


def test_a_source_is_declared_once():
    """Two of one name would share their entries."""
    source = SearchSource(code="x", label="x", source="a.b:c")
    with pytest.raises(ManifestError, match="search source"):
        Manifest(name="doubled", title="x", summary="x", app="x", search_sources=(source, source))
