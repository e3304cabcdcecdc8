"""Make or bring up to date everything but the towns: database, roles, hardening, platform schemas, template."""

from collections.abc import Callable

import psycopg
from django.conf import settings
from django.db import connection
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
    *, jobs: int = 2, progress: Progress = lambda text: None, towns: Callable[[int, int, str], None] = lambda *a: None
) -> RolloutReport:
    """Idempotent. Returns what the rollout over the towns did."""
    create_database()
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
        migrate_schema(schema, keep_steps=False)
    with as_owner():
        grant_platform()
    progress("template town")
    prepare_template()
    with as_owner():
        copy_to_platform()
        put_all_right()
    report = roll_out(jobs=jobs, progress=towns)
    idle_connections.clear()
    return report


def _schemas() -> None:
    for schema in (SHARED, CONSOLE, OVERSIGHT, TEMPLATE):
        run(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    with connection.cursor() as cursor:
        for extension in EXTENSIONS:
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA {SHARED}")
