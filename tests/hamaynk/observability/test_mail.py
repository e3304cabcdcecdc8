"""Letters are counted by kind and by what the mail server said."""

from smtplib import SMTPException

import pytest
from django.core.mail import EmailMessage, get_connection, send_mail
from prometheus_client import REGISTRY

from hamaynk.accounts.actions import invite_staff
from hamaynk.accounts.mail import send_invitation
from hamaynk.observability.mail import letters_of
from tenants.context import in_town
from tenants.routing import table
from tests.support.mail_server import mail_server

COUNTED = "hamaynk.observability.mail.CountedBackend"


def counted(kind: str, result: str) -> float:
    """How many so far."""
    return REGISTRY.get_sample_value("hamaynk_mails_total", {"kind": kind, "result": result}) or 0.0


@pytest.fixture
def server(settings):
    """A real server that refuses one address."""
    with mail_server(refuse={"gone@example.am": 550}) as running:
        settings.EMAIL_BACKEND = COUNTED
        settings.EMAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def test_sent_refused_and_failed_are_told_apart(server, settings):
    """By a server that takes one, refuses one, and is away for one."""
    before = {result: counted("other", result) for result in ("sent", "refused", "failed")}
    send_mail("s", "b", "a@example.am", ["here@example.am"])
    with pytest.raises(SMTPException):
        send_mail("s", "b", "a@example.am", ["gone@example.am"])
    settings.EMAIL_PORT = 1
    with pytest.raises(OSError):
        send_mail("s", "b", "a@example.am", ["here@example.am"])
    assert {result: counted("other", result) - before[result] for result in before} == {
        "sent": 1,
        "refused": 1,
        "failed": 1,
    }
    assert [to for to, _ in server.taken] == ["here@example.am"]


def test_many_letters_over_one_connection(server):
    """Each with a result of its own."""
    before = counted("mailing", "sent")
    letters = [EmailMessage("s", "b", "a@example.am", [f"r{number}@example.am"]) for number in range(3)]
    with letters_of("mailing"):
        assert get_connection().send_messages(letters) == 3
    assert counted("mailing", "sent") - before == 3
    assert (len(server.taken), server.connections) == (3, 1)


def test_kinds_are_those_that_we_know(server, towns, visitor):
    """An invitation, a forgotten password, letters to subscribers; an unknown kind is a fault of ours."""
    before = {kind: counted(kind, "sent") for kind in ("invitation", "account")}
    with in_town("dilijan"):
        invitation, token = invite_staff(
            actor=None, email="new@example.am", full_name="Նոր", role="accounts.administrator"
        )
        send_invitation(table.town("dilijan"), invitation, f"http://x/{token}/")
    visitor("dilijan").post("/accounts/password/reset/", {"email": "nobody@example.am"})
    assert {kind: counted(kind, "sent") - before[kind] for kind in before} == {"invitation": 1, "account": 1}
    with pytest.raises(LookupError), letters_of("spam"):
        pass
