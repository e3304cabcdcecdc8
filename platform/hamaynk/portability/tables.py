"""Rows of one schema as text, in an order and a form that do not depend on the server; and back."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from hamaynk.portability.manifest import SequenceFacts

# Carried empty. Who was signed in is not signed in elsewhere, and a key to an open session is not put into a file.
WITHOUT_ROWS = ("django_session",)
# What PostgreSQL's text of a value depends on; the newest and the oldest server then say the same.
_FORMS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "lock_timeout": "60s",
}
_COLUMNS = """
SELECT c.relname, a.attname, a.attidentity <> '', format_type(a.atttypid, NULL), t.typcategory = 'S'
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
 WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND a.attgenerated = ''
 ORDER BY c.relname COLLATE "C", a.attnum
"""
_KEYS = """
SELECT c.relname, a.attname FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid
  JOIN unnest(k.conkey) WITH ORDINALITY AS part(number, place) ON true
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = part.number
 WHERE k.connamespace = %s::regnamespace AND k.contype = 'p' ORDER BY c.relname, part.place
"""


@dataclass(frozen=True)
class Table:
    """What must be known of a table to copy it: columns but computed ones, key, identity column, columns of text."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    identity: str | None
    words: frozenset[str]


def plain_forms() -> None:
    """Until the end of the transaction: values as text are the same on every server."""
    with connection.cursor() as cursor:
        for name, value in _FORMS.items():
            cursor.execute(
                sql.SQL("SET LOCAL {} = {}").format(sql.Identifier(name), sql.Literal(value)).as_string(None)
            )


def stand(*schemas: str) -> None:
    """Until the end of the transaction: unqualified names are looked for in these schemas."""
    path = sql.SQL(", ").join(sql.Identifier(schema) for schema in schemas)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL search_path = {}").format(path).as_string(None))


def read_tables(schema: str) -> dict[str, Table]:
    """The tables of a schema by name."""
    columns: dict[str, list[tuple[str, bool, str, bool]]] = {}
    keys: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [schema])
        for name, *column in cursor.fetchall():
            columns.setdefault(name, []).append(tuple(column))
        cursor.execute(_KEYS, [schema])
        for name, column in cursor.fetchall():
            keys.setdefault(name, []).append(column)
    return {
        name: Table(
            name=name,
            columns=tuple(column for column, *_ in found),
            key=tuple(keys.get(name, ())) or tuple(column for column, *_ in found),
            identity=next((column for column, is_identity, *_ in found if is_identity), None),
            words=frozenset(column for column, _, _, is_text in found if is_text),
        )
        for name, found in columns.items()
    }


@contextmanager
def copying(statement: sql.Composable) -> Iterator[Any]:
    """A COPY on Django's own connection, in its transaction."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        yield copy


def rows_out(schema: str, table: Table) -> Iterator[bytes]:
    """All rows of a table as COPY's text, by key."""
    columns = sql.SQL(", ").join(sql.Identifier(column) for column in table.columns)
    # Letters by their number: every server sorts them alike.
    order = [sql.SQL('{} COLLATE "C"' if c in table.words else "{}").format(sql.Identifier(c)) for c in table.key]
    question = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        columns, sql.Identifier(schema, table.name), sql.SQL(", ").join(order)
    )
    with copying(question) as copy:
        for block in copy:
            yield bytes(block)


def rows_in(schema: str, table: Table, blocks: Iterable[bytes]) -> None:
    """Add rows given as COPY's text."""
    columns = sql.SQL(", ").join(sql.Identifier(column) for column in table.columns)
    place = sql.Identifier(schema, table.name)
    with copying(sql.SQL("COPY {} ({}) FROM STDIN").format(place, columns)) as copy:
        for block in blocks:
            copy.write(block)


@dataclass
class Tally:
    """Counts and hashes what passes."""

    length: int = 0
    rows: int = 0

    def __post_init__(self) -> None:
        self._sum = hashlib.sha256()

    def see(self, block: bytes) -> bytes:
        """The same block."""
        self._sum.update(block)
        self.length += len(block)
        self.rows += block.count(b"\n")  # a line break within a value is written as \n
        return block

    @property
    def sha256(self) -> str:
        """Of all that passed."""
        return self._sum.hexdigest()


def read_sequences(schema: str, tables: Iterable[Table]) -> dict[str, SequenceFacts]:
    """Table -> where its identity column stands. Sequences belong to no snapshot: they may stand further on, never back."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            if table.identity is None:
                continue
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f"{schema}.{table.name}", table.identity])
            quoted = sql.SQL(cursor.fetchone()[0])
            cursor.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(quoted).as_string(None))
            last, called = cursor.fetchone()
            found[table.name] = SequenceFacts(table.identity, last, called)
    return found


def set_sequences(schema: str, sequences: dict[str, SequenceFacts]) -> None:
    """Put identity columns where they stood."""
    with connection.cursor() as cursor:
        for table, facts in sequences.items():
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s)::regclass, %s, %s)",
                [f"{schema}.{table}", facts.column, facts.last, facts.called],
            )


def in_parts(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of about `size`, each of whole rows; none for nothing."""
    held: list[bytes] = []
    length = 0
    for block in blocks:
        held.append(block)
        length += len(block)
        if length >= size and block.endswith(b"\n"):
            yield b"".join(held)
            held, length = [], 0
    if held:
        yield b"".join(held)


def passing(blocks: Iterable[bytes], see: Callable[[bytes], bytes]) -> Iterator[bytes]:
    """The blocks, seen one by one."""
    for block in blocks:
        yield see(block)
