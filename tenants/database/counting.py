"""Connections as figures: how many a process has open and parked, by kind of role; never by town."""

import os
from collections import Counter
from collections.abc import Hashable
from functools import lru_cache
from typing import Any
from weakref import finalize

from hamaynk.observability import metrics
from tenants.database.identity import Identity
from tenants.names import COLLECTOR, CONSOLE, OVERSIGHT, PUBLIC, role_of


@lru_cache(maxsize=4096)
def kind_of(key: Hashable) -> str:
    """router, town, console, oversight, collector or owner: of a key of `DatabaseWrapper`."""
    *_, identity, is_owner = key if isinstance(key, tuple) else (None, False)
    if is_owner:
        return "owner"
    kinds = {role_of(PUBLIC): "router", role_of(CONSOLE): "console"}
    kinds |= {role_of(OVERSIGHT): "oversight", role_of(COLLECTOR): "collector"}
    return kinds.get(identity.user, "town") if isinstance(identity, Identity) else "town"


def opened(connection: Any, key: Hashable) -> None:
    """A connection was made; it is open until nobody holds it any more."""
    kind = kind_of(key)
    metrics.connects.labels(kind).inc()
    gauge = metrics.connections.labels(kind)
    gauge.inc()
    finalize(connection, _ended, gauge, os.getpid()).atexit = False


def _ended(gauge: Any, pid: int) -> None:
    if pid == os.getpid():  # a child inherits what its parent opened, and counts for itself
        gauge.dec()


class Parked:
    """Told by `IdleConnections` of each that comes and goes, under its lock."""

    def __init__(self) -> None:
        self._by_key: Counter[Hashable] = Counter()

    def moved(self, key: Hashable, by: int) -> None:
        """One more, or one less."""
        metrics.parked_connections.labels(kind_of(key)).inc(by)
        before = self._by_key[key]
        self._by_key[key] += by
        if not before:
            metrics.parked_roles.inc()
        elif not self._by_key[key]:
            del self._by_key[key]
            metrics.parked_roles.dec()

    def forget(self) -> None:
        """After a fork: the child's figures begin at zero by themselves."""
        self._by_key.clear()
