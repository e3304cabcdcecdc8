"""Behind PgBouncer in transaction mode: 2,000 mixed reads over 8 threads, no foreign row (R48; ADR 0003)."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tenants.context import in_town
from tenants.names import password_of, role_of
from tests.support.links import owner_link, plain_environment, wait_for
from tests.support.platform import Towns

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")
SHARED = "hmt_shared_probe"
INI = """
[databases]
{database} = host={host} port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
pidfile = {folder}/pid
logfile = {folder}/log
"""


@pytest.fixture
def pooler(towns: Towns, tmp_path: Path) -> Iterator[int]:
    """A pooler that knows every role, on a port of its own; and twenty notices in each town."""
    if PGBOUNCER is None:
        if os.environ.get("CI"):
            pytest.fail("PgBouncer is not installed, and in CI this test is not skipped")
        pytest.skip("PgBouncer is not installed")
    _fill()
    with owner_link() as owner:
        owner.execute(f"CREATE ROLE {SHARED} LOGIN PASSWORD 'shared'")
        owner.execute(f'GRANT CONNECT ON DATABASE "{settings.DATABASE.name}" TO {SHARED}')
        owner.execute(f"GRANT USAGE ON SCHEMA dilijan, sevan TO {SHARED}")
        owner.execute(
            f"GRANT SELECT ON dilijan.hamaynk_noticeboard_notice, sevan.hamaynk_noticeboard_notice TO {SHARED}"
        )
        port = _free_port()
        folder = _folder(tmp_path)
        child = _start(port, folder)
        try:
            wait_for(lambda: _answers(port), what="PgBouncer")
            yield port
        finally:
            child.terminate()
            child.wait(10)
            shutil.rmtree(folder, ignore_errors=True)
            owner.execute(f"DROP OWNED BY {SHARED}")
            owner.execute(f"DROP ROLE {SHARED}")


def _fill() -> None:
    from hamaynk_noticeboard.models import Notice

    for town in ("dilijan", "sevan"):
        with in_town(town):
            Notice.objects.bulk_create(Notice(text=f"{town} {number}") for number in range(20))


def _folder(tmp_path: Path) -> Path:
    """A folder that an unprivileged user may enter: pytest's own are closed to others."""
    if os.geteuid() != 0:
        return tmp_path
    folder = Path(tempfile.mkdtemp(prefix="hamaynk-pooler-"))
    shutil.chown(folder, "nobody")
    return folder


def _start(port: int, folder: Path) -> subprocess.Popen[bytes]:
    users, ini = folder / "users", folder / "ini"
    known = {role_of(schema): password_of(role_of(schema)) for schema in ("public", "dilijan", "sevan")}
    users.write_text("".join(f'"{user}" "{password}"\n' for user, password in {**known, SHARED: "shared"}.items()))
    place = settings.DATABASE
    ini.write_text(
        INI.format(database=place.name, host=place.host, port=place.port, listen=port, users=users, folder=folder)
    )
    command = [PGBOUNCER, "-q", str(ini)]
    if os.geteuid() == 0:
        for path in (users, ini):
            shutil.chown(path, "nobody")
        command[1:1] = ["-u", "nobody"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # type: ignore[arg-type]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    role = role_of("dilijan")
    try:
        with psycopg.connect(
            host="127.0.0.1", port=port, user=role, password=password_of(role), dbname=settings.DATABASE.name
        ) as link:
            return link.execute("SHOW search_path").fetchone() == ("dilijan, shared",)
    except psycopg.OperationalError:
        return False


def probe(way: str, port: int) -> dict[str, int]:
    """The probe's result, from a process of its own that knows no owner."""
    environment = plain_environment(
        DATABASE_URL=f"postgres://127.0.0.1:{port}/{settings.DATABASE.name}",
        DATABASE_POOLED="yes",
        SHARED_USER=SHARED,
        SHARED_PASSWORD="shared",
    )
    done = subprocess.run(
        [sys.executable, "-m", "tests.isolation.pooler_probe", way],
        env=environment,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return dict(json.loads(done.stdout))


def test_no_foreign_row_through_a_transaction_pooler(pooler: int) -> None:
    """Every one of 2,000 reads is served, whole, and holds its own town's rows only."""
    result = probe("login_roles", pooler)
    assert result.get("errors", 0) == 0, result
    assert result["served"] == 2000
    assert result["rows"] == 2000 * 20
    assert result["foreign"] == 0
    assert result["incomplete"] == 0
    assert {kind for kind in ("plain", "iterator", "transaction", "exception") if result.get(kind, 0) > 400} == {
        "plain",
        "iterator",
        "transaction",
        "exception",
    }


def test_positive_control_a_shared_role_leaks(pooler: int) -> None:
    """The same reads with one role and SET search_path, through the same pooler, show foreign rows: it can fail."""
    result = probe("shared_role", pooler)
    assert result["served"] > 1900, result
    assert result["foreign"] > 0
