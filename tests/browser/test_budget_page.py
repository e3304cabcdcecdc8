"""The budget page of Dilijan, September 2015, in a real browser."""

import pytest

from modules.budgets.demo import seed
from tenants.context import in_town
from tests.support.axe import look_through
from tests.support.remembered import remembered

ROWS = {
    "total": ["760414.500", "519225.790", "389782.993", "75.07", "-129442.797"],
    "land": ["65440.600", "34311.200", "26693.126", "77.80", "-7618.074"],
    "other": ["41679.400", "23000.000", "21232.078", "92.31", "-1767.922"],
    "local": ["16402.000", "12842.000", "10365.873", "80.72", "-2476.127"],
    "state": ["4500.000", "3400.000", "2779.600", "81.75", "-620.400"],
}
TITLES = {"hy": "սեպտեմբեր 2015", "en": "September 2015", "ru": "сентябрь 2015"}


@pytest.fixture
@remembered
def published(towns):
    """Dilijan has published; Sevan has not."""
    with in_town(towns.first):
        seed(towns.first)


@pytest.mark.parametrize("language", ["hy", "en", "ru"])
def test_the_page_shows_the_figures_digit_for_digit(published, page, address, language):
    """R50, R54, R58, R59: title, six columns, the five rows; no complaint from the content security policy."""
    home = address("dilijan.localhost")
    page.goto(f"{home}/language/{language}/?next=/budget/revenue/?year=2015%26month=9")
    assert page.locator("html").get_attribute("lang") == language
    assert TITLES[language].lower() in page.locator("h1").inner_text().lower()
    assert page.locator("table thead th").count() == 6
    texts = [row.inner_text().replace("\t", " ").replace("\n", " ") for row in page.locator("table tbody tr").all()]
    for figures in ROWS.values():
        assert any(all(f" {figure}" in f" {text}" for figure in figures) for text in texts), (figures, texts)
    assert page.complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_sticks_out_of_the_page(published, page, address, width):
    """The table scrolls inside its frame; the page itself never scrolls sideways."""
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/", "/budget/revenue/?year=2015&month=9", "/accounts/signup/"):
        page.goto(address("dilijan.localhost") + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_filters_work_without_javascript(published, chromium, address):
    """R55, R57: choose, press, see; with scripts switched off."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address("dilijan.localhost") + "/budget/revenue/?year=2015&month=9&view=month")
    assert page.locator("h1").count() == 1
    page.goto(address("dilijan.localhost") + "/budget/revenue/?year=2015&month=9")
    page.locator("form select[name=part]").select_option(index=1)
    page.locator("form:has(select[name=part]) button[type=submit]").first.click()
    assert "part=" in page.url
    context.close()


def test_by_keyboard_the_first_stop_is_the_skip_link(published, page, address):
    """Keyboard first: Tab, Enter, and the focus is in the content."""
    page.goto(address("dilijan.localhost") + "/budget/revenue/?year=2015&month=9")
    page.keyboard.press("Tab")
    target = page.evaluate("document.activeElement.getAttribute('href')")
    assert target
    assert target.startswith("#")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == target


@pytest.mark.parametrize("language", ["hy", "en", "ru"])
def test_axe_finds_nothing(published, chromium, address, language):
    """WCAG 2.2 AA as far as a machine can tell, on the site's pages, in three languages, light and dark."""
    paths = ("/", "/budget/revenue/?year=2015&month=9", "/accounts/login/", "/accounts/signup/")
    look_through(chromium, address("dilijan.localhost"), paths, language)


def test_the_other_town_shows_none_of_it(published, page, address):
    """R49: Sevan's site says that nothing was published yet."""
    page.goto(address("sevan.localhost") + "/budget/revenue/")
    assert "760414.500" not in page.content()
