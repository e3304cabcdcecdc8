"""What the tests of letters share: to ask, to confirm, to publish."""

import re
from datetime import timedelta
from uuid import uuid4

from django.core import mail
from django.utils import timezone
from wagtail.models import Locale, Page

from public_sites import models
from public_sites.alerts.models import Mailing, Subscription
from tenants.context import in_town

LINK = re.compile(r"http://(\w+)\.localhost((?:/\w\w)?/subscribe/\w+/[\w.-]+/)")
LISTS = {
    models.NewsPage: "news",
    models.AnnouncementPage: "announcements",
    models.EventPage: "events",
    models.LegalActPage: "legal-acts",
}


def ask(client, email="ani@example.am", topics=("news",), language="hy", **more):
    """Fill in the form on the site."""
    start = "" if language == "hy" else f"/{language}"
    return client.post(f"{start}/subscribe/", {"email": email, "topics": list(topics), **more})


def links(letter):
    """Paths in a letter: {"confirm": ..., "change": ..., "end": ...}."""
    return {path.rstrip("/").split("/")[-2]: path for _host, path in LINK.findall(letter.body)}


def subscribe(client, email="ani@example.am", **more):
    """Ask and confirm, as a resident does."""
    assert ask(client, email, **more).status_code == 302
    path = links(mail.outbox.pop())["confirm"]
    assert client.post(path).status_code == 200


def readers(slug, *addresses, language="hy", topics=("news",), streets=""):
    """Confirmed subscriptions, put in directly: for tests about sending."""
    rows = [
        Subscription(
            email=one, language=language, topics=list(topics), streets=streets,
            confirmed_at=timezone.now() - timedelta(minutes=1),
        )
        for one in addresses
    ]  # fmt: skip
    with in_town(slug):
        return Subscription.objects.bulk_create(rows)


def write(kind, slug, title, code="hy", key=None, **fields):
    """A page below the list of its kind, not published yet. In the present town."""
    parent = Page.objects.get(slug=LISTS[kind], url_path__startswith=f"/{code}/")
    if kind is models.EventPage:
        fields.setdefault("starts_at", timezone.now() + timedelta(days=3))
    page = kind(title=title, slug=slug, live=False, **fields)
    page.translation_key, page.locale = key or uuid4(), Locale.objects.get(language_code=code)
    parent.add_child(instance=page)
    return page


def publish(page):
    """As the editing screens do."""
    page.save_revision().publish()


def news(slug="n1", title="Նոր կամուրջ", **more):
    """A published piece of news in the present town."""
    page = write(models.NewsPage, slug, title, **more)
    publish(page)
    return page


def mailing():
    """The only mailing of the present town."""
    return Mailing.objects.get()


def sent_to():
    """Addresses in the order in which they got something."""
    return [letter.to[0] for letter in mail.outbox]
