"""Approval by a publisher, the clock, and what editors may bring in (R23)."""

import datetime as dt
import time
from io import BytesIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Drawing
from wagtail.documents.models import Document
from wagtail.models import Workflow, WorkflowState

from public_sites.models import Picture, TextPage
from public_sites.tasks import publish_scheduled
from tenants.addresses import present_office_url
from tenants.context import in_town
from tests.public_sites.test_editing import form_of
from tests.public_sites.test_pages import get

EDITOR, PUBLISHER = "public_sites.editor", "public_sites.publisher"


def test_what_an_editor_hands_in_a_publisher_approves(planted, staff, visitor):
    """R23: over HTTP; the publisher is told by mail, with an address of this town's office, in Armenian."""
    publisher = staff(planted.first, roles=[PUBLISHER], email="publisher@example.am")
    editor = staff(planted.first, roles=[EDITOR], email="editor@example.am")
    with in_town(planted.first):
        page = get(TextPage, "about")
    mail.outbox.clear()
    handed_in = form_of(page) | {"action-submit": "1"}
    assert editor.post(f"/cms/pages/{page.pk}/edit/", handed_in).status_code == 302
    assert "Նոր խոսք" not in visitor(planted.first).get("/community/about/").content.decode()
    assert [letter.to for letter in mail.outbox] == [["publisher@example.am"]]
    with in_town(planted.first):
        assert f"{present_office_url()}/cms/pages/{page.pk}/edit/" in mail.outbox[0].body
    with in_town(planted.first):
        state = WorkflowState.objects.get()
    address = f"/cms/pages/workflow/action/{page.pk}/approve/{state.current_task_state_id}/"
    assert editor.post(address, {"comment": ""}).status_code in (302, 403)
    assert "Նոր խոսք" not in visitor(planted.first).get("/community/about/").content.decode()
    assert publisher.post(address, {"comment": ""}).status_code in (200, 302)
    assert "Նոր խոսք" in visitor(planted.first).get("/community/about/").content.decode()


def test_without_a_mail_server_the_work_goes_on(planted, staff, settings):
    """The page waits for approval all the same."""
    staff(planted.first, roles=[PUBLISHER], email="publisher@example.am")
    editor = staff(planted.first, roles=[EDITOR], email="editor@example.am")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with in_town(planted.first):
        page = get(TextPage, "about")
    assert editor.post(f"/cms/pages/{page.pk}/edit/", form_of(page) | {"action-submit": "1"}).status_code == 302
    with in_town(planted.first):
        assert WorkflowState.objects.get().status == "in_progress"


def test_the_approval_is_there_once(planted):
    """A new town begins with it; setting up again makes no second."""
    from tenants.setup import set_up_town

    set_up_town(planted.first)
    with in_town(planted.first):
        assert Workflow.objects.count() == 1
    with in_town(planted.second):
        assert not Workflow.objects.exists()


def test_the_clock_publishes_and_takes_down(planted, visitor):
    """In the town whose clock it is, and in no other."""
    now = timezone.now()
    with in_town(planted.first):
        page = get(TextPage, "elections")
        page.unpublish()
        page.go_live_at = timezone.now() + dt.timedelta(seconds=2)
        page.title = "Ժամանակին"
        page.save_revision().publish()
        assert not get(TextPage, "elections").live
        about = get(TextPage, "about")
        about.expire_at = now + dt.timedelta(hours=1)
        about.save_revision().publish()
    assert visitor(planted.first).get("/community/elections/").status_code == 404
    with in_town(planted.first):
        publish_scheduled.run()
        assert not get(TextPage, "elections").live
        time.sleep(2.2)
        TextPage.objects.filter(pk=about.pk).update(expire_at=now - dt.timedelta(minutes=1))
        publish_scheduled.run()
    assert "Ժամանակին" in visitor(planted.first).get("/community/elections/").content.decode()
    assert visitor(planted.first).get("/community/about/").status_code == 404


def picture(size=(60, 40), kind="PNG"):
    """As a browser sends it."""
    data = BytesIO()
    Drawing.new("RGB", size).save(data, kind)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("page.html", b"<script>alert(1)</script>"),
        ("huge.png", (8000, 5000)),
        ("fine.png", (60, 40)),
    ],
)
def test_pictures_that_come_in(sites, staff, name, content):
    """R48: through the editing screens. No SVG, nothing in disguise, no 40 megapixels; the last one is the control."""
    editor = staff(sites.first, roles=[EDITOR])
    data = picture(content) if isinstance(content, tuple) else content
    sent = {
        "title": "Նկար",
        "description": "Ինչ երևում է",
        "file": SimpleUploadedFile(name, data, "image/png"),
        "tags": "",
    }
    answer = editor.post("/cms/images/add/", sent)
    with in_town(sites.first):
        stored = Picture.objects.count()
    assert (answer.status_code, stored) == ((302, 1) if name == "fine.png" else (200, 0))


def test_a_picture_needs_its_words(sites, staff):
    """WCAG 2.2, 1.1.1: in the form of the editing screens."""
    editor = staff(sites.first, roles=[EDITOR])
    sent = {"title": "Նկար", "description": "", "file": SimpleUploadedFile("a.png", picture(), "image/png"), "tags": ""}
    answer = editor.post("/cms/images/add/", sent)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["description"]


@pytest.mark.parametrize(("name", "count"), [("page.html", 0), ("drawing.svg", 0), ("run.exe", 0), ("act.pdf", 1)])
def test_documents_that_come_in(sites, staff, name, count):
    """Only kinds that people open without harm; and they are handed out as files, never as pages."""
    editor = staff(sites.first, roles=[EDITOR])
    sent = {"title": "Ակտ", "file": SimpleUploadedFile(name, b"%PDF-1.7 something"), "tags": ""}
    editor.post("/cms/documents/add/", sent)
    with in_town(sites.first):
        assert Document.objects.count() == count


WORD = (
    '<p class="MsoNormal" style="color:red"><o:p>&nbsp;</o:p><!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]-->'
    '<span lang="HY">Որոշման <b>տեքստը</b></span></p><table><tr><td>բջիջ</td></tr></table><style>p{color:red}</style>'
)


def test_what_is_pasted_from_a_word_processor_is_cleaned(planted, staff, visitor):
    """Its words stay, its clutter is never stored, whichever way it comes in."""
    publisher = staff(planted.first, roles=[PUBLISHER])
    with in_town(planted.first):
        page = get(TextPage, "about")
        page.body = [("text", WORD)]
        page.save_revision().publish()
        stored = str(TextPage.objects.get(pk=page.pk).body.raw_data)
    for clutter in ("Mso", "style", "<o:p", "<xml", "w:Word", "<span", "<table"):
        assert clutter not in stored
    shown = visitor(planted.first).get("/community/about/").content.decode()
    assert "<b>տեքստը</b>" in shown
    assert "բջիջ" in shown
    assert publisher.get(f"/cms/pages/{page.pk}/edit/").status_code == 200
