"""What residents do, with the keyboard alone (WCAG 2.2: 2.1.1, 2.1.2, 2.4.3, 2.4.7, 2.4.11)."""

import pytest

from public_sites.alerts.models import Subscription
from tenants.context import in_town
from tenants.setup import set_up_town
from tests.support.remembered import remembered

HERE = """() => { const e = document.activeElement, r = e.getBoundingClientRect(), s = getComputedStyle(e);
    const parents = []; for (let p = e; p; p = p.parentElement) parents.push(p);
    return {tag: e.tagName, href: e.getAttribute('href') || '', id: e.id, type: e.getAttribute('type') || '',
        text: (e.innerText || '').trim(), hidden: parents.some(p => p.getAttribute('aria-hidden') === 'true'),
        outlined: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== 'none',
        seen: r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight}; }"""


@pytest.fixture
@remembered
def planted(towns):
    """Dilijan with the pages of a new town."""
    set_up_town(towns.first)
    return towns


def walk(page, key="Tab", most=200):
    """Press the key until the focus is back at the beginning; what had it, in order. A trap would never come back."""
    stops = []
    for _ in range(most):
        page.keyboard.press(key)
        here = page.evaluate(HERE)
        if here["tag"] == "BODY" or (stops and here == stops[0]):
            return stops
        stops.append(here)
    raise AssertionError("the focus never left the page")


def go_to(page, wanted, most=200):
    """Tab until `wanted` holds of what has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if wanted(here):
            return here
    raise AssertionError("not reached by keyboard")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/", "/community/", "/subscribe/", "/budget/", "/search/?q=2026"])
def test_the_focus_is_seen_wherever_it_goes(planted, page, address, path, width):
    """Each stop is on the screen, outlined and not hidden from screen readers; there is no trap, and the way back works."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address("dilijan.localhost") + path)
    stops = walk(page)
    assert stops[0]["href"] == "#main"
    assert [stop for stop in stops if not stop["seen"] or not stop["outlined"] or stop["hidden"]] == []
    assert len(walk(page, "Shift+Tab")) == len(stops)


def test_a_phone_menu_opens_and_leads_on(planted, page, address):
    """The menu of a narrow screen is a button that opens with Enter; its links are then next."""
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(address("dilijan.localhost") + "/")
    go_to(page, lambda here: here["tag"] == "SUMMARY")
    page.keyboard.press("Enter")
    go_to(page, lambda here: here["href"] == "/community/", most=5)
    page.keyboard.press("Enter")
    page.wait_for_url("**/community/")


def test_from_armenian_to_the_same_page_in_russian(planted, page, address):
    """R50: the language is two keys away."""
    page.goto(address("dilijan.localhost") + "/community/news/")
    go_to(page, lambda here: here["text"] == "Рус", most=8)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ru/community/news/")
    assert page.locator("html").get_attribute("lang") == "ru"


def test_ask_for_letters(planted, page, address):
    """Fill in the form, be told at the field what is wrong, go to it from the summary, mend it, send it."""
    page.goto(address("dilijan.localhost") + "/en/subscribe/")
    go_to(page, lambda here: here["type"] == "checkbox")
    page.keyboard.press("Space")
    go_to(page, lambda here: here["type"] == "email")
    page.keyboard.type("resident")
    page.keyboard.press("Enter")
    page.locator(".error-summary").wait_for()
    link = go_to(page, lambda here: here["href"].startswith("#id_"))
    page.keyboard.press("Enter")
    assert page.evaluate(HERE)["id"] == link["href"].removeprefix("#")
    page.keyboard.press("End")
    page.keyboard.type("@example.am")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/subscribe/sent/")
    with in_town("dilijan"):
        assert Subscription.objects.get().email == "resident@example.am"
