"""The public site in a real browser: every page type, three languages, two widths (WCAG 2.2 AA; R37, R50)."""

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import Page

from public_sites import models
from public_sites.demo import seed_demo
from public_sites.dress import change_appearance
from tenants.context import in_town
from tenants.routing import table
from tenants.setup import set_up_town
from tests.public_sites.test_pages import get
from tests.support.axe import look_through
from tests.support.remembered import remembered

THEMES = {"hy": "mountain", "en": "calm", "ru": "stone"}
HTML = "<h2>Վերնագիր</h2><p>Տեքստ <a href='/community/'>հղումով</a>։</p><ul><li>Մեկ</li><li>Երկու</li></ul>"


@pytest.fixture
@remembered
def filled(towns):
    """Dilijan with every kind of page, each with something on it."""
    set_up_town(towns.first)
    with in_town(towns.first):
        seed_demo(towns.first)
        for code in ("hy", "en", "ru"):
            for kind, slug, more in (
                (models.VacanciesPage, "vacancies", models.VacancyPage(title="Հաշվապահ", slug="v")),
                (models.ProcurementPage, "procurement", models.ProcurementNoticePage(title="Ձեռքբերում", slug="p")),
                (models.DocumentsPage, "legal-acts", models.LegalActPage(title="Որոշում", slug="a", number="N 1-Ա")),
            ):
                more.body = [("text", HTML), ("notice", {"title": "Կարևոր", "text": "<p>Խոսք</p>"})]
                parent = get(kind, slug, code)
                parent.add_child(instance=more)
    return towns


def wear(slug, theme):
    """Change the theme alone."""
    with in_town(slug):
        chosen = models.Appearance.objects.select_related("header_picture").get()
        change_appearance(
            actor=None, town=table.town(slug), theme=theme, header_picture=chosen.header_picture, typeface=""
        )


def one_of_each(slug, code):
    """A path for every type of page in this language."""
    found = {}
    with in_town(slug):
        for page in Page.objects.live().filter(url_path__startswith=f"/{code}/").specific():
            found[type(page).__name__] = page.path_on_site
    return found


@pytest.mark.parametrize("language", ["hy", "en", "ru"])
def test_axe_finds_nothing(filled, chromium, address, language):
    """On every page type, wide and narrow, light and dark, each language in another theme; nothing sticks out sideways."""
    wear(filled.first, THEMES[language])
    paths = one_of_each(filled.first, language)
    assert len(paths) >= 20, sorted(paths)
    others = ("/search/?q=2026", "/no/such/page/", "/subscribe/")
    start = "" if language == "hy" else f"/{language}"
    ways = [path.removeprefix(start) for path in paths.values()]
    look_through(chromium, address("dilijan.localhost"), [*ways, *others], language)


def test_at_two_hundred_percent_nothing_is_lost(filled, page, address):
    """WCAG 2.2, 1.4.4 and 1.4.10: a window of 1280 at 200 % is one of 640; at 400 % one of 320."""
    for width in (640, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for path in ("/", "/community/news/", "/town-hall/staff/", "/search/?q=2026", "/subscribe/"):
            page.goto(address("dilijan.localhost") + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
    assert page.complaints == []


def test_by_keyboard_alone(filled, page, address):
    """Skip link first, then into the content; the search suggests and leads on by arrow and Enter."""
    page.goto(address("dilijan.localhost") + "/community/news/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    field = page.locator(".site-search input")
    field.focus()
    page.keyboard.type("հեռախ")
    page.locator(".site-search [role=option]").first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant")
    page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    page.keyboard.press("ArrowDown")
    page.locator(".site-search [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/guides/phones/")
    assert page.complaints == []


def test_the_first_page_does_not_jump(filled, page, address):
    """Pictures have their room before they come: no layout shift, and the whole page is light."""
    wear(filled.first, "mountain")
    sizes = []
    page.on("response", lambda answer: sizes.append(len(answer.body())) if answer.status == 200 else None)
    page.goto(address("dilijan.localhost") + "/", wait_until="networkidle")
    shift = page.evaluate(
        """() => new Promise(done => { let sum = 0; new PerformanceObserver(list => { for (const e of list.getEntries())
        sum += e.value; }).observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 300); })"""
    )
    assert shift < 0.01
    assert sum(sizes) < 300_000  # unpacked; style sheets and the page travel at a fifth of their size


def test_what_is_dated_is_dated(filled):
    """Guard of the tests above: the demo's news are of these weeks."""
    with in_town(filled.first):
        newest = models.NewsPage.objects.order_by("-date").first()
    assert timezone.localdate() - newest.date < dt.timedelta(days=30)
