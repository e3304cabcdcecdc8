"""The drawings as markup: names escaped, nothing the content policy forbids, well formed, colours legible."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from hamaynk.ui import colour
from hamaynk.ui.charts import About, Bar, Chart, Column, Panel, Point, Share, bars, columns, multiples, treemap
from hamaynk.ui.templatetags.ui import chart as chart_tag
from tests.hamaynk.ui.charts import samples

SVG = "{http://www.w3.org/2000/svg}"
EVIL = '"><script>alert(1)</script><a href="javascript:alert(1)" onclick=\'x\'>&{{ 7|add:7 }}'
KIT = Path(chart_tag.__code__.co_filename).parents[1] / "charts"


def sheets(chart: Chart) -> list[ElementTree.Element]:
    """Both drawings, parsed as strictly as XML is."""
    return list(ElementTree.fromstring(f"<div>{chart_tag(chart)}</div>"))


def evil_charts() -> list[Chart]:
    """Every chart with a hostile text in every place where a name can stand."""
    about = About(slug="evil", title=EVIL, sentence=EVIL, unit=EVIL, plan_word=EVIL, actual_word=EVIL)
    one = Decimal(1)
    told = Column(name=EVIL, short=EVIL, actual=one, plan=one)

    def write(_value: Decimal) -> str:
        return EVIL

    return [
        bars(about, [Bar(name=EVIL, actual=one, plan=one), Bar(name=EVIL, actual=None, note=EVIL)], write=write),
        columns(about, [told, Column(name=EVIL, short=EVIL, actual=None, note=EVIL)], write=write),
        treemap(about, [Share(name=EVIL, amount=one, link="/?a=\"'<")], write=write),
        multiples(about, [Panel(title=EVIL, points=[Point(name=EVIL, value=one)])], write=write),
    ]  # fmt: skip


@pytest.mark.parametrize("chart", evil_charts(), ids=lambda chart: type(chart).__name__)
def test_names_are_escaped(chart: Chart) -> None:
    """Whatever a name holds, the drawing has no element, attribute or address of its making."""
    elements = [element for sheet in sheets(chart) for element in sheet.iter()]
    allowed = {"svg", "title", "desc", "g", "a", "text", "tspan", "rect", "line", "polyline", "circle"}
    assert {element.tag.removeprefix(SVG) for element in elements} <= allowed
    assert not [name for element in elements for name in element.attrib if name.startswith("on") or name == "style"]
    assert all(element.get("href", "/").startswith("/") for element in elements)
    figure = render_to_string("ui/charts/figure.html", {"chart": chart})
    assert "<script" not in figure
    assert EVIL not in figure


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//elsewhere.am/", "data:text/html,x", "http://x.am/", "/a b"])
def test_a_link_is_a_page(link: str) -> None:
    """An address that could be a script or another host without encryption is refused."""
    about = About(slug="x", title="x", sentence="x")
    with pytest.raises(ValueError):
        treemap(about, [Share(name="x", amount=Decimal(1), link=link)], write=str)
    with pytest.raises(ValueError):
        bars(about, [Bar(name="x", actual=Decimal(1), link=link)], write=str)


@pytest.mark.parametrize("chart", samples.all_samples(), ids=lambda chart: chart.about.slug)
@pytest.mark.parametrize("language", ["hy", "en", "ru"])
def test_what_every_drawing_has(chart: Chart, language: str) -> None:
    """Title and description under ids of their own, a role, no style, no script; whole numbers in any language."""
    with translation.override(language):
        markup = chart_tag(chart)
        drawn = sheets(chart)
    assert "style=" not in markup
    assert "<script" not in markup
    assert len(drawn) == 2
    ids = re.findall(r'\bid="([^"]+)"', markup)
    assert len(ids) == len(set(ids)) == 4
    for sheet in drawn:
        title, desc = sheet[0], sheet[1]
        assert (title.tag, title.text) == (f"{SVG}title", chart.about.title)
        assert (desc.tag, desc.text) == (f"{SVG}desc", chart.about.sentence)
        assert sheet.get("aria-labelledby") == title.get("id")
        assert sheet.get("aria-describedby") == desc.get("id")
        links = list(sheet.iter(f"{SVG}a"))
        assert bool(links) == chart.has_links
        assert sheet.get("role") == ("group" if links else "img")
        for element in sheet.iter():
            for name in ("x", "y", "width", "height", "x1", "x2", "y1", "y2", "cx", "cy", "r"):
                assert re.fullmatch(r"-?\d+", element.get(name, "0")), element.attrib


def test_links_are_only_where_they_were_given() -> None:
    """One function of the sample has an address; every tile has one."""
    first = [element.get("href") for element in sheets(samples.sample_bars())[0].iter(f"{SVG}a")]
    assert first == ["/budget/?code=1"]
    tiles = samples.sample_treemap().drawings[0].tiles
    links = [element.get("href") for element in sheets(samples.sample_treemap())[0].iter(f"{SVG}a")]
    assert links == [tile.link for tile in tiles]


def test_the_figure_has_its_table_and_key() -> None:
    """Sentence, key of outline and fill, table that opens; what the drawing cannot show is said."""
    table = samples.Table("c", ["h", "n"], [["<b>", "1"]])
    html = render_to_string("ui/charts/figure.html", {"chart": samples.sample_columns(), "table": table})
    assert html.count("<figcaption") == html.count("<details") == 1
    assert "Պլան" in html
    assert "&lt;b&gt;" in html
    with translation.override("en"):
        remark = render_to_string("ui/charts/figure.html", {"chart": samples.sample_treemap()})
    assert "1 line without a positive amount" in remark


@pytest.mark.parametrize("slug", ["", "A", "1a", 'a"b', "a b"])
def test_a_slug_can_be_an_id(slug: str) -> None:
    with pytest.raises(ValueError):
        About(slug=slug, title="t", sentence="s")


def test_a_chart_without_words_is_refused() -> None:
    with pytest.raises(ValueError):
        About(slug="a", title="t", sentence="")


@pytest.mark.parametrize("path", sorted(KIT.glob("*.py")), ids=lambda path: path.name)
def test_the_kit_has_no_float(path: Path) -> None:
    """No float literal, no float(), no true division of what could be a plain number."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), node.lineno
        assert not (isinstance(node, ast.Name) and node.id in {"float", "round"}), node.lineno


@pytest.mark.parametrize("town", ["#34527a", "#ffd200", "#e30613", "#00a651", "#ffffff", "#000000", "#f2a800"])
def test_labels_upon_the_towns_colour_are_legible(town: str) -> None:
    """WCAG AA for the words in tiles, 3 : 1 for bars against the ground, whatever the coat of arms, light and dark."""
    palette = colour.town_palette(town)
    for prefix, grounds in (("", colour.LIGHT_GROUNDS), ("dark_", colour.DARK_GROUNDS)):
        assert colour.contrast(palette[f"{prefix}town_bar"], palette[f"{prefix}town_bar_on"]) >= colour.AA_TEXT
        for ground in grounds:
            assert colour.contrast(palette[f"{prefix}town"], ground) >= 3
