"""What people do, through everything that stands between them and the database."""

import io
import re

import pytest
from PIL import Image

from tests.modules.budgets.files import MERGED, OFFICIAL, xlsx
from tests.server.machine import wait_for
from tests.server.stack import BASE, PASSWORD, Stack
from tests.server.visitor import Visitor
from tests.support.mail_server import MailServer

pytestmark = pytest.mark.server
GAVAR = {
    "slug": "gavar", "name_hy": "Գավառ", "name_en": "Gavar", "name_ru": "Гавар",
    "hall_name_hy": "Գավառի համայնքապետարան", "hall_name_en": "Gavar Town Hall", "hall_name_ru": "Мэрия Гавара",
    "marz": "GR", "population": "20765", "colour": "#1f5a7a", "site_hosts": "",
    "administrator_name": "Արա Գևորգյան", "administrator_email": "ara@gavar.example",
}  # fmt: skip
EXECUTED = "389782.993"
OFFICE = f"sevan.office.{BASE}"


def test_sign_in_cookies_are_bound_to_their_host(stack: Stack) -> None:
    """__Host-, Secure, HttpOnly, SameSite; worth nothing at another town; no form without its token."""
    clerk = stack.invited("sevan", OFFICE, "clerk@sevan.example", "accounts.administrator")
    assert clerk.get("/").status == 200
    for name in ("__Host-sessionid", "__Host-csrftoken"):
        cookie = clerk.cookies[name]
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", ""), name
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), name
    elsewhere = stack.visitor(f"dilijan.office.{BASE}")
    elsewhere.cookies = dict(clerk.cookies)
    assert elsewhere.get("/").status == 302
    forged = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"https://evil.{BASE}:{stack.ports['https']}",
    }
    token = clerk.cookies["__Host-csrftoken"].value
    assert clerk.ask("POST", "/accounts/logout/", f"csrfmiddlewaretoken={token}".encode(), forged).status == 403
    assert clerk.post("/accounts/logout/", {"csrfmiddlewaretoken": "x" * 64}).status == 403
    assert clerk.get("/").status == 200
    assert clerk.fill_in("/accounts/logout/", {}).status == 302
    assert clerk.get("/").status == 302


def test_an_uploaded_report_becomes_the_public_page_and_reaches_the_ministry(stack: Stack) -> None:
    """File, preview, confirmation, a second person; the page of the town; the outbox, a worker, the ministry's page."""
    officer = stack.invited("sevan", OFFICE, "officer@sevan.example", "budgets.finance_officer")
    approver = stack.invited("sevan", OFFICE, "approver@sevan.example", "budgets.budget_approver")
    ministry = stack.invited("oversight", f"oversight.{BASE}", "ministry@example.am")
    resident = stack.visitor(f"sevan.{BASE}")
    address = "/budget/revenue/?year=2015&month=9"
    assert EXECUTED not in resident.get(address).text
    assert EXECUTED not in ministry.get("/?side=revenue&year=2015&month=9").text
    form = {"purpose": "execution", "side": "revenue", "year": "2015", "month": "9", "unit": "thousands", "source": ""}
    read = officer.fill_in("/budget/import/", form, file=("report.xlsx", xlsx(OFFICIAL, MERGED)))
    assert read.status == 302, read.text[:3000]
    assert officer.fill_in(read.place, {}).status == 405  # the preview itself takes no form; its buttons do
    assert officer.post(f"{read.place}confirm/", {}).status == 302
    assert officer.post("/budget/2015/9/submit/", {}).status == 302
    assert officer.post("/budget/2015/9/publish/", {}).status in (302, 403)  # not by the one who handed it in
    assert EXECUTED not in resident.get(address).text
    approver.get("/budget/2015/9/")
    assert approver.post("/budget/2015/9/publish/", {}).status == 302
    wait_for(lambda: EXECUTED in resident.get(address).text, what="the public page")
    wait_for(lambda: EXECUTED in ministry.get("/?side=revenue&year=2015&month=9").text, what="the ministry's page")
    other = stack.visitor(f"dilijan.{BASE}")
    page = other.get(address)
    if page.status == 301:  # the town has a domain of its own by now
        page = stack.visitor(page.headers["Location"].split("/")[2].split(":")[0]).get(address)
    assert EXECUTED not in page.text
    assert "Sevan" not in page.text
    assert "Սևան" not in page.text


def test_an_uploaded_picture_is_kept_in_the_folder_of_its_town(stack: Stack) -> None:
    """Through the editing screens; the file lies in the one folder that the service may write to."""
    editor = stack.invited("sevan", OFFICE, "editor@sevan.example", "public_sites.publisher")
    picture = io.BytesIO()
    Image.new("RGB", (640, 360), "#1f5a7a").save(picture, "PNG")
    title = {"title_hy": "Լիճ", "title": "Լիճ", "description": "Լիճ"}
    answer = editor.fill_in("/cms/images/add/", title, file=("lake.png", picture.getvalue()))
    assert answer.status == 302, re.sub(r"\s+", " ", answer.text)[-6000:]
    folder = stack.folder / "var/media/sevan"
    assert [path.read_bytes() for path in folder.rglob("lake*.png") if "original" in str(path)]
    assert not (stack.folder / "var/media/dilijan").exists()


def test_a_new_town_is_made_in_the_background_and_its_administrator_is_invited(stack: Stack, post: MailServer) -> None:
    """Console, queue, provisioner with the owner's credentials, mail, first sign-in."""
    operator = stack.invited("console", f"console.{BASE}", "operator@example.am")
    assert stack.visitor(f"gavar.{BASE}").get("/").status == 404
    asked = operator.fill_in("/new/", GAVAR)
    assert asked.status == 302, asked.text[:3000]
    wait_for(lambda: operator.get(asked.place).headers["Refresh"] is None, what="the new town")
    wait_for(lambda: stack.visitor(f"gavar.{BASE}").get("/").status == 200, what="its site")
    letter = wait_for(
        lambda: next((text for to, text in post.taken if to == "ara@gavar.example"), ""), what="the letter"
    )
    link = re.search(r"https://gavar\.office\.[^\s<>\"]*/invitation/[^\s<>\"]+", _plain(letter))
    assert link, letter
    administrator = stack.visitor(f"gavar.office.{BASE}")
    administrator.accept(link[0], PASSWORD)
    assert administrator.sign_in("ara@gavar.example", PASSWORD).status == 302
    assert administrator.get("/staff/").status == 200


def _plain(letter: str) -> str:
    """The text of a letter as it came over SMTP."""
    import email
    from email.policy import default

    message = email.message_from_string(letter.replace("\r\n", "\n"), policy=default)
    body = message.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def test_two_towns_are_two_towns(stack: Stack) -> None:
    """Names and colours are each town's own, at each town's host."""
    sevan: Visitor = stack.visitor(f"sevan.{BASE}")
    page = sevan.get("/").text
    assert "Սևան" in page
    assert "Դիլիջան" not in page
