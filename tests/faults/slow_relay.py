"""A worker that stops where it hurts most: it holds the lease of an event and never delivers it."""

import time
from typing import Any

import django

django.setup()

from hamaynk.events import outbox  # noqa: E402
from hamaynk.statistics import ObservationRecorded  # noqa: E402
from tasks.app import app  # noqa: E402
from tests.support.workers import broker  # noqa: E402

__all__ = ["app"]


def _hang(schema: str, event: Any) -> None:
    broker().set("slow-relay:holds", schema, ex=60)
    time.sleep(600)


outbox._platform[ObservationRecorded.name] = [(name, _hang) for name, _ in outbox._platform[ObservationRecorded.name]]
