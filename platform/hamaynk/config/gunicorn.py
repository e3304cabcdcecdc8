"""Gunicorn's configuration file: its log lines as JSON, figures and signs of life on the port of their own.

Everything that an operator may choose stands in the environment and reaches gunicorn as arguments
(`hamaynk.config.processes`). The main process loads neither Django nor our code.
"""

import os
import time
from typing import Any

from hamaynk.config.env import Environment
from hamaynk.observability import exposition, folder
from hamaynk.observability.pulse import STALE_SECONDS

env = Environment()
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "hamaynk.config.logs.JsonLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}


def when_ready(server: Any) -> None:
    """Listen for those who watch."""
    port = env.number("METRICS_PORT")
    if port and folder.VARIABLE in os.environ:
        server.metrics = exposition.Exposition(exposition.registry_of("web"), _Workers(server).fault)
        server.metrics.start(env.text("METRICS_BIND"), port)


def child_exit(server: Any, worker: Any) -> None:
    """What a process kept open is gone with it; what it counted stays."""
    if folder.VARIABLE in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """Clear away."""
    folder.remove()


class _Workers:
    """Alive while one of the processes turns: each touches its file once a second."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.begun = time.monotonic()

    def fault(self) -> str:
        """ "" while one turns, or has yet to begin."""
        now = time.monotonic()
        last = [worker.tmp.last_update() for worker in list(self.server.WORKERS.values())]
        silent = now - max([self.begun, *last])
        return "" if silent <= STALE_SECONDS else f"No process of web has answered for {silent:.0f} seconds."
