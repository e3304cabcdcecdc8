"""A role can alter itself, and no revocation stops it: the town that was locked out is brought back (ADR 0003)."""

from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.utils import DatabaseError, OperationalError

from hamaynk.accounts.models import User
from tenants.context import as_owner, in_town
from tenants.database.base import idle_connections
from tenants.names import role_of
from tenants.roles import put_right
from tenants.rollout import put_all_right
from tests.support.links import owner_link, role_link
from tests.support.platform import Towns

MINE = role_of("dilijan")
SELF_HARM = {
    "password": f"ALTER ROLE \"{MINE}\" PASSWORD 'stolen'",
    "timeout": f'ALTER ROLE "{MINE}" SET statement_timeout = 1',
    "read only": f'ALTER ROLE "{MINE}" SET default_transaction_read_only = on',
}


@pytest.fixture(autouse=True)
def _healed(towns: Towns) -> Iterator[None]:
    idle_connections.clear()
    yield
    idle_connections.clear()
    with as_owner():
        put_right("dilijan")


def works() -> bool:
    """True if Django reads and writes in dilijan; a new session, as after a restart."""
    idle_connections.clear()
    try:
        with in_town("dilijan"):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM generate_series(1, 300000)")
            User.objects.create_user(email="a@b.am")
            return User.objects.filter(email="a@b.am").delete()[0] == 1
    except DatabaseError:
        return False


@pytest.mark.parametrize("harm", SELF_HARM)
def test_put_right_brings_back_a_town_that_harmed_itself(harm: str) -> None:
    """Password, settings and rights: `towns put-right` restores them; the neighbour never noticed."""
    with role_link("dilijan") as door:
        door.execute(SELF_HARM[harm])
    assert not works(), "positive control: this did break the town"
    with in_town("sevan"):
        assert not User.objects.exists()
    call_command("towns", "put-right", "dilijan", verbosity=0)
    assert works()


def test_every_start_puts_all_towns_right() -> None:
    """`platform prepare` runs this on each start: two towns harmed in different ways both work afterwards."""
    with role_link("dilijan") as door:
        door.execute(SELF_HARM["password"])
        door.execute(SELF_HARM["timeout"])
    with role_link("sevan") as door:
        door.execute(f'ALTER ROLE "{role_of("sevan")}" SET search_path = nowhere')
    with as_owner():
        assert put_all_right() == 2
    assert works()
    with role_link("sevan") as door:
        assert door.execute("SHOW search_path").fetchone() == ("sevan, shared",)


def test_platform_prepare_puts_right() -> None:
    """The whole command, on a platform that is up to date."""
    with role_link("dilijan") as door:
        door.execute(SELF_HARM["password"])
    call_command("platform", "prepare", verbosity=0, stdout=_Nowhere())
    assert works()


class _Nowhere:
    """Swallows a command's progress."""

    def write(self, text: str) -> None:
        """Nothing."""

    def flush(self) -> None:
        """Nothing."""


RIGHTS = (
    "SELECT table_name, string_agg(privilege_type, ',' ORDER BY privilege_type)"
    " FROM information_schema.role_table_grants WHERE grantee = %s AND table_schema = 'dilijan' GROUP BY 1 ORDER BY 1"
)


def test_a_role_cannot_throw_its_rights_away(towns: Towns) -> None:
    """DROP OWNED revokes only what its caller may revoke: it leaves a town's rights, also those on tables to come."""
    with owner_link() as owner:
        before = owner.execute(RIGHTS, [MINE]).fetchall()
        with role_link("dilijan") as door:
            door.execute("DROP OWNED BY CURRENT_USER")
        assert before
        assert owner.execute(RIGHTS, [MINE]).fetchall() == before
    assert works()


def test_put_right_restores_neither_more_nor_less(towns: Towns) -> None:
    """Rights lost by hand or in a restore come back as onboarding gave them: the audit trail stays append-only."""
    with owner_link() as owner:
        before = owner.execute(RIGHTS, [MINE]).fetchall()
        assert dict(before)["audit_entry"] == "INSERT,SELECT"
        assert dict(before)["django_migrations"] == "SELECT"
        owner.execute(f'DROP OWNED BY "{MINE}"')
        assert owner.execute(RIGHTS, [MINE]).fetchall() == [], "positive control"
        with as_owner():
            put_right("dilijan")
        assert owner.execute(RIGHTS, [MINE]).fetchall() == before
        owner.execute("CREATE TABLE dilijan.later (a int)")
        try:
            with role_link("dilijan") as door:
                door.execute("INSERT INTO later VALUES (1)")
        finally:
            owner.execute("DROP TABLE dilijan.later")


@pytest.mark.parametrize("scope", ["", 'IN DATABASE "{database}"'])
def test_an_altered_search_path_has_no_effect_through_django(scope: str) -> None:
    """The startup option wins over what the role set for itself, so the town works even before it is put right."""
    with role_link("dilijan") as door:
        place = scope.format(database=door.info.dbname)
        door.execute(f'ALTER ROLE "{MINE}" {place} SET search_path = nowhere')
    with role_link("dilijan") as door:
        assert door.execute("SHOW search_path").fetchone()[0] in ("nowhere", "dilijan, shared")
        if scope:
            with pytest.raises(psycopg.errors.UndefinedTable):
                door.execute("SELECT * FROM accounts_user")
    assert works()


def test_a_role_set_to_another_at_login_is_not_another() -> None:
    """ALTER ROLE SET role = the neighbour: refused at once, or without effect at the next login."""
    with role_link("dilijan") as door:
        try:
            door.execute(f'ALTER ROLE "{MINE}" SET role = "{role_of("sevan")}"')
        except psycopg.Error:
            return
    try:
        with role_link("dilijan") as door:
            assert door.execute("SELECT current_user").fetchone() == (MINE,)
            with pytest.raises(psycopg.Error):
                door.execute("SELECT * FROM sevan.accounts_user")
    except psycopg.OperationalError:
        pass


def test_a_changed_password_ends_no_fallback(towns: Towns) -> None:
    """Locked out is an error, never another role."""
    with role_link("dilijan") as door:
        door.execute(SELF_HARM["password"])
    idle_connections.clear()
    with in_town("dilijan"), pytest.raises(OperationalError, match="password authentication failed"):
        User.objects.exists()
