"""No figure is lost between a town's commit and the ministry's table; nothing but figures gets there (R2, R41, R48)."""

import os
import signal
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from hamaynk.events.models import OutboxMessage
from hamaynk.events.outbox import deliver_pending
from hamaynk.oversight.collecting import FigureRefused, collect
from hamaynk.oversight.models import Figure
from hamaynk.statistics import ObservationRecorded, observe
from tasks.relay import sweep
from tenants.context import as_collector, in_oversight, in_town
from tests.support.links import owner_link, wait_for
from tests.support.workers import broker, empty_queues, said, worker

pytestmark = pytest.mark.usefixtures("towns")
EXECUTED, MONTH = "budgets.revenue_executed", date(2015, 9, 1)


def publish(value: int, version: int = 1) -> None:
    """A figure of dilijan, committed."""
    with in_town("dilijan"):
        observe(indicator=EXECUTED, period=MONTH, value=Decimal(value), version=version)


def figures() -> list[tuple[str, Decimal, int]]:
    """What the ministry has."""
    with in_oversight():
        return list(Figure.objects.values_list("town_id", "value", "version"))


@pytest.mark.slow
def test_a_worker_killed_while_it_holds_the_event_loses_nothing(settings: Any) -> None:
    """kill -9 after the town's commit and the lease, before the figure is out: another worker brings it."""
    settings.OUTBOX_SWEEP_SLICES = 1
    empty_queues()
    broker().delete("slow-relay:holds")
    publish(142000)
    assert figures() == []
    with worker("tests.faults.slow_relay", OUTBOX_LEASE_SECONDS="2") as first:
        assert said("slow-relay:holds") == "dilijan"
        os.kill(first.pid, signal.SIGKILL)
        first.wait(10)
    assert figures() == []
    with in_town("dilijan"):
        message = OutboxMessage.objects.get()
        assert (message.attempts, message.delivered_at) == (1, None)
    with worker(OUTBOX_LEASE_SECONDS="2"):
        wait_for(lambda: sweep() and figures(), what="the figure")
    assert figures() == [("dilijan", Decimal(142000), 1)]
    with in_town("dilijan"):
        assert OutboxMessage.objects.filter(delivered_at=None).count() == 0


def test_without_the_queue_the_commit_stands_and_the_sweep_delivers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wake-up is lost, the event is not."""
    from hamaynk.events import outbox

    def away(schema: str) -> None:
        raise ConnectionError("the queue is away")

    monkeypatch.setattr(outbox, "wake_hooks", [away])
    publish(5)
    with in_town("dilijan"):
        assert deliver_pending() == 1
    assert figures() == [("dilijan", Decimal(5), 1)]


def test_a_lease_keeps_other_workers_off_until_it_ends(settings: Any) -> None:
    """Two workers do not deliver one event at once; when the first is gone the second may."""
    publish(5)
    with in_town("dilijan"):
        from hamaynk.events.outbox import _lease

        settings.OUTBOX_LEASE_SECONDS = 60
        assert _lease() is not None
        assert deliver_pending() == 0
        OutboxMessage.objects.update(leased_until="2000-01-01T00:00:00Z")
        assert deliver_pending() == 1


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (3, 3, 1), (1, 3, 3)])
def test_an_older_version_never_wins(order: tuple[int, ...]) -> None:
    """Delivered in any order, and more than once: the highest version stands."""
    for version in order:
        collect(
            "dilijan",
            ObservationRecorded(indicator=EXECUTED, period=MONTH, value=Decimal(version * 10), version=version),
        )
    assert figures() == [("dilijan", Decimal(30), 3)]


def test_an_undeclared_indicator_and_an_unknown_town_are_refused() -> None:
    """Only what a manifest declares leaves a town."""
    event = ObservationRecorded(indicator="budgets.secret", period=MONTH, value=Decimal(1), version=1)
    known = ObservationRecorded(indicator=EXECUTED, period=MONTH, value=Decimal(1), version=1)
    for schema, said_event in (("dilijan", event), ("nowhere", known)):
        with pytest.raises(FigureRefused):
            collect(schema, said_event)
    assert figures() == []


def rights() -> set[tuple[str, str, str]]:
    """What the present role may do with every table of every schema: tried, not read from a list."""
    with owner_link() as owner:
        tables = owner.execute(
            "SELECT n.nspname, c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1"
            " WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|info)'"
        ).fetchall()
    assert len(tables) > 50
    found = set()
    for schema, table, column in tables:
        place = f'"{schema}"."{table}"'
        for verb, statement in {
            "SELECT": f"SELECT FROM {place} LIMIT 0",
            "INSERT": f'INSERT INTO {place} ("{column}") SELECT "{column}" FROM {place} WHERE false',
            "UPDATE": f'UPDATE {place} SET "{column}" = "{column}" WHERE false',
            "DELETE": f"DELETE FROM {place} WHERE false",
        }.items():
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
            except ProgrammingError:
                continue
            found.add((verb, schema, table))
    return found


def test_the_ministrys_role_reads_its_own_store_only_and_writes_no_figure() -> None:
    """Every table of every town, of the console, of the platform refuses it."""
    with in_oversight():
        found = rights()
    assert {schema for _, schema, _ in found} == {"oversight"}
    assert {verb for verb, _, table in found if table.startswith("oversight_")} == {"SELECT"}
    assert {verb for verb, _, table in found if table == "audit_entry"} == {"SELECT", "INSERT"}


def test_the_collector_writes_figures_and_reads_no_account() -> None:
    """The store's four tables, no other: no account, no session, no town."""
    with as_collector():
        found = rights()
    assert {(schema, table) for _, schema, table in found} == {
        ("oversight", "oversight_figure"),
        ("oversight", "oversight_meanperiod"),
        ("oversight", "oversight_meanvalue"),
        ("oversight", "oversight_townentry"),
    }
