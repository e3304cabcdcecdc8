"""`/livez`: a loop that stands still is seen; one that waits for the queue server is left alone."""

import os
import subprocess
import sys
import tempfile

import pytest

from deploy.local.process import free_port
from hamaynk.observability import folder
from hamaynk.observability.pulse import STALE_SECONDS, Pulse
from tasks.watch import queue_is_away
from tests.support.links import plain_environment, process, wait_for
from tests.support.processes import ask, hamaynk


class Clock:
    """A clock that goes when it is told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_loop_that_turns_is_alive_and_one_that_stands_is_not():
    """And it may come back."""
    clock = Clock()
    pulse = Pulse(clock=clock)
    clock.now = STALE_SECONDS
    assert pulse.fault() == ""
    clock.now = STALE_SECONDS + 1
    assert pulse.fault() == "The main loop has not turned for 61 seconds."
    pulse.strike()
    assert pulse.fault() == ""


def test_who_waits_for_something_outside_is_left_alone_and_has_its_time_again():
    """While the queue is away nothing is stale; once it is back, a minute later it counts."""
    clock, away = Clock(), [True]
    pulse = Pulse(may_wait=lambda: away[0], clock=clock)
    for clock.now in (100.0, 200.0, 300.0):
        assert pulse.fault() == ""
    away[0] = False
    clock.now = 350.0
    assert pulse.fault() == ""
    clock.now = 361.0
    assert pulse.fault() != ""


def test_whether_the_queue_is_away_is_really_asked(settings):
    """The control: the suite's own answers."""
    assert queue_is_away() is False
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert queue_is_away() is True


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["worker", "beat"])
def test_a_real_loop_that_stands_still_is_seen(towns, kind):
    """Alive at first, then not: the very process, its loop held up; the one who answers is another thread."""
    with tempfile.TemporaryDirectory() as place:
        port = free_port()
        words = ["-m", "celery", "--quiet", "-A", "tests.hamaynk.observability.stuck", kind]
        words += ["--schedule", f"{place}/schedule"] if kind == "beat" else ["--concurrency", "1", "-Q", "stuck"]
        given = {"METRICS_PORT": str(port), "METRICS_BIND": "127.0.0.1", "HAMAYNK_PROCESS": kind}
        with process(*words, **given, **{folder.VARIABLE: place}):
            wait_for(lambda: _status(port) == 200, seconds=180, what="a sign of life")
            wait_for(lambda: _status(port) == 503, seconds=120, what="the loop's standing still")


def _status(port: int) -> int:
    try:
        return ask(port, "/livez")[0]
    except OSError:
        return 0


@pytest.mark.slow
def test_a_worker_without_its_queue_is_alive(towns):
    """Killing it would not bring the queue back."""
    nowhere = f"redis://127.0.0.1:{free_port()}/0"
    with hamaynk("worker", REDIS_URL=nowhere, WORKER_CONCURRENCY="1") as worker:
        assert worker.watched("/livez") == (200, "ok\n")
        assert worker.child.poll() is None


def test_folders_of_the_dead_are_cleared_away_and_those_of_the_living_are_not(tmp_path):
    """A process that was killed leaves its folder; the next one finds it. The lock outlives exec."""
    make = "from hamaynk.observability import folder; import sys, time; print(folder.make(), flush=True);"
    given = plain_environment(TMPDIR=str(tmp_path))
    hold = "import os; os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(60)'])"
    living = subprocess.Popen([sys.executable, "-c", make + hold], env=given, stdout=subprocess.PIPE, text=True)
    try:
        assert living.stdout is not None
        held = living.stdout.readline().strip()
        subprocess.run([sys.executable, "-c", make], env=given, check=True, capture_output=True)
        assert len(list(tmp_path.iterdir())) == 2
        subprocess.run([sys.executable, "-c", make], env=given, check=True, capture_output=True)
        there = [str(path) for path in tmp_path.iterdir()]
        assert len(there) == 2, "the second's, not the first's"
        assert held in there
        assert os.path.exists(held)
    finally:
        living.kill()
        living.wait()
