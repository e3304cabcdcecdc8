"""Processes that stand still where it must be seen: for `celery -A tests.hamaynk.observability.stuck`."""

import time
from typing import Any

import django

django.setup()

from celery import bootsteps  # noqa: E402

from hamaynk.observability import pulse  # noqa: E402
from tasks.app import app  # noqa: E402
from tasks.watch import PulsingScheduler  # noqa: E402

__all__ = ["app"]
pulse.STALE_SECONDS = 6.0


class StuckScheduler(PulsingScheduler):
    """Turns once, then never again."""

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Once."""
        super().tick(*args, **kwargs)
        time.sleep(600)


class StuckStep(bootsteps.StartStopStep):
    """Holds the event loop up after a while."""

    requires = {"celery.worker.components:Timer"}

    def start(self, parent: Any) -> None:
        """Later, so that the beginning is seen to be good."""
        parent.timer.call_after(2.0, time.sleep, (600,))


app.conf.beat_scheduler = "tests.hamaynk.observability.stuck:StuckScheduler"
app.steps["worker"].add(StuckStep)
