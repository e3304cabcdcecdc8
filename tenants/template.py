"""The template town: migrated by Django, compiled to SQL step by step, kept as DDL text for new towns."""

import hashlib
from typing import Any

from django.db import connection, transaction
from django.db.migrations import Migration, RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import SeparateDatabaseAndState
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from psycopg import ClientCursor, sql

from tenants.context import as_owner
from tenants.ddl import StructureFault, read_structure
from tenants.locks import with_short_waits
from tenants.models import TemplateRelease
from tenants.names import TEMPLATE
from tenants.phases import ALL, name_of, plan
from tenants.placement import apps_in
from tenants.reference_rows import TABLES, fill_template
from tenants.roles import run


class SqlRecorder:
    """An execute wrapper that keeps what changes the database, with its parameters written in."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, execute: Any, statement: Any, params: Any, many: bool, context: Any) -> Any:
        """Run the statement, and keep it unless it only reads or belongs to the ledger of migrations."""
        result = execute(statement, params, many, context)
        text = str(statement)
        if params:
            text = ClientCursor(connection.connection).mogrify(text, params)
        verb = text.lstrip().split(None, 1)[0].upper()
        ours = "django_migrations" in text
        if verb not in ("SELECT", "SHOW", "SET", "SAVEPOINT", "RELEASE", "ROLLBACK") and not ours:
            self.statements.append(text.rstrip().rstrip(";"))
        return result


def migrate_schema(schema: str, *, keep_steps: bool, phase: str = ALL) -> list[str]:
    """Bring one schema to the newest migrations of `phase` with Django. Returns the names of those that wait.

    With `keep_steps` each is also compiled to a MigrationStep for the other towns.
    """
    with as_owner(schema):
        executor = MigrationExecutor(connection)
        planned = plan(executor, phase)
        MigrationRecorder(connection).ensure_schema()
        state = _state_here(executor)
        here = apps_in(schema)
        for migration in planned.now:
            step = _apply if migration.app_label in here else _pass_over
            state = step(executor, migration, state, keep_step=keep_steps)
        executor.check_replacements()  # a squashed migration counts as applied, with those that it stands for
    return [name_of(migration) for migration in planned.waiting]


def _apply(executor: MigrationExecutor, migration: Migration, state: ProjectState, *, keep_step: bool) -> ProjectState:
    """One migration. Its step is kept in the same transaction: killed in between, it would be lost to all towns."""
    if not migration.atomic:
        if keep_step:
            _keep(migration, None)
        return executor.apply_migration(state, migration)
    given = [state]

    def attempt() -> ProjectState:
        before = given.pop() if given else _state_here(MigrationExecutor(connection))  # an attempt spoils its state
        recorder = SqlRecorder()
        with transaction.atomic():
            with connection.execute_wrapper(recorder):
                after = executor.apply_migration(before, migration)
            if keep_step:
                _keep(migration, None if needs_django(migration) else recorder.statements)
        return after

    return with_short_waits(attempt)


def _pass_over(
    executor: MigrationExecutor, migration: Migration, state: ProjectState, *, keep_step: bool
) -> ProjectState:
    """One migration whose tables stand elsewhere: only the ledger and the state know it.

    The router would refuse each of its operations too, but Django would draw up all models anew for each.
    """
    state.__dict__.pop("apps", None)
    with transaction.atomic():
        executor.record_migration(migration)  # type: ignore[call-arg, arg-type]
        if keep_step:
            _keep(migration, None if migration.replaces else [])
    return migration.mutate_state(state, preserve=False)


def _state_here(executor: MigrationExecutor) -> ProjectState:
    state: ProjectState = executor._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined]
    return state


def _keep(migration: Migration, statements: list[str] | None) -> None:
    text = None if statements is None else "".join(f"{statement};\n" for statement in statements)
    with connection.cursor() as cursor:  # as text, for the connection stands in the template and not in `public`
        cursor.execute(
            "INSERT INTO public.tenants_migrationstep (app, name, sql, created_at) VALUES (%s, %s, %s, now())"
            " ON CONFLICT (app, name) DO UPDATE SET sql = excluded.sql",
            [migration.app_label, migration.name, text],
        )


def needs_django(migration: Migration) -> bool:
    """True where its SQL cannot be replayed as text: it runs Python, may not run in a transaction, or stands for others
    (which the ledger then names as well)."""
    return (
        not migration.atomic
        or bool(migration.replaces)
        or any(_runs_python(operation) for operation in migration.operations)
    )


def _runs_python(operation: Any) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return any(_runs_python(inner) for inner in operation.database_operations)
    return isinstance(operation, RunPython) and operation.code is not RunPython.noop


def release_stamp(applied: set[tuple[str, str]]) -> str:
    """Name of the state of a schema: a hash of its applied migrations."""
    text = "\n".join(f"{app}.{name}" for app, name in sorted(applied))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def applied_here() -> set[tuple[str, str]]:
    """Migrations that the present schema's ledger says are applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())


def prepare_template(phase: str = ALL) -> TemplateRelease:
    """Migrate the template as far as `phase` goes; keep its DDL text and hash under its release stamp. Idempotent."""
    with as_owner():
        run(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(TEMPLATE)))
    migrate_schema(TEMPLATE, keep_steps=True, phase=phase)
    fill_template()
    with as_owner(TEMPLATE):
        structure = read_structure(TEMPLATE)
        _refuse_rows(structure.tables)
        applied = applied_here()
    stamp = release_stamp(applied)
    rows = ",\n".join(f"('{app}', '{name}', now())" for app, name in sorted(applied))
    ddl = f"{structure.ddl()}INSERT INTO django_migrations (app, name, applied) VALUES\n{rows};\n"
    with as_owner():
        return TemplateRelease.objects.update_or_create(
            release=stamp, defaults={"ddl": ddl, "catalogue_hash": structure.catalogue_hash()}
        )[0]


def current_release() -> TemplateRelease:
    """The release that new towns get; raises StructureFault before the platform was prepared."""
    newest = TemplateRelease.objects.order_by("-id").first()
    if newest is None:
        raise StructureFault("there is no template yet: run `manage.py platform prepare`")
    return newest


def _refuse_rows(tables: list[str]) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        for table in tables:
            if table == "django_migrations" or table in TABLES:
                continue
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table)).as_string(None))
            if cursor.fetchone()[0]:
                raise StructureFault(
                    f"a migration put rows into {table} of the template; seed data in an action instead"
                )
