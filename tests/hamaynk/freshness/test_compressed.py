"""Kept pages leave compressed where the browser takes that and nobody in front does it; nothing else does."""

import gzip
import re

import pytest
from django.core.cache import cache

from modules.budgets.demo import seed
from tenants.context import in_town
from tests.hamaynk.freshness.conftest import how, kept

GZIP = {"accept-encoding": "gzip, deflate, br"}


def vary(answer):
    """What the answer depends on."""
    return {name.strip().lower() for name in answer["Vary"].split(",")}


def test_a_page_is_the_same_compressed_or_not(planted, visitor):
    """Drawn for the first time and from memory; the length told is the length sent."""
    client = visitor(planted.first)
    for path in ("/", "/community/about/", "/en/"):
        cache.clear()
        plain = kept(client, path)
        cache.clear()
        for wanted in ("miss", "hit"):
            answer = client.get(path, headers=GZIP)
            if how(answer) != wanted:  # a picture was made meanwhile
                answer = client.get(path, headers=GZIP)
            assert answer["Content-Encoding"] == "gzip"
            assert gzip.decompress(answer.content) == plain.content
            assert int(answer["Content-Length"]) == len(answer.content) < len(plain.content) / 2
            assert {"cookie", "accept-encoding"} <= vary(answer)
        assert not plain.has_header("Content-Encoding")
        assert int(plain["Content-Length"]) == len(plain.content)
        assert "accept-encoding" in vary(plain)


@pytest.mark.parametrize(
    ("offer", "is_taken"),
    [
        ("gzip", True),
        ("GZIP;q=0.5", True),
        ("br, gzip;q=0.001", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("br", False),
        ("x-gzip-not", False),
        ("", False),
    ],
)
def test_the_browser_is_heeded(planted, visitor, offer, is_taken):
    """It says what it takes, and what not."""
    client = visitor(planted.first)
    kept(client, "/data/")
    answer = client.get("/data/", headers={"accept-encoding": offer})
    assert answer.has_header("Content-Encoding") == is_taken


def test_a_mark_holds_in_both_forms(planted, visitor):
    """A browser that has the page in one form is told "not changed" in the other; the marks are not the same."""
    client = visitor(planted.first)
    plain, packed = kept(client, "/"), client.get("/", headers=GZIP)
    assert packed["ETag"] == f"W/{plain['ETag']}"
    for tag in (plain["ETag"], packed["ETag"]):
        for more in ({}, GZIP):
            answer = client.get("/", headers={"if-none-match": tag, **more})
            assert (answer.status_code, answer.content) == (304, b"")
            assert not answer.has_header("Content-Encoding")
    assert client.get("/", headers={"if-none-match": '"other"', **GZIP}).status_code == 200


def test_a_head_is_told_the_length_and_sent_nothing(planted, visitor):
    """From memory."""
    client = visitor(planted.first)
    kept(client, "/")
    packed = client.get("/", headers=GZIP)
    answer = client.head("/", headers=GZIP)
    assert (answer.content, answer["Content-Length"]) == (b"", packed["Content-Length"])


def test_what_bears_a_secret_is_never_compressed(planted, visitor, staff):
    """Its length would give the secret away, letter by letter (BREACH): forms, whoever is signed in, the office.

    The control: the same visitor's page without a form is compressed.
    """
    client = visitor(planted.first)
    form = client.get("/accounts/login/", headers=GZIP)
    assert "csrfmiddlewaretoken" in form.content.decode()
    office = staff(planted.first).get("/", headers=GZIP)
    assert office.status_code == 200
    for answer in (form, office):
        assert not answer.has_header("Content-Encoding")
    assert client.get("/data/", headers=GZIP)["Content-Encoding"] == "gzip"


def test_no_compressed_page_bears_a_token(planted, visitor):
    """Every page that is kept, looked through."""
    client = visitor(planted.first)
    with in_town(planted.first):
        seed(planted.first)
    seen = 0
    for path in ("/", "/data/", "/budget/", "/budget/revenue/", "/en/", "/ru/", "/search/?q=a", "/accounts/signup/"):
        answer = client.get(path, headers=GZIP)
        if answer.has_header("Content-Encoding"):
            seen += 1
            text = gzip.decompress(answer.content).decode()
            assert not re.search(r"csrf|nonce=|sessionid", text)
    assert seen >= 5


def test_broken_bytes_are_drawn_anew(planted, visitor, monkeypatch):
    """Whatever lies in the cache server: no browser is sent rubbish."""
    from hamaynk.freshness import stamps

    client = visitor(planted.first)
    original = stamps.keep

    def keep_rubbish(name, entry, seconds):
        original(name, {**entry, "body": b"rubbish"}, seconds)

    monkeypatch.setattr(stamps, "keep", keep_rubbish)
    client.get("/data/")
    for headers in (GZIP, None):
        answer = client.get("/data/", headers=headers)
        assert how(answer) == "miss"
        assert answer.status_code == 200
