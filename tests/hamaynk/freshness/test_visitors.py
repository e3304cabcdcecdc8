"""What one visitor gets never reaches another, and what fails in the cache never fails the page (R20, R48)."""

import pickle

import pytest
from django.conf import settings as project
from django.core.cache import cache, caches
from hamaynk_noticeboard import views
from hamaynk_noticeboard.models import Notice

from hamaynk.freshness import stamps
from public_sites.models import TextPage
from tenants import activation
from tenants.context import as_owner, in_console, in_town
from tenants.models import Community, Domain
from tenants.routing import announce_change
from tests.conftest import PASSWORD, HostClient
from tests.hamaynk.freshness.conftest import how, kept
from tests.public_sites.test_editing import PUBLISHER, form_of

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture
def board(towns):
    """The first town with a notice board."""
    with in_console():
        activation.enable(community=Community.objects.get(slug=towns.first), module="noticeboard")
    return towns


@pytest.fixture
def citizen(towns, visitor):
    """A citizen who has signed in on the first town's site."""
    from hamaynk.accounts.actions import create_account

    with in_town(towns.first):
        create_account(email="citizen@example.am", full_name="Անի Գրիգորյան", password=PASSWORD, is_staff=False)
    client = visitor(towns.first)
    assert client.sign_in("citizen@example.am").status_code == 302
    return client


def test_whoever_is_signed_in_gets_their_own_page(citizen, visitor, towns):
    """Never kept, never from memory; the control: the anonymous page beside it is kept before and after."""
    anonymous = kept(visitor(towns.first), "/").content.decode()
    for _ in range(2):
        own = citizen.get("/")
        assert how(own) == ""
        assert not own.has_header("ETag")
        assert "/accounts/logout/" in own.content.decode()
    assert "/accounts/logout/" not in anonymous
    assert kept(visitor(towns.first), "/").content.decode() == anonymous
    cache.clear()
    citizen.get("/")
    assert how(visitor(towns.first).get("/")) == "miss"


@pytest.mark.parametrize("cookie", [project.SESSION_COOKIE_NAME, "messages"])
def test_a_cookie_of_ones_own_goes_past_the_memory(towns, visitor, cookie):
    """Also a false one; the language's cookie does not."""
    kept(visitor(towns.first), "/")
    client = visitor(towns.first)
    client.cookies[cookie] = "x"
    assert how(client.get("/")) == ""
    other = visitor(towns.first)
    other.cookies["csrftoken"] = "x" * 32
    assert how(other.get("/")) == "hit"
    assert how(visitor(towns.first).get("/", headers={"authorization": "Bearer x"})) == ""
    assert how(visitor(towns.first).post("/")) == ""


def test_a_page_with_a_form_is_not_kept(board, visitor, monkeypatch):
    """Its token is the visitor's. The same view without a token is kept."""
    from django.http import HttpResponse
    from django.middleware.csrf import get_token

    with monkeypatch.context() as patch:
        patch.setattr(views, "render", lambda request, *args: HttpResponse(get_token(request)))
        found = [visitor(board.first).get("/noticeboard/") for _ in range(2)]
    assert [how(answer) for answer in found] == ["", ""]
    assert found[0].content != found[1].content
    kept(visitor(board.first), "/noticeboard/")


def changed_answer(**headers):
    """A view's answer with these headers."""
    from django.http import HttpResponse

    return lambda *args: HttpResponse("x", headers={name.replace("_", "-"): value for name, value in headers.items()})


def cookie_answer(*args):
    """A view's answer with a cookie."""
    from django.http import HttpResponse

    answer = HttpResponse("x")
    answer.set_cookie("seen", "1")
    return answer


def session_answer(request, *args):
    """A view that remembers something of the visitor."""
    from django.http import HttpResponse

    request.session["seen"] = 1
    return HttpResponse("x")


def stream_answer(*args):
    """A view that has no end."""
    from django.http import StreamingHttpResponse

    return StreamingHttpResponse(iter([b"x"]))


@pytest.mark.parametrize(
    "answer",
    [
        changed_answer(Cache_Control="private"),
        changed_answer(Cache_Control="no-store"),
        changed_answer(Vary="Accept"),
        changed_answer(Vary="*"),
        changed_answer(Content_Type="application/pdf"),
        changed_answer(Content_Security_Policy="script-src 'nonce-abc'"),
        cookie_answer,
        session_answer,
        stream_answer,
        lambda *args: changed_answer()().__class__("x" * (512 * 1024 + 1)),
    ],
)
def test_answers_that_are_not_for_everybody(board, visitor, monkeypatch, answer):
    """The control: an answer without any of it is kept."""
    with monkeypatch.context() as patch:
        patch.setattr(views, "render", answer)
        for _ in range(2):
            assert how(visitor(board.first).get("/noticeboard/")) == ""
        patch.setattr(views, "render", changed_answer())
        visitor(board.first).get("/noticeboard/")
        assert how(visitor(board.first).get("/noticeboard/")) == "hit"


def test_a_preview_is_neither_kept_nor_from_memory(planted, staff, visitor):
    """It has the address of the page, and no cookie."""
    with in_town(planted.first):
        page = TextPage.objects.get(slug="about", url_path__startswith="/hy/")
    client = visitor(planted.first)
    kept(client, "/community/about/")
    publisher = staff(planted.first, roles=[PUBLISHER])
    address = f"/cms/pages/{page.pk}/edit/preview/"
    assert publisher.post(address, form_of(page)).json()["is_valid"]
    kept(client, "/community/about/")
    for _ in range(2):
        assert "Նոր խոսք" in publisher.get(address + "?mode=").content.decode()
    assert "Նոր խոսք" not in kept(client, "/community/about/").content.decode()


def test_each_host_has_its_own(towns, visitor):
    """Two towns; and one town under two hosts in turn: addresses on a page name the host."""
    pages = {kept(visitor(town), "/").content for town in (towns.first, towns.second)}
    assert len(pages) == 2
    path = "/api/v1/openapi.json"
    before = kept(visitor(towns.first), path).json()
    with as_owner():
        town = Community.objects.get(slug=towns.first)
        Domain.objects.filter(community=town, surface="site").update(is_primary=False)
        Domain.objects.create(community=town, host="dilijan.am", surface="site", is_primary=True)
    announce_change()
    assert visitor(towns.first).get(path).status_code == 301
    client = HostClient("dilijan.am")
    assert how(client.get(path)) == "miss"
    assert before["servers"] == [{"url": "http://dilijan.localhost"}]
    assert kept(client, path).json()["servers"] == [{"url": "http://dilijan.am"}]


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "dilijan.localhost:6666"},
        {"host": "DILIJAN.localhost"},
        {"host": "dilijan.localhost."},
        {"x-forwarded-host": "evil.com"},
        {"x-forwarded-port": "6666"},
        {"x-forwarded-proto": "https"},
        {"forwarded": "host=evil.com;proto=https"},
        {"x-original-url": "/community/"},
        {"x-rewrite-url": "/community/"},
        {"x-http-method-override": "POST"},
        {"accept-language": "ru"},
        {"accept": "application/json"},
    ],
)
@pytest.mark.parametrize("trusts_proxy", [False, True])
def test_nobody_poisons_a_page(towns, visitor, headers, settings, trusts_proxy):
    """A crafted header either changes nothing or gets a page that nobody else is given.

    Forwarded hosts and ports are not believed at all; the scheme is part of the name of an entry; a host that is
    written unusually is drawn each time.
    """
    if trusts_proxy:
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for path in ("/api/v1/openapi.json", "/"):
        clean = HostClient("dilijan.localhost")
        wanted = clean.get(path).content
        cache.clear()
        for _ in range(2):
            clean.get(path, headers=headers)
        answer = clean.get(path)
        assert answer.content == wanted
        assert kept(clean, path).content == wanted
        assert "evil.com" not in answer.content.decode()


@pytest.fixture
def away(towns, monkeypatch):
    """A switch: the cache looks where nobody listens, until the switch is called again."""

    def switch(off):
        for alias in ("default", "platform"):
            if off:
                monkeypatch.setattr(caches[alias], "_servers", [NOBODY_LISTENS])
                monkeypatch.setattr(caches[alias], "_options", {"socket_connect_timeout": 0.2})
            caches[alias].__dict__.pop("_cache", None)
        if not off:
            monkeypatch.undo()

    yield switch
    switch(off=False)


def test_without_the_cache_server_pages_are_drawn(board, visitor, away):
    """And a change that it has not heard of is not forgotten: no page from before is shown when it is back."""
    client = visitor(board.first)
    kept(client, "/noticeboard/")
    away(True)
    for _ in range(2):
        answer = client.get("/noticeboard/")
        assert (answer.status_code, how(answer)) == (200, "")
    with in_town(board.first):
        Notice.objects.create(text="Ջուրը կանջատվի")
        assert stamps.read("nothing") is None
    assert "Ջուրը կանջատվի" in client.get("/noticeboard/").content.decode()
    away(False)
    for _ in range(2):
        assert "Ջուրը կանջատվի" in client.get("/noticeboard/").content.decode()
    kept(client, "/noticeboard/")


def test_a_broken_entry_is_drawn_anew(towns, visitor, monkeypatch):
    """Whatever lies in the cache server: the page is shown."""
    client = visitor(towns.first)
    names = []
    original = stamps.keep
    monkeypatch.setattr(stamps, "keep", lambda name, *rest: (names.append(name), original(name, *rest)))
    wanted = client.get("/").content
    raw = caches["platform"]._cache
    for rubbish in (b"\x80rubbish", pickle.dumps("rubbish"), pickle.dumps({"stamps": {}, "headers": 3, "body": b""})):
        with in_town(towns.first):
            key = caches["platform"].make_key(names[0])
        raw.get_client(key, write=True).set(key, rubbish)
        answer = client.get("/")
        assert (answer.status_code, answer.content) == (200, wanted)
