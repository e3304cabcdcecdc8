"""What workers and beat tell of themselves: figures of tasks, signs of life, log lines, the request behind a task.

Imported by `tasks.app`; everything hangs on Celery's signals.
"""

import logging
import logging.config
import os
import time
from datetime import datetime
from typing import Any

from celery import bootsteps, signals
from celery.beat import PersistentScheduler
from django.conf import settings
from redis import Redis

from hamaynk.observability import exposition, folder, metrics, tracing
from hamaynk.observability.context import request_id
from hamaynk.observability.pulse import Pulse

log = logging.getLogger("hamaynk.tasks")
REQUEST_HEADER, SENT_HEADER = "hamaynk_request", "hamaynk_sent_at"
STRIKE_SECONDS = 5.0
_running: dict[str, tuple[float, Any]] = {}


def queue_is_away() -> bool:
    """True where the queue's server does not answer: then a worker rightly waits."""
    try:
        link = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
        try:
            link.ping()
        finally:
            link.close()
    except Exception:
        return True
    return False


pulse = Pulse(may_wait=queue_is_away)


class PulsingScheduler(PersistentScheduler):  # type: ignore[misc]
    """Beat's schedule; each turn of its loop is a sign of life."""

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """One turn."""
        pulse.strike()
        return super().tick(*args, **kwargs)


class PulseStep(bootsteps.StartStopStep):  # type: ignore[misc]
    """In a worker: a timer of its event loop strikes, so a loop that is stuck is seen."""

    requires = {"celery.worker.components:Timer"}

    def start(self, parent: Any) -> None:
        """Begin to strike, and listen for those who watch."""
        pulse.strike()
        parent.timer.call_repeatedly(STRIKE_SECONDS, pulse.strike)
        listen()


@signals.beat_init.connect
def _beat_begins(**_: Any) -> None:
    from tasks.figures import PlatformFigures

    pulse.strike()
    tracing.begin()
    listen(PlatformFigures())


def listen(*collectors: Any) -> None:
    """Answer on METRICS_PORT, where one is given and `hamaynk` has made the folder of the figures."""
    if not settings.METRICS_PORT or folder.VARIABLE not in os.environ:
        return
    registry = exposition.registry_of(settings.PROCESS, collectors)
    exposition.Exposition(registry, pulse.fault).start(settings.METRICS_BIND, settings.METRICS_PORT)


@signals.celeryd_init.connect
@signals.setup_logging.connect
def _our_log_lines(**_: Any) -> None:
    """Instead of Celery's own format; from the first moment on, for its warnings too."""
    logging.config.dictConfig(settings.LOGGING)
    logging.captureWarnings(True)


@signals.worker_process_init.connect
def _child_begins(**_: Any) -> None:
    tracing.begin()


@signals.worker_process_shutdown.connect
def _child_ends(pid: int, **_: Any) -> None:
    if folder.VARIABLE in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call]


@signals.worker_shutdown.connect
def _worker_ends(**_: Any) -> None:
    folder.remove()


@signals.before_task_publish.connect
def _sent(headers: dict[str, Any], **_: Any) -> None:
    """The message carries when it was sent and for which request."""
    headers.setdefault(SENT_HEADER, time.time())
    if request_id.get() != "-":
        headers.setdefault(REQUEST_HEADER, request_id.get())


@signals.task_prerun.connect
def _begins(task_id: str, task: Any, **_: Any) -> None:
    request = task.request
    token = request_id.set(str(_header(request, REQUEST_HEADER) or task_id.replace("-", "")))
    _running[task_id] = (time.monotonic(), token)
    sent = _header(request, SENT_HEADER)
    if isinstance(sent, int | float):
        due = max(float(sent), _eta(request))
        metrics.task_age_seconds.labels(task.name).observe(max(0.0, time.time() - due))


@signals.task_postrun.connect
def _ends(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
    begun, token = _running.pop(task_id, (None, None))
    if begun is None:
        return
    seconds, outcome = time.monotonic() - begun, (state or "unknown").lower()
    metrics.tasks.labels(task.name, outcome).inc()
    metrics.task_seconds.labels(task.name).observe(seconds)
    fields = {"task": task.name, "outcome": outcome, "ms": round(seconds * 1000, 1)}
    town = str(_header(task.request, "hamaynk_town") or "-")
    tracing.note(town=town)
    log.info("task", extra={"town": town, "fields": fields})
    if token is not None:
        request_id.reset(token)


def _header(request: Any, name: str) -> Any:
    return (request.headers or {}).get(name) or getattr(request, name, None)


def _eta(request: Any) -> float:
    try:
        return datetime.fromisoformat(request.eta).timestamp() if request.eta else 0.0
    except (TypeError, ValueError):
        return 0.0
