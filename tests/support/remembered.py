"""What many tests begin from: made once a process, afterwards read back as rows and files, which is ten times as quick.

`@remembered` stands before a function, or below `@pytest.fixture`, that fills the two towns by the product's own actions.
The first call runs it and remembers all rows of the schemas that are emptied after each test, their numbering, the new files,
and what it returned. Later calls bring that back. Tasks that the function would have queued are not queued again.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from psycopg import sql

from tasks.app import app
from tenants.context import as_owner
from tests.support.platform import EMPTIED, KEPT, KEPT_NUMBERS

P = ParamSpec("P")
R = TypeVar("R")
_OUTSIDE = ("tenants_community", "tenants_domain", "tenants_moduleactivation")


@dataclass
class Memory:
    """Rows by table, last numbers by sequence, and a folder of files."""

    rows: dict[tuple[str, str], bytes]
    numbers: dict[tuple[str, str], int]
    files: tempfile.TemporaryDirectory[str]
    answer: Any


_memories: dict[object, Memory] = {}


def remembered(make: Callable[P, R]) -> Callable[P, R]:
    """`make`, quick from its second call with the same arguments on. Rows cannot be written past their guards where the owner
    is no superuser: there everything is made each time."""

    @wraps(make)
    def begin(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (make, args, tuple(sorted(kwargs.items())))
        if key in _memories:
            _bring_back(_memories[key])
        elif _may_bring_back():
            _memories[key] = _observed(partial(make, *args, **kwargs))
        else:
            return make(*args, **kwargs)
        return cast(R, _memories[key].answer)

    return begin


def _may_bring_back() -> bool:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        return bool(cursor.fetchone() == ("on",))


def _observed(make: Callable[[], Any]) -> Memory:
    root = Path(settings.MEDIA_ROOT)
    before, there = _outside(), _files(root)
    answer = _waiting(make)
    assert _outside() == before, "it changes more than what is emptied after a test"
    held = tempfile.TemporaryDirectory(prefix="hamaynk-remembered-")
    for file in _files(root) - there:
        _copy(root / file, Path(held.name) / file)
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        rows = {}
        for schema in EMPTIED:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
            for name in [name for (name,) in cursor.fetchall() if name not in KEPT]:
                cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(schema, name)))
                if cursor.fetchone() == (True,):
                    question = sql.SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(sql.Identifier(schema, name))
                    with cursor.cursor.copy(question) as copy:
                        rows[schema, name] = b"".join(bytes(part) for part in copy)
        cursor.execute(
            "SELECT schemaname, sequencename, last_value FROM pg_sequences"
            " WHERE schemaname = ANY(%s) AND last_value IS NOT NULL AND sequencename <> ALL(%s)",
            [list(EMPTIED), KEPT_NUMBERS],
        )
        numbers = {(schema, name): last for schema, name, last in cursor.fetchall()}
    return Memory(rows, numbers, held, answer)


def _waiting(make: Callable[[], Any]) -> Any:
    """Whatever test comes first, the tasks of what is made wait: some tests run them at once."""
    eager, app.conf.task_always_eager = app.conf.task_always_eager, False
    try:
        return make()
    finally:
        app.conf.task_always_eager = eager


def _bring_back(memory: Memory) -> None:
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for (schema, name), rows in memory.rows.items():
            question = sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(sql.Identifier(schema, name))
            with cursor.cursor.copy(question) as copy:
                copy.write(rows)
        for (schema, name), last in memory.numbers.items():
            cursor.execute("SELECT setval(%s::regclass, %s)", [f'"{schema}"."{name}"', last])
    held = Path(memory.files.name)
    for file in _files(held):
        _copy(held / file, Path(settings.MEDIA_ROOT) / file)
    cache.clear()


def _outside() -> list[str]:
    """The rows of `public` that a test might change."""
    with as_owner(), connection.cursor() as cursor:
        found = []
        for name in _OUTSIDE:
            cursor.execute(sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier("public", name)))
            found += [row for (row,) in cursor.fetchall()]
    return found


def _files(root: Path) -> set[Path]:
    return {path.relative_to(root) for path in root.rglob("*") if path.is_file()}


def _copy(source: Path, target: Path) -> None:
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
