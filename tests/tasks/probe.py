"""An application for the worker under test: the platform's own, and tasks that tell who runs them."""

import os

import django

django.setup()

from django.db import connection  # noqa: E402

from tasks.app import app  # noqa: E402
from tasks.base import community_task  # noqa: E402
from tests.support.workers import broker  # noqa: E402

__all__ = ["app"]


@community_task(name="probe.who")
def who(key: str) -> None:
    """Writes the role that the server sees, and the pid of the worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        broker().set(key, f"{cursor.fetchone()[0]} {os.getpid()}", ex=60)
