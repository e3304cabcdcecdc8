"""What migrations of ours use beside Django's operations, so that a change can be begun again wherever it broke off."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

F = TypeVar("F", bound=Callable[..., Any])

_FOUND = """
SELECT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE c.relname = %s AND c.relnamespace = current_schema()::regnamespace
"""
# Two that are built at once may wait for each other; one process migrates several towns at a time.
_one_at_a_time = threading.Lock()


class AddIndexOnline(AddIndexConcurrently):
    """CREATE INDEX CONCURRENTLY that can be run again: what a broken-off attempt left is cleared away first.

    Writers go on while the index is built. It cannot stand in a transaction: `atomic = False` in the migration, which
    holds nothing else.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Build it, unless it stands there whole."""
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        with _one_at_a_time:
            with connection.cursor() as cursor:
                cursor.execute(_FOUND, [self.index.name])
                row = cursor.fetchone()
            if row and row[0]:
                return
            if row:
                name = schema_editor.quote_name(self.index.name)
                schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            super().database_forwards(app_label, schema_editor, from_state, to_state)


def resumable(function: F) -> F:
    """Says of a RunPython outside of a transaction: broken off anywhere and run again, it ends in the same state."""
    function.resumable = True  # type: ignore[attr-defined]
    return function
