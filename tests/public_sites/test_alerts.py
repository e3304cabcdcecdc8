"""R40: residents are told by mail of what they chose, and of nothing once they end it."""

from datetime import timedelta
from email.header import decode_header, make_header
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone, translation

from public_sites import models
from public_sites.alerts.models import Mailing, Subscription
from public_sites.alerts.quiet import without_letters
from public_sites.demo import seed_demo
from tenants.context import in_town
from tenants.setup import set_up_town
from tests.conftest import HostClient
from tests.public_sites.letters import ask, links, news, publish, readers, sent_to, subscribe, write

pytestmark = pytest.mark.usefixtures("eager")


def test_from_asking_to_ending(planted, visitor):
    """R40: asked, confirmed by a button, told of the news, ended in one click by the mail program, told no more."""
    client = visitor(planted.first)
    assert client.get("/subscribe/?topic=news").context["form"].initial["topics"] == ["news"]
    answer = ask(client, topics=["news", "events"])
    assert answer["Location"] == "/subscribe/sent/"
    assert client.get("/subscribe/sent/").status_code == 200
    (asked,) = mail.outbox
    confirm = links(asked)["confirm"]
    with in_town(planted.first):
        news("n0")
    assert len(mail.outbox) == 1, "nothing before the confirmation"
    client.get(confirm)
    with in_town(planted.first):
        assert Subscription.objects.get().confirmed_at is None, "a program that follows links confirms nothing"
    assert client.post(confirm).status_code == 200
    with in_town(planted.first):
        page = news()
    letter = mail.outbox[-1]
    assert (letter.to, letter.subject) == (["ani@example.am"], page.title)
    assert f"http://dilijan.localhost{page.path_on_site}" in letter.body
    program = HostClient("dilijan.localhost", enforce_csrf_checks=True)
    end = letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://dilijan.localhost")
    assert program.get(end).status_code == 200
    with in_town(planted.first):
        assert Subscription.objects.get().is_active, "looking ends nothing"
    assert program.post(end, {"List-Unsubscribe": "One-Click"}).status_code == 200
    mail.outbox.clear()
    with in_town(planted.first):
        news("n2")
        assert Subscription.objects.get().ended_at is not None
    assert mail.outbox == []
    assert program.post(end).status_code == 200, "ending twice is no fault"
    assert client.post(confirm).status_code == 200
    with in_town(planted.first):
        assert not Subscription.objects.get().is_active, "the first letter does not bring it back"


def test_the_form_is_protected(planted):
    """Control to the one click: all other forms need their token."""
    client = HostClient("dilijan.localhost", enforce_csrf_checks=True)
    assert ask(client).status_code == 403
    assert mail.outbox == []


def test_what_a_letter_carries(planted, visitor):
    """Both forms, the town hall's name, one-click headers (RFC 8058), nothing that invites automatic answers."""
    subscribe(visitor(planted.first))
    with in_town(planted.first):
        news(title="Ջուր & լույս", summary="Երեք <օր>")
    (letter,) = mail.outbox
    (html, kind), *_rest = letter.alternatives
    assert kind == "text/html"
    assert "Ջուր &amp; լույս" in html
    assert "Երեք &lt;օր&gt;" in html
    assert "Ջուր & լույս" in letter.body
    assert "Երեք <օր>" in letter.body
    headers = letter.message()
    assert "Դիլիջանի համայնքապետարան" in str(make_header(decode_header(headers["From"])))
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<http://dilijan.localhost/subscribe/end/")
    assert (headers["Precedence"], headers["Auto-Submitted"]) == ("bulk", "auto-generated")
    assert "\n" not in headers["List-Unsubscribe"]


def test_each_reader_in_their_language(planted):
    """R50: the translation where it is published, else the Armenian page with a sentence; one letter each."""
    for code in ("hy", "en", "ru"):
        readers(planted.first, f"{code}@example.am", language=code)
    key = uuid4()
    with in_town(planted.first):
        write(models.NewsPage, "n1", "A new bridge", code="en", key=key)  # not published
        russian = write(models.NewsPage, "n1", "Новый мост", code="ru", key=key)
        russian.live = True
        russian.save()
        armenian = news(key=key)
        publish(russian)
        letters = {letter.to[0]: letter for letter in mail.outbox}
        assert Mailing.objects.count() == 1
    assert len(mail.outbox) == len(letters) == 3
    assert letters["ru@example.am"].subject == "Новый мост"
    assert "http://dilijan.localhost/ru/subscribe/change/" in letters["ru@example.am"].body
    english = letters["en@example.am"]
    assert english.subject == armenian.title
    assert "This is not translated into your language yet." in english.body
    assert 'lang="hy"' in english.alternatives[0][0]
    for code in ("hy", "ru"):
        with translation.override(code):
            said = translation.gettext("This is not translated into your language yet.")
        assert said not in letters[f"{code}@example.am"].body
    with in_town(planted.first):
        publish(armenian)
        publish(russian)
    assert len(mail.outbox) == 3, "a second publication is no news"


def test_where_there_is_no_armenian_page(planted):
    """What there is goes to everybody."""
    readers(planted.first, "hy@example.am")
    with in_town(planted.first):
        news(title="Новый мост", code="ru")
    (letter,) = mail.outbox
    assert letter.subject == "Новый мост"
    assert "http://dilijan.localhost/ru/community/news/n1/" in letter.body
    with translation.override("hy"):
        assert translation.gettext("This is not translated into your language yet.") in letter.body


@pytest.mark.parametrize(
    ("kind", "topic", "fields"),
    [
        (models.NewsPage, "news", {}),
        (models.AnnouncementPage, "announcements", {}),
        (models.AnnouncementPage, "announcements", {"streets": "Կամոյի"}),
        (models.EventPage, "events", {"place": "Դահլիճ"}),
        (models.LegalActPage, "decisions", {"number": "12-Ա"}),
    ],
)
def test_only_of_what_was_chosen(planted, kind, topic, fields):
    """Each kind of page reaches those who chose it, and nobody else."""
    for one in ("news", "announcements", "events", "decisions"):
        readers(planted.first, f"{one}@example.am", topics=[one])
    with in_town(planted.first):
        publish(write(kind, "p1", "Էջ", **fields))
    assert sent_to() == [f"{topic}@example.am"]


def test_a_draft_act_is_told_once_adopted(planted):
    """A draft makes no letter; its adoption makes one."""
    readers(planted.first, "ani@example.am", topics=["decisions"])
    with in_town(planted.first):
        act = write(models.LegalActPage, "a1", "Որոշում", is_draft=True)
        publish(act)
        assert mail.outbox == []
        act.is_draft = False
        publish(act)
        assert sent_to() == ["ani@example.am"]
        publish(act)
    assert len(mail.outbox) == 1


def test_an_archive_is_news_to_nobody(planted):
    """Old dates, past events and what is put in quietly send nothing; the last line shows that letters would go."""
    readers(planted.first, "ani@example.am", topics=["news", "events", "decisions", "announcements"])
    today, now = timezone.localdate(), timezone.now()
    with in_town(planted.first):
        news("old", date=today - timedelta(days=8))
        publish(write(models.LegalActPage, "act", "Որոշում", date=today - timedelta(days=8)))
        publish(write(models.EventPage, "past", "Օր", starts_at=now - timedelta(days=1)))
        with without_letters():
            news("quiet")
        seed_demo(planted.first)
        assert Mailing.objects.count() == 0
        assert mail.outbox == []
        news("fresh", date=today - timedelta(days=6))
    assert sent_to() == ["ani@example.am"]


def test_another_towns_readers_get_nothing(planted, visitor):
    """R48, R49: neither letters nor links cross over."""
    set_up_town(planted.second)
    subscribe(visitor(planted.first), "ani@example.am")
    subscribe(visitor(planted.second), "ani@example.am")
    with in_town(planted.first):
        news()
    (letter,) = mail.outbox
    assert "Դիլիջանի համայնքապետարան" in letter.body
    assert "sevan" not in letter.body
    change = links(letter)["change"]
    assert visitor(planted.second).get(change).status_code == 404
    assert visitor(planted.first).get(change).status_code == 200
    visitor(planted.first).post(links(letter)["end"])
    with in_town(planted.second):
        assert Subscription.objects.get().is_active


def test_changing_the_choice(planted, visitor):
    """The present choice is shown; another one counts at once; an empty one is refused beside the field."""
    client = visitor(planted.first)
    subscribe(client, topics=["news", "works"], streets="Կամոյի փողոց")
    with in_town(planted.first):
        news()
    path = links(mail.outbox.pop())["change"]
    assert client.get(path).context["form"].initial == {
        "topics": ["news", "works"], "streets": "Կամոյի փողոց", "language": "hy",
    }  # fmt: skip
    assert client.post(path, {"language": "ru", "topics": []}).status_code == 422
    assert client.post(path, {"language": "ru", "topics": ["works"], "streets": " , "}).status_code == 422
    assert client.post(path, {"language": "ru", "topics": ["events"], "streets": "Կամոյի"}).context["is_saved"]
    with in_town(planted.first):
        row = Subscription.objects.get()
        assert (row.language, row.topics, row.streets) == ("ru", ["events"], "")
        news("n2")
        assert mail.outbox == []
        publish(write(models.EventPage, "e1", "Տոն"))
    (letter,) = mail.outbox
    assert "/ru/subscribe/end/" in letter.extra_headers["List-Unsubscribe"]
    client.post(links(letter)["end"])
    assert "form" not in (client.get(path).context or {})


@pytest.mark.parametrize("path", ["/community/news/", "/ru/community/events/", "/self-government/legal-acts/", "/en/"])
def test_the_form_is_found(planted, visitor, path):
    """On the first page, under the lists and in the footer, in the reader's language; other lists offer nothing."""
    page = visitor(planted.first).get(path).content.decode()
    prefix = f"/{path[1:3]}" if path[3:4] == "/" else ""
    assert page.count(f'href="{prefix}/subscribe/') == 2
    assert "subscribe/?topic=" not in visitor(planted.first).get("/town-hall/vacancies/").content.decode()


@pytest.mark.parametrize("language", ["hy", "en", "ru"])
def test_the_form_speaks_three_languages(planted, visitor, language):
    """R50: under addresses of their own; the letter speaks the language of the form."""
    client = visitor(planted.first)
    start = "" if language == "hy" else f"/{language}"
    page = client.get(f"{start}/subscribe/").content.decode()
    assert f'lang="{language}"' in page
    assert f"next={start}/subscribe/" in page.replace("%2F", "/")
    assert ask(client, language=language)["Location"] == f"{start}/subscribe/sent/"
    assert f"http://dilijan.localhost{start}/subscribe/confirm/" in mail.outbox[0].body
    assert client.get(links(mail.outbox[0])["confirm"]).status_code == 200
    client.cookies["django_language"] = language
    assert client.get("/subscribe/").status_code == (200 if language == "hy" else 302)
