"""The bounded set of idle connections: by identity, by count, by age; with a clock of our own."""

import socket
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from psycopg.pq import TransactionStatus

from tenants.database.idle import IdleConnections


class FakeConnection:
    """What the idle set asks of a connection."""

    def __init__(self, status: TransactionStatus = TransactionStatus.IDLE) -> None:
        self.closed = self.broken = False
        self.near, self.far = socket.socketpair()
        self.info = self.pgconn = self
        self.transaction_status = status
        self.socket = self.near.fileno()

    def close(self) -> None:
        """Close both ends."""
        self.closed = True
        self.near.close()
        self.far.close()


class Clock:
    """Time as the test says."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def a_set(limit: int = 3, idle: float = 60, lifetime: float = 600) -> tuple[IdleConnections, Clock]:
    """An idle set and its clock."""
    clock = Clock()
    return IdleConnections(limit=limit, idle_seconds=idle, lifetime_seconds=lifetime, clock=clock), clock


def parked(idle: IdleConnections, key: str) -> Any:
    """A new connection, parked under `key`."""
    connection: Any = FakeConnection()
    idle.put(key, connection)
    return connection


def test_a_connection_comes_back_to_its_own_identity_only() -> None:
    """What one town parked, another is never given."""
    idle, _ = a_set()
    mine = parked(idle, "dilijan")
    assert idle.take("sevan") is None
    assert idle.take("dilijan") is mine
    assert idle.take("dilijan") is None


def test_over_the_limit_the_least_recently_parked_is_closed() -> None:
    """Bounded by count, so that hundreds of towns do not hold hundreds of sessions."""
    idle, _ = a_set(limit=2)
    first, second, third = (parked(idle, key) for key in "abc")
    assert len(idle) == 2
    assert (first.closed, second.closed, third.closed) == (True, False, False)


def test_a_connection_idle_for_too_long_is_closed_when_any_town_is_entered() -> None:
    """The sweep looks at all towns, not only at the one that is entered."""
    idle, clock = a_set(idle=60)
    old = parked(idle, "a")
    clock.now = 61
    assert idle.take("b") is None
    assert old.closed
    assert len(idle) == 0


def test_a_connection_that_lives_too_long_is_closed_however_busy() -> None:
    """Lifetime counts from the first parking: a backend's memory of the catalogue ends with it."""
    idle, clock = a_set(idle=60, lifetime=100)
    busy = parked(idle, "a")
    for clock.now in (40, 80):
        assert idle.take("a") is busy
        idle.put("a", busy)
    clock.now = 101
    assert idle.take("a") is None
    assert busy.closed


def test_a_connection_inside_a_transaction_is_never_parked() -> None:
    """Locks and uncommitted rows do not travel to the next request."""
    idle, _ = a_set()
    for status in (TransactionStatus.INTRANS, TransactionStatus.INERROR, TransactionStatus.ACTIVE):
        connection: Any = FakeConnection(status)
        idle.put("a", connection)
        assert connection.closed
    assert len(idle) == 0


def test_a_dead_connection_is_not_handed_out() -> None:
    """The server hung up: the readable socket tells, without a round trip; the next live one is given."""
    idle, _ = a_set()
    live, dead = parked(idle, "a"), parked(idle, "a")
    dead.far.close()
    assert idle.take("a") is live
    assert dead.closed


def test_clear_closes_all() -> None:
    """Before a database is dropped, after roles were changed."""
    idle, _ = a_set()
    connections = [parked(idle, key) for key in "abc"]
    idle.clear()
    assert all(connection.closed for connection in connections)
    assert len(idle) == 0


def test_after_a_fork_the_parents_connections_are_forgotten_not_closed() -> None:
    """Closing them would end the parent's sessions."""
    idle, _ = a_set()
    inherited = parked(idle, "a")
    idle._pid = -1
    assert idle.take("a") is None
    assert not inherited.closed
    inherited.close()


STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "take", "wait", "die"]), st.sampled_from("abcd"), st.integers(1, 50)), max_size=40
)


@given(steps=STEPS, limit=st.integers(0, 4))
def test_whatever_happens_the_set_keeps_its_promises(steps: list[tuple[str, str, int]], limit: int) -> None:
    """Never over the limit, never another's identity, never a dead one, none lost: parked, taken or closed."""
    idle, clock = a_set(limit=limit, idle=60, lifetime=200)
    made: list[tuple[str, Any]] = []
    taken: list[Any] = []
    for act, key, seconds in steps:
        if act == "put":
            made.append((key, parked(idle, key)))
        elif act == "take" and (found := idle.take(key)) is not None:
            assert (key, found) in made
            assert not found.closed
            assert found not in taken
            taken.append(found)
        elif act == "wait":
            clock.now += seconds
        elif act == "die" and made:
            made[-1][1].far.close()
        assert len(idle) <= limit
    still_open = [connection for _, connection in made if not connection.closed and connection not in taken]
    assert len(still_open) == len(idle)
    idle.clear()
    for connection in taken:
        connection.close()
    assert all(connection.closed for _, connection in made)
