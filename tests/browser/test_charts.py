"""The chart kit in a real browser: nothing for axe to find, letters of twelve pixels, nothing past the edge."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.hamaynk.ui.charts.samples import page as preview
from tests.support.axe import complaints
from tests.support.remembered import remembered

LETTERS = """() => [...document.querySelectorAll('.chart-sheet')].filter(s => s.getBoundingClientRect().width).map(s =>
    parseFloat(getComputedStyle(s).fontSize) * s.getBoundingClientRect().width / s.viewBox.baseVal.width)"""
PAST_THE_EDGE = """() => [...document.querySelectorAll('.chart-sheet text')].filter(t => {
    const s = t.closest('svg').getBoundingClientRect(), r = t.getBoundingClientRect();
    return r.width && (r.left < s.left - 1 || r.right > s.right + 1 || r.top < s.top - 1 || r.bottom > s.bottom + 1);
}).map(t => t.textContent)"""
OUT_OF_TILE = """() => [...document.querySelectorAll('.chart-tile')].filter(t => {
    const r = t.querySelector('rect').getBoundingClientRect();
    return [...t.querySelectorAll('text')].some(x => {
        const b = x.getBoundingClientRect();
        return b.right > r.right + 1 || b.bottom > r.bottom + 1;
    });
}).map(t => t.textContent)"""


@pytest.fixture
def address_of_samples(tmp_path: Path) -> str:
    """A page with one chart of each kind, in Armenian."""
    with translation.override("hy"):
        html = preview()
    (tmp_path / "charts.html").write_text(html, encoding="utf-8")
    return (tmp_path / "charts.html").as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 700, 1280])
def test_axe_finds_nothing(chromium: Any, address_of_samples: str, width: int, scheme: str) -> None:
    """WCAG 2.2 AA as far as a machine can tell, on phones and desks, light and dark."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address_of_samples)
    assert complaints(page) == ""
    context.close()


@pytest.mark.parametrize("width", [320, 360, 390, 560, 660, 760, 1280])
def test_words_are_whole_and_large_enough(chromium: Any, address_of_samples: str, width: int) -> None:
    """One drawing of each chart is shown, its letters have twelve pixels or more, no word leaves sheet or tile."""
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(address_of_samples)
    letters = page.evaluate(LETTERS)
    assert len(letters) == 5
    assert min(letters) >= 12, letters
    assert page.evaluate(PAST_THE_EDGE) == []
    assert page.evaluate(OUT_OF_TILE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_tiles_are_reached_by_keyboard(chromium: Any, address_of_samples: str) -> None:
    """The drawing that is not shown holds no stop for the Tab key."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address_of_samples)
    page.locator("a.chart-tile:visible").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/budget/?code=8"
    assert page.evaluate("document.activeElement.closest('svg').classList.contains('chart-wide')")
    context.close()


@remembered
def _years_of_sevan() -> None:
    from modules.budgets.demo import seed
    from tenants.context import in_town

    with in_town("sevan"):
        seed("sevan")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_budget_page_draws_its_months(towns: Any, chromium: Any, address: Any, width: int, scheme: str) -> None:
    """On a served page the content policy lets the whole drawing through, and axe finds nothing."""
    _years_of_sevan()
    served = address("sevan.localhost") + "/budget/revenue/?year=2015&month=9"
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(served)
    assert errors == []
    assert min(page.evaluate(LETTERS)) >= 12
    assert page.evaluate(PAST_THE_EDGE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(served)
    page.locator("figure.chart summary").click()
    assert complaints(page) == ""
    context.close()
