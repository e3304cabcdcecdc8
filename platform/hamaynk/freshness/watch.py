"""Sees every statement of every connection: what a town's page is drawn from, and what changes it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from hamaynk.freshness.stamps import changed
from hamaynk.freshness.tables import is_watched, label_of, tables_of
from tenants.names import is_town_schema

_is_town = lru_cache(maxsize=4096)(is_town_schema)


@dataclass
class Drawing:
    """What a page is drawn from: applications whose tables were read. `can_be_kept` is False where one is unwatched."""

    labels: set[str] = field(default_factory=set)
    can_be_kept: bool = True


_drawing: ContextVar[Drawing | None] = ContextVar("drawing", default=None)


@contextmanager
def recording() -> Iterator[Drawing]:
    """Notes what is read until the end of the block, in this thread."""
    drawing = Drawing()
    token = _drawing.set(drawing)
    try:
        yield drawing
    finally:
        _drawing.reset(token)


def attach(connection: Any, **_: Any) -> None:
    """Receiver of `connection_created`, which comes at each switch of identity too: one watcher is enough.

    First in the row, because Django's `execute_wrapper()` takes the last one away when its block ends.
    """
    if watch not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, watch)


def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Django's execute wrapper. Outside of towns it does nothing."""
    connection = context["connection"]
    if not _is_town(connection.schema_name):
        return execute(sql, params, many, context)
    touched = tables_of(sql if isinstance(sql, str) else _text(sql))
    drawing = _drawing.get()
    if drawing is not None:
        _note_read(drawing, touched.read)
    labels = {label for table in touched.written if (label := label_of(table)) and is_watched(table, label)}
    if not labels:
        return execute(sql, params, many, context)
    try:
        return execute(sql, params, many, context)
    finally:
        _announce(connection, labels)


def _text(sql: Any) -> str:
    """Of what psycopg composes."""
    if isinstance(sql, bytes):
        return sql.decode(errors="replace")
    return str(sql.as_string(None)) if hasattr(sql, "as_string") else str(sql)


def _note_read(drawing: Drawing, tables: frozenset[str]) -> None:
    for table in tables:
        label = label_of(table)
        if label is not None:
            drawing.labels.add(label)
            drawing.can_be_kept = drawing.can_be_kept and is_watched(table, label)


class _Announcement:
    """Runs once after a commit. Django drops it with the transaction or savepoint in which it was asked for."""

    def __init__(self) -> None:
        self.labels: set[str] = set()

    def __call__(self) -> None:
        changed(*self.labels)


def _announce(connection: Any, labels: set[str]) -> None:
    if not connection.in_atomic_block:
        changed(*labels)
        return
    waiting = getattr(connection, "freshness_announcement", None)
    if waiting is None or all(entry[1] is not waiting for entry in connection.run_on_commit):
        # None yet in this transaction, or a savepoint took it away as it was rolled back.
        waiting = connection.freshness_announcement = _Announcement()
        connection.on_commit(waiting, robust=True)
    waiting.labels |= labels
