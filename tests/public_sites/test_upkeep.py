"""What keeps a site whole: the list of what is untranslated, the look at its links (R50, R23)."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from wagtail.models import Page

from public_sites import links, models
from public_sites.models import LinkFault
from public_sites.translations import begin_translation, rows
from tenants.context import in_town
from tests.public_sites.test_pages import get, text_of

EDITOR = "public_sites.editor"


def states(slug):
    """Path -> states of what is not wholly translated."""
    with in_town(slug):
        return {row.path: [one.state for one in row.translations] for row in rows() if not row.is_whole}


def test_what_is_untranslated_is_listed(planted, staff, django_assert_num_queries):
    """R50: missing, a draft, behind the original."""
    assert states(planted.first) == {}
    with in_town(planted.first):
        get(models.TextPage, "about", "en").unpublish()
        news = get(models.NewsIndexPage, "news")
        news.add_child(instance=models.NewsPage(title="Միայն հայերեն", slug="only"))
        with django_assert_num_queries(1):
            rows()
    found = states(planted.first)
    assert found["/community/about/"] == ["draft", "good"]
    assert found["/community/news/only/"] == ["missing", "missing"]
    with in_town(planted.first):
        phones = get(models.PhoneBookPage, "phones")
        Page.objects.filter(translation_key=phones.translation_key).update(last_published_at="2026-05-01T10:00:00Z")
        phones.refresh_from_db()
        phones.save_revision().publish()
    assert states(planted.first)["/guides/phones/"] == ["behind", "behind"]
    page = text_of(staff(planted.first, roles=[EDITOR]).get("/site/translations/"))
    assert "Միայն հայերեն" in page
    assert "/community/events/" not in page


def test_a_translation_is_begun_from_the_list(planted, staff, visitor):
    """R50: a draft with the original's words, linked to it, opened for editing; twice gives the same one."""
    editor = staff(planted.first, roles=[EDITOR])
    with in_town(planted.first):
        news = get(models.NewsIndexPage, "news")
        one = news.add_child(instance=models.NewsPage(title="Լուր", slug="one"))
    opened = editor.post(f"/site/translations/{one.pk}/en/")
    again = editor.post(f"/site/translations/{one.pk}/en/")
    assert opened["Location"] == again["Location"]
    assert editor.get(opened["Location"]).status_code == 200
    with in_town(planted.first):
        made = one.get_translations().get()
        assert (made.url_path, made.live) == ("/en/community/news/one/", False)
        made.specific.save_revision().publish()
    assert "hreflang" in text_of(visitor(planted.first).get("/en/community/news/one/"))
    assert editor.post(f"/site/translations/{one.pk}/xx/").status_code == 404
    assert editor.post("/site/translations/999999/en/").status_code == 404
    assert editor.get(f"/site/translations/{one.pk}/en/").status_code == 405


def test_the_page_above_comes_first(planted):
    """A translation has its place in the tree of its language."""
    with in_town(planted.first):
        home = Page.objects.get(url_path="/hy/")
        section = home.add_child(instance=models.SectionPage(title="Նոր", slug="new"))
        page = section.add_child(instance=models.TextPage(title="Խոր", slug="deep"))
        with pytest.raises(Exception, match="."):
            begin_translation(actor=None, page_id=page.pk, code="en")
        begin_translation(actor=None, page_id=section.pk, code="en")
        assert begin_translation(actor=None, page_id=page.pk, code="en").url_path == "/en/new/deep/"


def write(slug, html):
    """Put words on a page."""
    page = get(models.TextPage, slug)
    page.body = [("text", html)]
    page.save_revision().publish()
    return page


def test_links_that_lead_nowhere_are_found(planted, staff):
    """To a page that is no longer published, to one that was never there, to a document that is gone."""
    with in_town(planted.first):
        there, gone = get(models.TextPage, "elections"), get(models.PhoneBookPage, "phones")
        html = (
            f'<p><a linktype="page" id="{there.pk}">ա</a> <a linktype="page" id="{gone.pk}">բ</a> '
            '<a linktype="document" id="77">գ</a> <a href="/community/news/">դ</a> <a href="/community/none/">ե</a> '
            '<a href="/budget/">զ</a> <a href="mailto:a@b.am">է</a></p>'
        )
        page = write("about", html)
        gone.unpublish()
        links.check(hosts=frozenset(), outside=lambda address: "")
        found = set(LinkFault.objects.values_list("page_id", "target", "fault"))
        assert found == {
            (page.pk, str(gone.pk), "page_gone"),
            (page.pk, "77", "document_gone"),
            (page.pk, "/community/none/", "page_gone"),
        }
    client = staff(planted.first, roles=[EDITOR])
    assert "/community/none/" in text_of(client.get("/site/links/"))
    with in_town(planted.first):
        write("about", "<p>Ոչ մի հղում</p>")
        assert links.check(hosts=frozenset(), outside=lambda address: "") == 0
    assert "/community/none/" not in text_of(client.get("/site/links/"))
    assert client.post("/site/links/").status_code == 302


class Answers(BaseHTTPRequestHandler):
    """A site elsewhere."""

    def do_GET(self):
        """By path."""
        self.send_response({"/ok": 200, "/gone": 404, "/moved": 302}.get(self.path, 500))
        if self.path == "/moved":
            self.send_header("Location", "/gone")
        self.end_headers()

    def log_message(self, *args):
        """Silently."""


@pytest.fixture
def elsewhere():
    """Its address."""
    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_addresses_elsewhere_are_asked_for(elsewhere, monkeypatch):
    """What is gone is told, also behind a redirect; a site that is ill today is not."""
    assert links.fault_outside(f"{elsewhere}/gone") == "no_host"  # our own network is never asked
    monkeypatch.setattr(links, "_is_public", lambda host, port: True)
    said = {path: links.fault_outside(elsewhere + path) for path in ("/ok", "/gone", "/moved", "/ill")}
    assert said == {"/ok": "", "/gone": "gone", "/moved": "gone", "/ill": ""}


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://169.254.169.254/",
        "http://10.0.0.1/",
        "ftp://a.am/",
        "http://",
    ],
)
def test_our_own_network_is_never_asked(address, monkeypatch):
    """R48: a link on a page cannot make the server call its neighbours."""
    monkeypatch.setattr(links.requests, "get", lambda *a, **k: pytest.fail("asked"))
    assert links.fault_outside(address) == "no_host"
