"""Log lines of whole journeys, read for what they must not hold; and where a request's number goes."""

import io
import json
import logging
import re

import pytest
from django.conf import settings as project
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from hamaynk.accounts.models import User
from hamaynk.config.logs import JsonLine
from hamaynk.observability.context import request_id
from hamaynk.observability.middleware import route_of
from tenants.context import in_town
from tenants.isolation import TownLogFilter
from tests.conftest import PASSWORD, HostClient
from tests.support.links import wait_for
from tests.support.processes import hamaynk
from tests.support.site import ask_for_letters
from tests.support.workers import empty_queues

ADDRESS, NAME = "ani.secret@example.am", "Անի Գրիգորյան"
NUMBER = "visit-0123456789"


@pytest.fixture
def lines(settings):
    """Everything that is logged in this process, at the lowest level, as production writes it."""
    settings.LOG_REQUESTS = True
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(TownLogFilter())
    handler.setFormatter(JsonLine())
    root = logging.getLogger()
    level, others = root.level, root.handlers[:]
    root.handlers = [handler]
    root.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers = others
    root.setLevel(level)


def journey(visitor, staff) -> list[str]:
    """Invited, signed in wrongly and rightly, asked for letters, lost the password, met errors. Returns the secrets."""
    from hamaynk.accounts.actions import invite_staff

    with in_town("dilijan"):
        _, token = invite_staff(
            actor=None, email="new.secret@example.am", full_name=NAME, role="accounts.administrator"
        )
    office = visitor("dilijan", "office")
    assert office.get(f"/invitation/{token}/").status_code == 200
    assert office.get(f"/invitation/{token}x/").status_code == 404
    assert office.sign_in(ADDRESS, "not-the-password-8").status_code == 200
    staff("dilijan", email=ADDRESS)
    site = visitor("dilijan")
    assert site.post("/accounts/password/reset/", {"email": ADDRESS}).status_code == 302
    assert site.post("/subscribe/", {"email": ADDRESS, "topics": ["news"]}).status_code == 302
    assert site.get(f"/subscribe/confirm/{token}/").status_code in (200, 404, 410)
    strict = HostClient("dilijan.localhost", enforce_csrf_checks=True)
    assert strict.post("/subscribe/", {"email": ADDRESS}).status_code == 403
    keys = [found for letter in mail.outbox for found in re.findall(r"/([\w-]{20,})/", str(letter.body))]
    return [ADDRESS, "new.secret", NAME, "Գրիգորյան", PASSWORD, "not-the-password-8", token, *keys]


def test_a_journey_leaves_no_name_address_token_or_password(towns, visitor, staff, lines):
    """The control: the journey is there, line for line, and without the care its token would be too."""
    secrets = journey(visitor, staff)
    told = lines()
    text = json.dumps(told, ensure_ascii=False)
    for secret in secrets:
        assert secret not in text, secret
    access = [line for line in told if line["logger"] == "hamaynk.access"]
    assert {"site", "office"} <= {line["surface"] for line in access}
    assert {200, 302, 403, 404} <= {line["status"] for line in access}
    assert {line["town"] for line in access} == {"dilijan"}
    assert any(line["logger"] == "django.request" and "[path]" in line["text"] for line in told)
    assert len(secrets) > 7


def test_without_the_care_they_would_be_there(lines):
    """The control of the care itself: the same records, written by a plain formatter."""
    request = RequestFactory().get("/invitation/0123456789token/")
    logger = logging.getLogger("django.request")
    record = logger.makeRecord(
        "django.request", logging.WARNING, "", 0, "Not Found: %s", (request.path,), None, extra={"request": request}
    )
    assert "0123456789token" in logging.Formatter().format(record)
    assert "0123456789token" not in JsonLine().format(record)


def test_rows_that_the_database_quotes_are_taken_out(towns, lines):
    """A double address: PostgreSQL says which. The rest of the fault stays."""
    with in_town("dilijan"):
        User.objects.create(email=ADDRESS, full_name=NAME)
        with pytest.raises(IntegrityError) as told, transaction.atomic():
            User.objects.create(email=ADDRESS, full_name=NAME)
    error = told.value
    assert ADDRESS in str(error), "the control: the database says it"
    logging.getLogger("hamaynk.test").error("not saved: %s", error, exc_info=error)
    (line,) = [line for line in lines() if line["logger"] == "hamaynk.test"]
    assert ADDRESS not in json.dumps(line, ensure_ascii=False)
    assert "IntegrityError" in line["exception"]
    assert "duplicate key" in line["text"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("to ani@example.am: 550", "to [address]: 550"),
        ("<Անի@օրինակ.հայ>", "<[address]>"),
        ("name+tag@sub.example.am,b@c.am", "[address],[address]"),
        ("no address @ all", "no address @ all"),
    ],
)
def test_addresses_of_mail_are_taken_out(text, written):
    """In any script."""
    record = logging.LogRecord("x", logging.INFO, "", 0, text, (), None)
    assert json.loads(JsonLine().format(record))["text"] == written


def test_a_route_is_a_name_never_an_address(towns, visitor, lines):
    """For pages with a name, for pages of the content management system, for what is not there."""
    client = visitor("dilijan")
    for path in ("/data/", "/subscribe/confirm/abc.def/", "/no/such/page/"):
        client.get(path)
    routes = [line["route"] for line in lines() if line["logger"] == "hamaynk.access"]
    assert len(routes) == 3
    assert not any("abc" in route or "such" in route for route in routes)
    assert route_of(RequestFactory().get("/x/")) == "-"


def test_the_switch(towns, visitor, lines, settings):
    """LOG_REQUESTS off: no line. On: one a request, with its number."""
    settings.LOG_REQUESTS = False
    visitor("dilijan").get("/data/")
    assert [line for line in lines() if line["logger"] == "hamaynk.access"] == []
    settings.LOG_REQUESTS = True
    visitor("dilijan").get("/data/", headers={"x-request-id": NUMBER})
    (line,) = [line for line in lines() if line["logger"] == "hamaynk.access"]
    assert (line["request"], line["surface"], line["method"], line["status"]) == (NUMBER, "site", "GET", 200)
    assert line["ms"] > 0


def test_a_failure_is_logged_under_its_number(towns, visitor, lines, monkeypatch):
    """An exception of ours: the line has the request, the town and what happened."""
    from public_sites import selectors

    def broken(*args):
        raise LookupError(f"for {ADDRESS}")

    monkeypatch.setattr(selectors, "home_contributions", broken)
    client = visitor("dilijan")
    client.raise_request_exception = False
    assert client.get("/", headers={"x-request-id": NUMBER}).status_code == 500
    (line,) = [line for line in lines() if line["logger"] == "django.request" and line["level"] == "ERROR"]
    assert (line["request"], line["town"]) == (NUMBER, "dilijan")
    assert "LookupError" in line["exception"]
    assert ADDRESS not in line["exception"]
    assert request_id.get() == "-"


@pytest.mark.slow
def test_a_requests_number_reaches_its_tasks(towns):
    """Through real processes: web says it, the worker's lines bear it, and both write nothing but JSON."""
    empty_queues()
    with hamaynk("web", WEB_WORKERS="1") as web, hamaynk("worker", WORKER_CONCURRENCY="1") as worker:
        assert ask_for_letters(web.port, "dilijan.localhost", ADDRESS) == 302
        wait_for(lambda: [line for line in worker.lines() if line.get("task") == "tasks.relay.deliver"], seconds=60)
        (post,) = [line for line in web.lines() if line.get("method") == "POST"]
        said = [line for line in worker.lines() if line["request"] == post["request"]]
        assert {"tasks.relay.deliver"} <= {line.get("task") for line in said}
        assert {line["town"] for line in said} == {"dilijan"}
        everything = json.dumps([*web.lines(), *worker.lines()], ensure_ascii=False)
    assert post["request"] != "-"
    for secret in (ADDRESS, "ani.secret", "csrf"):
        assert secret not in everything
    assert project.LOGGING["root"]["handlers"] == ["stderr"]
