"""Armenian words as the search compares them: folding, stop words, endings, irregular forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamaynk.common.text_key import text_key
from hamaynk.search.armenian import BASES, FORMS, STOPS, fold, stem, words
from hamaynk.search.armenian_words import IRREGULAR, STOP_WORDS
from hamaynk.search.dictionary import indexed, marks, question

ARMENIAN = st.text(alphabet="աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև", min_size=1, max_size=25)
INFLECTED = (
    "որոշում որոշումը որոշումներ որոշումների որոշման որոշմամբ որոշումից",
    "բյուջե բյուջեի բյուջեն բյուջեից բյուջեում",
    "ջուր ջրի ջրով ջուրը",
    "տուն տան տանը տներ տունը",
    "մարդ մարդու մարդիկ մարդկանց մարդկանցից",
    "օր օրվա օրեր օրերին",
    "հայտարարություն հայտարարության հայտարարություններ հայտարարությամբ",
    "ավագանի ավագանու ավագանին ավագանուն",
    "քաղաքացի քաղաքացու քաղաքացիներին",
    "հարկ հարկեր հարկի հարկերի",
    "նիստ նիստի նիստեր",
    "գնում գնման գնումների",
    "շուկա շուկայի շուկայում շուկան",
    "Դիլիջան Դիլիջանի Դիլիջանում",
    "Սևան Սեւանի Սևանում",
    "ձմեռ ձմռանը",
    "ափ ափը ափերը",
)


@pytest.mark.parametrize("forms", INFLECTED)
def test_forms_of_a_word_are_one(forms):
    """R53: whichever form somebody types."""
    assert len({stem(fold(form)) for form in forms.split()}) == 1


@pytest.mark.parametrize("pair", ["տուն տարի", "հարկ հարց", "ջուր ջերմ", "նիստ նստարան", "գին գնում", "օր օրենք"])
def test_different_words_stay_different(pair):
    """What is cut off is an ending, not the word."""
    one, other = pair.split()
    assert stem(one) != stem(other)


def test_marks_and_ligatures_do_not_part_words():
    """և and եւ are one; marks of stress and question stand inside words; capitals are small."""
    assert fold("ՍԵՒԱՆ") == fold("Սևան") == fold("սեւան")
    assert fold("Ե՞րբ") == "երբ"
    assert fold("ﬓացել") == fold("մնացել")


def test_words_that_say_nothing_are_left_out():
    """Of the text and of the question."""
    assert list(words("Որոշում ջրի և լույսի մասին")) == ["որոշ", "ջուր", "լույս"]
    assert question("և մասին", "hy") is None
    assert {text_key(word) for word in STOP_WORDS} == STOPS
    assert len(STOPS) > 80


def test_irregular_words_agree_with_themselves():
    """No form is the form of two words, no base is a form or a word that says nothing."""
    listed = [text_key(form) for forms in IRREGULAR.values() for form in forms.split()]
    assert len(listed) == len(set(listed)) >= 80
    assert not BASES & (set(FORMS) | STOPS)
    assert not set(FORMS) & STOPS


@given(ARMENIAN)
def test_stemming_twice_changes_nothing(word):
    """So a text and a question meet, whichever was stemmed before."""
    once = stem(fold(word))
    assert stem(once) == once
    assert once


@given(st.text(max_size=300))
def test_whatever_is_asked_becomes_letters_and_spaces(text):
    """In each language; nothing of the query language gets through."""
    for language in ("hy", "en", "ru"):
        assert all(character.isalnum() or character == " " or not character.isascii()
                   for character in indexed(text, language))  # fmt: skip
        question(text, language)
        marks(text, language)
