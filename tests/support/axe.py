"""What axe finds on pages in the browser (WCAG 2.2 AA, and what is good practice)."""

from collections.abc import Iterable
from typing import Any

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LOOKS = ((1280, "light"), (390, "dark"))


def complaints(page: Any) -> str:
    """The report of all violations; "" where there is none. Only violations are told with every node: that is quicker."""
    from axe_playwright_python.base import AxeResults
    from axe_playwright_python.sync_playwright import Axe

    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = {"runOnly": list(RULES), "resultTypes": ["violations"]}
    results = AxeResults(page.evaluate("options => axe.run(options)", options))
    return str(results.generate_report()) if results.violations_count else ""


def look_through(chromium: Any, home: str, paths: Iterable[str], language: str) -> None:
    """Each page, wide and light, narrow and dark: in that language, without a violation, nothing sticks out sideways."""
    start = home if language == "hy" else f"{home}/{language}"
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    for path in paths:
        page.goto(start + path)
        assert page.locator("html").get_attribute("lang") == language, path
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            assert complaints(page) == "", (path, width)
    context.close()
