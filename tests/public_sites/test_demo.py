"""The demo towns' sites: every page filled, three languages, each town its own, fresh, once (R50, R52)."""

import csv
import datetime as dt
import io
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Page, ReferenceIndex

from public_sites import models
from public_sites.alerts.models import Mailing
from public_sites.demo import seed_demo
from public_sites.demo.days import days_of, hours_of
from public_sites.demo.papers import as_csv, as_odt
from public_sites.demo.words import as_html, is_words, read
from public_sites.drawing import LANDSCAPES
from public_sites.search import words_of_page
from tenants.context import in_town
from tests.public_sites.test_pages import get, text_of

TOWNS = ("dilijan", "sevan", "goris")
LANGUAGES = {"hy", "en", "ru"}
ARMENIAN, CYRILLIC = re.compile("[Ա-և]"), re.compile("[Ѐ-ӿ]")
NAMES = {"{town}", "{town_of}"}  # which of the two, depends on the language's grammar


def words_in(value, way="") -> Iterator[tuple[str, dict]]:
    """Every text with its way in the file; whatever looks like one, for a half-translated text is what is looked for."""
    if isinstance(value, dict) and LANGUAGES & value.keys():
        yield way, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from words_in(inner, f"{way}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from words_in(inner, f"{way}[{number}]")


def faults_of(words) -> list[str]:
    """What is wrong with one text in three languages."""
    if not is_words(words) or not all(text.strip() for text in words.values()):
        return ["a language is missing"]
    hy, en, ru = words["hy"], words["en"], words["ru"]
    found = []
    if ARMENIAN.search(en + ru) or CYRILLIC.search(hy + en):
        found.append("another script")
    if re.search(r":(?!\d)|`|ԵՒ|եւ", hy):
        found.append("Armenian is not written so")
    hy_facts, en_facts, ru_facts = (set(re.findall(r"\{\w+\}", text)) - NAMES for text in (hy, en, ru))
    if not hy_facts == en_facts == ru_facts:
        found.append("not the same facts")
    return found


@pytest.mark.parametrize("name", [*TOWNS, "common"])
def test_every_text_stands_in_three_languages(name):
    """Side by side, in its own script, with Armenian punctuation."""
    said = tomllib.loads((files("public_sites.demo") / f"{name}.toml").read_text(encoding="utf-8"))
    found = [(way, faults) for way, words in words_in(said) if (faults := faults_of(words))]
    assert found == []
    assert sum(1 for _ in words_in(said)) > 50


@pytest.mark.parametrize(
    "bad",
    [
        {"hy": "Բարև", "en": "Hello"},
        {"hy": "Բարև", "en": " ", "ru": "Привет"},
        {"hy": "Բարև", "en": "Բարև", "ru": "Привет"},
        {"hy": "Բարև:", "en": "Hello", "ru": "Привет"},
        {"hy": "{year}", "en": "{year}", "ru": "Год"},
    ],
)
def test_the_guard_sees_what_is_wrong(bad):
    """Positive control of the test above."""
    assert faults_of(bad)
    assert not faults_of({"hy": "Բարև։", "en": "Hello", "ru": "Привет"})


def own(slug):
    """What only this town says."""
    return tomllib.loads((files("public_sites.demo") / f"{slug}.toml").read_text(encoding="utf-8"))


def test_no_two_towns_are_alike():
    """Their people, phones, events, notices, decisions and pictures are their own, and none bears a real number."""
    seen: dict[str, str] = {}
    for slug in TOWNS:
        said = own(slug)
        mine = {person["name"]["hy"] for kind in ("mayor", "staff", "council") for person in said["entries"][kind]}
        people = sum(len(said["entries"][kind]) for kind in ("mayor", "staff", "council"))
        assert len(mine) == people, "one person, one post"
        phones = {e["phone"] for kind in said["entries"].values() for e in kind if "phone" in e}
        assert all(re.fullmatch(r"\+374 00 000 0\d\d", phone) for phone in phones)
        mine |= phones | {picture["landscape"] for picture in said["entries"]["gallery"]}
        for kind, items in said["below"].items():
            mine |= {item["title"]["hy"] for item in items} | {
                f"{kind} {i['number']}" for i in items if i.get("number")
            }
        for word in mine:
            assert seen.setdefault(word, slug) == slug, word
        assert {picture["landscape"] for picture in said["entries"]["gallery"]} <= LANDSCAPES.keys()
        assert 5 <= len(said["entries"]["council"]) <= 7
    assert len({own(slug)["theme"] for slug in TOWNS}) == len(TOWNS)
    when = [{(e["in_days"], e["at"], e["place"]["hy"]) for e in own(slug)["below"]["events"]} for slug in TOWNS]
    assert len(when[0] | when[1] | when[2]) == sum(map(len, when))


EMPTY_BY_NATURE = (models.HomePage, models.SectionPage)


def is_filled(page) -> bool:
    """It has words of its own or lists something that has."""
    lists = bool(getattr(page, "subpage_types", None)) and page.numchild > 0
    return bool(page.summary) and (lists or any(words_of_page(page)))


@pytest.mark.parametrize("slug", TOWNS)
def test_every_planted_page_is_filled(planted, slug):
    """In three languages alike; every page would pass the editing screens; the tree is sound and can grow on."""
    with in_town(planted.first):
        there = set(Page.objects.filter(depth__gt=1).values_list("pk", flat=True))
        sections = models.SectionPage.objects.count()
        with CaptureQueriesContext(connection) as asked:
            seed_demo(slug)
        assert len(asked) < 1500  # a hundred pages by single saving would be eight thousand
        meanings = Counter(Page.objects.live().values_list("translation_key", flat=True))
        for page in Page.objects.filter(depth__gt=1).specific():
            page.clean_fields()
            assert meanings[page.translation_key] == len(LANGUAGES), page.url_path
            if page.pk not in there:
                assert any(words_of_page(page)), page.url_path
            elif not isinstance(page, EMPTY_BY_NATURE):
                assert is_filled(page), page.url_path
        assert len(set(Page.objects.values_list("url_path", flat=True))) == Page.objects.count()
        assert models.SectionPage.objects.exclude(summary="").count() == sections
        assert not any(Page.find_problems())
        get(models.NewsIndexPage, "news").add_child(instance=models.NewsPage(title="Նոր լուր", slug="later"))
        assert not any(Page.find_problems())
        assert Mailing.objects.count() == 0


def test_a_page_knows_when_it_is_empty(planted):
    """Positive control: before the demo comes, the same pages are not filled."""
    with in_town(planted.first):
        empty = [page for page in Page.objects.filter(depth__gt=3).specific() if not is_filled(page)]
    assert len(empty) > 60


def test_a_second_time_changes_nothing(planted):
    """Nor does it make a file or a picture again; what an editor changed stays."""

    def state():
        kept = Page.objects.order_by("pk").values_list("pk", "title", "last_published_at", "numchild")
        return list(kept), Document.objects.count(), models.Picture.objects.count()

    with in_town(planted.first):
        seed_demo(planted.first)
        changed = get(models.TextPage, "about")
        changed.title = "Մեր քաղաքը"
        changed.save_revision().publish()
        before = state()
        seed_demo(planted.first, today=dt.date(2030, 1, 1))
        assert state() == before


def test_a_town_without_a_file_keeps_its_pages(planted):
    """Nobody else's words are put into it."""
    with in_town(planted.first):
        seed_demo("elsewhere")
        seed_demo("common")
        assert not models.NewsPage.objects.exists()


def test_the_home_page_shows_the_towns_own(planted, visitor):
    """News and coming events; links in the texts lead somewhere; files can be taken away; no page says it is empty."""
    with in_town(planted.first):
        seed_demo(planted.first)
        pages = [page.specific.path_on_site for page in Page.objects.live().filter(depth__gt=3, depth__lt=5)]
        papers = {
            document.file_extension: reverse(
                "wagtaildocs_serve", urlconf="hamaynk.config.urls.site", args=[document.pk, document.filename]
            )
            for document in Document.objects.all()
        }
    client = visitor(planted.first)
    home = text_of(client.get("/en/"))
    assert "The forest path has new signs" in home
    assert "Public hearing on the draft budget" in home
    assert "Three tonnes of waste" not in home
    links: set[str] = set()
    for path in pages:
        article = text_of(client.get(path)).partition("<article")[2]
        assert 'class="empty"' not in article, path
        links |= set(re.findall(r'href="(/[^"#?]*)"', article))
    assert len(links) > 60
    for link in links:
        assert client.get(link).status_code in (200, 302), link
    for end, address in papers.items():
        assert b"".join(client.get(address).streaming_content)[:2] == {"odt": b"PK", "csv": "\ufeff".encode()[:2]}[end]


def test_editors_find_and_trace_what_was_put_in(planted):
    """The editing screens' search and "where is this file used" know the pages, as if they had been saved one by one."""
    with in_town(planted.first):
        seed_demo(planted.first)
        found = {page.title for page in Page.objects.live().search("արահետը", operator="and")}
        assert "Անտառային արահետը նշվել է նոր ցուցանակներով" in found
        for file in (*Document.objects.all(), *models.Picture.objects.exclude(pk=_head())):
            assert ReferenceIndex.get_references_to(file).exists(), file.title


def _head():
    return models.Appearance.objects.get().header_picture_id


def test_news_are_fresh_and_offices_sign_on_working_days():
    """Whatever day the demo begins: what is past is past, what comes comes, on the weekday that was meant."""
    for shift in range(14):
        today = dt.date(2026, 2, 23) + dt.timedelta(days=shift)
        for slug in TOWNS:
            said = read(slug)
            assert min(item["days"] for item in said["below"]["news"]) < 5
            for kind, items in said["below"].items():
                for item in items:
                    if kind == "events":
                        hours = hours_of(item, today)
                        assert hours["starts_at"] < hours["ends_at"]
                        day = timezone.localtime(hours["starts_at"]).date()
                        assert day.isoweekday() == item["weekday"]
                        assert dt.timedelta(2) < day - today < dt.timedelta(35)
                        continue
                    days = days_of(item, today)
                    assert days["date"] <= today
                    assert all(day.isoweekday() < 6 for day in days.values())
                    assert all(day > today for name, day in days.items() if name != "date")


def test_a_paper_is_an_open_document():
    """The type first and unpacked, well-formed, with all the words and no mark of a link."""
    made = as_odt(
        above="Մեծ & փոքր", title="Դիմում", text="## Մաս\n- [կետ](/x/)\n1. մեկ\n2. երկու", remark="Ցուցադրական"
    )
    with ZipFile(io.BytesIO(made)) as packed:
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
        assert packed.read("mimetype") == b"application/vnd.oasis.opendocument.text"
        ElementTree.fromstring(packed.read("META-INF/manifest.xml"))
        lines = ["".join(line.itertext()) for line in ElementTree.fromstring(packed.read("content.xml")).iter()]
    for line in ("Մեծ & փոքր", "Դիմում", "Մաս", "– կետ", "1. մեկ", "2. երկու", "Ցուցադրական"):
        assert line in lines, line


def test_a_table_opens_in_a_spreadsheet():
    """With the mark by which it is known to be UTF-8."""
    rows = list(csv.reader(io.StringIO(as_csv("Տեսակ; Թիվ\nմեկ, երկու; 3").decode("utf-8-sig"))))
    assert rows == [["Տեսակ", "Թիվ"], ["մեկ, երկու", "3"]]


def test_texts_become_what_the_editing_screens_store():
    """Paragraphs, headings, lists, links; what looks like a tag is words."""
    assert as_html("Ա <b>\n## Բ\n- գ\n- [դ](/e/)\n1. զ\nէ") == (
        '<p>Ա &lt;b&gt;</p><h2>Բ</h2><ul><li>գ</li><li><a href="/e/">դ</a></li></ul><ol><li>զ</li></ol><p>է</p>'
    )
