"""Rows that are the same in every schema: what kinds of things there are, and what may be done to them.

Django keeps content types in memory, by number, for the whole process. So a number must mean the same in every town: the
template holds the rows, each schema copies them number by number, and no town's role may add one (docs/adr/0018).
"""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from psycopg import sql

from tenants.context import as_owner
from tenants.ddl import StructureFault
from tenants.names import CONSOLE, OVERSIGHT, TEMPLATE
from tenants.placement import CMS, apps_in
from tenants.roles import run

# Table -> what names a row whatever its number. In the order in which they refer to one another.
TABLES = {"django_content_type": ("app_label", "model"), "auth_permission": ("content_type_id", "codename")}


def fill_template() -> None:
    """Add rows for what the newest migrations brought, and clear away what the CMS's own migrations put in. Idempotent."""
    with as_owner(TEMPLATE):
        ContentType.objects.clear_cache()
        _clear_starter_rows()
        for label in sorted(apps_in(TEMPLATE)):
            create_contenttypes(apps.get_app_config(label), verbosity=0)
            create_permissions(apps.get_app_config(label), verbosity=0)
        ContentType.objects.clear_cache()


def _clear_starter_rows() -> None:
    """Pages, groups and collections of the CMS's migrations: a town gets its own from an action."""
    labels = {*CMS, "auth"}
    tables = [m._meta.db_table for m in apps.get_models(include_auto_created=True) if m._meta.app_label in labels]
    names = [sql.Identifier(table) for table in sorted({*tables} - {*TABLES}) if _stands(table)]
    if names:
        # Never CASCADE: a table of a module that refers here and has rows must be heard of.
        users = [sql.Identifier("accounts_user_groups"), sql.Identifier("accounts_user_user_permissions")]
        own = [sql.Identifier(m._meta.db_table) for m in apps.get_app_config("public_sites").get_models(True)]
        run(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join([*names, *users, *own])))


def _stands(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        return bool(cursor.fetchone()[0])


def copy_rows(schema: str) -> None:
    """Bring `schema` the template's rows, number by number. As the owner.

    Raises StructureFault where the schema knows one of them by another number.
    """
    place, source = sql.Identifier(schema), sql.Identifier(TEMPLATE)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, key in TABLES.items():
            name = sql.Identifier(table)
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{schema}.{table}"])
            if not cursor.fetchone()[0]:
                return  # not yet migrated that far
            insert = sql.SQL("INSERT INTO {0}.{2} OVERRIDING SYSTEM VALUE SELECT * FROM {1}.{2} ON CONFLICT DO NOTHING")
            cursor.execute(insert.format(place, source, name).as_string(None))
            same = sql.SQL(" AND ").join(sql.SQL("here.{0} = there.{0}").format(sql.Identifier(part)) for part in key)
            question = sql.SQL("SELECT count(*) FROM {0}.{2} here JOIN {1}.{2} there ON {3} WHERE here.id <> there.id")
            cursor.execute(question.format(place, source, name, same).as_string(None))
            if wrong := cursor.fetchone()[0]:
                raise StructureFault(f"{schema}.{table}: {wrong} rows have other numbers than in the template")


def copy_to_platform() -> None:
    """The same for console and oversight, where accounts stand as well."""
    for schema in (CONSOLE, OVERSIGHT):
        copy_rows(schema)
