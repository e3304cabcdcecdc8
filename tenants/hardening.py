"""What PostgreSQL gives to everybody and a town's role must not have (attacks listed in docs/adr/0003).

Rights on built-in functions and views are taken from PUBLIC; only a superuser may do that, once per database. On a
managed server without a superuser the same text is printed for whoever administers it.
"""

from django.conf import settings
from django.db import connection, transaction

# Read or run across the wall, reach out of the schema, speak over shared channels, stop others' work, count others' rows.
FUNCTIONS = (
    "set_config",
    r"(query|table|schema|database|cursor)_to_xml.*",
    r"lo_.*|loread|lowrite|be_lo.*",
    r"pg_(cancel|terminate)_backend",
    r"pg_sleep.*",
    "pg_notify",
    "pg_export_snapshot",
    "pg_logical_emit_message",
    r"pg_(try_)?advisory_.*",
    r"pg_stat_get_.*",
    r"pg_(relation|table|total_relation|indexes|database|tablespace)_size",
    r"pg_get_userbyid",
    r"pg_lock_status",
)
VIEWS = (
    r"pg_stat_.*|pg_statio_.*",
    r"pg_roles|pg_user|pg_group|pg_shadow|pg_db_role_setting|pg_auth_members|pg_shdepend|pg_shdescription",
    r"pg_sequences|pg_locks|pg_prepared_xacts|pg_cursors|pg_tables|pg_indexes|pg_matviews",
    r"pg_largeobject_metadata|pg_database",
)

# Django asks for UTC in these words where the server keeps another time. A town's role has it as its own setting.
OWNER_RUNS = ("set_config(text, text, boolean)",)
OWNER_READS = ("pg_roles", "pg_database", "pg_tables", "pg_stat_activity")

# A town's role has no business in the server's own databases: there it could make temporary tables and see every role.
MAINTENANCE = ("postgres", "template1")

_OPEN_DATABASES = """
SELECT quote_ident(datname) FROM pg_database
 WHERE datname = ANY(%s) AND has_database_privilege('public', oid, 'CONNECT') ORDER BY 1
"""
_FUNCTION_LIST = """
SELECT p.oid::regprocedure::text FROM pg_proc p
 WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ %s ORDER BY 1
"""
_VIEW_LIST = """
SELECT c.oid::regclass::text FROM pg_class c
 WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('v', 'r') AND c.relname ~ %s ORDER BY 1
"""


def statements(database: str) -> list[str]:
    """The revocations for this server's version, as SQL statements to be run by a superuser in `database`."""
    quoted, owner = _quoted(database), _quoted(settings.DATABASE.user)
    functions = "^(" + "|".join(FUNCTIONS) + ")$"
    views = "^(" + "|".join(VIEWS) + ")$"
    result = [
        f"REVOKE ALL ON DATABASE {quoted} FROM PUBLIC",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "REVOKE ALL ON LANGUAGE plpgsql FROM PUBLIC",
    ]
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_DATABASES, [list(MAINTENANCE)])
        for (name,) in cursor.fetchall():
            result += [f"GRANT CONNECT ON DATABASE {name} TO {owner}", f"REVOKE ALL ON DATABASE {name} FROM PUBLIC"]
        cursor.execute(_FUNCTION_LIST, [functions])
        for (signature,) in cursor.fetchall():
            function = f"pg_catalog.{signature.removeprefix('pg_catalog.')}"
            result.append(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
            if "pg_stat_get_" in function:
                result.append(f"GRANT EXECUTE ON FUNCTION {function} TO pg_monitor")
        cursor.execute(_VIEW_LIST, [views])
        for (view,) in cursor.fetchall():
            name = f"pg_catalog.{view.removeprefix('pg_catalog.')}"
            result.append(f"REVOKE ALL ON {name} FROM PUBLIC")
            if ".pg_stat" in name:
                result.append(f"GRANT SELECT ON {name} TO pg_monitor")
    # An owner that is no superuser still has to see what it looks after.
    result += [f"GRANT SELECT ON pg_catalog.{view} TO {owner}" for view in OWNER_READS]
    result += [f"GRANT EXECUTE ON FUNCTION pg_catalog.{function} TO {owner}" for function in OWNER_RUNS]
    return result


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def is_superuser() -> bool:
    """True if the owner may revoke rights on built-in objects itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def harden() -> list[str]:
    """Run the revocations. Returns those left to a superuser (all or none)."""
    wanted = statements(connection.settings_dict["NAME"])
    if not is_superuser():
        return wanted
    with connection.cursor() as cursor, transaction.atomic():
        # Databases are shared by the cluster: another deployment may be preparing at this moment.
        cursor.execute("LOCK TABLE pg_database IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(";\n".join(wanted))
    return []
