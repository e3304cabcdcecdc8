"""A figure's way: published in a town, compared by the ministry."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection

from hamaynk.events.models import OutboxMessage
from hamaynk.events.outbox import deliver_pending
from hamaynk.oversight.models import Figure
from modules.budgets.demo import seed
from tenants.context import as_collector, in_oversight, in_town
from tests.conftest import HostClient


def _publish(slug: str) -> None:
    with in_town(slug):
        seed(slug)
        deliver_pending()


def test_publishing_a_month_reaches_the_ministry(towns, ministry):
    """R2, R41: planned, executed and percent of both towns, in the ministry's own store and on its page."""
    assert "519225.790" not in ministry.get("/").content.decode()
    _publish(towns.first)
    _publish(towns.second)
    with in_oversight():
        figures = {f.indicator: f.value for f in Figure.objects.filter(town="dilijan", period=date(2015, 9, 1))}
    assert figures == {
        "budgets.revenue_planned": Decimal("519225790"),
        "budgets.revenue_executed": Decimal("389782993"),
        "budgets.revenue_percent": Decimal("75.07"),
    }
    page = ministry.get("/?month=2015-09").content.decode()
    for text in ("519225.790", "389782.993", "75.07", "<svg"):
        assert text in page


def test_delivering_again_changes_nothing(towns):
    """At least once means: twice must be the same as once."""
    _publish(towns.first)
    with in_town(towns.first):
        OutboxMessage.objects.update(delivered_at=None, leased_until=None, done=[])
        deliver_pending()
    with in_oversight():
        assert Figure.objects.count() == 3


def test_the_ministry_role_reads_nothing_but_its_own_schema(towns):
    """The database refuses: towns, public, console; and the figures cannot be written. The control: they can be read."""
    _publish(towns.first)
    with in_oversight():
        assert Figure.objects.exists()
        for table in ("dilijan.budgets_monthlyfigure", "public.tenants_community", "console.accounts_user"):
            with pytest.raises(DatabaseError), connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
        with pytest.raises(DatabaseError):
            Figure.objects.update(value=0)


def test_the_collector_reads_no_account(towns):
    """It brings figures and sees nobody."""
    with as_collector(), pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_user")


@pytest.mark.parametrize("month", ["", "2015-13", "nonsense", "1999-01", "2015-09'--"])
def test_a_bad_month_shows_the_newest(towns, ministry, month):
    """Never a 500."""
    _publish(towns.first)
    answer = ministry.get("/", {"month": month})
    assert answer.status_code == 200
    assert "389782.993" in answer.content.decode()


def test_oversight_is_for_the_ministry(towns):
    """A stranger is asked to sign in."""
    assert HostClient("oversight.localhost").get("/").status_code == 302
