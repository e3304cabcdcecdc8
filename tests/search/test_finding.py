"""Finding what was put into the search of a town (R53, R50)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hamaynk.contract import SearchText
from hamaynk.search import put, refresh_all, remove, suggest
from hamaynk.search.models import SearchEntry
from tenants.context import in_town
from tests.search.conftest import SOURCE


def urls(answer):
    """Addresses of the results, in their order."""
    return [one.url for one in answer.results]


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("որոշումներ", "Որոշում տեղական տուրքերի մասին"),
        ("տուրք", "Որոշում տեղական տուրքերի մասին"),
        ("ջուր", "Ջրի մատակարարման դադար"),
        ("մարդ", "Հաշմանդամություն ունեցող մարդկանց աջակցություն"),
        ("Սեւանի ափ", "Սևանի ափը մաքրվում է"),
        ("ՍԵՎԱՆ", "Սևանի ափը մաքրվում է"),
        ("ե՞րբ է նիստը", "Ավագանու հերթական նիստերի օրացույց"),
        ("ավագանի", "Ավագանու հերթական նիստերի օրացույց"),
    ],
)
def test_inflected_words_find_the_text(told, find, asked, title):
    """R53: in any form and spelling; others are not found along."""
    for number, one in enumerate(
        ("Որոշում տեղական տուրքերի մասին", "Ջրի մատակարարման դադար", "Սևանի ափը մաքրվում է",
         "Ավագանու հերթական նիստերի օրացույց", "Հաշմանդամություն ունեցող մարդկանց աջակցություն")
    ):  # fmt: skip
        told(one, key=f"k{number}")
    answer = find(asked)
    assert not answer.is_similar
    assert [one.title.replace("<mark>", "").replace("</mark>", "") for one in answer.results] == [title]
    assert "<mark>" in answer.results[0].title


def test_each_language_by_its_own_words(told, find):
    """R50: English and Russian endings; the other languages' texts are not mixed in."""
    told("Որոշումներ", key="d", language="hy")
    told("Decisions of the council", key="d", language="en")
    told("Решения совета старейшин", key="d", language="ru")
    assert [one.language for one in find("decision", "en").results] == ["en"]
    assert [one.language for one in find("решение", "ru").results] == ["ru"]
    assert not find("решение", "hy").results


def test_armenian_where_the_language_has_nothing(told, find):
    """R50: with a flag that says so; where the language has something, that alone."""
    told("Բյուջե 2026", key="b")
    answer = find("2026", "en")
    assert (urls(answer), answer.in_other_language) == (["/b/"], True)
    told("Budget 2026", key="b", language="en")
    answer = find("2026", "en")
    assert ([one.language for one in answer.results], answer.in_other_language) == (["en"], False)


def test_a_mistyped_word_finds_titles_like_it(told, find):
    """Only where nothing has the words."""
    told("Մանկապարտեզի հերթագրում", key="m")
    told("Փողոցների լուսավորություն", key="p")
    answer = find("մանկապարտզ")
    assert (urls(answer), answer.is_similar) == (["/m/"], True)
    assert not find("մանկապարտեզ").is_similar
    assert not find("xyzqw").results


def test_title_before_summary_before_body_and_newer_first(told, find):
    """What is at the front of a text says more of it."""
    told("Այլ բան", key="body", body="Խոսքը ճանապարհի մասին է")
    told("Այլ բան", key="summary", summary="Խոսքը ճանապարհի մասին է")
    told("Ճանապարհ", key="old", date=date(2020, 1, 1))
    told("Ճանապարհ", key="new", date=date(2026, 1, 1))
    assert urls(find("ճանապարհ")) == ["/new/", "/old/", "/summary/", "/body/"]


def test_quotes_minus_and_or(told, find):
    """The usual signs."""
    told("Նոր դպրոց", key="a")
    told("Դպրոց նոր շենքում", key="b")
    told("Գրադարան", key="c")
    assert set(urls(find("նոր դպրոց"))) == {"/a/", "/b/"}
    assert urls(find('"նոր դպրոց"')) == ["/a/"]
    assert urls(find("դպրոց -շենք")) == ["/a/"]
    assert set(urls(find("գրադարան or դպրոց"))) == {"/a/", "/b/", "/c/"}


def test_highlights_are_escaped(told, find):
    """What a text has of HTML is shown as letters; a text cannot make a mark of its own."""
    told("<script>alert(1)</script> ճանապարհ", key="x", body="<b>ճանապարհը</b> \ue000փակ\ue001 է &amp; լավ")
    (one,) = find("ճանապարհ").results
    assert one.title == "&lt;script&gt;alert(1)&lt;/script&gt; <mark>ճանապարհ</mark>"
    assert "<mark>ճանապարհը</mark>" in one.snippet
    assert "փակ է &amp;amp; լավ" in one.snippet
    assert "<b>" not in one.snippet


def test_irregular_forms_are_highlighted(told, find):
    """The word that was found, not only the one that was asked for."""
    told("Հայտարարություն", key="x", body="Վաղը ջրի մատակարարում չի լինի Սեւանում")
    (one,) = find("ջուր Սևան").results
    assert "<mark>ջրի</mark>" in one.snippet
    assert "<mark>Սեւանում</mark>" in one.snippet


def test_facets_count_and_narrow(told, find):
    """By kind; the numbers of the others stay; an unknown facet is everything."""
    told("Ջուր", key="a", kind="news")
    told("Ջրի մասին", key="b", kind="news")
    told("Ջրմուղ ջուր", key="c", kind="documents")
    told("Ջուր այլ", key="d", kind="never declared")
    answer = find("ջուր")
    assert {one.code: one.count for one in answer.facets} == {f"{SOURCE}:news": 2, f"{SOURCE}:documents": 1, SOURCE: 1}
    assert (answer.total, answer.facet) == (4, "")
    narrowed = find("ջուր", facet=f"{SOURCE}:news")
    assert (narrowed.total, set(urls(narrowed)), narrowed.total_of_all) == (2, {"/a/", "/b/"}, 4)
    assert urls(find("ջուր", facet=SOURCE)) == ["/d/"]
    assert find("ջուր", facet="nobody.knows").total == 4


def test_pages_of_results(told, find):
    """Twenty at a time; odd numbers are harmless."""
    for number in range(23):
        told(f"Ջուր {number}", key=f"k{number}")
    assert [len(find("ջուր", page=page).results) for page in ("1", "2", "99", "x", "-1")] == [20, 3, 3, 20, 3]


def test_suggestions_by_the_beginning_of_the_last_word(told, towns):
    """Else what looks like it; other languages and other towns are not suggested."""
    told("Մանկապարտեզի հերթագրում", key="a")
    told("Մանկական խաղահրապարակ", key="b")
    told("Հերթագրում", key="c", language="en")
    told("Մանկապարտեզ", key="d", town=towns.second)
    with in_town(towns.first):
        assert [one.url for one in suggest("մանկապ", "hy")] == ["/a/"]
        assert {one.url for one in suggest("ման", "hy")} == {"/a/", "/b/"}
        assert [one.url for one in suggest("մանկապարտեզի հեր", "hy")] == ["/a/"]
        assert [one.url for one in suggest("մանկպարտեզ", "hy")][:1] == ["/a/"]
        assert suggest("100%_", "hy") == suggest("", "hy") == suggest("մ", "hy") == []


def test_never_of_another_town(told, find, towns):
    """R53: each finds its own, with the same words."""
    told("Ջուր մեզ մոտ", key="ours")
    told("Ջուր նրանց մոտ", key="theirs", town=towns.second)
    assert urls(find("ջուր")) == ["/ours/"]
    assert urls(find("ջուր", town=towns.second)) == ["/theirs/"]


@pytest.mark.parametrize(
    "asked",
    ["\0", "'", '"', "-", "or", "or or", '" OR "', "a" * 1000, "ա" * 1000, "\"'\\:*&|!()<->" * 80, "%_%",
     "\U0001d49c\u0301\u202e\u2026",
     "- - -", '-"ջուր"', "-ջուր", "'ջուր' | 'x':*", "\ud800", "ջուր\0կաթ", " ".join(map(str, range(500)))],
)  # fmt: skip
def test_odd_questions_are_harmless(told, find, towns, asked):
    """An answer, whatever is typed, in each language."""
    told("Ջուր", key="a")
    for language in ("hy", "en", "ru"):
        find(asked, language)
        with in_town(towns.first):
            suggest(asked, language)


def test_the_number_of_queries_does_not_grow(told, find, towns):
    """Two where something is found; six at most."""
    counts = []
    find("ջուր")  # what a process asks once
    for number in range(12):
        told(f"Ջուր {number}", key=f"k{number}")
        if number in (0, 11):
            with in_town(towns.first), CaptureQueriesContext(connection) as queries:
                find("ջուր")
            counts.append(len(queries))
    assert counts == [2, 2]
    with in_town(towns.first), CaptureQueriesContext(connection) as queries:
        find("xyzqw", "en")
    assert len(queries) <= 6


def test_what_did_not_change_is_not_written(told, towns):
    """Putting the same again leaves the row alone; something else changes it, in place."""
    told("Ջուր", key="a")
    with in_town(towns.first):
        before = SearchEntry.objects.get()
        SearchEntry.objects.update(title_folded="untouched")
        told("Ջուր", key="a")
        assert SearchEntry.objects.get().title_folded == "untouched"
        told("Ջուր և լույս", key="a")
        assert (SearchEntry.objects.get().pk, SearchEntry.objects.get().title) == (before.pk, "Ջուր և լույս")


def test_refreshing_takes_out_what_is_gone(told, towns):
    """Also what belongs to no source that is installed."""
    told("Ջուր", key="gone")
    with in_town(towns.first):
        put("nobody.knows", [SearchText(key="x", language="hy", title="Ջուր", url="/")])
        put(SOURCE, [SearchText(key="y", language="xx", title="Ջուր", url="/")])
        assert SearchEntry.objects.count() == 2
        assert refresh_all() == 0
        assert not SearchEntry.objects.exists()
        told("Ջուր", key="a")
        remove(SOURCE, "a")
        assert not SearchEntry.objects.exists()
