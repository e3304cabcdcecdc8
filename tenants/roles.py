"""Login roles and their rights, as SQL. Everything here is run by the owner.

Rings (docs/adr/0003): a login role per town; revocation of what could reach across or out; a separate role for each of
router, console, oversight and collector, with rights on named tables only.
"""

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from tenants.names import (
    COLLECTOR,
    CONSOLE,
    OVERSIGHT,
    PUBLIC,
    SHARED,
    is_town_schema,
    password_of,
    role_of,
    schema_of_slug,
)
from tenants.placement import apps_in

READ, ADD, WRITE = ("SELECT",), ("SELECT", "INSERT"), ("SELECT", "INSERT", "UPDATE", "DELETE")
# Besides these the router sees which migrations the towns' template has: whoever is ready must know (tenants/readiness.py).
LEDGER = ("tenants_migrationstep", ("app", "name"))
ROUTING_TABLES = ("tenants_community", "tenants_domain", "tenants_moduleactivation")


def run(*statements: sql.Composable) -> None:
    """Execute composed statements on the present connection."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.as_string(None))


def role_exists(role: str) -> bool:
    """True if the cluster knows the login role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        return bool(cursor.fetchone()[0])


def define_role(schema: str, search_path: tuple[str, ...]) -> None:
    """Create the role of `schema`, or put it right: password, settings and limit as they should be.

    A role can change its own password and settings (PostgreSQL knows no revocation for that); run again, this undoes it.
    """
    role, name = role_of(schema), sql.Identifier(role_of(schema))
    database = sql.Identifier(connection.settings_dict["NAME"])
    verb = sql.SQL("ALTER" if role_exists(role) else "CREATE")
    limit = settings.DATABASE_TOWN_CONNECTION_LIMIT if is_town_schema(schema) else -1
    path = sql.SQL(", ").join(sql.Identifier(part) for part in search_path)
    quick = connection.pg_version >= 160000  # type: ignore[attr-defined]
    if quick:
        # The password is a 256-bit key, not a word somebody could guess: stretching it costs each connect milliseconds.
        run(sql.SQL("SET scram_iterations = 1"))
    run(
        sql.SQL("{} ROLE {} LOGIN NOINHERIT CONNECTION LIMIT {} PASSWORD {}").format(
            verb, name, sql.Literal(limit), sql.Literal(password_of(role))
        ),
        sql.SQL("ALTER ROLE {} RESET ALL").format(name),
        sql.SQL("ALTER ROLE {} IN DATABASE {} RESET ALL").format(name, database),
        sql.SQL("ALTER ROLE {} IN DATABASE {} SET search_path = {}").format(name, database, path),
        sql.SQL("ALTER ROLE {} SET timezone = 'UTC'").format(name),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, name),
    )
    if quick:
        run(sql.SQL("RESET scram_iterations"))


def grant_town(schema: str) -> None:
    """Rights of a town's role on its own schema, for the tables that stand there and those that migrations will add."""
    role, place = sql.Identifier(role_of(schema)), sql.Identifier(schema)
    run(
        sql.SQL("GRANT USAGE ON SCHEMA {}, {} TO {}").format(place, sql.Identifier(SHARED), role),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}").format(
            place, role
        ),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT USAGE, SELECT ON SEQUENCES TO {}").format(place, role),
    )


def append_only_tables(schema: str) -> list[str]:
    """Tables of `schema` where rows are only ever added: the audit trail, and what modules declare."""
    labels = ["audit.Entry", *[label for manifest in settings.MODULES for label in manifest.append_only]]
    return [
        model._meta.db_table
        for model in (apps.get_model(label) for label in labels)
        if model._meta.app_label in apps_in(schema)
    ]


def restrict(schema: str) -> None:
    """Take from the schema's role what it must not do: change the ledger of migrations, or rewrite append-only tables."""
    role = sql.Identifier(role_of(schema))
    tables = [("django_migrations", "INSERT, UPDATE, DELETE")]
    tables += [(table, "INSERT, UPDATE, DELETE") for table in ("django_content_type", "auth_permission")]
    tables += [(table, "UPDATE, DELETE") for table in append_only_tables(schema)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        there = {name for (name,) in cursor.fetchall()}  # a town not yet migrated lacks the newest
    run(
        *[
            sql.SQL("REVOKE {} ON {} FROM {}").format(sql.SQL(rights), sql.Identifier(schema, table), role)
            for table, rights in tables
            if table in there
        ]
    )


def put_right(slug: str) -> None:
    """Bring a town's role back to what it should be, after it locked itself out or was tampered with."""
    schema = schema_of_slug(slug)
    role, place = sql.Identifier(role_of(schema)), sql.Identifier(schema)
    with transaction.atomic():
        define_role(schema, (schema, SHARED))
        grant_town(schema)
        run(  # default rights reach new tables only: what was taken by hand, or lost in a restore, is given anew
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {} TO {}").format(place, role),
            sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {} TO {}").format(place, role),
        )
        restrict(schema)


def _grant(role: str, schema: str, tables: Iterable[str], rights: tuple[str, ...]) -> list[sql.Composable]:
    names = [sql.Identifier(schema, table) for table in tables]
    if not names:
        return []
    return [
        sql.SQL("GRANT {} ON {} TO {}").format(
            sql.SQL(", ").join(sql.SQL(right) for right in rights), sql.SQL(", ").join(names), sql.Identifier(role)
        )
    ]


def _grant_columns(role: str, schema: str, table: str, columns: tuple[str, ...]) -> sql.Composable:
    return sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(
        sql.SQL(", ").join(sql.Identifier(column) for column in columns),
        sql.Identifier(schema, table),
        sql.Identifier(role),
    )


def _tables(*labels: str) -> list[str]:
    models = [m for label in labels for m in apps.get_app_config(label).get_models(include_auto_created=True)]
    return [model._meta.db_table for model in models]


def grant_platform() -> None:
    """Rights of router, console, oversight and collector, table by table."""
    grants: list[sql.Composable] = []
    for schema, place in ((PUBLIC, PUBLIC), (CONSOLE, PUBLIC), (CONSOLE, CONSOLE), (OVERSIGHT, OVERSIGHT)):
        grants.append(
            sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(place), sql.Identifier(role_of(schema)))
        )
    grants.append(
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(OVERSIGHT), sql.Identifier(role_of(COLLECTOR)))
    )
    sign_in = _tables("accounts", "account", "sessions", "auth")
    figures = _tables("oversight")
    console, oversight = role_of(CONSOLE), role_of(OVERSIGHT)
    grants += _grant(role_of(PUBLIC), PUBLIC, ROUTING_TABLES, READ)
    grants.append(_grant_columns(role_of(PUBLIC), PUBLIC, *LEDGER))
    grants += _grant(console, PUBLIC, _tables("tenants"), WRITE)
    grants += _grant(console, CONSOLE, sign_in + _tables("console"), WRITE)
    grants += _grant(console, CONSOLE, _tables("audit"), WRITE)
    grants += _grant(oversight, OVERSIGHT, sign_in + _tables("audit"), WRITE)
    grants += _grant(oversight, OVERSIGHT, figures, READ)
    grants += _grant(role_of(COLLECTOR), OVERSIGHT, figures, WRITE)
    run(*grants, *_sequences(CONSOLE, console), *_sequences(OVERSIGHT, oversight))
    run(*_sequences(OVERSIGHT, role_of(COLLECTOR)), *_sequences(PUBLIC, console))
    for schema in (CONSOLE, OVERSIGHT):
        run(
            *[
                sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(
                    sql.Identifier(schema, table), sql.Identifier(role_of(schema))
                )
                for table in append_only_tables(schema)
            ]
        )


def _sequences(schema: str, role: str) -> list[sql.Composable]:
    return [
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {} TO {}").format(
            sql.Identifier(schema), sql.Identifier(role)
        )
    ]
