"""R40: the office sees how many read what, and nobody's address."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from public_sites.alerts.models import Delivery, Subscription
from tenants.context import in_town
from tests.public_sites.letters import mailing, news, readers

PAGE = "/site/subscribers/"


def test_only_publishers_see_the_numbers(sites, staff, visitor):
    """Editors and strangers do not; the site has no such page."""
    assert staff(sites.first, roles=["public_sites.publisher"], email="p@example.am").get(PAGE).status_code == 200
    assert staff(sites.first, roles=["public_sites.editor"], email="e@example.am").get(PAGE).status_code == 403
    assert visitor(sites.first, "office").get(PAGE).status_code == 302
    assert visitor(sites.first).get(PAGE).status_code == 404


def test_the_numbers(planted, staff, eager):
    """By topic and language, by month, by mailing; ended and unconfirmed ones do not count."""
    one, _other = readers(planted.first, "ani@example.am", "aram@example.am", topics=["news", "events"])
    readers(planted.first, "ivan@example.am", language="ru", topics=["news"])
    readers(planted.second, "away@example.am")
    past = timezone.now() - timedelta(days=70)
    with in_town(planted.first):
        Subscription.objects.create(email="new@example.am", language="hy", topics=["news"])
        Subscription.objects.create(
            email="gone@example.am", language="hy", topics=["news"], confirmed_at=past, ended_at=timezone.now()
        )
        news(title="Կամուրջ")
        Delivery.objects.filter(mailing=mailing(), subscription=one).update(state="failed", fault="smtp-550")
    answer = staff(planted.first, roles=["public_sites.publisher"]).get(PAGE)
    context = answer.context
    assert {row["label"]: row["counts"] for row in context["rows"]} | {"people": context["totals"]} == {
        **{row["label"]: [0, 0, 0, 0] for row in context["rows"]},
        context["rows"][0]["label"]: [2, 0, 1, 3],
        context["rows"][3]["label"]: [2, 0, 0, 2],
        "people": [2, 0, 1, 3],
    }
    table = context["growth"]["table"].rows
    assert [row[1:] for row in (table[-4], table[-1])] == [["0", "0", "0"], ["3", "1", "3"]]
    assert sum(int(row[1]) for row in table) == 4
    (told,) = context["page_obj"]
    assert (told.title, told.sent, told.failed) == ("Կամուրջ", 2, 1)
    page = answer.content.decode()
    assert "<svg" in page
    assert "example.am" not in page.replace("clerk@example.am", "")


def test_the_page_costs_the_same_with_more_of_everything(planted, staff, eager):
    """No query a row."""
    client = staff(planted.first, roles=["public_sites.publisher"])

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(PAGE).status_code == 200
        return len(found)

    readers(planted.first, "r0@example.am")
    with in_town(planted.first):
        news("n0")
    cost()
    before = cost()
    readers(planted.first, *(f"r{number}@example.am" for number in range(1, 9)))
    with in_town(planted.first):
        for number in range(1, 4):
            news(f"n{number}")
    cost()  # what all pages remember of the site is read anew after a change
    assert cost() == before


@pytest.mark.parametrize("role", ["public_sites.publisher"])
def test_before_anybody_asked(sites, staff, role):
    """Noughts and a sentence, no empty chart."""
    answer = staff(sites.first, roles=[role]).get(PAGE)
    assert answer.context["growth"] is None
    assert 'class="empty"' in answer.content.decode()
