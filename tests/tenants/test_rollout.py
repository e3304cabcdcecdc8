"""A migration of all towns: compiled once, replayed from a resumable ledger, canaries first (R48; ADR 0005)."""

import subprocess
import sys
import threading
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hamaynk_noticeboard.models import Notice

from tenants import locks
from tenants.context import as_owner, in_town
from tenants.ddl import read_structure
from tenants.models import Community, MigrationStep, RolloutEntry
from tenants.provisioning import onboard
from tenants.rollout import outdated, roll_out, waves
from tests.support.links import owner_link, role_link
from tests.support.pending import Pending, pending
from tests.support.platform import Towns, profile

__all__ = ["pending"]

ADD_COLUMN = (
    'migrations.RunSQL("ALTER TABLE hamaynk_noticeboard_notice ADD COLUMN pinned boolean NOT NULL DEFAULT false")'
)
ADD_INDEX = 'migrations.RunSQL("CREATE INDEX notice_text ON hamaynk_noticeboard_notice (text)")'
SHOUT = """migrations.RunPython(lambda apps, editor: [
    (setattr(notice, "text", notice.text.upper()), notice.save())
    for notice in apps.get_model("hamaynk_noticeboard", "Notice").objects.all()])"""


def states() -> dict[str, tuple[str, int]]:
    """The ledger: town -> state, steps done."""
    with as_owner():
        return {e.community.slug: (e.state, e.steps_done) for e in RolloutEntry.objects.select_related("community")}


def has_column(schema: str) -> bool:
    """True if the pending column stands in the schema."""
    with owner_link() as owner:
        found = owner.execute(
            "SELECT 1 FROM information_schema.columns WHERE table_schema = %s AND column_name = 'pinned'", [schema]
        )
        return found.fetchone() is not None


def test_compiled_once_and_replayed_in_every_town(pending: Pending) -> None:
    """Both steps arrive; every catalogue equals the template's; the town's role may use what is new."""
    release = pending(ADD_COLUMN, ADD_INDEX)
    with as_owner():
        step = MigrationStep.objects.get(app="hamaynk_noticeboard", name="0002_more")
        assert step.sql is not None
        assert "ADD COLUMN pinned" in step.sql
        assert [town.slug for town in outdated()] == ["dilijan", "sevan"]
    report = roll_out()
    assert (report.done, report.failed, report.left) == (["dilijan", "sevan"], {}, [])
    assert states() == {"dilijan": ("done", 2), "sevan": ("done", 2)}
    for schema in ("dilijan", "sevan"):
        with as_owner(schema):
            assert read_structure(schema).catalogue_hash() == release.catalogue_hash
        with role_link(schema) as door:
            door.execute("INSERT INTO hamaynk_noticeboard_notice (text, pinned) VALUES ('x', true)")
    with as_owner():
        assert outdated() == []


def test_a_town_made_later_has_the_release_from_the_start(pending: Pending) -> None:
    """New towns replay the newest text; there is nothing to migrate in them."""
    release = pending(ADD_COLUMN)
    town = onboard(profile("gavar"))
    assert town.release == release.release
    with as_owner():
        assert [town.slug for town in outdated()] == ["dilijan", "sevan"]


@pytest.mark.parametrize("more", [0, 3])
def test_nothing_to_do_is_one_comparison_however_many_towns(towns: Towns, more: int) -> None:
    """One query for the newest release and one that compares all stamps; no town is touched."""
    for number in range(more):
        onboard(profile(f"town{number}"))
    with CaptureQueriesContext(connection) as queries:
        report = roll_out()
    assert report.done == []
    assert len(queries) == 2, [query["sql"] for query in queries]


def test_canaries_go_first() -> None:
    """Marked towns, else one; then a hundredth, a tenth, the rest."""
    towns = [Community(pk=number, slug=f"t{number}", is_canary=number in (7, 9)) for number in range(300)]
    sizes = [len(wave) for wave in waves(towns)]
    assert sizes == [2, 2, 29, 267]
    assert {town.pk for town in next(waves(towns))} == {7, 9}
    assert [len(wave) for wave in waves(towns[:3])] == [1, 1, 1]


def test_a_failed_canary_stops_the_rest_and_a_second_run_goes_on(pending: Pending) -> None:
    """The fault is in the ledger, no other town is touched; when the cause is gone the same command finishes."""
    with as_owner():
        Community.objects.filter(slug="sevan").update(is_canary=True)
    pending(ADD_COLUMN)
    with owner_link() as owner:
        owner.execute("ALTER TABLE sevan.hamaynk_noticeboard_notice ADD COLUMN pinned int")
        report = roll_out()
        assert list(report.failed) == ["sevan"]
        assert "already exists" in report.failed["sevan"]
        assert report.left == ["dilijan"]
        assert states() == {"sevan": ("failed", 0)}
        assert not has_column("dilijan")
        owner.execute("ALTER TABLE sevan.hamaynk_noticeboard_notice DROP COLUMN pinned")
    assert roll_out().done == ["sevan", "dilijan"]
    assert states() == {"sevan": ("done", 1), "dilijan": ("done", 1)}


def test_a_step_that_fails_leaves_nothing_of_itself(pending: Pending) -> None:
    """The first step stays, the second is as if never begun, and only it is done again."""
    pending(ADD_COLUMN, ADD_INDEX)
    with owner_link() as owner:
        owner.execute("CREATE INDEX notice_text ON dilijan.hamaynk_noticeboard_notice (id)")
        assert list(roll_out().failed) == ["dilijan"]
        assert states()["dilijan"] == ("failed", 1)
        assert has_column("dilijan")
        owner.execute("DROP INDEX dilijan.notice_text")
    assert roll_out().failed == {}
    assert states()["dilijan"] == ("done", 1)


def test_resumed_after_an_exception_in_the_middle(pending: Pending) -> None:
    """What is done is not done again."""
    pending(ADD_COLUMN)

    def crash(done: int, of: int, slug: str) -> None:
        raise KeyboardInterrupt(slug)

    with pytest.raises(KeyboardInterrupt, match="dilijan"):
        roll_out(progress=crash)
    assert (has_column("dilijan"), has_column("sevan")) == (True, False)
    assert roll_out().done == ["sevan"]


def test_resumed_after_the_process_is_gone(pending: Pending) -> None:
    """The process dies between two towns, without a chance to tidy up."""
    pending(ADD_COLUMN)
    code = (
        "import os, django; django.setup(); from tenants.rollout import roll_out;"
        " roll_out(progress=lambda done, of, slug: os._exit(9))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 9
    assert (has_column("dilijan"), has_column("sevan")) == (True, False)
    assert states() == {"dilijan": ("done", 1)}
    assert roll_out().done == ["sevan"]


def test_a_town_left_running_by_a_crash_is_taken_up_again(pending: Pending) -> None:
    """The ledger says running, the step was rolled back with its transaction: it is simply done again."""
    release = pending(ADD_COLUMN)
    with as_owner():
        town = Community.objects.get(slug="dilijan")
        RolloutEntry.objects.create(community=town, release=release.release, state=RolloutEntry.State.RUNNING)
    assert roll_out().failed == {}
    assert states()["dilijan"] == ("done", 1)


def test_a_busy_table_is_waited_for(pending: Pending, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock is asked for again and again for a short while each, so that visitors do not queue behind it."""
    monkeypatch.setattr(locks, "LOCK_TIMEOUT", "100ms")
    pending(ADD_COLUMN)
    with owner_link(autocommit=False) as visitor:
        visitor.execute("SELECT 1 FROM dilijan.hamaynk_noticeboard_notice")
        ends = threading.Timer(0.3, visitor.rollback)
        ends.start()
        began = time.monotonic()
        assert roll_out().failed == {}
        assert time.monotonic() - began > 0.2
        ends.join()


def test_a_table_that_stays_busy_is_a_fault_in_the_ledger(pending: Pending, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many tries the town is left as it was, with the reason."""
    monkeypatch.setattr(locks, "LOCK_TIMEOUT", "20ms")
    monkeypatch.setattr(locks, "LOCK_TRIES", 2)
    pending(ADD_COLUMN)
    with owner_link(autocommit=False) as visitor:
        visitor.execute("SELECT 1 FROM dilijan.hamaynk_noticeboard_notice")
        report = roll_out()
        visitor.rollback()
    assert "lock timeout" in report.failed["dilijan"]
    assert report.left == ["sevan"]
    assert not has_column("dilijan")


def test_a_migration_that_runs_python_is_run_by_django_in_each_town(pending: Pending) -> None:
    """It has no SQL to replay; each town's own rows are changed, in the order of steps."""
    for slug in ("dilijan", "sevan"):
        with in_town(slug):
            Notice.objects.create(text=f"{slug} notice")
    pending(SHOUT, ADD_COLUMN)
    with as_owner():
        assert MigrationStep.objects.get(app="hamaynk_noticeboard", name="0002_more").sql is None
    report = roll_out()
    assert report.failed == {}
    for slug in ("dilijan", "sevan"):
        with in_town(slug):
            assert [notice.text for notice in Notice.objects.all()] == [f"{slug.upper()} NOTICE"]
        assert has_column(slug)
    assert states() == {"dilijan": ("done", 2), "sevan": ("done", 2)}
