"""What other programs find: feeds, calendar, sitemap, robots, security.txt, OpenGraph, schema.org, former addresses."""

import datetime as dt
import json
import re
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from icalendar import Calendar
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from public_sites import models
from tenants.context import in_console, in_town
from tenants.models import Community
from tenants.routing import announce_change
from tests.public_sites.test_pages import get, text_of

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def add_news(title="Լուր", slug="one", **more):
    """One piece of news."""
    index = get(models.NewsIndexPage, "news")
    return index.add_child(instance=models.NewsPage(title=title, slug=slug, date=dt.date(2026, 5, 1), **more))


def test_news_as_a_feed(planted, visitor):
    """R40: newest first, whole addresses, in the feed's own language; what XML cannot hold is left out."""
    with in_town(planted.first):
        add_news("Առաջին & երկրորդ\x08", summary="<b>Խոսք</b>")
    answer = visitor(planted.first).get("/community/news/feed.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    entry = feed.find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").text == "Առաջին & երկրորդ"
    assert entry.find(f"{ATOM}summary").text == "<b>Խոսք</b>"
    assert entry.find(f"{ATOM}link").get("href").endswith("dilijan.localhost/community/news/one/")
    english = ElementTree.fromstring(visitor(planted.first).get("/en/community/news/feed.atom").content)
    assert english.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert english.find(f"{ATOM}entry") is None
    assert "feed.atom" in text_of(visitor(planted.first).get("/community/news/"))
    for path in ("/community/about/feed.atom", "/community/nothing/feed.atom"):
        assert visitor(planted.first).get(path).status_code == 404
    assert visitor(planted.second).get("/community/news/feed.atom").status_code == 404


def test_events_as_a_calendar(planted, visitor):
    """R40: all coming ones, and one alone."""
    starts = timezone.now() + dt.timedelta(days=3)
    with in_town(planted.first):
        events = get(models.EventsPage, "events")
        for number, title in ((1, "Հանդիպում; մեկ"), (2, "Երկու")):
            page = models.EventPage(title=title, slug=f"e{number}", starts_at=starts, place="Դահլիճ, 2-րդ հարկ")
            events.add_child(instance=page)
    whole = Calendar.from_ical(visitor(planted.first).get("/community/events/calendar.ics").content)
    found = whole.walk("VEVENT")
    assert {str(event["summary"]) for event in found} == {"Հանդիպում; մեկ", "Երկու"}
    assert found[0].decoded("dtstart").replace(microsecond=0) == starts.replace(microsecond=0)
    one = Calendar.from_ical(visitor(planted.first).get("/community/events/e1/calendar.ics").content)
    assert [str(event["location"]) for event in one.walk("VEVENT")] == ["Դահլիճ, 2-րդ հարկ"]
    assert "/community/events/e1/calendar.ics" in text_of(visitor(planted.first).get("/community/events/e1/"))


def test_the_sitemap_has_each_page_with_its_translations(planted, visitor, django_assert_max_num_queries):
    """R50: and nothing that is not published; the pages of modules that are on."""
    with in_town(planted.first):
        get(models.TextPage, "about", "ru").unpublish()
    client = visitor(planted.first)
    with django_assert_max_num_queries(4):
        answer = client.get("/sitemap.xml")
    found = {url.find(f"{MAP}loc").text: url for url in ElementTree.fromstring(answer.content)}
    base = min(found, key=len).rstrip("/")
    paths = {address.removeprefix(base) for address in found}
    assert {"/", "/en/", "/community/about/", "/en/community/about/", "/budget/"} <= paths
    assert "/ru/community/about/" not in paths
    about = next(url for address, url in found.items() if address.endswith(".localhost/community/about/"))
    assert [link.get("hreflang") for link in about.findall(LINK)] == ["hy", "en"]
    for path in sorted(paths)[:12]:
        assert client.get(path).status_code == 200, path


def test_robots_and_security(planted, visitor):
    """RFC 9309 and 9116; an exhibition keeps itself out of search engines."""
    with in_console():
        Community.objects.filter(slug=planted.first).update(email="hall@dilijan.example")
    announce_change()
    said = text_of(visitor(planted.first).get("/robots.txt"))
    assert "Disallow: /accounts/" in said
    assert re.search(r"^Sitemap: http\S+/sitemap\.xml$", said, re.MULTILINE)
    told = text_of(visitor(planted.first).get("/.well-known/security.txt"))
    assert "Contact: mailto:hall@dilijan.example" in told
    expires = dt.datetime.fromisoformat(re.search(r"Expires: (\S+)", told)[1])
    assert dt.timedelta(days=28) < expires - timezone.now() < dt.timedelta(days=100)
    assert visitor(planted.second).get("/.well-known/security.txt").status_code == 404
    with in_console():
        Community.objects.filter(slug=planted.first).update(is_demo=True)
    announce_change()
    assert "Disallow: /\n" in text_of(visitor(planted.first).get("/robots.txt"))


def head_of(page):
    """Meta properties and the JSON of a page."""
    properties = dict(re.findall(r'<meta property="([^"]+)" content="([^"]*)"', page))
    return properties, json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])["@graph"]


def test_a_page_says_what_it_is(planted, visitor):
    """OpenGraph and schema.org; words that would end the element do not."""
    with in_town(planted.first):
        add_news("Լուր </script><script>alert(1)</script>")
    page = text_of(visitor(planted.first).get("/community/news/one/"))
    assert "<script>alert" not in page
    properties, things = head_of(page)
    assert properties["og:type"] == "article"
    assert properties["og:locale"] == "hy_AM"
    kinds = {thing["@type"]: thing for thing in things}
    assert {"GovernmentOrganization", "NewsArticle", "BreadcrumbList"} <= set(kinds)
    assert kinds["NewsArticle"]["headline"].startswith("Լուր </script>")
    assert kinds["GovernmentOrganization"]["makesOffer"]["itemOffered"]["@type"] == "GovernmentService"
    assert '<link rel="canonical" href="' in page
    about = text_of(visitor(planted.first).get("/community/about/"))
    assert re.findall(r'rel="alternate" hreflang="([a-z-]+)"', about) == ["hy", "en", "ru", "x-default"]


def test_a_page_that_moved_is_found(planted, visitor):
    """With all that lies below it; and back again, without going round in circles."""
    client = visitor(planted.first)
    with in_town(planted.first):
        section = get(models.SectionPage, "guides")
        section.slug = "handbook"
        section.save_revision().publish()
    for path in ("phones/", ""):
        moved = client.get(f"/guides/{path}")
        assert (moved.status_code, moved["Location"]) == (301, f"/handbook/{path}")
        assert client.get(f"/handbook/{path}").status_code == 200
    with in_town(planted.first):
        section = get(models.SectionPage, "handbook")
        section.slug = "guides"
        section.save_revision().publish()
    assert client.get("/guides/phones/").status_code == 200
    assert client.get("/handbook/phones/")["Location"] == "/guides/phones/"


def test_addresses_of_the_former_site(planted, visitor):
    """R42: those we know, in any case; one that an editor enters; never a page that is not published."""
    client = visitor(planted.first)
    assert client.get("/default.aspx")["Location"] == "/"
    moved = client.get("/Pages/DocFlow/Default.aspx?a=v&g=1&nt=1")
    assert (moved.status_code, moved["Location"]) == (301, "/self-government/council-decisions/")
    with in_town(planted.first):
        about = get(models.TextPage, "about")
        Redirect.objects.create(old_path="/old.html", redirect_page=about, is_permanent=False)
    assert client.get("/old.html").status_code == 302
    with in_town(planted.first):
        about.unpublish()
    assert client.get("/old.html").status_code == 404
    assert visitor(planted.second).get("/default.aspx").status_code == 404


@pytest.mark.parametrize("path", ["/no/such/", "/No Such.aspx", "/%00/", "/" + "a" * 400 + "/", "/%D5%A1%D5%A2/"])
def test_nothing_there_is_said_in_the_towns_dress(planted, visitor, path):
    """With its menu; in the visitor's language."""
    answer = visitor(planted.first).get(path)
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "/town.css?v=" in page
    assert 'class="menu-wide' in page
    assert '<meta name="robots" content="noindex">' in page


def test_a_closed_site_says_whose_it_is(planted, visitor):
    """503 from memory: name, colour and phone, no table is read."""
    with in_console():
        Community.objects.filter(slug=planted.first).update(
            state="suspended", phone="+374 00 000 001", colour="#102030"
        )
    announce_change()
    answer = visitor(planted.first).get("/")
    assert answer.status_code == 503
    assert "+374 00 000 001" in answer.content.decode()
    assert "#102030" in visitor(planted.first).get("/town.css").content.decode()
    assert visitor(planted.second).get("/").status_code == 200


def test_pages_of_the_tree_are_all_known(planted):
    """Guard of the tests above: the tree they look into is the planted one."""
    with in_town(planted.first):
        assert Page.objects.filter(depth=2).count() == 3
