"""A figure's way: published in a town, compared by the ministry."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from hamaynk.events.models import OutboxMessage
from hamaynk.events.outbox import deliver_pending
from hamaynk.oversight.models import Figure
from hamaynk.statistics import observe
from modules.budgets.demo import seed
from tenants.context import as_collector, in_oversight, in_town
from tests.conftest import HostClient
from tests.hamaynk.oversight.towns import item, publish_execution
from tests.support.links import wait_for
from tests.support.workers import empty_queues, worker


def _publish(slug: str) -> None:
    with in_town(slug):
        seed(slug)
        deliver_pending()


def test_publishing_a_month_reaches_the_ministry(towns, ministry):
    """R2, R41: plans, executed and percent of both towns, in the ministry's own store and on its page."""
    assert "519225.790" not in ministry.get("/").content.decode()
    _publish(towns.first)
    _publish(towns.second)
    with in_oversight():
        figures = {
            f.indicator: f.value for f in Figure.objects.filter(town="dilijan", period=date(2015, 9, 1), item="")
        }
    assert figures == {
        "budgets.revenue_year_plan": Decimal("760414500"),
        "budgets.revenue_planned": Decimal("519225790"),
        "budgets.revenue_executed": Decimal("389782993"),
        "budgets.revenue_percent": Decimal("75.07"),
    }
    page = ministry.get("/?side=revenue&year=2015&month=9").content.decode()
    for text in ("519225.790", "389782.993", "75.07", "<svg"):
        assert text in page


def test_expenditure_goes_the_same_way(towns, ministry):
    """R41: the other side of the budget, totals and main lines, on the same page; the sides do not mix."""
    assert "46.67" not in ministry.get("/?side=expenditure").content.decode()
    publish_execution(towns.first, "1400.00", planned="3000.00", items=[item("2900", "900.00"), item("2910", "900.00")])
    with in_oversight():
        figures = {(f.indicator, f.item): f.value for f in Figure.objects.filter(town="dilijan")}
    assert figures == {
        **{(f"budgets.expenditure_{name}", ""): value for name, value in (("year_plan", 4000), ("planned", 3000))},
        ("budgets.expenditure_executed", ""): 1400,
        ("budgets.expenditure_percent", ""): Decimal("46.67"),
        **{(f"budgets.expenditure_{name}", code): value
           for name, value in (("year_plan", 40), ("planned", 10), ("executed", 900)) for code in ("2900", "2910")},
    }  # fmt: skip
    assert "46.67" in ministry.get("/?side=expenditure").content.decode()
    assert "46.67" not in ministry.get("/?side=revenue").content.decode()


@pytest.mark.slow
def test_a_worker_brings_it_within_five_seconds(towns, ministry):
    """R2: the commit wakes the relay; nobody waits for the sweep, whatever the number of lines."""
    empty_queues()
    lines = [item(str(2000 + number), "1.00") for number in range(110)]
    with worker():
        with in_town(towns.second), transaction.atomic():
            observe(indicator="budgets.revenue_percent", period=date(2020, 1, 1), value=Decimal(1), version=1)
        wait_for(_is_brought(date(2020, 1, 1)), what="a worker that listens")
        publish_execution(towns.first, "1400.00", planned="3000.00", items=lines, deliver=False)
        wait_for(_is_brought(date(2026, 9, 1)), seconds=5, what="the figure at the ministry")
    assert "46.67" in ministry.get("/?side=expenditure&year=2026&month=9").content.decode()


def _is_brought(period):
    """A question for wait_for: has the store the figure that a publication tells last?"""

    def ask():
        with in_oversight():
            return Figure.objects.filter(period=period, indicator__endswith="_percent").exists()

    return ask


def test_delivering_again_changes_nothing(towns):
    """At least once means: twice must be the same as once."""
    _publish(towns.first)
    with in_town(towns.first):
        OutboxMessage.objects.update(delivered_at=None, leased_until=None, done=[])
        deliver_pending()
    with in_oversight():
        assert Figure.objects.filter(item="").count() == 4


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
