"""Figures of the whole platform: gathered by those who may, kept in the cache, told by beat."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deploy.local.process import free_port
from hamaynk.events.models import OutboxMessage
from hamaynk.statistics import observe
from tasks import figures
from tasks.figures import PlatformFigures, families, gather, note_backup, note_outbox, queues
from tasks.relay import deliver
from tenants.context import as_owner, in_town
from tenants.models import Community, ProvisioningRun
from tenants.routing import announce_change

pytestmark = pytest.mark.usefixtures("towns")


def told() -> dict[str, dict[tuple[str, ...], float]]:
    """What beat would answer: name -> labels -> value."""
    return {
        family.name: {tuple(sample.labels.values()): sample.value for sample in family.samples}
        for family in PlatformFigures().collect()
    }


def one(name: str) -> float:
    """A figure without labels."""
    return told()[name][()]


def publish(slug: str, ago: timedelta) -> None:
    """An event that waits in a town's outbox."""
    with in_town(slug):
        observe(indicator="budgets.revenue_executed", period=date(2015, 9, 1), value=Decimal(5), version=1)
        OutboxMessage.objects.update(created_at=timezone.now() - ago)


def test_what_waits_in_the_outboxes_is_known_without_asking_all_towns() -> None:
    """Each town's own delivery notes it; gathering asks the cache, and the console three times."""
    gather()
    assert one("hamaynk_outbox_unknown") == 2
    publish("dilijan", timedelta(hours=2))
    for slug in ("dilijan", "sevan"):
        with in_town(slug):
            note_outbox()
    with CaptureQueriesContext(connection) as queries:
        gather()
    assert len(queries) <= 6
    assert not any("outbox" in query["sql"] for query in queries)
    assert one("hamaynk_outbox_unknown") == 0
    assert one("hamaynk_outbox_waiting") == 1
    assert 7200 <= one("hamaynk_outbox_age_seconds") < 7500


def test_a_delivery_notes_that_nothing_waits_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The task that beat's sweep asks for in each town does it."""
    publish("dilijan", timedelta(hours=2))
    with in_town("dilijan"):
        note_outbox()
    gather()
    assert one("hamaynk_outbox_waiting") == 1, "the control"
    deliver.apply(headers={"hamaynk_town": "dilijan"}).get()
    gather()
    assert one("hamaynk_outbox_waiting") == 0
    assert one("hamaynk_outbox_age_seconds") == 0


def test_suspended_towns_do_not_alarm() -> None:
    """Nobody sweeps their outbox."""
    publish("dilijan", timedelta(days=2))
    with in_town("dilijan"):
        note_outbox()
    with as_owner():
        Community.objects.filter(slug="dilijan").update(state=Community.State.SUSPENDED)
    announce_change()
    gather()
    assert one("hamaynk_towns") == 1
    assert one("hamaynk_outbox_waiting") == 0


def test_onboardings_and_releases() -> None:
    """By state; the age of the oldest that has not ended; towns that a rollout has not reached, archived ones left out."""
    now = timezone.now()
    with as_owner():
        for state, ago in (("waiting", 10), ("running", 30), ("failed", 90)):
            run = ProvisioningRun.objects.create(profile={"slug": "x"}, state=state)
            ProvisioningRun.objects.filter(pk=run.pk).update(created_at=now - timedelta(minutes=ago))
        release = Community.objects.get(slug="sevan").release
        Community.objects.filter(slug="sevan").update(release="older")
    try:
        gather()
        assert told()["hamaynk_provisioning_runs"] == {
            ("waiting",): 1,
            ("running",): 1,
            ("done",): 0,
            ("failed",): 1,
        }
        assert 1800 <= one("hamaynk_provisioning_age_seconds") < 2000
        assert one("hamaynk_towns_behind") == 1
        with as_owner():
            Community.objects.filter(slug="sevan").update(state=Community.State.ARCHIVED)
        gather()
        assert one("hamaynk_towns_behind") == 0
    finally:
        with as_owner():
            Community.objects.filter(slug="sevan").update(release=release)


def test_figures_grow_old_by_themselves() -> None:
    """A worker that gathers no more is seen: ages go on from what was last known."""
    publish("dilijan", timedelta(seconds=100))
    with in_town("dilijan"):
        note_outbox()
    known = gather()
    later = {family.name: family.samples for family in families(known, known["at"] + 1000)}
    assert later["hamaynk_figures_age_seconds"][0].value == 1000
    assert later["hamaynk_outbox_age_seconds"][0].value >= 1100
    assert later["hamaynk_outbox_noted_age_seconds"][0].value >= 1000


def test_without_the_cache_server_beat_says_so(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing that it does not know. The control: with it, it says one."""
    gather()
    assert one("hamaynk_cache_up") == 1
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert told() == {"hamaynk_cache_up": {(): 0.0}}


def test_backups_are_noted_by_kind() -> None:
    """By the command that a backup ends with; before, nothing is claimed."""
    caches["platform"].delete_many([f"{figures.BACKUP_KEY}:{kind}" for kind in figures.BACKUPS])
    gather()
    assert told()["hamaynk_backup_timestamp_seconds"] == {}
    call_command("figures", "backup", "cluster")
    assert set(told()["hamaynk_backup_timestamp_seconds"]) == {("cluster",)}
    call_command("figures", "backup", "towns", "--at", "1790000000.5")
    assert told()["hamaynk_backup_timestamp_seconds"][("towns",)] == 1790000000.5
    with pytest.raises(LookupError):
        note_backup("moon")


def test_the_command_prints_them() -> None:
    """For who has no Prometheus."""
    out = StringIO()
    call_command("figures", "show", stdout=out)
    lines = dict(line.rsplit(None, 1) for line in out.getvalue().splitlines())
    assert lines["hamaynk_towns"] == "2"
    assert lines["hamaynk_provisioning_runs done"] == "0"


def test_all_queues_are_known() -> None:
    """Those that tasks are routed to, and what modules declare."""
    assert {"default", "oversight", "provisioning"} <= set(queues())
