"""Pages of a public site over HTTP: addresses, languages, lists, blocks (R49, R50, R52, R53)."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hamaynk_noticeboard.models import Notice
from PIL import Image as Drawing
from wagtail.models import Page

from modules.budgets.demo import seed
from public_sites import models
from public_sites.addresses import reserved_words
from public_sites.demo import seed_demo
from tenants import activation
from tenants.context import in_console, in_town
from tenants.models import Community
from tenants.setup import set_up_town


def get(model, slug, code="hy"):
    """One planted page."""
    return model.objects.get(slug=slug, url_path__startswith=f"/{code}/")


def text_of(answer):
    """The page's text; it must be there."""
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_new_town_has_the_usual_pages(planted, visitor):
    """R49, R52: every planted page opens in each language, under its own address, with the menu of the section."""
    with in_town(planted.first):
        paths = [page.specific.path_on_site for page in Page.objects.filter(depth__gt=1)]
    assert len(paths) > 80
    client = visitor(planted.first)
    for path in paths:
        page = text_of(client.get(path))
        assert f'lang="{path[1:3] if path[3:4] == "/" else "hy"}"' in page
    assert "Գույքի կառավարում" in text_of(client.get("/"))
    assert "Управление имуществом" in text_of(client.get("/ru/"))
    assert visitor(planted.second).get("/community/").status_code == 404


def test_the_menu_stands_in_the_order_of_its_words(planted, visitor):
    """R52: the budget's own entry among those of the site."""
    page = text_of(visitor(planted.first).get("/community/about/"))
    menu = page[page.index('class="menu-wide') :]
    words = ["Համայնք<", "ՏԻՄ<", "Համայնքի բյուջե<", "Տեղեկատու<", "Գույքի կառավարում<"]
    places = [menu.index(word) for word in words]
    assert places == sorted(places)


def test_the_language_switch_leads_to_the_same_page(planted, visitor):
    """R50: linked translations; a language that is asked for by cookie has its own address."""
    client = visitor(planted.first)
    assert "next=/ru/community/news/" in text_of(client.get("/community/news/")).replace("%2F", "/")
    client.get("/language/en/?next=/")
    moved = client.get("/community/news/")
    assert (moved.status_code, moved["Location"]) == (302, "/en/community/news/")


def test_what_is_not_translated_says_so(planted, visitor):
    """R50: the Armenian text under the other language's address, with a sentence and the right `lang`."""
    with in_town(planted.first):
        get(models.TextPage, "about", "en").unpublish()
    page = text_of(visitor(planted.first).get("/en/community/about/"))
    assert "This page is not translated yet" in page
    assert '<article class="page" lang="hy">' in page
    assert "This page is not translated yet" not in text_of(visitor(planted.first).get("/en/community/news/"))


def test_unpublished_is_not_there(planted, visitor):
    """A draft is nobody's business but the editors'."""
    with in_town(planted.first):
        get(models.TextPage, "about").unpublish()
    assert visitor(planted.first).get("/community/about/").status_code == 404


def test_news_and_events_reach_the_home_page(planted, visitor):
    """R16: newest first, coming events only."""
    with in_town(planted.first):
        news = get(models.NewsIndexPage, "news")
        for day in (1, 3, 2):
            news.add_child(instance=models.NewsPage(title=f"Լուր {day}", slug=f"n{day}", date=date(2026, 5, day)))
        events = get(models.EventsPage, "events")
        for name, days in (("Գալիք", 3), ("Անցած", -3)):
            starts = timezone.now() + timedelta(days=days)
            events.add_child(instance=models.EventPage(title=name, slug=f"e{days + 9}", starts_at=starts))
    home = text_of(visitor(planted.first).get("/"))
    assert home.index("Լուր 3") < home.index("Լուր 2") < home.index("Լուր 1")
    assert "Գալիք" in home
    assert "Անցած" not in home
    listed = text_of(visitor(planted.first).get("/community/events/"))
    assert listed.index("Գալիք") < listed.index("Անցած")


def test_a_page_may_not_lie_over_a_module(planted):
    """The address would never show it."""
    assert {"budget", "data", "accounts", "en", "media"} <= reserved_words()
    with in_town(planted.first):
        home = Page.objects.get(url_path="/hy/")
        with pytest.raises(ValidationError, match="slug"):
            home.add_child(instance=models.TextPage(title="Բյուջե", slug="budget"))
        home.add_child(instance=models.TextPage(title="Բյուջե", slug="budget-in-words"))


def test_days_in_the_wrong_order_are_refused(planted):
    """Beside the field."""
    now = timezone.now()
    with in_town(planted.first):
        events, notices = get(models.EventsPage, "events"), get(models.AnnouncementsPage, "announcements")
        with pytest.raises(ValidationError) as refused:
            events.add_child(
                instance=models.EventPage(title="Օր", slug="day", starts_at=now, ends_at=now - timedelta(hours=1))
            )
        assert list(refused.value.message_dict) == ["ends_at"]
        with pytest.raises(ValidationError) as refused:
            made, until = date(2026, 5, 2), date(2026, 5, 1)
            notices.add_child(instance=models.AnnouncementPage(title="Օր", slug="day", date=made, valid_until=until))
        assert list(refused.value.message_dict) == ["valid_until"]


def with_block(slug, what):
    """Put a module's block on a page of text."""
    page = get(models.TextPage, slug)
    page.body = [("contributed", {"what": what})]
    page.save_revision().publish()


def test_a_module_contributes_a_block(planted, visitor):
    """The budget's chart with its table, drawn from what is published; nothing before that, nothing with the module off."""
    set_up_town(planted.second)
    with in_town(planted.second):
        with_block("about", "budgets.revenue_by_month")
    client = visitor(planted.second)
    assert "<svg" not in text_of(client.get("/community/about/"))[1000:].partition("<article")[2]
    with in_town(planted.second):
        seed(planted.second)
    drawn = text_of(client.get("/community/about/")).partition("<article")[2]
    assert "<svg" in drawn
    assert "<table" in drawn
    with in_console():
        activation.disable(community=Community.objects.get(slug=planted.second), module="budgets")
    assert "<svg" not in text_of(client.get("/community/about/")).partition("<article")[2]


def test_a_third_party_module_contributes_a_block(planted, visitor):
    """The road is open to everybody."""
    with in_console():
        activation.enable(community=Community.objects.get(slug=planted.first), module="noticeboard")
    with in_town(planted.first):
        with_block("elections", "noticeboard.newest")
        Notice.objects.create(text="Ջուրը կանջատվի")
    assert "Ջուրը կանջատվի" in text_of(visitor(planted.first).get("/community/elections/"))


def picture(name="p.png"):
    """A picture in the present town."""
    held = BytesIO()
    Drawing.new("RGB", (1600, 900), "#336699").save(held, "PNG")
    file = SimpleUploadedFile(name, held.getvalue(), "image/png")
    return models.Picture.objects.create(title="Լիճ", description="Լիճը գարնանը", file=file)


def test_pictures_come_in_their_town_only(planted, visitor):
    """In a size made for the page; originals are not handed out; another town has no such file."""
    with in_town(planted.first):
        shown = picture()
        page = get(models.TextPage, "about")
        page.body = [("picture", {"picture": shown, "caption": "Սևանա լիճ"})]
        page.save_revision().publish()
        original = shown.file.name
    client = visitor(planted.first)
    text = text_of(client.get("/community/about/"))
    assert 'alt="Լիճը գարնանը"' in text
    address = text.partition('<img src="/media/images/')[2].partition('"')[0]
    found = client.get(f"/media/images/{address}")
    assert (found.status_code, found["Content-Type"]) == (200, "image/webp")
    assert visitor(planted.second).get(f"/media/images/{address}").status_code == 404
    assert client.get(f"/media/{original}").status_code == 404
    assert client.get("/media/../dilijan/x").status_code == 404


PASTED = (
    '<p class="MsoNormal" style="color:red" onclick="x()">Բարև<script>alert(1)</script><svg onload="x()"></svg></p>'
)


def test_text_is_cleaned(planted, visitor):
    """What is pasted from elsewhere keeps its words and loses everything that acts."""
    with in_town(planted.first):
        page = get(models.TextPage, "about")
        page.body = [("text", PASTED)]
        page.save_revision().publish()
        stored = str(get(models.TextPage, "about").body.raw_data)
    page = text_of(visitor(planted.first).get("/community/about/"))
    drawn = page.partition('class="page-body"')[2].partition("</article>")[0]
    assert "Բարև" in drawn
    for bad in ("<script", "onclick", "<svg", "onload"):
        assert bad not in drawn
        assert bad not in stored


def test_the_demo_fills_the_pages_once(planted, visitor):
    """Three languages, linked; a second time changes nothing."""
    with in_town(planted.first):
        seed_demo(planted.first)
        count = Page.objects.count()
        seed_demo(planted.first)
        assert Page.objects.count() == count
    client = visitor(planted.first)
    assert "Street lights repaired" in text_of(client.get("/en/"))
    assert "next=/ru/community/news/water" not in text_of(client.get("/community/announcements/water/"))
    assert "из-за ремонта водопровода" in text_of(client.get("/ru/community/announcements/water/"))
    assert "Լևոն Անտառյան" in text_of(client.get("/town-hall/staff/"))


def test_the_first_page_answers_what_one_came_for(planted, visitor):
    """R16, R40: beside the modules' tasks those of the town's pages, as long as the page is there; letters always."""
    client = visitor(planted.first)
    text = client.get("/en/").content.decode()
    for words, address in (
        ("Follow the decisions of the council", "/en/self-government/council-decisions/"),
        ("Download a form", "/en/guides/forms/"),
        ("Find a phone number", "/en/guides/phones/"),
        ("Get letters about news and works", "/en/subscribe/"),
    ):
        assert f'<a href="{address}">{words}</a>' in text
        assert client.get(address).status_code == 200
    with in_town(planted.first):
        get(models.FormStorePage, "forms", "en").unpublish()
    text = client.get("/en/").content.decode()
    assert "Download a form" not in text
    assert "Find a phone number" in text
    assert "Ներբեռնել ձևաթուղթ" in client.get("/").content.decode()
    assert "Ներբեռնել ձևաթուղթ" not in visitor(planted.second).get("/").content.decode()
