"""Execution, balance and line in a real browser: accessible, within the screen, printed, without JavaScript."""

import pytest

from modules.budgets import actions
from modules.budgets.models import LineQuestion
from tenants.context import in_town
from tests.modules.budgets.filling import SIDES, adopt, demo_year, execute
from tests.support.axe import look_through
from tests.support.remembered import remembered

MARCH = "?year=2025&month=3"
PAGES = (
    f"/budget/revenue/{MARCH}&detail=1",
    f"/budget/expenditure/{MARCH}",
    f"/budget/expenditure/{MARCH}&by=economic&view=month",
    f"/budget/expenditure/{MARCH}&by=both&kind=2111",
    "/budget/expenditure/?year=2025&month=9&kind=zz",
    f"/budget/financing/{MARCH}",
    f"/budget/balance/{MARCH}",
    "/budget/line/expenditure/2111/",
    "/budget/line/economic/4111/",
    "/budget/line/revenue/1100/?year=2024",
)
EMPTY = ("/budget/revenue/", "/budget/expenditure/", "/budget/financing/", "/budget/balance/")


@pytest.fixture
@remembered
def filled(towns):
    """Sevan has two years of all three sides, an explanation and an answered question; Dilijan has nothing."""
    with in_town("sevan"):
        for year, months in ((2024, (11, 12)), (2025, (1, 2, 3))):
            made = demo_year("sevan", 19229, year, months[-1])
            adopt(made)
            execute(made, months, sides=SIDES)
        words = {"hy": "Այստեղից վճարվում են աշխատավարձերը։"}
        actions.explain_line(actor=None, kind="functional", code="2111", words=words)
        asked = actions.ask(kind="functional", code="2111", year=None, author="Ա", words="Ինչո՞ւ։", language="hy")
        actions.answer_question(actor=None, question=asked, answer="Որովհետև։")


@pytest.mark.parametrize("language", ["hy", "en", "ru"])
def test_axe_finds_nothing(filled, chromium, address, language):
    """WCAG 2.2 AA as far as a machine can tell; and nothing sticks out of a phone's screen or a desk's."""
    for town, paths in (("sevan", PAGES), ("dilijan", EMPTY)):
        look_through(chromium, address(f"{town}.localhost"), paths, language)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_resident_finds_a_line_and_asks_without_javascript(filled, chromium, address, width):
    """R55-R57: filter, drill down to a line, read its months, make a mistake in the form, mend it, send it."""
    context = chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": 900})
    page = context.new_page()
    home = address("sevan.localhost")
    page.goto(f"{home}/language/en/")
    page.goto(f"{home}/budget/expenditure/")
    page.locator("#id_by").select_option("both")
    page.locator("#id_kind").select_option("2100")
    page.locator("form.filter-bar button").click()
    assert "by=both" in page.url
    assert page.locator("tr.item").count() > 3
    page.locator("#id_by").select_option("function")
    page.locator("form.filter-bar button").click()
    page.goto(f"{home}/budget/expenditure/{MARCH}&kind=2110")
    page.locator("tr[data-code='2111'] a").click()
    assert "/budget/line/expenditure/2111/" in page.url
    assert page.locator("h1").count() == 1
    assert page.locator("svg").count() > 0
    page.locator("#id_author").fill("Anahit")
    page.locator("#id_words").fill("Why is it so much?")
    page.locator("#id_email").fill("not an address")
    page.locator("#ask button").click()
    page.locator("#id_email_error").wait_for()
    assert page.locator("#id_words").input_value() == "Why is it so much?"
    page.locator("#id_email").fill("")
    page.locator("#ask button").click()
    page.locator(".messages .notice-success").wait_for()
    assert "Why is it so much?" not in page.locator("#questions").inner_text()
    context.close()
    with in_town("sevan"):
        assert LineQuestion.objects.filter(words="Why is it so much?", state="waiting").count() == 1


def test_what_nobody_should_see_cannot_be_reached(filled, page, address):
    """The field for programs takes no part in the order of the keyboard, and is not on the screen."""
    page.goto(address("sevan.localhost") + PAGES[7])
    box = page.locator("div:has(> #id_website)").bounding_box()
    assert box is None or max(box["width"], box["height"]) <= 2
    assert page.locator("#id_website").get_attribute("tabindex") == "-1"
    assert page.complaints == []


def test_the_page_prints_without_what_is_for_the_screen(filled, page, address):
    """On paper: title, table, charts, source; no filters, no buttons, no form; the table is not cut."""
    for path in (PAGES[1], PAGES[7]):
        page.goto(address("sevan.localhost") + path)
        page.emulate_media(media="print")
        assert page.locator("h1").is_visible()
        assert page.locator("table").first.is_visible()
        for gone in (".filter-bar", ".switch", "#ask", "nav.menu"):
            assert page.locator(gone).count() == 0 or not page.locator(gone).first.is_visible(), gone
        assert page.locator(".table-frame").first.evaluate("frame => getComputedStyle(frame).overflowX") == "visible"
        page.emulate_media(media="screen")
