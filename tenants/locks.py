"""How a change of structure asks for its locks: briefly, and again, so that visitors never queue behind it.

A statement that waits for a lock on a table holds up everybody who comes after it. So it gives up after LOCK_TIMEOUT,
lets the queue go by, and tries again.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import connection
from django.db.utils import OperationalError
from psycopg.errors import LockNotAvailable

R = TypeVar("R")

LOCK_TIMEOUT = "2s"
LOCK_TRIES = 5


def with_short_waits(work: Callable[[], R]) -> R:
    """Do `work` (one transaction, all or nothing), waiting at most LOCK_TIMEOUT for each lock, LOCK_TRIES times."""
    _set_timeout(LOCK_TIMEOUT)
    try:
        for _ in range(LOCK_TRIES - 1):
            try:
                return work()
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
        return work()
    finally:
        if not connection.closed_in_transaction and connection.is_usable():
            _set_timeout("0")


def _set_timeout(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{value}'")
