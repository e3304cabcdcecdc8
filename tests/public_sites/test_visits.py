"""Visits are counted, visitors are not (R60)."""

import contextlib
import datetime as dt

from django.utils import timezone

from public_sites import visits
from public_sites.models import Visits
from tenants.context import in_town

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


def counted(slug):
    """Page -> count of today, after the counters were gathered."""
    with in_town(slug):
        visits.gather()
        return dict(Visits.objects.filter(day=timezone.localdate()).values_list("path", "count"))


def test_pages_are_counted_by_town_and_day(planted, visitor):
    """Without a cookie; robots, files and pages that are not there are left out."""
    client = visitor(planted.first)
    for path in ("/", "/", "/community/news/", "/robots.txt", "/nothing/"):
        answer = client.get(path, headers={"user-agent": BROWSER})
        assert not answer.cookies
    client.get("/", headers={"user-agent": "Googlebot/2.1"})
    client.get("/")
    visitor(planted.second).get("/", headers={"user-agent": BROWSER})
    assert counted(planted.first) == {"/": 2, "/community/news/": 1}
    assert counted(planted.second) == {"/": 1}
    client.get("/", headers={"user-agent": BROWSER})
    assert counted(planted.first)["/"] == 3
    assert counted(planted.first)["/"] == 3


def test_what_was_taken_and_not_brought_home_is_not_lost(sites, visitor, monkeypatch):
    """The database fails while the counters are added: the next run adds them."""
    visitor(sites.first).get("/", headers={"user-agent": BROWSER})
    with monkeypatch.context() as broken:
        broken.setattr(visits.Visits.objects, "bulk_create", lambda *a, **k: 1 / 0)
        with contextlib.suppress(ZeroDivisionError):
            counted(sites.first)
    visitor(sites.first).get("/", headers={"user-agent": BROWSER})
    assert counted(sites.first) == {"/": 1}
    assert counted(sites.first) == {"/": 2}


def test_the_office_sees_the_sum(sites, staff):
    """As a chart with its table; old days are forgotten."""
    client = staff(sites.first, roles=["public_sites.editor"])
    assert "empty" in client.get("/site/visits/").content.decode()
    today = timezone.localdate()
    with in_town(sites.first):
        for days, number in ((0, 5), (3, 7), (31, 1000), (800, 3)):
            Visits.objects.create(day=today - dt.timedelta(days=days), path="/", count=number)
    answer = client.get("/site/visits/")
    assert answer.context["total"] == 12
    assert "<svg" in answer.content.decode()
    assert (
        staff(sites.first, roles=["budgets.finance_officer"], email="f@example.am").get("/site/visits/").status_code
        == 403
    )
