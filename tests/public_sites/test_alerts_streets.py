"""R40: works in my street reach me however the two of us write its name."""

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from public_sites.alerts.streets import share_a_street, street_key, street_keys
from public_sites.models import AnnouncementPage
from tenants.context import in_town
from tests.public_sites.letters import publish, readers, sent_to, write

NAMES = ["Կամոյի", "Սայաթ-Նովայի", "Երևանյան", "26 Կոմիսարների", "Գետափնյա", "Тиграна Меца", "Мёда", "Mashtots", "Lake"]
AROUND = [
    "{}", "{} փողոց", "{} Փող.", "{} փողոցում", "ул. {}", "улица {}", "{} street", "{} St.", "проспект {}", "{} пр-т",
    "Avenue {}", "{} 12", "{} փողոց, 12/3", "ул. {}, 7а",
]  # fmt: skip
SWITCHES = [str, str.upper, str.lower, str.title]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Երևանյան փողոց", "ԵՐԵՎԱՆՅԱՆ"),
        ("Երևանյան", "երեւանյան փող."),
        ("Սայաթ-Նովայի փողոց", "«Սայաթ Նովայի»"),
        ("ул. Тиграна Меца, 12", "Тиграна Меца улица"),
        ("пр-т Мёда", "меда"),
        ("Mashtots Ave. 5b", "mashtots"),
        ("26 Կոմիսարների", "26 կոմիսարների փողոց 3"),
    ],
)
def test_one_street_in_two_spellings(one, other):
    """Letter case, և, punctuation, the word for street, house numbers."""
    assert street_key(one) == street_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Կամոյի", "Կամարի"),
        ("Մաշտոցի 2-րդ", "Մաշտոցի"),
        ("8", "9"),
        ("Strand", "Rand"),
        ("Улицкая", "кая"),
        ("26 Կոմիսարների", "Կոմիսարների"),
    ],
)
def test_two_streets(one, other):
    """What looks alike is another street."""
    assert street_key(one) != street_key(other)
    assert street_key(one)


@given(
    mine=st.lists(st.sampled_from(NAMES), min_size=1, max_size=4),
    concerned=st.lists(st.sampled_from(NAMES), max_size=4),
    dresses=st.lists(st.tuples(st.sampled_from(AROUND), st.sampled_from(SWITCHES)), min_size=8, max_size=8),
    ends=st.sampled_from(["\n", "\r\n", "\n\n", " \n\t"]),
)
def test_they_meet_exactly_where_a_name_is_shared(mine, concerned, dresses, ends):
    """Whatever both put around the names."""
    worn = [switch(around.format(name)) for name, (around, switch) in zip([*mine, *concerned], dresses, strict=False)]
    written, announced = worn[: len(mine)], worn[len(mine) :]
    met = share_a_street(ends.join(written), street_keys(ends.join(announced)))
    assert met == bool(set(mine) & set(concerned))


@given(st.text())
def test_any_text_can_be_read(text):
    """Whatever people paste; reading a key again changes nothing; nothing at all is no street."""
    key = street_key(text)
    assert "" not in street_keys(text)
    assert key == key.strip()
    assert not share_a_street(text, street_keys(""))


def test_works_reach_the_street(planted, eager):
    """Those of the street, in any spelling and language of the page; those who read all announcements; one letter each."""
    readers(planted.first, "mine@example.am", topics=["works"], streets="Լենինի փող.\nկամոյի")
    readers(planted.first, "other@example.am", topics=["works"], streets="Գետափնյա")
    readers(planted.first, "all@example.am", topics=["announcements"])
    readers(planted.first, "both@example.am", topics=["announcements", "works"], streets="Կամոյի")
    readers(planted.first, "news@example.am", topics=["news"], streets="Կամոյի")
    readers(planted.second, "away@example.am", topics=["works"], streets="Կամոյի")
    with in_town(planted.first):
        publish(write(AnnouncementPage, "w1", "Ջուր չի լինի", streets="ԿԱՄՈՅԻ փողոց\nԵրևանյան"))
        assert sorted(sent_to()) == ["all@example.am", "both@example.am", "mine@example.am"]
        assert "ԿԱՄՈՅԻ փողոց" in mail.outbox[0].body
        mail.outbox.clear()
        publish(write(AnnouncementPage, "w2", "Ժողով"))
        assert sorted(sent_to()) == ["all@example.am", "both@example.am"]
