"""Plain psycopg connections beside Django's, as a town, as the owner; and processes of our own beside the suite's."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings

from tenants.names import password_of, role_of


def link(user: str, password: str, *, database: str = "", **options: Any) -> psycopg.Connection[Any]:
    """A connection in autocommit mode to the suite's database, or to another one of its cluster."""
    place = settings.DATABASE
    given = {"host": place.host, "port": place.port, "dbname": database or place.name, "autocommit": True, **options}
    return psycopg.connect(user=user, password=password, **given)


def owner_link(**options: Any) -> psycopg.Connection[Any]:
    """As the database's owner, who in the suite is a superuser."""
    return link(settings.DATABASE.user, settings.DATABASE.password, **options)


def role_link(schema: str, **options: Any) -> psycopg.Connection[Any]:
    """As the login role of a schema, with the password that is derived for it."""
    role = role_of(schema)
    return link(role, password_of(role), **options)


def wait_for(condition: Callable[[], Any], *, seconds: float = 20, what: str = "the condition") -> Any:
    """The condition's first true answer; fails after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := condition():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"{what} was not met within {seconds} seconds")


def plain_environment(**more: str) -> dict[str, str]:
    """The suite's environment for a process of its own, without the owner's credentials: as web and workers have it."""
    given = {name: value for name, value in os.environ.items() if name != "HAMAYNK_PROCESS"}  # this one may serve pages
    return {**given, "DATABASE_URL": settings.DATABASE.without_credentials().url(), **more}


@contextmanager
def process(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process; ended when the block is left, however it is left."""
    child = subprocess.Popen(
        [sys.executable, *arguments],
        env=plain_environment(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        if child.stdout:
            child.stdout.close()
