"""What `python -m tools.messages` finds in sources, and what it refuses in catalogues."""

import pytest

from tools.catalogues import Entry, Place, compile_all, read
from tools.extraction import Message, extract, from_python, from_template
from tools.message_checks import _of_entry
from tools.messages import update
from tools.sizes import of_file

PYTHON = """
from django.utils import translation
from django.utils.translation import gettext as _, ngettext_lazy, pgettext
from hamaynk.contract import text
from elsewhere import gettext_lazy
a = _("One")
b = text("Two")
c = ngettext_lazy("%(n)s town", "%(n)s towns", 3)
d = pgettext("verb", "Open")
e = translation.gettext("Three " "four")
f = gettext_lazy("Not ours")
"""
TEMPLATE = """{% load i18n %}{% translate "It's 5 %" %}{% translate 'Open' context "verb" %}
{% blocktranslate trimmed count n=towns|length %}
  {{ n }} town
{% plural %}
  {{ n }} towns
{% endblocktranslate %}<a title="{{ _("Close") }}">gettext("no")</a>"""


def test_python_is_read_by_what_was_imported(tmp_path):
    """Under any name, with context and plural; a function of another package is not ours."""
    file = tmp_path / "a.py"
    file.write_text(PYTHON, encoding="utf-8")
    messages, faults = from_python(file)
    assert not faults
    assert messages == [
        Message("One"),
        Message("Two"),
        Message("%(n)s town", plural="%(n)s towns"),
        Message("Open", context="verb"),
        Message("Three four"),
    ]


@pytest.mark.parametrize("given", ['f"Hello {x}"', '"Hello %s" % x', '"Hello {}".format(x)'])
def test_a_text_put_together_before_the_call_is_a_fault(tmp_path, given):
    """No catalogue can ever hold it."""
    file = tmp_path / "a.py"
    file.write_text(f"from django.utils.translation import gettext as _\nx = 1\n_({given})\n", encoding="utf-8")
    messages, faults = from_python(file)
    assert not messages
    assert [fault.line for fault in faults] == [3]


def test_templates_are_read_as_django_looks_texts_up(tmp_path):
    """Percent signs doubled, blocks trimmed, constants in tags; page text that looks like a call is none."""
    file = tmp_path / "a.html"
    file.write_text(TEMPLATE, encoding="utf-8")
    assert from_template(file) == [
        Message("It's 5 %%"),
        Message("Open", context="verb"),
        Message("%(n)s town", plural="%(n)s towns"),
        Message("Close"),
    ]


def test_extract_fill_and_extract_again_is_stable(tmp_path):
    """New texts are empty, English fills itself, what was translated stays, what is gone goes."""
    source = tmp_path / "app" / "a.py"
    source.parent.mkdir()
    source.write_text(PYTHON, encoding="utf-8")
    place = Place("app", tmp_path / "locale", (source.parent,))
    import tools.messages as messages

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "ROOT", tmp_path)
        given = {"One": {"ru": "Один"}, "verb|Open": {"ru": "Открыть"}, "%(n)s town": {"ru": ["а", "б", "в"]}}
        assert update(place, given) == 3
        first = place.file("ru").read_bytes()
        assert update(place) == 0
        assert place.file("ru").read_bytes() == first
        assert b"a.py:" not in first
        entries, _ = read(place.file("ru"), "ru")
        assert entries[None, "One"].text == "Один"
        assert entries[None, "%(n)s town"].text == ("а", "б", "в", "в")
        assert entries[None, "Two"].is_empty
        assert not any(entry.is_empty for entry in read(place.file("en"), "en")[0].values())
        source.write_text(PYTHON.replace('_("One")', "1"), encoding="utf-8")
        update(place)
        assert (None, "One") not in read(place.file("ru"), "ru")[0]


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        ("Two", "", "not translated"),
        ("Hello %(name)s", "Բարև %(nam)s", "placeholders"),
        ("Hello {name}", "Բարև", "placeholders"),
        ("A sentence here.", "Նախադասություն:", "colon"),
        ("A sentence here.", "Նախադասություն.", "another sign"),
        ("One", "Մեկ տoղ", "two alphabets"),  # noqa: RUF001
        ("One\n", "Մեկ", "line break"),
    ],
)
def test_what_is_wrong_in_armenian_is_named(source, text, said):
    """A fault has its sentence."""
    message = Message(source)
    assert any(said in fault for fault in _of_entry(Entry(message, text), message, "hy"))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("A sentence here.", "Նախադասություն։"),
        ("In 2015.", "2015 թ."),
        ("Hello %(name)s", "%(name)s՝ բարև"),
        ("E-mail:", "Փոստ:"),
    ],
)
def test_good_armenian_passes(source, text):
    """No false alarm."""
    message = Message(source)
    assert list(_of_entry(Entry(message, text), message, "hy")) == []


def test_fuzzy_missing_and_forgotten_entries_are_named():
    """Each leads to a person who looks."""
    message = Message("One")
    assert list(_of_entry(Entry(message, "Մեկ", fuzzy=True), message, "hy")) == ["fuzzy"]
    assert "missing" in next(_of_entry(None, message, "hy"))
    assert "no longer used" in next(_of_entry(Entry(message, "Մեկ"), None, "hy"))


def test_extraction_passes_over_migrations(tmp_path):
    """Generated files ask for nothing."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001.py").write_text(PYTHON, encoding="utf-8")
    assert extract([tmp_path]) == ({}, [])


def test_long_functions_and_files_are_named(tmp_path):
    """80 lines a function, 600 a file, 400 a template."""
    file = tmp_path / "a.py"
    file.write_text("def f():\n" + "    x = 1\n" * 80, encoding="utf-8")
    assert len(list(of_file(file, "a.py"))) == 1
    file.write_text("x = 1\n" * 601, encoding="utf-8")
    assert "601 lines" in next(of_file(file, "a.py"))
    page = tmp_path / "a.html"
    page.write_text("x\n" * 400, encoding="utf-8")
    assert list(of_file(page, "a.html")) == []


def test_compiled_catalogues_are_the_same_each_time(tmp_path):
    """The same words are the same file, whenever and wherever they are compiled: a wheel can be built again."""
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name / "hy" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.po").write_text('msgid ""\nmsgstr "Language: hy\\n"\n\nmsgid "Town"\nmsgstr "Համայնք"\n')
        assert compile_all([tmp_path / name]) == 1
        made.append((folder / "django.mo").read_bytes())
    assert made[0] == made[1]
    assert b"POT-Creation-Date: 2000-01-01 00:00+0000" in made[0]
