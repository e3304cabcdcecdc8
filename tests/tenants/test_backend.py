"""The database backend: who speaks, on which connection, and no switch where it must not be (R48; ADR 0003)."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError, OperationalError, ProgrammingError
from hamaynk_noticeboard.models import Notice

from tenants.context import NoTown, as_owner, current_schema, current_town_schema, in_town, nowhere
from tenants.database.base import TownSwitchError, idle_connections
from tenants.database.identity import OwnerRefused, UnknownSchema, identity_for
from tenants.names import PUBLIC, role_of
from tenants.roles import ROUTING_TABLES
from tests.support.links import owner_link
from tests.support.platform import Towns

pytestmark = pytest.mark.usefixtures("towns")


@pytest.fixture(autouse=True)
def _fresh(towns: Towns) -> Iterator[None]:
    idle_connections.clear()
    yield
    idle_connections.clear()


def who() -> str:
    """The role that the server sees."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def backend() -> int:
    """The server process that answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_each_place_has_its_own_role() -> None:
    """In a town the town's role, outside of all the router."""
    assert who() == role_of(PUBLIC)
    with in_town("dilijan"):
        assert who() == role_of("dilijan")
        with in_town("sevan"):
            assert who() == role_of("sevan")
        assert who() == role_of("dilijan")
    assert who() == role_of(PUBLIC)


def test_a_switch_inside_a_transaction_is_refused_before_anything_changes() -> None:
    """Half a transaction in another town would be nobody's: refused, and the old place is intact."""
    with in_town("dilijan"), transaction.atomic():
        Notice.objects.create(text="before")
        before = backend()
        for enter in (lambda: in_town("sevan"), nowhere, as_owner):
            with pytest.raises(TownSwitchError, match="a transaction is open in 'dilijan'"), enter():
                pass
        with pytest.raises(TownSwitchError):
            connection.set_schema("sevan")  # type: ignore[attr-defined]
        assert (current_schema(), who(), backend()) == ("dilijan", role_of("dilijan"), before)
        Notice.objects.create(text="after")
    with in_town("dilijan"):
        assert Notice.objects.count() == 2
    with in_town("sevan"):
        assert not Notice.objects.exists()


def test_the_same_town_inside_a_transaction_is_no_switch() -> None:
    """Nested helpers may name the town they are in."""
    with in_town("dilijan"), transaction.atomic():
        before = backend()
        with in_town("dilijan"):
            Notice.objects.create(text="inside")
            assert backend() == before
        assert connection.in_atomic_block


def test_a_switch_with_autocommit_off_is_refused() -> None:
    """A transaction without atomic() is one too."""
    with in_town("dilijan"):
        connection.ensure_connection()
        connection.set_autocommit(False)
        try:
            with pytest.raises(TownSwitchError), in_town("sevan"):
                pass
        finally:
            connection.rollback()
            connection.set_autocommit(True)


def test_an_exception_leaves_the_town() -> None:
    """Nested places are left in order, whatever happened."""
    with pytest.raises(LookupError), in_town("dilijan"), in_town("sevan"), transaction.atomic():
        raise LookupError
    assert current_schema() == PUBLIC
    with pytest.raises(NoTown):
        current_town_schema()


def test_the_router_has_rights_on_the_routing_tables_only() -> None:
    """A forgotten town meets no table at all: every table of every schema is tried."""
    with owner_link() as owner:
        tables = owner.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
    readable = set()
    for schema, table in tables:
        with connection.cursor() as cursor:
            for statement in (
                f'SELECT * FROM "{schema}"."{table}" LIMIT 0',
                f'DELETE FROM "{schema}"."{table}" WHERE false',
                f'UPDATE "{schema}"."{table}" SET "id" = "id" WHERE false',
                f'INSERT INTO "{schema}"."{table}" SELECT * FROM "{schema}"."{table}" WHERE false',
            ):
                try:
                    cursor.execute(statement)
                except ProgrammingError:
                    continue
                readable.add((statement.split()[0], schema, table))
    with connection.cursor() as cursor:  # of one more it sees two columns: which migrations there are (/readyz)
        cursor.execute("SELECT app, name FROM tenants_migrationstep LIMIT 0")
        with pytest.raises(ProgrammingError):
            cursor.execute("SELECT sql FROM tenants_migrationstep LIMIT 0")
    assert len(tables) > 50, "positive control: the catalogue was read"
    assert readable == {("SELECT", PUBLIC, table) for table in ROUTING_TABLES}


@pytest.mark.parametrize("name", ["no way", "Dilijan", "pg_catalog", "dilijan; drop", "dilijan\n", "shared", ""])
def test_an_unknown_place_raises_and_changes_nothing(name: str) -> None:
    """No fallback to somebody with more rights."""
    with pytest.raises(UnknownSchema):
        connection.set_schema(name)  # type: ignore[attr-defined]
    with pytest.raises(NoTown), in_town(name):
        pass
    assert who() == role_of(PUBLIC)


def test_a_town_that_does_not_exist_cannot_be_entered() -> None:
    """A well-formed name without a role: the login fails."""
    with in_town("never-made"), pytest.raises(OperationalError):
        Notice.objects.exists()
    assert who() == role_of(PUBLIC)


def test_a_process_without_credentials_is_no_owner(settings: Any) -> None:
    """Web and workers cannot become the owner, nor migrate."""
    settings.DATABASE = replace(settings.DATABASE, user="", password="")
    with pytest.raises(OwnerRefused):
        identity_for("dilijan", owner=True)
    with pytest.raises(OwnerRefused), as_owner():
        pass
    assert who() == role_of(PUBLIC)


def test_the_password_does_not_show() -> None:
    """An identity printed in a log or a traceback says no secret."""
    identity = identity_for("dilijan", owner=False)
    assert identity.password not in repr(identity)


def test_a_connection_is_kept_by_town() -> None:
    """The same town is met again on the same session, another never."""
    with in_town("dilijan"):
        first = backend()
    with in_town("sevan"):
        assert backend() != first
    with in_town("dilijan"):
        assert backend() == first


def test_the_idle_set_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the limit sessions end; the server agrees."""
    monkeypatch.setattr(idle_connections, "limit", 1)
    for _ in range(3):
        for town in ("dilijan", "sevan"):
            with in_town(town):
                who()
    assert len(idle_connections) <= 1


def test_a_terminated_session_is_replaced_at_the_next_use() -> None:
    """The server was restarted or an administrator ended the session: the next visitor notices nothing."""
    with in_town("dilijan"):
        victim = backend()
    with owner_link() as owner:
        owner.execute("SELECT pg_terminate_backend(%s, 5000)", [victim])
    with in_town("dilijan"):
        assert backend() != victim
        assert who() == role_of("dilijan")


def test_a_session_that_dies_in_use_fails_once() -> None:
    """The request that had it sees the error; the one after it works."""
    with in_town("dilijan"):
        victim = backend()
        with owner_link() as owner:
            owner.execute("SELECT pg_terminate_backend(%s, 5000)", [victim])
        with pytest.raises(DatabaseError):
            who()
    with in_town("dilijan"):
        assert who() == role_of("dilijan")


def test_an_iterator_left_open_keeps_its_own_towns_rows() -> None:
    """Its cursor belongs to its connection, wherever the thread stands by then."""
    for town in ("dilijan", "sevan"):
        with in_town(town):
            Notice.objects.bulk_create(Notice(text=f"{town} {number}") for number in range(10))
    with in_town("dilijan"):
        notices = Notice.objects.order_by("id").iterator(chunk_size=2)
        seen = [next(notices).text]
        with in_town("sevan"):
            seen += [next(notices).text for _ in range(5)]
            assert Notice.objects.filter(text__startswith="sevan").count() == 10
    seen += [notice.text for notice in notices]
    assert seen == [f"dilijan {number}" for number in range(10)]


def test_hooks_after_commit_run_in_their_town_in_order() -> None:
    """on_commit runs before the town is left, and not at all after a rollback."""
    said: list[tuple[str, int]] = []
    with in_town("dilijan"):
        with transaction.atomic():
            for number in range(3):
                transaction.on_commit(lambda number=number: said.append((current_schema(), number)))
        with pytest.raises(LookupError), transaction.atomic():
            transaction.on_commit(lambda: said.append(("never", 9)))
            raise LookupError
    with in_town("sevan"), transaction.atomic():
        Notice.objects.create(text="x")
    assert said == [("dilijan", 0), ("dilijan", 1), ("dilijan", 2)]


def test_a_path_changed_in_a_session_opens_nothing() -> None:
    """Rights are the wall, not the path."""
    with in_town("dilijan"), connection.cursor() as cursor:
        cursor.execute("SET search_path = sevan")
        with pytest.raises(ProgrammingError):
            cursor.execute("SELECT * FROM accounts_user")


def test_threads_stand_in_their_own_places() -> None:
    """Eight threads, two towns, 200 reads: each sees its own town."""
    for town in ("dilijan", "sevan"):
        with in_town(town):
            Notice.objects.create(text=town)
    wrong: list[Any] = []

    def work(number: int) -> None:
        try:
            for step in range(25):
                town = ("dilijan", "sevan")[(number + step) % 2]
                with in_town(town):
                    texts = list(Notice.objects.values_list("text", flat=True))
                if texts != [town]:
                    wrong.append((town, texts))
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("at_once", [True, False], ids=["in use", "parked"])
def test_after_a_fork_parent_and_child_have_sessions_of_their_own(at_once: bool) -> None:
    """A pre-forked worker that reused or closed its parent's socket would mix or end its answers."""
    with in_town("dilijan"):
        parents = backend()
        if not at_once:
            nowhere().__enter__()
            connection.set_schema("dilijan")  # type: ignore[attr-defined]
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                mine = backend()
                connection.close()
                os.write(writer, f"{mine} {who()}".encode())
            finally:
                os._exit(0)
        os.close(writer)
        os.waitpid(child, 0)
        answer = os.read(reader, 200).decode()
        os.close(reader)
        assert answer, "the child failed"
        pid, role = answer.split()
        assert int(pid) != parents
        assert role == role_of("dilijan")
        assert backend() == parents


def test_entering_a_town_costs_no_sql(django_assert_num_queries: Any) -> None:
    """One query asked, one query sent, on a warm connection."""
    with in_town("dilijan"):
        who()
    with django_assert_num_queries(1), in_town("dilijan"):
        Notice.objects.exists()
    assert settings.DATABASES["default"]["OPTIONS"]["server_side_binding"] is True


def test_a_changed_search_path_does_not_outlive_its_request(towns):
    """ADR 0003: whoever smuggled in a SET breaks one request, not the next one (PostgreSQL 18 reports the path)."""
    with in_town(towns.first), connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        if connection.pg_version < 180000:
            pytest.skip("the server does not report search_path")
        cursor.execute("SET search_path = pg_catalog")
    with in_town(towns.first), connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert cursor.fetchone()[0].replace(" ", "") == "dilijan,shared"
