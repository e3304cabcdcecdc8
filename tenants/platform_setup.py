"""Make or bring up to date everything but the towns: database, roles, hardening, platform schemas, template."""

from collections.abc import Callable

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from tenants.context import as_owner
from tenants.database.base import idle_connections
from tenants.hardening import harden
from tenants.names import (
    COLLECTOR,
    CONSOLE,
    OVERSIGHT,
    PLATFORM_SCHEMAS,
    PUBLIC,
    SHARED,
    TEMPLATE,
)
from tenants.phases import ALL, EXPAND, is_first_time, plan
from tenants.reference_rows import copy_to_platform
from tenants.roles import define_role, grant_platform, run
from tenants.rollout import RolloutReport, put_all_right, roll_out
from tenants.template import migrate_schema, prepare_template

Progress = Callable[[str], None]
EXTENSIONS = ("pg_trgm", "unaccent")


class PlatformFault(Exception):
    """The platform cannot be prepared; the text is one sentence."""


def create_database() -> bool:
    """Create the database named in DATABASE_URL where the server has none. True if it was created."""
    place = settings.DATABASE
    if not place.user:
        raise PlatformFault("DATABASE_URL must carry the owner's user and password to prepare the platform.")
    try:
        with psycopg.connect(
            host=place.host,
            port=place.port,
            user=place.user,
            password=place.password,
            dbname="postgres",
            autocommit=True,
            **dict(place.options),  # type: ignore[arg-type]
        ) as link:
            if link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [place.name]).fetchone():
                return False
            link.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(place.name))
            )
            return True
    except psycopg.OperationalError as error:
        raise PlatformFault(f"The database server at {place.host}:{place.port} refused us: {error}".strip()) from error


def prepare(
    *,
    jobs: int = 2,
    phase: str = ALL,
    progress: Progress = lambda text: None,
    towns: Callable[[int, int, str], None] = lambda *a: None,
) -> RolloutReport:
    """Idempotent and resumable. Returns what the rollout over the towns did.

    `phase`: EXPAND stops before the first migration that contracts (`tenants.phases`), CONTRACT and ALL apply the rest.
    Raises PhaseFault, before anything is changed, where EXPAND cannot give the new code what it needs.
    """
    create_database()
    with as_owner():
        phase = ALL if is_first_time() else phase
    if phase == EXPAND:
        _check_phase(phase)
    progress("roles and rights")
    with as_owner():
        _schemas()
        define_role(PUBLIC, (PUBLIC,))
        define_role(CONSOLE, (CONSOLE, PUBLIC))
        define_role(OVERSIGHT, (OVERSIGHT,))
        define_role(COLLECTOR, (OVERSIGHT,))
        left = harden()
    if left:
        progress(f"{len(left)} revocations need a superuser: `manage.py platform hardening` prints them")
    for schema in PLATFORM_SCHEMAS:
        progress(f"tables of {schema}")
        migrate_schema(schema, keep_steps=False, phase=phase)
    with as_owner():
        grant_platform()
    progress("template town")
    prepare_template(phase)
    with as_owner():
        copy_to_platform()
        put_all_right()
    report = roll_out(jobs=jobs, progress=towns)
    idle_connections.clear()
    return report


def _check_phase(phase: str) -> None:
    for schema in (*PLATFORM_SCHEMAS, TEMPLATE):
        with as_owner(schema):
            plan(MigrationExecutor(connection), phase)


def waiting_for_contract() -> list[str]:
    """Migrations that the expand phase left for later, `schema: app.name`."""
    found = []
    for schema in (*PLATFORM_SCHEMAS, TEMPLATE):
        with as_owner(schema):
            waiting = plan(MigrationExecutor(connection), EXPAND).waiting
        found += [f"{schema}: {migration.app_label}.{migration.name}" for migration in waiting]
    return found


def _schemas() -> None:
    for schema in (SHARED, CONSOLE, OVERSIGHT, TEMPLATE):
        run(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    with connection.cursor() as cursor:
        for extension in EXTENSIONS:
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA {SHARED}")
