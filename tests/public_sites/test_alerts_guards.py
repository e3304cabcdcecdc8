"""R40: the form tells nothing about anybody, lets nobody flood a mailbox, and forgets in time."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from hamaynk.events.models import OutboxMessage
from hamaynk.events.outbox import deliver_pending
from public_sites.alerts.links import CONFIRM, KEEP, token_of
from public_sites.alerts.models import Subscription
from public_sites.alerts.tasks import tidy
from tenants.context import in_town
from tests.public_sites.letters import ask, links, news, readers, subscribe
from tests.support.mail_server import mail_server

pytestmark = pytest.mark.usefixtures("eager")


def test_the_same_answer_for_known_and_unknown(towns, visitor):
    """Status, address and page do not tell whether somebody gets letters; the letter does, to its owner alone."""
    subscribe(visitor(towns.first), "known@example.am")
    cache.clear()
    answers = []
    for address in ("known@example.am", "unknown@example.am", " KNOWN@example.am "):
        answer = ask(visitor(towns.first), address, topics=["events"])
        answers.append((answer.status_code, answer["Location"], answer.content, sorted(answer.headers)))
    assert answers[0] == answers[1] == answers[2]
    known, unknown = mail.outbox
    assert (known.to, unknown.to) == (["known@example.am"], ["unknown@example.am"])
    assert set(links(known)) == {"change"}
    assert set(links(unknown)) == {"confirm"}
    with in_town(towns.first):
        assert Subscription.objects.get(email="known@example.am").topics == ["news"], "asking changes nothing"


def test_a_mailbox_is_not_flooded(towns, visitor):
    """One letter in ten minutes to one address, whoever asks; another address, and the same later, get theirs."""
    for number in range(3):
        answer = ask(visitor(towns.first, REMOTE_ADDR=f"10.0.0.{number}"))
        assert answer["Location"] == "/subscribe/sent/"
    assert len(mail.outbox) == 1
    ask(visitor(towns.first), "other@example.am")
    ask(visitor(towns.second))
    assert len(mail.outbox) == 3
    cache.clear()  # ten minutes later
    ask(visitor(towns.first))
    assert len(mail.outbox) == 4
    with in_town(towns.first):
        assert Subscription.objects.filter(email="ani@example.am").count() == 1


def test_one_place_asks_ten_times_an_hour(towns, visitor):
    """The eleventh is refused in words; another place and the other town still may."""
    client = visitor(towns.first, REMOTE_ADDR="10.0.0.1")
    for number in range(10):
        assert ask(client, f"a{number}@example.am").status_code == 302
    assert ask(client, "a10@example.am").status_code == 429
    assert len(mail.outbox) == 10
    assert ask(visitor(towns.first, REMOTE_ADDR="10.0.0.2"), "a10@example.am").status_code == 302
    assert ask(visitor(towns.second, REMOTE_ADDR="10.0.0.1"), "a10@example.am").status_code == 302


def test_a_program_gets_the_same_answer_and_no_letter(towns, visitor):
    """It fills in the field that nobody sees."""
    answer = ask(visitor(towns.first), website="https://spam.example")
    assert (answer.status_code, answer["Location"]) == (302, "/subscribe/sent/")
    assert mail.outbox == []
    with in_town(towns.first):
        assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "no address"},
        {"email": "a@b.am\nBcc: c@d.am"},
        {"topics": []},
        {"topics": ["salaries"]},
        {"topics": ["works"]},
        {"topics": ["works"], "streets": "փողոց, ул."},
        {"topics": ["works"], "streets": "\n".join(f"Փողոց Ա{number}բ" for number in range(21))},
        {"email": "x" * 250 + "@example.am"},
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(towns, visitor, wrong):
    """With 422 and no letter; the same without the fault goes through in all other tests."""
    answer = ask(visitor(towns.first), **wrong)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert mail.outbox == []


GARBLED = ["x" * 60, "1-" + "0" * 64 + "." + "A" * 43, "999-" + "0" * 64 + "." + "A" * 43, "%00" * 20 + "x" * 60]


@pytest.mark.parametrize("garbled", GARBLED)
@pytest.mark.parametrize("page", ["confirm", "change", "end"])
def test_a_garbled_link_is_404(towns, visitor, page, garbled):
    """By GET and by POST."""
    readers(towns.first, "ani@example.am")
    for call in (visitor(towns.first).get, visitor(towns.first).post):
        assert call(f"/subscribe/{page}/{garbled}/").status_code == 404


def test_a_link_serves_for_one_thing(towns, visitor):
    """A link to confirm ends nothing; one letter changed, or the row forgotten, and it is 404. Control: as it was sent."""
    (row,) = readers(towns.first, "ani@example.am")
    with in_town(towns.first):
        confirm, keep = token_of(row, CONFIRM), token_of(row, KEEP)
    client = visitor(towns.first)
    expected = {("confirm", confirm): 200, ("change", keep): 200, ("end", keep): 200}
    expected |= {("confirm", keep): 404, ("change", confirm): 404, ("end", confirm): 404}
    expected |= {("change", keep[:-1] + ("A" if keep[-1] != "A" else "E")): 404, ("change", "2" + keep[1:]): 404}
    for (page, token), status in expected.items():
        assert client.get(f"/subscribe/{page}/{token}/").status_code == status, (page, token)
    with in_town(towns.first):
        Subscription.objects.all().delete()
    assert client.get(f"/subscribe/change/{keep}/").status_code == 404


def test_addresses_are_forgotten_in_time(towns, visitor):
    """Never confirmed: seven days. Ended: thirty. A day less and it is still there; whoever reads on stays."""
    now = timezone.now()
    with in_town(towns.first):
        for name, days, field in (("new", 6, "asked_at"), ("never", 8, "asked_at")):
            Subscription.objects.create(
                email=f"{name}@example.am", language="hy", **{field: now - timedelta(days=days)}
            )
        for name, days in (("just", 29), ("long", 31)):
            Subscription.objects.create(
                email=f"{name}@example.am", language="hy", streets="Կամոյի", asked_at=now - timedelta(days=400),
                confirmed_at=now - timedelta(days=400), ended_at=now - timedelta(days=days),
            )  # fmt: skip
        Subscription.objects.create(
            email="reader@example.am", language="hy", asked_at=now - timedelta(days=400), confirmed_at=now
        )
    with in_town(towns.second):
        Subscription.objects.create(email="never@example.am", language="hy", asked_at=now - timedelta(days=8))
    tidy.for_town(towns.first)
    with in_town(towns.first):
        left = dict(Subscription.objects.values_list("email", "streets"))
        assert left == {"new@example.am": "", "just@example.am": "Կամոյի", "": "", "reader@example.am": ""}
    with in_town(towns.second):
        assert Subscription.objects.count() == 1


def test_whoever_ended_may_come_back(towns, visitor):
    """As somebody new: asked, confirmed."""
    client = visitor(towns.first)
    (row,) = readers(towns.first, "ani@example.am")
    with in_town(towns.first):
        keep = token_of(row, KEEP)
    client.post(f"/subscribe/end/{keep}/")
    subscribe(client)
    with in_town(towns.first):
        assert [one.is_active for one in Subscription.objects.order_by("pk")] == [False, True]


def test_without_the_mail_server_the_request_waits(towns, visitor, settings):
    """The resident is answered; the letter goes when the server is back; no address lies in the outbox or its faults."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert ask(visitor(towns.first))["Location"] == "/subscribe/sent/"
    with in_town(towns.first):
        message = OutboxMessage.objects.get()
        assert message.delivered_at is None
        assert "MailServerAway" in message.fault
        assert "ani@" not in f"{message.fault}{message.payload}"
        with mail_server() as server:
            settings.EMAIL_PORT = server.port
            OutboxMessage.objects.update(leased_until=None)
            assert deliver_pending() == 1
        assert [to for to, _text in server.taken] == ["ani@example.am"]


def test_a_refused_address_is_not_asked_again(towns, visitor, settings):
    """The form answers as ever, the outbox is done with it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server(refuse={"ani@example.am": 550}) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        assert ask(visitor(towns.first)).status_code == 302
    with in_town(towns.first):
        assert OutboxMessage.objects.get().delivered_at is not None


def test_letters_do_not_go_out_before_they_are_confirmed(planted, visitor):
    """Double opt-in: asked is not enough, whatever is published."""
    ask(visitor(planted.first))
    mail.outbox.clear()
    with in_town(planted.first):
        news()
    assert mail.outbox == []
