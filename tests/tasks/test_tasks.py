"""Background work carries its town, and runs as that town's role or not at all (R48)."""

import os
from typing import Any

import pytest
from django.db import connection

from tasks.base import CommunityTask, community_task
from tasks.relay import deliver, sweep
from tenants.context import NoTown, current_schema, in_town
from tenants.database.base import TownSwitchError
from tenants.names import PUBLIC, role_of
from tests.support.workers import broker, empty_queues, said, worker

pytestmark = pytest.mark.usefixtures("towns")
ran: list[tuple[str, str, tuple[Any, ...]]] = []


@community_task(name="tests.tell")
def tell(*args: Any) -> None:
    """Notes where it runs and as whom."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        ran.append((current_schema(), cursor.fetchone()[0], args))


@community_task(name="tests.fail")
def fail() -> None:
    """Fails inside of the town."""
    raise LookupError(current_schema())


@pytest.fixture(autouse=True)
def _eager() -> Any:
    from tasks.app import app

    ran.clear()
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager = app.conf.task_eager_propagates = False


def test_a_task_without_a_town_refuses_to_run() -> None:
    """Called, delayed or applied: none of them falls back to a place."""
    for call in (tell, tell.delay, tell.apply_async, lambda: tell.apply_async(headers={"hamaynk_town": ""})):
        with pytest.raises(NoTown):
            call()
    assert ran == []


@pytest.mark.parametrize("slug", ["nowhere-town", "console", "public", "town-template", "dilijan\n", "../dilijan"])
def test_a_task_of_a_town_that_is_not_there_refuses_to_run(slug: str) -> None:
    """A town that was removed, a reserved word, a crafted header."""
    with pytest.raises(NoTown):
        tell.for_town(slug)
    assert ran == []


def test_a_task_runs_as_its_towns_role_and_leaves_it() -> None:
    """Both towns, with their arguments; afterwards the worker stands nowhere."""
    tell.for_town("dilijan", 1)
    tell.for_town("sevan", 2)
    assert ran == [("dilijan", role_of("dilijan"), (1,)), ("sevan", role_of("sevan"), (2,))]
    with pytest.raises(LookupError, match="sevan"):
        fail.for_town("sevan")
    assert current_schema() == PUBLIC


def test_a_task_does_not_take_the_callers_town() -> None:
    """What its message names counts, not where the caller stands."""
    with in_town("dilijan"):
        tell.for_town("sevan")
        assert current_schema() == "dilijan"
        with pytest.raises(NoTown):
            tell.delay()
    assert [place for place, _, _ in ran] == ["sevan"]


def test_an_eager_task_of_another_town_inside_a_transaction_is_refused() -> None:
    """The same rule as everywhere."""
    from django.db import transaction

    with in_town("dilijan"), transaction.atomic(), pytest.raises(TownSwitchError):
        tell.for_town("sevan")


def test_the_slices_of_the_sweep_together_wake_every_town_once(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Staggered: no sweep asks all towns, and no town is left out of a round, wherever it begins."""
    woken: list[str] = []
    monkeypatch.setattr(deliver, "for_town", woken.append)
    settings.OUTBOX_SWEEP_SLICES = 12
    assert sum(sweep() for _ in range(12)) == 2
    assert sorted(woken) == ["dilijan", "sevan"]


def test_only_the_platforms_own_tasks_need_no_town() -> None:
    """A module's task without a town would have nobody to run as."""
    from tasks.app import app

    app.loader.import_default_modules()
    bare = {
        name
        for name, task in app.tasks.items()
        if not name.startswith("celery.") and not isinstance(task, CommunityTask)
    }
    assert {"tasks.provisioning.onboard_town", "tasks.relay.sweep", "tasks.schedule.fan_out"} <= bare
    assert all(name.startswith(("tasks.", "hamaynk.")) for name in bare), bare


@pytest.mark.slow
def test_the_town_travels_to_a_real_worker() -> None:
    """Over Valkey, into a process without the owner's credentials: it runs there, as the named town's role."""
    from tasks.app import app

    app.conf.task_always_eager = False
    empty_queues()
    keys = {town: f"{role_of(town)}:probe:{os.getpid()}" for town in ("dilijan", "sevan")}
    bare = f"probe:bare:{os.getpid()}"
    app.send_task("probe.who", args=[bare])
    for town, key in keys.items():
        app.send_task("probe.who", args=[key], headers={CommunityTask.town_header: town})
    with worker("tests.tasks.probe") as child:
        for town, key in keys.items():
            role, pid = said(key).split()
            assert role == role_of(town)
            assert int(pid) == child.pid
    assert broker().get(bare) is None, "the first message named no town"
