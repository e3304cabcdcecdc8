"""R40: nobody gets a letter twice and, as far as a mail server allows, nobody misses one."""

from datetime import timedelta
from email import message_from_string
from threading import Event, Thread

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from hamaynk.events.outbox import deliver_pending
from public_sites.alerts import sending
from public_sites.alerts.models import Delivery, Mailing, Subscription
from public_sites.alerts.sending import Outcome, send
from public_sites.alerts.tasks import resume
from public_sites.models import AnnouncementPage
from tenants.context import in_town
from tests.public_sites.letters import mailing, news, publish, readers, sent_to, write
from tests.support.mail_server import mail_server

BACKENDS = "tests.public_sites.test_alerts_sending"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Stopping(EmailBackend):
    """Takes `left` letters, then raises `fault`."""

    left = 0
    fault: BaseException = ConnectionResetError("gone")

    def send_messages(self, messages):
        """As the real one does, until it stops."""
        if Stopping.left <= 0:
            raise Stopping.fault
        Stopping.left -= len(messages)
        return super().send_messages(messages)


@pytest.fixture
def told(planted):
    """told(*addresses) publishes a piece of news for these readers and gives the mailing's number."""

    def make(*addresses, **more):
        readers(planted.first, *addresses, **more)
        with in_town(planted.first):
            news()
            deliver_pending()
            return mailing().pk

    return make


def states(number):
    """How many letters are in which state."""
    rows = Delivery.objects.filter(mailing=number).values_list("state", flat=True)
    return {str(state): list(rows).count(state) for state in set(rows)}


def many(count):
    """Addresses."""
    return [f"r{number:03}@example.am" for number in range(count)]


def test_a_run_that_breaks_after_the_first_batch_goes_on_there(planted, told, settings):
    """The connection is lost with 103 of 130 letters out; the next run sends the other 27, a third one none."""
    number = told(*many(130))
    settings.EMAIL_BACKEND = f"{BACKENDS}.Stopping"
    Stopping.left, Stopping.fault = 103, ConnectionResetError("gone")
    with in_town(planted.first):
        assert send(number) == Outcome.LATER
        assert states(number) == {"sent": 103, "waiting": 1}
        assert mailing().state == Mailing.State.SENDING
        Stopping.left = 1000
        assert send(number) == Outcome.DONE
        assert send(number) == Outcome.DONE
        assert states(number) == {"sent": 130}
        assert mailing().finished_at is not None
    assert sorted(sent_to()) == many(130)


def test_a_killed_run_leaves_one_letter_in_doubt_and_doubles_none(planted, told, settings):
    """What was in the killed process's hands is not sent again; everybody after it is."""
    number = told(*many(5))
    settings.EMAIL_BACKEND = f"{BACKENDS}.Stopping"
    Stopping.left, Stopping.fault = 2, SystemExit()
    with in_town(planted.first):
        with pytest.raises(SystemExit):
            send(number)
        Stopping.left = 1000
        assert send(number) == Outcome.DONE
        assert states(number) == {"sent": 4, "failed": 1}
        assert Delivery.objects.get(state="failed").fault == "interrupted"
    assert sent_to() == ["r000@example.am", "r001@example.am", "r003@example.am", "r004@example.am"]


def test_a_refused_address_stops_nobody_else(planted, told, settings):
    """Over a real connection, one for all: 550 is final, 450 is tried again, the fault holds no address."""
    number = told(*many(5))
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
    with mail_server(refuse={"r001@example.am": 550, "r003@example.am": 450}) as server, in_town(planted.first):
        settings.EMAIL_PORT = server.port
        assert send(number) == Outcome.LATER
        assert states(number) == {"sent": 3, "failed": 1, "waiting": 1}
        assert set(Delivery.objects.values_list("fault", flat=True)) == {"", "smtp-550", "smtp-450"}
        assert server.connections == 1
        server.refuse.pop("r003@example.am")
        assert send(number) == Outcome.DONE
        assert states(number) == {"sent": 4, "failed": 1}
    assert [to for to, _text in server.taken] == [f"r00{one}@example.am" for one in (0, 2, 4, 3)]
    letter = message_from_string(server.taken[0][1])
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.get_content_type() == "multipart/alternative"


def test_an_address_that_is_always_put_off_is_given_up(planted, told, settings):
    """After five attempts."""
    number = told("r1@example.am")
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
    with mail_server(refuse={"r1@example.am": 451}) as server, in_town(planted.first):
        settings.EMAIL_PORT = server.port
        outcomes = [send(number) for _ in range(5)]
        assert outcomes == [Outcome.LATER] * 4 + [Outcome.DONE]
        assert states(number) == {"failed": 1}


def test_a_server_that_hangs_up_and_comes_back(planted, told, settings):
    """Found by the clock; in the end each reader has one letter."""
    number = told(*many(4))
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
    with mail_server(hang_up_after=2) as server, in_town(planted.first):
        settings.EMAIL_PORT = server.port
        assert send(number) == Outcome.LATER
        assert len(server.taken) == 2
        assert send(number) == Outcome.LATER
    with in_town(planted.first):
        assert send(number) == Outcome.LATER, "nobody listens any more"
        with mail_server() as back:
            settings.EMAIL_PORT = back.port
            assert send(number) == Outcome.DONE
    assert sorted(to for to, _text in [*server.taken, *back.taken]) == many(4)


def test_the_clock_finds_what_was_left(planted, told, eager):
    """A lost message, an unfinished mailing: sent within minutes; not before the pause is over, and not twice."""
    number = told("r1@example.am")
    mail.outbox.clear()
    with in_town(planted.first):
        Delivery.objects.all().delete()
        Mailing.objects.update(state=Mailing.State.WAITING, finished_at=None, created_at=timezone.now())
        resume.for_town(planted.first)
        assert mail.outbox == []
        Mailing.objects.update(created_at=timezone.now() - timedelta(minutes=11))
        Subscription.objects.update(confirmed_at=timezone.now() - timedelta(days=1))
        resume.for_town(planted.first)
        resume.for_town(planted.first)
        assert states(number) == {"sent": 1}
    assert sent_to() == ["r1@example.am"]


def test_three_days_without_a_mail_server_are_enough(planted, told, settings):
    """Letters about last week's water are worth nothing."""
    number = told("r1@example.am")
    settings.EMAIL_BACKEND = f"{BACKENDS}.Stopping"
    Stopping.left, Stopping.fault = 0, ConnectionRefusedError()
    with in_town(planted.first):
        assert send(number) == Outcome.LATER
        Mailing.objects.update(created_at=timezone.now() - timedelta(days=3, minutes=1))
        Subscription.objects.update(confirmed_at=timezone.now() - timedelta(days=9))
        assert send(number) == Outcome.DONE
        assert mailing().state == Mailing.State.GIVEN_UP


class Slow(EmailBackend):
    """Holds the first letter until it is let go."""

    has_begun, may_go = Event(), Event()

    def send_messages(self, messages):
        """Waits, then takes it."""
        Slow.has_begun.set()
        Slow.may_go.wait(20)
        return super().send_messages(messages)


def test_two_workers_at_once_send_one_letter(planted, told, settings):
    """The second finds the mailing taken; a lease that ended lets another in."""
    number = told("r1@example.am", "r2@example.am")
    settings.EMAIL_BACKEND = f"{BACKENDS}.Slow"

    def work():
        with in_town(planted.first):
            send(number)

    first = Thread(target=work)
    first.start()
    assert Slow.has_begun.wait(20)
    with in_town(planted.first):
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert send(number) == Outcome.DONE
        assert sent_to() == []
    Slow.may_go.set()
    first.join(20)
    assert sent_to() == ["r1@example.am", "r2@example.am"]


def test_a_page_that_was_withdrawn_is_not_sent(planted, told):
    """In the pause before letters go out a slip can be taken back."""
    number = told("r1@example.am")
    with in_town(planted.first):
        mailing().page.specific.unpublish()
        assert send(number) == Outcome.DONE
        assert mailing().state == Mailing.State.CANCELLED
        assert states(number) == {}
    assert mail.outbox == []


def test_whoever_ends_meanwhile_gets_nothing(planted, told, settings, monkeypatch):
    """Read anew for every batch; those who come later get the next letter, not this one."""
    monkeypatch.setattr(sending, "BATCH", 1)
    number = told("r1@example.am", "r2@example.am")
    readers_after = {"confirmed_at": timezone.now() + timedelta(seconds=1)}
    settings.EMAIL_BACKEND = f"{BACKENDS}.Ending"
    with in_town(planted.first):
        Subscription.objects.create(email="late@example.am", language="hy", topics=["news"], **readers_after)
        assert send(number) == Outcome.DONE
    assert sent_to() == ["r1@example.am"]


class Ending(EmailBackend):
    """While the first letter is on its way, everybody ends."""

    def send_messages(self, messages):
        """Takes it."""
        Subscription.objects.update(ended_at=timezone.now())
        return super().send_messages(messages)


def test_a_long_mailing_gives_the_worker_back(planted, told):
    """And goes on where it stopped."""
    number = told(*many(3))
    with in_town(planted.first):
        assert send(number, seconds=-1) == Outcome.MORE
        assert mail.outbox == []
        assert send(number) == Outcome.DONE
    assert sent_to() == many(3)


def test_a_publication_that_is_rolled_back_tells_nobody(planted, monkeypatch):
    """The page, the event and the log line stand or fall together."""
    from wagtail.actions import publish_revision

    readers(planted.first, "r1@example.am", topics=["announcements"])
    with in_town(planted.first):
        page = write(AnnouncementPage, "a1", "Ջուր")

        def fail(*args, **kwargs):
            raise RuntimeError("the log is full")

        with monkeypatch.context() as broken:
            broken.setattr(publish_revision, "log", fail)
            with pytest.raises(RuntimeError):
                publish(page)
        assert not AnnouncementPage.objects.get(pk=page.pk).live
        assert deliver_pending() == 0
        publish(AnnouncementPage.objects.get(pk=page.pk))
        assert deliver_pending() == 1
        assert Mailing.objects.count() == 1
