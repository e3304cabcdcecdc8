"""What a statement injected into one town's page may try. Data for test_red_team.py.

`@mine` and `@theirs` are the two towns' login roles, `@owner` the owner's, `@database` the database; `@table`, `@index`
and `@sequence` are oids of objects of the other town, `@pid` is one of its backends.
"""

from dataclasses import dataclass

CANARY = "kanarik7431sevan"
DENIED = "42501"
UNSEEN = "42P01"  # a schema without USAGE is passed over on the search path: its tables do not exist
THEIRS = "SELECT * FROM sevan.accounts_user"


@dataclass(frozen=True)
class Attack:
    """Statements sent one after the other on one fresh connection of the town's role.

    reads: run by somebody with rights, it shows the canary (the positive control proves that).
    since: first server version (as libpq counts them) that answers so; older ones have no such function, or refuse.
    state: SQLSTATE of the refusal. harmless: answered, by design, without anything of the other town's rows.
    """

    name: str
    statements: tuple[str, ...]
    reads: bool = False
    state: str = DENIED
    harmless: str = ""
    since: int = 0


def read(name: str, *statements: str, state: str = DENIED) -> Attack:
    """An attack that would show rows."""
    return Attack(name, statements, reads=True, state=state)


def act(name: str, *statements: str, state: str = DENIED, since: int = 0) -> Attack:
    """An attack that would change or stop something, or reach out."""
    return Attack(name, statements, state=state, since=since)


def allowed(name: str, why: str, *statements: str, reads: bool = False, since: int = 0) -> Attack:
    """What PostgreSQL cannot or need not refuse."""
    return Attack(name, statements, reads=reads, harmless=why, since=since)


READS = (
    read("plain select", THEIRS),
    read("table command", "TABLE sevan.accounts_user"),
    read("select for update", f"{THEIRS} FOR UPDATE"),
    read(
        "join with an own table",
        "SELECT t.* FROM sevan.accounts_user t LEFT JOIN dilijan.accounts_user o ON o.id = t.id",
    ),
    read("subquery in a filter's place", "SELECT (SELECT string_agg(email, ',') FROM sevan.accounts_user)"),
    read("union", "SELECT email FROM dilijan.accounts_user UNION ALL SELECT email FROM sevan.accounts_user"),
    read("stacked without parameters", f"SELECT 1; {THEIRS}"),
    read("COPY table TO STDOUT", "COPY sevan.accounts_user TO STDOUT"),
    read("COPY query TO STDOUT", f"COPY ({THEIRS}) TO STDOUT"),
    read("search_path", "SET search_path = sevan", "SELECT * FROM accounts_user", state=UNSEEN),
    read(
        "search_path for the transaction",
        "BEGIN",
        "SET LOCAL search_path = sevan",
        "SELECT * FROM accounts_user",
        state=UNSEEN,
    ),
    read("SET ROLE to the other town", 'SET ROLE "@theirs"', THEIRS),
    read("SET LOCAL ROLE", "BEGIN", 'SET LOCAL ROLE "@theirs"', THEIRS),
    read("SET ROLE to the owner", 'SET ROLE "@owner"', THEIRS),
    read("RESET ROLE", "RESET ROLE", THEIRS),
    read("RESET ALL", "RESET ALL", THEIRS),
    read("DISCARD ALL", "DISCARD ALL", THEIRS),
    read("SET SESSION AUTHORIZATION", 'SET SESSION AUTHORIZATION "@theirs"', THEIRS),
    read("RESET SESSION AUTHORIZATION", "RESET SESSION AUTHORIZATION", THEIRS),
    read("set_config of the role", "SELECT set_config('role', '@theirs', false)", THEIRS),
    read("set_config of the path", "SELECT set_config('search_path', 'sevan', false)", "SELECT * FROM accounts_user"),
    read("role through pg_settings", "UPDATE pg_settings SET setting = '@theirs' WHERE name = 'role'", THEIRS),
    read("prepared statement", f"PREPARE stolen AS {THEIRS}", "EXECUTE stolen"),
    read("cursor", "BEGIN", f"DECLARE stolen CURSOR FOR {THEIRS}", "FETCH ALL FROM stolen"),
    read(
        "DO block",
        "DO $$BEGIN PERFORM set_config('a.b', (SELECT string_agg(email, ',') FROM sevan.accounts_user), false); END$$",
        "SELECT current_setting('a.b')",
    ),
    read(
        "full text statistics",
        "SELECT * FROM ts_stat('SELECT to_tsvector(''simple'', full_name) FROM sevan.accounts_user')",
    ),
    read(
        "insert from select",
        "INSERT INTO dilijan.hamaynk_noticeboard_notice (text) SELECT text FROM"
        " sevan.hamaynk_noticeboard_notice RETURNING text",
    ),
    read(
        "update from",
        "INSERT INTO dilijan.hamaynk_noticeboard_notice (text) VALUES ('x')",
        "UPDATE dilijan.hamaynk_noticeboard_notice o SET text = t.text FROM sevan.hamaynk_noticeboard_notice t"
        " RETURNING o.text",
    ),
    read(
        "merge",
        "MERGE INTO dilijan.hamaynk_noticeboard_notice o USING sevan.hamaynk_noticeboard_notice t ON false"
        " WHEN NOT MATCHED THEN INSERT (text) VALUES (t.text)",
        "TABLE dilijan.hamaynk_noticeboard_notice",
    ),
    read("data-modifying CTE", "WITH gone AS (DELETE FROM sevan.hamaynk_noticeboard_notice RETURNING text) TABLE gone"),
    read("temporary table", f"CREATE TEMP TABLE stolen AS {THEIRS}", "TABLE stolen"),
    read("select into", "SELECT * INTO dilijan.stolen FROM sevan.accounts_user", "TABLE dilijan.stolen"),
    read(
        "temporary function",
        "CREATE FUNCTION pg_temp.f() RETURNS SETOF text LANGUAGE sql AS 'SELECT email FROM sevan.accounts_user'",
        "SELECT pg_temp.f()",
    ),
    read(
        "security definer function",
        "CREATE FUNCTION dilijan.f() RETURNS SETOF text SECURITY DEFINER LANGUAGE sql AS"
        " 'SELECT email FROM sevan.accounts_user'",
        "SELECT dilijan.f()",
    ),
    read("temporary view", f"CREATE TEMP VIEW stolen AS {THEIRS}", "TABLE stolen"),
    read("view in the own schema", f"CREATE VIEW dilijan.stolen AS {THEIRS}", "TABLE dilijan.stolen"),
    read("materialized view", f"CREATE MATERIALIZED VIEW dilijan.stolen AS {THEIRS}", "TABLE dilijan.stolen"),
    read("heap file of the table", "SELECT encode(pg_read_binary_file(pg_relation_filepath('@table'::oid)), 'escape')"),
    read("planner statistics, base table", "SELECT stavalues1::text FROM pg_statistic WHERE starelid = '@table'::oid"),
    allowed(
        "planner statistics, view",
        "shows only what the role may read itself",
        "SELECT most_common_vals::text FROM pg_stats WHERE schemaname = 'sevan'",
        reads=True,
    ),
)

# The embedded server is built without libxml: there the owner too is refused, with another error.
XML = (
    read("query_to_xml", "SELECT query_to_xml('SELECT * FROM sevan.accounts_user', true, false, '')"),
    read(
        "role and query in one SELECT",
        "SELECT set_config('role', '@theirs', false),"
        " query_to_xml('SELECT * FROM sevan.accounts_user', true, false, '')",
    ),
    read("table_to_xml", "SELECT table_to_xml(@table, true, false, '')"),
    read("schema_to_xml", "SELECT schema_to_xml('sevan', true, false, '')"),
    read("schema_to_xml_and_xmlschema", "SELECT schema_to_xml_and_xmlschema('sevan', true, false, '')"),
    read("database_to_xml", "SELECT database_to_xml(true, false, '')"),
    read("cursor_to_xml", "BEGIN", "DECLARE c CURSOR FOR SELECT 1", "SELECT cursor_to_xml('c', 10, true, false, '')"),
)

WRITES = (
    act("insert", "INSERT INTO sevan.hamaynk_noticeboard_notice (text) VALUES ('x')"),
    act("update", "UPDATE sevan.accounts_user SET is_staff = true"),
    act("delete", "DELETE FROM sevan.accounts_user"),
    act("truncate theirs", "TRUNCATE sevan.hamaynk_noticeboard_notice"),
    act("truncate own", "TRUNCATE dilijan.hamaynk_noticeboard_notice"),
    act("COPY FROM STDIN into theirs", "COPY sevan.hamaynk_noticeboard_notice (text) FROM STDIN"),
    act("lock theirs in a transaction", "BEGIN", "LOCK TABLE sevan.accounts_user IN ACCESS EXCLUSIVE MODE"),
    act("their sequence, next", "SELECT nextval('@sequence'::oid::regclass)"),
    act("their sequence, set", "SELECT setval('@sequence'::oid::regclass, 1)"),
    act("their sequence, read", "SELECT last_value FROM sevan.accounts_user_id_seq"),
    act("rewrite the own audit trail", "UPDATE dilijan.audit_entry SET action = 'x'"),
    act("delete from the own audit trail", "DELETE FROM dilijan.audit_entry"),
    act("forge the own ledger of migrations", "DELETE FROM dilijan.django_migrations"),
    act("clear their planner statistics", "SELECT pg_clear_relation_stats('sevan', 'accounts_user')", since=180000),
    act("vacuum theirs", "VACUUM sevan.accounts_user"),
    act("analyze theirs", "ANALYZE sevan.accounts_user"),
    act("reindex theirs", "REINDEX TABLE sevan.accounts_user"),
    act("cluster theirs", "CLUSTER sevan.accounts_user USING accounts_user_pkey"),
    act("comment on theirs", "COMMENT ON TABLE sevan.accounts_user IS 'x'"),
    act("comment on own", "COMMENT ON TABLE dilijan.accounts_user IS 'x'"),
    act("explain theirs", f"EXPLAIN {THEIRS}"),
    act("explain analyze theirs", f"EXPLAIN ANALYZE {THEIRS}"),
    act("their toast table", "SELECT * FROM pg_toast.pg_toast_@table"),
)

PLATFORM = tuple(
    act(f"read {table}", f"SELECT * FROM {table}")
    for table in (
        "public.tenants_community",
        "public.tenants_domain",
        "public.tenants_provisioningrun",
        "public.django_migrations",
        "console.accounts_user",
        "console.django_session",
        "oversight.accounts_user",
        "oversight.oversight_figure",
        "town_template.accounts_user",
        "pg_authid",
        "pg_shadow",
        "pg_roles",
        "pg_user",
        "pg_group",
        "pg_auth_members",
        "pg_db_role_setting",
        "pg_stat_activity",
        "pg_stat_user_tables",
        "pg_stat_all_tables",
        "pg_statio_user_tables",
        "pg_stat_database",
        "pg_stat_replication",
        "pg_stat_ssl",
        "pg_locks",
        "pg_sequences",
        "pg_tables",
        "pg_database",
        "pg_shdepend",
        "pg_largeobject",
        "pg_statistic",
        "pg_statistic_ext_data",
        "pg_subscription",
        "pg_user_mapping",
        "pg_hba_file_rules",
        "pg_file_settings",
        "pg_config",
        "pg_prepared_xacts",
        "pg_shmem_allocations",
    )
)

FUNCTIONS = tuple(
    act(f"call {call.split('(')[0]} {number}", f"SELECT {call}")
    for number, call in enumerate(
        (
            "pg_stat_get_activity(NULL)",
            "pg_stat_get_live_tuples(@table)",
            "pg_stat_get_tuples_inserted(@table)",
            "pg_relation_size('@table'::oid)",
            "pg_total_relation_size('@table'::oid)",
            "pg_table_size('@table'::oid)",
            "pg_database_size('@database')",
            "pg_lock_status()",
            "pg_get_userbyid(10)",
            "pg_cancel_backend(@pid)",
            "pg_terminate_backend(@pid)",
            "pg_cancel_backend(pg_backend_pid())",
            "pg_sleep(0)",
            "pg_sleep_for('0 seconds')",
            "pg_notify('a', 'b')",
            "pg_export_snapshot()",
            "pg_logical_emit_message(false, 'a', 'b')",
            "pg_advisory_lock(1)",
            "pg_try_advisory_lock(1)",
            "pg_advisory_xact_lock(1)",
            "pg_advisory_unlock_all()",
            "pg_create_logical_replication_slot('a', 'test_decoding')",
            "pg_create_physical_replication_slot('a')",
            "pg_logical_slot_get_changes('a', NULL, NULL)",
            "pg_logical_slot_peek_changes('a', NULL, NULL)",
            "pg_drop_replication_slot('a')",
            "pg_replication_origin_create('a')",
            "pg_read_file('postgresql.conf')",
            "pg_read_file('/etc/passwd')",
            "pg_read_binary_file('global/pg_control')",
            "pg_ls_dir('.')",
            "pg_ls_logdir()",
            "pg_ls_waldir()",
            "pg_stat_file('PG_VERSION')",
            "pg_current_logfile()",
            "pg_reload_conf()",
            "pg_promote()",
            "pg_switch_wal()",
            "pg_create_restore_point('a')",
            "pg_rotate_logfile()",
            "pg_stat_reset()",
            "pg_backup_start('a')",
            "pg_log_backend_memory_contexts(@pid)",
            "lo_create(0)",
            "lo_creat(-1)",
            "lo_from_bytea(0, 'x')",
            "lo_import('/etc/passwd')",
            "lo_export(1, '/tmp/x')",
            "lo_get(1)",
            "lo_put(1, 0, 'x')",
            "lo_unlink(1)",
            "lo_open(1, 131072)",
            "gin_clean_pending_list(@index)",
            "pg_import_system_collations('dilijan')",
        )
    )
)

OUTWARD = (
    act("COPY TO PROGRAM", "COPY (SELECT 1) TO PROGRAM 'true'"),
    act("COPY FROM PROGRAM", "COPY dilijan.hamaynk_noticeboard_notice (text) FROM PROGRAM 'id'"),
    act("COPY FROM a file", "COPY dilijan.hamaynk_noticeboard_notice (text) FROM '/etc/passwd'"),
    act("COPY TO a file", "COPY dilijan.hamaynk_noticeboard_notice TO '/tmp/stolen'"),
    act("CREATE EXTENSION dblink", "CREATE EXTENSION dblink SCHEMA dilijan"),
    act("CREATE EXTENSION postgres_fdw", "CREATE EXTENSION postgres_fdw SCHEMA dilijan"),
    act("CREATE EXTENSION file_fdw", "CREATE EXTENSION file_fdw SCHEMA dilijan"),
    act("CREATE EXTENSION trusted", "CREATE EXTENSION hstore SCHEMA dilijan"),
    act("LOAD", "LOAD 'dblink'"),
    act("foreign data wrapper", "CREATE FOREIGN DATA WRAPPER w"),
    act("foreign server", "CREATE SERVER s FOREIGN DATA WRAPPER w", state="42704"),
    act("foreign table", "CREATE FOREIGN TABLE dilijan.t (a int) SERVER s"),
    act("publication", "CREATE PUBLICATION p"),
    act("publication of theirs", "CREATE PUBLICATION p FOR TABLE sevan.accounts_user"),
    act("subscription", "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p WITH (connect = false)"),
    act("event trigger", "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION pg_catalog.version()"),
    act("CREATE LANGUAGE", "CREATE LANGUAGE plperl HANDLER pg_catalog.plpgsql_call_handler"),
    act("CREATE DATABASE", "CREATE DATABASE mine"),
    act("ALTER DATABASE", 'ALTER DATABASE "@database" SET search_path = sevan'),
    act("DROP DATABASE", 'DROP DATABASE "@database"'),
    act("ALTER SYSTEM", "ALTER SYSTEM SET log_statement = 'none'"),
    act("tablespace", "CREATE TABLESPACE t LOCATION '/tmp'"),
    act("checkpoint", "CHECKPOINT"),
    act("session_replication_role", "SET session_replication_role = replica"),
)

DDL = (
    *(
        act(f"create a table in {place}", f"CREATE TABLE {place}.t (a int)")
        for place in ("dilijan", "sevan", "public", "shared", "console", "oversight", "town_template", "pg_catalog")
    ),
    act("create a temporary table", "CREATE TEMP TABLE t (a int)"),
    act("foreign key to theirs", "CREATE TABLE dilijan.t (id bigint REFERENCES sevan.accounts_user)"),
    act("create a schema", "CREATE SCHEMA mine"),
    act("drop an own table", "DROP TABLE dilijan.hamaynk_noticeboard_notice"),
    act("alter an own table", "ALTER TABLE dilijan.hamaynk_noticeboard_notice ADD COLUMN a int"),
    act("index an own table", "CREATE INDEX ON dilijan.hamaynk_noticeboard_notice (text)"),
    act(
        "trigger on an own table",
        "CREATE TRIGGER t AFTER INSERT ON dilijan.hamaynk_noticeboard_notice"
        " EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()",
    ),
    act("rule on an own table", "CREATE RULE r AS ON INSERT TO dilijan.hamaynk_noticeboard_notice DO ALSO SELECT 1"),
    act("policy on an own table", "CREATE POLICY p ON dilijan.hamaynk_noticeboard_notice"),
    act(
        "statistics on an own table", "CREATE STATISTICS dilijan.s ON id, text FROM dilijan.hamaynk_noticeboard_notice"
    ),
    act("create a type", "CREATE TYPE dilijan.t AS ENUM ('a')"),
    act("create an operator", "CREATE OPERATOR dilijan.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)"),
    act("rename the own schema", "ALTER SCHEMA dilijan RENAME TO stolen"),
    act("drop their schema", "DROP SCHEMA sevan CASCADE"),
    act("take their schema", 'ALTER SCHEMA sevan OWNER TO "@mine"'),
)

ROLES = (
    act("alter another's password", "ALTER ROLE \"@theirs\" PASSWORD 'x'"),
    act("alter another's settings", 'ALTER ROLE "@theirs" SET search_path = dilijan'),
    act("alter everybody's settings", "ALTER ROLE ALL SET search_path = dilijan"),
    act("become a superuser", 'ALTER ROLE "@mine" SUPERUSER'),
    act("become a maker of roles", 'ALTER ROLE "@mine" CREATEROLE'),
    act("become a replica", 'ALTER ROLE "@mine" REPLICATION'),
    act("lift the own limit", 'ALTER ROLE "@mine" CONNECTION LIMIT -1'),
    act("rename oneself", 'ALTER ROLE "@mine" RENAME TO mine', state="0A000"),
    act("preload a library", 'ALTER ROLE "@mine" SET session_preload_libraries = dblink'),
    act("create a role", "CREATE ROLE mine"),
    act("drop a role", 'DROP ROLE "@theirs"'),
    act("join another's role", 'GRANT "@theirs" TO "@mine"'),
    act("join readers of everything", 'GRANT pg_read_all_data TO "@mine"'),
    act("join readers of files", 'GRANT pg_read_server_files TO "@mine"'),
    act("join the owner", 'GRANT "@owner" TO "@mine"'),
    act("take what another owns", 'REASSIGN OWNED BY "@theirs" TO "@mine"'),
    act("drop another's rights", 'DROP OWNED BY "@theirs"'),
    act("another's default rights", 'ALTER DEFAULT PRIVILEGES FOR ROLE "@theirs" GRANT SELECT ON TABLES TO PUBLIC'),
    act("grant theirs to oneself", 'GRANT SELECT ON sevan.accounts_user TO "@mine"'),
    act("grant a function to oneself", 'GRANT EXECUTE ON FUNCTION pg_catalog.pg_sleep(float8) TO "@mine"'),
    act("edit the catalogue", "UPDATE pg_class SET relacl = NULL WHERE oid = '@table'::oid"),
    act("edit the roles", "UPDATE pg_authid SET rolsuper = true"),
)

ALLOWED = (
    allowed(
        "row estimates",
        "known and documented: pg_class cannot be closed, so a town's row counts can be guessed",
        "SELECT relname, reltuples FROM pg_class WHERE relnamespace = 'sevan'::regnamespace",
    ),
    allowed(
        "table and column names",
        "the same in every town and in the source",
        "SELECT attname FROM pg_attribute WHERE attrelid = '@table'::oid",
    ),
    allowed("names of towns", "public anyway: each has its own site", "SELECT nspname FROM pg_namespace"),
    allowed(
        "what the information schema shows",
        "only what the role may use",
        "SELECT * FROM information_schema.columns WHERE table_schema = 'sevan'",
    ),
    allowed(
        "sequence's last value by oid",
        "empty for those without a right",
        "SELECT pg_sequence_last_value('@sequence'::oid)",
        since=180000,
    ),
    allowed("settings", "own session's", "SELECT * FROM pg_settings"),
    allowed("NOTIFY", "carries no row; nothing of ours listens", "LISTEN a", "NOTIFY a, 'b'"),
    allowed(
        "publications and slots",
        "there are none",
        "SELECT * FROM pg_publication_tables",
        "SELECT * FROM pg_replication_slots",
    ),
    allowed(
        "grant an own table to another",
        "a warning: the role owns nothing and may pass nothing on",
        'GRANT SELECT ON dilijan.accounts_user TO "@theirs"',
    ),
)

ATTACKS = (*READS, *XML, *WRITES, *PLATFORM, *FUNCTIONS, *OUTWARD, *DDL, *ROLES, *ALLOWED)
