"""One town's login role against another town's rows: every way we know (R48; ADR 0003; SECURITY.md)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError
from psycopg import sql

from tenants.context import in_town
from tenants.names import password_of, role_of
from tests.isolation.attacks import ATTACKS, CANARY, READS, XML, Attack
from tests.support.links import link, owner_link, role_link
from tests.support.platform import Towns

TEXT_TYPES = ("character varying", "text", "jsonb")


@dataclass(frozen=True)
class Scene:
    """What attacks name: oids of the other town's objects and one of its backends."""

    names: dict[str, str]

    def text(self, statement: str) -> str:
        """The statement with the names put in."""
        for name, value in self.names.items():
            statement = statement.replace(f"@{name}", value)
        return statement


@pytest.fixture
def scene(towns: Towns) -> Iterator[Scene]:
    """A canary in every text column of two tables of sevan, on disk and in the planner's statistics."""
    with owner_link() as owner, role_link("sevan") as victim:
        _plant(owner)
        owner.execute("CREATE INDEX probe_gin ON sevan.accounts_user USING gin (to_tsvector('simple', full_name))")
        row = owner.execute(
            "SELECT 'sevan.accounts_user'::regclass::oid, 'sevan.accounts_user_id_seq'::regclass::oid,"
            " 'sevan.probe_gin'::regclass::oid"
        ).fetchone()
        assert row is not None
        yield Scene(
            {
                "mine": role_of("dilijan"),
                "theirs": role_of("sevan"),
                "owner": settings.DATABASE.user,
                "database": settings.DATABASE.name,
                "table": str(row[0]),
                "sequence": str(row[1]),
                "index": str(row[2]),
                "pid": str(victim.info.backend_pid),
            }
        )
        owner.execute("DROP INDEX sevan.probe_gin")


def _plant(owner: psycopg.Connection[Any]) -> None:
    columns = owner.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'sevan' AND table_name = 'accounts_user' AND data_type = ANY(%s)",
        [list(TEXT_TYPES)],
    ).fetchall()
    names = [name for (name,) in columns]
    assert {"email", "full_name", "password"} <= set(names)
    for number in range(3):
        values = [f"{CANARY}{number}" if name == "email" else CANARY for name in names]
        statement = sql.SQL(
            "INSERT INTO sevan.accounts_user ({}, is_staff, is_active, date_joined) VALUES ({}, true, true, now())"
        ).format(sql.SQL(", ").join(map(sql.Identifier, names)), sql.SQL(", ").join(sql.Placeholder() * len(names)))
        owner.execute(statement, values)
        owner.execute("INSERT INTO sevan.hamaynk_noticeboard_notice (text) VALUES (%s)", [CANARY])
    owner.execute("ANALYZE sevan.accounts_user, sevan.hamaynk_noticeboard_notice")
    owner.execute("CHECKPOINT")


def attempt(door: psycopg.Connection[Any], scene: Scene, attack: Attack) -> str:
    """All that the attack's statements answer, as text; raises what the server raises."""
    seen: list[str] = []
    with door.cursor() as cursor:
        for statement in map(scene.text, attack.statements):
            if statement.startswith("COPY") and "STD" in statement:
                with cursor.copy(statement) as copy:
                    if "FROM" in statement.rsplit(")", 1)[-1]:
                        copy.write(b"x\n")
                    else:
                        seen += [bytes(part).decode() for part in copy]
                continue
            cursor.execute(statement)
            while True:
                if cursor.description:
                    seen += [str(row) for row in cursor.fetchall()]
                if not cursor.nextset():
                    break
    return "\n".join(seen)


def failures(open_door: Callable[[], psycopg.Connection[Any]], scene: Scene) -> dict[str, str]:
    """Attacks that did not end as they should, with what happened instead."""
    wrong: dict[str, str] = {}
    for attack in ATTACKS:
        with open_door() as door:
            if door.info.server_version < attack.since:
                continue
            try:
                seen = attempt(door, scene, attack)
            except psycopg.Error as error:
                if attack.harmless:
                    wrong[attack.name] = f"is documented as allowed: {error}"
                elif error.sqlstate != attack.state:
                    wrong[attack.name] = f"refused for another reason, {error.sqlstate}: {error}"
            else:
                if CANARY in seen:
                    wrong[attack.name] = "the canary was seen"
                elif not attack.harmless:
                    wrong[attack.name] = f"not refused: {seen[:200]}"
            door.rollback()
    return wrong


def test_no_attack_reaches_the_other_town(scene: Scene) -> None:
    """Every attack is refused for want of a right; the few allowed ones show no row of the other town."""
    assert len(ATTACKS) >= 60
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert failures(lambda: role_link("dilijan"), scene) == {}


def test_the_other_town_is_untouched_by_the_attacks(scene: Scene) -> None:
    """Rows, structure and login of the attacked town are as before."""
    with owner_link() as owner:
        before = _picture(owner)
        failures(lambda: role_link("dilijan"), scene)
        assert _picture(owner) == before
    with role_link("sevan") as victim:
        assert victim.execute("SELECT count(*) FROM accounts_user").fetchone() == (3,)


def _picture(owner: psycopg.Connection[Any]) -> list[Any]:
    return [
        owner.execute(question).fetchall()
        for question in (
            "SELECT * FROM sevan.accounts_user ORDER BY id",
            "SELECT * FROM sevan.hamaynk_noticeboard_notice ORDER BY id",
            "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'sevan'::regnamespace ORDER BY 1",
            "SELECT nspname, nspacl::text, nspowner FROM pg_namespace WHERE nspname !~ '^pg_t' ORDER BY 1",
            f"SELECT rolname, rolsuper, rolpassword FROM pg_authid WHERE rolname LIKE '{settings.DEPLOYMENT}%' ORDER BY 1",
            f"SELECT setconfig FROM pg_db_role_setting WHERE setrole = '{role_of('sevan')}'::regrole ORDER BY 1",
        )
    ]


@pytest.mark.parametrize("attack", [*READS, *XML], ids=lambda attack: attack.name)
def test_positive_control_with_rights_the_attack_reads(scene: Scene, attack: Attack) -> None:
    """The same statements by somebody with rights show the canary: a wall is tested, not a misspelt statement."""
    with owner_link(options="-c search_path=dilijan,shared", autocommit=False) as door:
        try:
            seen = attempt(door, scene, attack)
        except psycopg.errors.FeatureNotSupported:
            assert attack in XML, "only XML is missing from the embedded server"
        except psycopg.errors.ActiveSqlTransaction:
            assert attack.name == "DISCARD ALL"
        else:
            assert CANARY in seen or attack.name == "cursor_to_xml"
        door.rollback()


def test_positive_control_a_wrong_grant_is_found(scene: Scene) -> None:
    """A town made a member of the other's role, and hardening undone: the list goes red (and only until put right)."""
    mine, theirs = sql.Identifier(role_of("dilijan")), sql.Identifier(role_of("sevan"))
    with owner_link() as owner:
        owner.execute(sql.SQL("GRANT {} TO {}").format(theirs, mine))
        owner.execute(sql.SQL("GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, bool) TO {}").format(mine))
        try:
            wrong = failures(lambda: role_link("dilijan"), scene)
        finally:
            owner.execute(sql.SQL("REVOKE {} FROM {}").format(theirs, mine))
            owner.execute(
                sql.SQL("REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, bool) FROM {}").format(mine)
            )
    assert wrong["SET ROLE to the other town"] == "the canary was seen"
    assert wrong["set_config of the role"] == "the canary was seen"
    assert "plain select" not in wrong, "NOINHERIT: membership alone gives no right"
    assert failures(lambda: role_link("dilijan"), scene) == {}


@pytest.mark.parametrize(
    ("right", "statement"),
    [
        ("EXECUTE ON FUNCTION pg_catalog.pg_sleep(float8)", "SELECT pg_sleep(0)"),
        ("EXECUTE ON FUNCTION pg_catalog.lo_create(oid)", "SELECT lo_create(0)"),
        ("EXECUTE ON FUNCTION pg_catalog.pg_try_advisory_lock(bigint)", "SELECT pg_try_advisory_lock(1)"),
        ("EXECUTE ON FUNCTION pg_catalog.pg_table_size(regclass)", "SELECT pg_table_size('@table'::oid)"),
        ("SELECT ON pg_catalog.pg_roles", "SELECT rolname FROM pg_roles"),
        ("USAGE ON LANGUAGE plpgsql", "DO $$BEGIN PERFORM 1; END$$"),
        ('TEMPORARY ON DATABASE "@database"', "CREATE TEMP TABLE t (a int)"),
    ],
)
def test_positive_control_without_hardening_it_works(scene: Scene, right: str, statement: str) -> None:
    """Each revocation is what refuses: given back inside a transaction, the same statement is answered."""
    with owner_link(autocommit=False) as door:
        door.execute(scene.text(f'GRANT {right} TO "@mine"'))
        door.execute(scene.text('SET LOCAL ROLE "@mine"'))
        door.execute(scene.text(statement))
        door.rollback()
        door.execute(scene.text('SET LOCAL ROLE "@mine"'))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            door.execute(scene.text(statement))
        door.rollback()


def test_foreign_key_to_the_other_town_even_with_create(scene: Scene) -> None:
    """A role that could make tables still could not probe keys: no REFERENCES, no USAGE on the other schema."""
    with owner_link(autocommit=False) as door:
        door.execute(scene.text('GRANT CREATE ON SCHEMA dilijan TO "@mine"'))
        door.execute(scene.text('SET LOCAL ROLE "@mine"'))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            door.execute("CREATE TABLE dilijan.t (id bigint REFERENCES sevan.accounts_user)")
        door.rollback()


def test_granting_an_own_table_has_no_effect(scene: Scene) -> None:
    """GRANT by somebody who owns nothing is a warning; the other town reads nothing afterwards."""
    with role_link("dilijan") as mine, role_link("sevan") as theirs:
        mine.execute(scene.text('GRANT SELECT ON dilijan.accounts_user TO "@theirs"'))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            theirs.execute("SELECT * FROM dilijan.accounts_user")


def test_dblink_installed_elsewhere(scene: Scene) -> None:
    """An administrator who installs dblink in a schema of its own gives the towns nothing."""
    with owner_link() as owner:
        if owner.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'dblink'").fetchone() is None:
            pytest.skip("this server has no dblink; CREATE EXTENSION is refused in the list above")
        owner.execute("CREATE SCHEMA tools")
        owner.execute("CREATE EXTENSION dblink SCHEMA tools")
        try:
            with role_link("dilijan") as door, pytest.raises(psycopg.errors.InsufficientPrivilege):
                door.execute("SELECT tools.dblink_connect('dbname=postgres')")
            answer = owner.execute("SELECT tools.dblink_get_connections()").fetchone()
            assert answer == (None,), "positive control: it is installed and answers its owner"
        finally:
            owner.execute("DROP SCHEMA tools CASCADE")


@pytest.mark.parametrize("database", ["postgres", "template1", "hmt_neighbour"])
def test_login_to_another_database(towns: Towns, database: str) -> None:
    """The cluster's other databases refuse the role: the server's own, and a neighbour's with the same revocations."""
    made = database == "hmt_neighbour"
    with owner_link() as owner:
        if made:
            owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(database)))
        try:
            if made:
                with role_link("dilijan", database=database) as door:
                    assert door.execute("SELECT 1").fetchone() == (1,), "positive control: open before the revocation"
                owner.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                role_link("dilijan", database=database)
        finally:
            if made:
                owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))


def test_replication_connection_is_refused(towns: Towns) -> None:
    """No stream of the write-ahead log, where all towns' rows are."""
    with pytest.raises(psycopg.OperationalError):
        role_link("dilijan", replication="database")


def test_passwords_are_each_towns_own(towns: Towns) -> None:
    """Knowing one town's password opens one town; there is no password common to two."""
    assert password_of(role_of("dilijan")) != password_of(role_of("sevan"))
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        link(role_of("sevan"), password_of(role_of("dilijan")))


def test_stacked_statements_through_django(scene: Scene) -> None:
    """With parameters the protocol refuses a second statement; without, the rights do."""
    with in_town("dilijan"), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="multiple commands"):
            cursor.execute("SELECT %s; SELECT * FROM sevan.accounts_user", [1])
        with pytest.raises(DatabaseError, match="permission denied for schema sevan"):
            cursor.execute("SELECT 1; SELECT * FROM sevan.accounts_user")
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute(f'SELECT 1; SET ROLE "{role_of("sevan")}"')
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (role_of("dilijan"),)


def test_model_query_into_another_schema_is_refused(scene: Scene) -> None:
    """A forgotten schema name in code meets the same wall as an injected one."""
    from hamaynk.accounts.models import User

    with in_town("dilijan"):
        with pytest.raises(DatabaseError, match="permission denied"):
            list(User.objects.raw("SELECT * FROM sevan.accounts_user"))
        assert not User.objects.exists()
    with in_town("sevan"):
        assert User.objects.count() == 3, "positive control: they are there"
