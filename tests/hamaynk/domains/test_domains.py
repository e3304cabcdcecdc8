"""A town under a domain of its own: asked for, proved, made the main one, taken away (R49, R42)."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hamaynk.domains.models import DomainClaim
from hamaynk.domains.names import ascii_host, shown_host
from hamaynk.domains.tasks import check_open
from tenants.context import in_console, in_town
from tenants.models import Community
from tenants.routing import announce_change

ADMINISTRATOR = "accounts.administrator"
IDN = "xn--y9aaghq2axb.xn--y9a3aq"


def under(host, path="/"):
    """What a visitor of the host gets."""
    return Client().get(path, headers={"host": host})


def claim_of(slug, host):
    """The claim as it is stored."""
    with in_town(slug):
        return DomainClaim.objects.filter(host=host).first()


def prove(client, zone, slug, host, base="/addresses/"):
    """Ask, set the record, press the button."""
    assert client.post(base, {"host": host}).status_code == 302
    claim = claim_of(slug, ascii_host(host))
    zone.records[claim.record_name] = [claim.record_value]
    assert client.post(f"{base}check/", {"host": claim.host}).status_code == 302
    return claim.host


def test_a_town_gets_a_domain_of_its_own(towns, staff, zone):
    """The whole way over HTTP, with every answer that the DNS may give."""
    client = staff(towns.first, roles=[ADMINISTRATOR])
    assert client.post("/addresses/", {"host": "https://Dilijan-Town.AM/"}).status_code == 302
    claim = claim_of(towns.first, "dilijan-town.am")
    page = client.get("/addresses/").content.decode()
    assert claim.record_name in page
    assert claim.record_value in page
    for said, fault in ((None, "no_record"), (["hamaynk-verify=another"], "wrong_value")):
        if said:
            zone.records[claim.record_name] = said
        client.post("/addresses/check/", {"host": claim.host})
        assert claim_of(towns.first, claim.host).fault == fault
        assert under(claim.host).status_code == 404
    zone.records[claim.record_name] = ["something else", claim.record_value]
    zone.records[claim.record_name] = [claim.record_value]
    client.post("/addresses/check/", {"host": claim.host})
    moved = under(claim.host, "/budget/?year=2025")
    assert (moved.status_code, moved["Location"]) == (301, "http://dilijan.localhost/budget/?year=2025")
    client.post("/addresses/primary/", {"host": claim.host})
    assert under(claim.host).status_code == 200
    moved = under("dilijan.localhost", "/budget/?year=2025")
    assert (moved.status_code, moved["Location"]) == (301, f"http://{claim.host}/budget/?year=2025")
    client.post("/addresses/remove/", {"host": claim.host})
    assert under(claim.host).status_code == 404
    assert under("dilijan.localhost").status_code == 200
    assert claim_of(towns.first, claim.host) is None


def test_an_armenian_domain(towns, staff, zone):
    """Asked for and shown as it is written, served as browsers send it."""
    client = staff(towns.first, roles=[ADMINISTRATOR])
    host = prove(client, zone, towns.first, "Դիլիջան.հայ")
    assert host.startswith("xn--")
    assert shown_host(host) == "դիլիջան.հայ"
    assert "դիլիջան.հայ" in client.get("/addresses/").content.decode()
    client.post("/addresses/primary/", {"host": host})
    assert under(host).status_code == 200


def test_nobody_takes_anothers_domain(towns, staff, zone):
    """Neither before it is proved by somebody nor after; the record alone decides. And nobody's page tells whose it is."""
    first = staff(towns.first, roles=[ADMINISTRATOR])
    second = staff(towns.second, roles=[ADMINISTRATOR], email="second@example.am")
    first.post("/addresses/", {"host": "both.am"})
    second.post("/addresses/", {"host": "both.am"})
    ours, theirs = claim_of(towns.first, "both.am"), claim_of(towns.second, "both.am")
    assert ours.token != theirs.token
    zone.records[ours.record_name] = [ours.record_value]
    second.post("/addresses/check/", {"host": "both.am"})
    assert under("both.am").status_code == 404
    first.post("/addresses/check/", {"host": "both.am"})
    assert under("both.am")["Location"].startswith("http://dilijan.localhost")
    zone.records[theirs.record_name] = [theirs.record_value]
    second.post("/addresses/check/", {"host": "both.am"})
    assert claim_of(towns.second, "both.am").fault == "taken"
    assert under("both.am")["Location"].startswith("http://dilijan.localhost")
    for what in ("primary", "remove"):
        second.post(f"/addresses/{what}/", {"host": "both.am"})
    assert under("both.am")["Location"].startswith("http://dilijan.localhost")
    refused = second.post("/addresses/", {"host": "dilijan.localhost"})
    assert refused.status_code == 422
    assert "Դիլիջան" not in refused.content.decode()


def test_an_operator_does_it_in_the_console(towns, operator, zone):
    """The same page for every town."""
    base = f"/towns/{towns.second}/addresses/"
    host = prove(operator, zone, towns.second, "sevan-town.am", base)
    operator.post(f"{base}primary/", {"host": host})
    assert under(host).status_code == 200
    page = operator.get(base).content.decode()
    assert host in page
    assert operator.get("/towns/nowhere/addresses/").status_code == 404


def test_open_claims_are_looked_at_by_the_clock(towns, staff, zone):
    """Nobody has to come back."""
    staff(towns.first, roles=[ADMINISTRATOR]).post("/addresses/", {"host": "clock.am"})
    claim = claim_of(towns.first, "clock.am")
    with in_town(towns.first):
        assert check_open.run() == 0
        zone.records[claim.record_name] = [claim.record_value]
        assert check_open.run() == 1
        asked = len(zone.asked)
        assert check_open.run() == 0
    assert len(zone.asked) == asked
    assert under("clock.am").status_code == 301


def test_name_servers_that_are_silent(towns, staff, settings):
    """Said so; nothing breaks."""
    settings.DNS_SERVERS = "127.0.0.1:9"
    client = staff(towns.first, roles=[ADMINISTRATOR])
    client.post("/addresses/", {"host": "silent.am"})
    client.post("/addresses/check/", {"host": "silent.am"})
    assert claim_of(towns.first, "silent.am").fault == "silent"


WRONG = [
    "", " ", "localhost", "dilijan", "127.0.0.1", "::1", "[::1]", "dilijan.localhost", "x.dilijan.localhost", "a..am",
    "-a.am", "a b.am", "a_b.am", "user@dilijan.am", "dilijan.am:8000", "դилижан.հայ", "a" * 300 + ".am", "http://", "\0.am",
]  # fmt: skip


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_no_domain_is_refused_beside_the_field(towns, staff, typed):
    """Nothing is stored."""
    answer = staff(towns.first, roles=[ADMINISTRATOR]).post("/addresses/", {"host": typed})
    assert answer.status_code == 422
    assert "host" in answer.context["form"].errors
    with in_town(towns.first):
        assert not DomainClaim.objects.exists()


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_host_or_refused(typed):
    """Never anything else; what is taken is taken again as the same."""
    try:
        host = ascii_host(typed)
    except ValidationError:
        return
    assert host.isascii()
    assert ascii_host(host) == host


def test_who_may(towns, staff, visitor, operator):
    """Administrators of the office and operators."""
    assert staff(towns.first, roles=["public_sites.publisher"]).get("/addresses/").status_code == 403
    assert visitor(towns.first, "office").get("/addresses/").status_code == 302
    assert operator.get(f"/towns/{towns.first}/addresses/").status_code == 200
    assert visitor(towns.first).get("/addresses/").status_code == 404


def test_the_proxy_asks_from_memory(towns, django_assert_num_queries):
    """Yes to hosts of ours, suspended towns too; no to all others, to nonsense, and nothing is read (control: a page)."""
    with in_console():
        Community.objects.filter(slug=towns.second).update(state="suspended")
    announce_change()
    under("dilijan.localhost")

    def may(domain):
        return Client().get("/tls/ask", {"domain": domain}, headers={"host": "127.0.0.1"}).status_code

    with django_assert_num_queries(0):
        for known in ("dilijan.localhost", "DILIJAN.localhost", "sevan.localhost", "console.localhost"):
            assert may(known) == 200, known
        for unknown in ("", "unknown.am", "dilijan.localhost:80", "a" * 400, "\0", "dilijan.localhost.evil.am", IDN):
            assert may(unknown) == 404, unknown
