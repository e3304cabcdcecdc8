"""A real Celery worker over the suite's Valkey, as a process that knows no owner."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from redis import Redis

from tests.support.links import process, wait_for


def broker() -> "Redis[bytes]":
    """The suite's Valkey, without any prefix."""
    return Redis.from_url(settings.REDIS_URL)


def said(key: str, *, seconds: float = 20) -> str:
    """What somebody wrote under `key`, waited for."""
    return str(wait_for(lambda: broker().get(key), seconds=seconds, what=key).decode())


def empty_queues() -> None:
    """Forget messages that other tests left."""
    link = broker()
    for key in link.scan_iter(f"{settings.DEPLOYMENT}:celery:*"):
        link.delete(key)


@contextmanager
def worker(
    app: str = "tasks", *, queues: str = "default,oversight", **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with one process; killed at the end of the block if it is still there."""
    arguments = ("-m", "celery", "-A", app, "worker", "--pool", "solo", "-Q", queues, "-l", "ERROR")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    with process(*arguments, *quiet, HAMAYNK_PROCESS="worker", **environment) as child:
        yield child
