"""A bounded set of idle connections per process, kept by identity.

A pool per town would start several threads for each of hundreds of towns; a list with a limit is enough. A connection
never changes its identity, so what one town's backend has cached in memory stays that town's (a backend that
touches 500 towns grows past a gigabyte).
"""

import os
import select
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from psycopg import Connection
from psycopg.pq import TransactionStatus


class Watcher(Protocol):
    """Who is told of each connection that comes and goes."""

    def moved(self, key: Hashable, by: int) -> None:
        """One more (1), or one less (-1), of this identity."""

    def forget(self) -> None:
        """All at once, after a fork."""


class IdleConnections:
    """Thread-safe. Least recently parked go first when `limit` is passed; idle and old ones are swept at each use."""

    def __init__(
        self,
        *,
        limit: int,
        idle_seconds: float,
        lifetime_seconds: float,
        clock: Callable[[], float] = time.monotonic,
        watcher: Watcher | None = None,
    ) -> None:
        self._watcher = watcher
        self.limit, self.idle_seconds, self.lifetime_seconds = limit, idle_seconds, lifetime_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._parked: OrderedDict[int, tuple[Hashable, Connection[Any], float]] = OrderedDict()
        self._born: WeakKeyDictionary[Connection[Any], float] = WeakKeyDictionary()

    def __len__(self) -> int:
        return len(self._parked)

    def put(self, key: Hashable, connection: Connection[Any]) -> None:
        """Park a connection that is between transactions; anything else is closed."""
        if connection.closed or connection.info.transaction_status != TransactionStatus.IDLE:
            connection.close()
            return
        with self._lock:
            self._forget_after_fork()
            self._born.setdefault(connection, self._clock())
            self._parked[id(connection)] = (key, connection, self._clock())
            self._tell(key, 1)
            gone = self._swept()
            while len(self._parked) > self.limit:
                gone.append(self._removed(next(iter(self._parked))))
        _close_all(gone)

    def take(self, key: Hashable) -> Connection[Any] | None:
        """The most recently parked live connection of this identity, if there is one."""
        found: Connection[Any] | None = None
        with self._lock:
            self._forget_after_fork()
            gone = self._swept()
            for mark in reversed(list(self._parked)):
                parked_key, connection, _ = self._parked[mark]
                if parked_key == key:
                    self._removed(mark)
                    if _is_alive(connection):
                        found = connection
                        break
                    gone.append(connection)
        _close_all(gone)
        return found

    def clear(self) -> None:
        """Close all of them (end of a process; before a database is dropped; after roles were changed)."""
        with self._lock:
            self._forget_after_fork()
            gone = [self._removed(mark) for mark in list(self._parked)]
        _close_all(gone)

    def _swept(self) -> list[Connection[Any]]:
        now = self._clock()
        marks = [
            mark
            for mark, (_, connection, since) in self._parked.items()
            if now - since > self.idle_seconds or now - self._born.get(connection, now) > self.lifetime_seconds
        ]
        return [self._removed(mark) for mark in marks]

    def _removed(self, mark: int) -> Connection[Any]:
        key, connection, _ = self._parked.pop(mark)
        self._tell(key, -1)
        return connection

    def _tell(self, key: Hashable, by: int) -> None:
        if self._watcher is not None:
            self._watcher.moved(key, by)

    def _forget_after_fork(self) -> None:
        """A child must not close what its parent still uses; psycopg itself never ends a session of another pid."""
        if self._pid != os.getpid():
            self._parked.clear()
            self._pid = os.getpid()
            if self._watcher is not None:
                self._watcher.forget()


def _is_alive(connection: Connection[Any]) -> bool:
    """False when the server has hung up: its socket is readable though nobody asked anything. Costs no round trip."""
    if connection.closed or connection.broken:
        return False
    poll = select.poll()  # unlike select() it bears file numbers above 1023
    poll.register(connection.pgconn.socket, select.POLLIN)
    return not poll.poll(0)


def _close_all(connections: list[Connection[Any]]) -> None:
    for connection in connections:
        connection.close()
