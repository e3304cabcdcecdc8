"""Content types and permissions bear one number in all towns of an installation, and other numbers in another one.

So a file says what its numbers mean, and where they mean something else here, rows are renumbered as they pass: columns
that refer to the two tables, and what the content management system has written of itself into revisions. The way back
is the inverse, so a restored town can be compared with its file byte for byte (docs/adr/0018, 0020).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from modelcluster.models import get_all_child_relations

from hamaynk.portability.faults import FileFault
from hamaynk.portability.tables import Table

CONTENT_TYPE, PERMISSION = "django_content_type", "auth_permission"
REFERENCE_TABLES = (CONTENT_TYPE, PERMISSION)
KINDS = {CONTENT_TYPE: "the kind of thing", PERMISSION: "the permission"}
# Table, column with the number of its model, column with its content as JSON.
WRITTEN = ("wagtailcore_revision", "content_type_id", "content")
_REFERRING = """
SELECT c.relname, a.attname, target.relname FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class target ON target.oid = k.confrelid
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
 WHERE k.connamespace = %s::regnamespace AND k.contype = 'f' AND target.relname = ANY(%s)
"""
_CONTENT_TYPES = "SELECT app_label || '.' || model, id FROM django_content_type"
_PERMISSIONS = """
SELECT t.app_label || '.' || t.model || '.' || p.codename, p.id
  FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
"""
_ESCAPES = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_WRITTEN_AS = {plain: b"\\" + letter for letter, plain in _ESCAPES.items()} | {b"\\": b"\\\\"}
NULL = b"\\N"

Numbers = Mapping[str, dict[str, int]]


def numbers_here() -> dict[str, dict[str, int]]:
    """Table -> name -> number, of the schema that comes first on the search path."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTENT_TYPES)
        types = dict(cursor.fetchall())
        cursor.execute(_PERMISSIONS)
        return {CONTENT_TYPE: types, PERMISSION: dict(cursor.fetchall())}


def referring_columns(schema: str) -> dict[str, dict[str, str]]:
    """Table -> column -> which of the two tables it refers to."""
    found: dict[str, dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_REFERRING, [schema, list(REFERENCE_TABLES)])
        for table, column, target in cursor.fetchall():
            if table not in REFERENCE_TABLES:
                found.setdefault(table, {})[column] = target
    return found


@dataclass(frozen=True)
class Renumbering:
    """From the numbers of one place to those of another."""

    source: Numbers
    target: Numbers
    columns: Mapping[str, Mapping[str, str]]

    @cached_property
    def is_needed(self) -> bool:
        """False where every number means the same in both places."""
        return any(
            self.target[kind].get(name) != number for kind in KINDS for name, number in self.source[kind].items()
        )

    @cached_property
    def _names(self) -> dict[str, dict[int, str]]:
        return {kind: {number: name for name, number in self.source[kind].items()} for kind in KINDS}

    @property
    def back(self) -> "Renumbering":
        """The other way."""
        return Renumbering(self.target, self.source, self.columns)

    def number(self, kind: str, number: int) -> int:
        """What bears `number` in the source, by its number in the target. FileFault where that does not know it."""
        name = self._names[kind].get(number)
        if name is None:
            raise FileFault(f"A row refers to {KINDS[kind]} number {number}, which the file does not name.")
        there = self.target[kind].get(name)
        if there is None:
            raise FileFault(f"A row refers to {KINDS[kind]} {name}, which is not known here.")
        return there

    def sorts_anew(self, table: Table) -> bool:
        """True where renumbered rows come in another order."""
        return self.is_needed and any(column in self.columns.get(table.name, ()) for column in table.key)

    def rows(self, table: Table, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """COPY's text with the numbers of the target."""
        columns = self.columns.get(table.name, {})
        if not self.is_needed or not columns:
            yield from blocks
            return
        places = {table.columns.index(column): kind for column, kind in columns.items()}
        held = b""
        for block in blocks:
            whole, newline, rest = (held + block).rpartition(b"\n")
            held = rest
            if newline:
                yield b"".join(self._row(table, places, line) + b"\n" for line in whole.split(b"\n"))
        if held:
            raise FileFault(f"{table.name}: the last row is cut short.")

    def _row(self, table: Table, places: Mapping[int, str], line: bytes) -> bytes:
        fields = line.split(b"\t")
        if len(fields) != len(table.columns):
            raise FileFault(
                f"{table.name}: a row has {len(fields)} fields, and the table {len(table.columns)} columns."
            )
        if table.name == WRITTEN[0]:
            kind, content = (table.columns.index(column) for column in WRITTEN[1:])
            fields[content] = self._written(fields[kind], fields[content])
        for place, kind_of_number in places.items():
            if fields[place] != NULL:
                fields[place] = str(self.number(kind_of_number, _whole(table, fields[place]))).encode()
        return b"\t".join(fields)

    def _written(self, kind: bytes, content: bytes) -> bytes:
        """A revision's content with the numbers of the target."""
        name = self._names[CONTENT_TYPE].get(int(kind)) if kind.isdigit() else None
        model = _model(name)
        if model is None or content == NULL:
            return content
        text = _unescaped(content).decode()
        said = json.loads(text, parse_int=_Number, parse_float=_Number)
        if _as_json(said) != text:
            raise FileFault("A revision cannot be renumbered without changing it otherwise.")
        self._walk(model, said)
        return _escaped(_as_json(said).encode())

    def _walk(self, model: Any, said: Any) -> None:
        if not isinstance(said, dict):
            return
        for name, kind, is_many in _references(model):
            value = said.get(name)
            if isinstance(value, _Number):
                said[name] = _Number(self.number(kind, int(value)))
            elif is_many and isinstance(value, list):
                said[name] = [_Number(self.number(kind, int(one))) for one in value]
        for relation in get_all_child_relations(model):
            for child in said.get(relation.get_accessor_name()) or ():
                self._walk(relation.related_model, child)


class _Number(str):
    """A number as JSON has it, digit for digit."""

    __slots__ = ()


def _references(model: Any) -> Iterator[tuple[str, str, bool]]:
    """Fields of a model that refer to one of the two tables: name, which, and whether to several rows."""
    kinds = {ContentType: CONTENT_TYPE, Permission: PERMISSION}
    for field in model._meta.get_fields():
        kind = kinds.get(getattr(field, "related_model", None))  # type: ignore[arg-type]
        if kind and getattr(field, "concrete", False):
            yield field.name, kind, bool(field.many_to_many)


def _model(name: str | None) -> Any:
    try:
        return apps.get_model(name) if name else None
    except LookupError:
        return None


def _as_json(value: Any) -> str:
    """As PostgreSQL prints jsonb."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_as_json(key)}: {_as_json(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_as_json(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _whole(table: Table, field: bytes) -> int:
    if not field.isdigit():
        raise FileFault(f"{table.name}: a reference is no number.")
    return int(field)


def _unescaped(field: bytes) -> bytes:
    return re.sub(rb"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), field, flags=re.DOTALL)


def _escaped(field: bytes) -> bytes:
    return re.sub(rb"[\b\f\n\r\t\v\\]", lambda found: _WRITTEN_AS[found[0]], field)
